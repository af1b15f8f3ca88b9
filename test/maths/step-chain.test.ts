import { describe, expect, test } from "vitest";
import {
  type ChainProblem,
  type ChainWorth,
  MOST_MENDED,
  stepChain,
  type StepState,
} from "../../src/maths/step-chain.ts";
import { stream } from "../../src/maths/random.ts";

/** So many rollouts in a state; what is not named did not happen. */
function state(done: number, repairs: number, counts: Partial<StepState>): StepState {
  const zero = { ended: 0, endedRight: 0, kept: 0, slipped: 0, mended: 0, stoodRight: 0, withdrawn: 0 };
  return { done, repairs, ...zero, withdrawnRight: 0, ...counts };
}

/** Rollouts of a chain whose chances are given, by expectation; `many` of them, so that one more is nothing. */
function chain(
  steps: number,
  { slip, mend, join = 1 }: { slip: number; mend: (repairs: number) => number; join?: number },
  many = 1e12,
): StepState[] {
  const states: StepState[] = [];
  let reach = [many, ...Array.from({ length: MOST_MENDED }, () => 0)];
  for (let done = 0; done <= steps; done++) {
    const next = reach.map(() => 0);
    reach.forEach((here, repairs) => {
      if (here === 0) return;
      const ended = done === steps ? here : done === 1 ? here * (1 - join) : 0;
      const begun = here - ended;
      const slipped = begun * slip;
      const mended = slipped * mend(repairs);
      states.push(
        state(done, repairs, { ended, endedRight: done === steps ? here : 0, kept: begun - slipped, slipped, mended }),
      );
      const more = Math.min(repairs + 1, MOST_MENDED);
      next[repairs] = next[repairs]! + begun - slipped;
      next[more] = next[more]! + mended;
    });
    reach = next;
  }
  return states;
}

const always = (rate: number) => () => rate;
const worth = (problems: readonly ChainProblem[], weights = problems.map(() => 1)): ChainWorth =>
  stepChain(problems)(weights).get(problems[0]!.steps)!;

describe("what is swapped in a chain", () => {
  test("repairs alone: the chain (1 − ε(1 − ρ))^L in closed form", () => {
    const states = [chain(4, { slip: 0.2, mend: always(0.3) }), chain(4, { slip: 0.2, mend: always(0.8) })] as const;
    const found = worth([{ steps: 4, states }]);
    expect(found.repairs).toBeCloseTo(0.96 ** 4 - 0.86 ** 4, 9);
    expect(found.slips).toBeCloseTo(0, 9);
    expect(found.joins).toBeCloseTo(0, 9);
  });

  test("slips and repairs both: Shapley shares of the closed form", () => {
    const states = [chain(3, { slip: 0.3, mend: always(0.2) }), chain(3, { slip: 0.1, mend: always(0.7) })] as const;
    const right = (slip: number, mend: number): number => (1 - slip * (1 - mend)) ** 3;
    const found = worth([{ steps: 3, states }]);
    expect(found.repairs).toBeCloseTo((right(0.3, 0.7) - right(0.3, 0.2) + right(0.1, 0.7) - right(0.1, 0.2)) / 2, 9);
    expect(found.slips + found.repairs).toBeCloseTo(right(0.1, 0.7) - right(0.3, 0.2), 9);
  });

  test("repairs that get rarer the more there were: by hand for two steps", () => {
    const mend = (first: number, second: number) => (repairs: number) => (repairs === 0 ? first : second);
    const states = [
      chain(2, { slip: 0.2, mend: mend(0.3, 0.1) }),
      chain(2, { slip: 0.2, mend: mend(0.9, 0.5) }),
    ] as const;
    // Both right at once; the first mended and then right or mended; the second mended.
    const right = (first: number, second: number): number =>
      0.8 * 0.8 + 0.2 * first * (0.8 + 0.2 * second) + 0.8 * 0.2 * first;
    const found = worth([{ steps: 2, states }]);
    expect(found.repairs).toBeCloseTo(right(0.9, 0.5) - right(0.3, 0.1), 9);
    expect(found.slips).toBeCloseTo(0, 9);
  });

  test("joins, and none of them where there is one step", () => {
    const of = (join: number, steps: number) => chain(steps, { slip: 0, mend: always(0), join });
    expect(worth([{ steps: 4, states: [of(0.25, 4), of(1, 4)] }]).joins).toBeCloseTo(0.75, 9);
    const one = worth([{ steps: 1, states: [chain(1, { slip: 0.4, mend: always(0) }), of(1, 1)] }]);
    expect(one.joins).toBe(0);
    expect(one.slips).toBeCloseTo(0.4, 9);
  });

  test("a slip that stands may be right by luck, and then repairs are worth less by that", () => {
    const lucky = (mended: number) => [
      state(0, 0, { kept: 8e11, slipped: 2e11, mended, stoodRight: 0.25 * (2e11 - mended) }),
      state(1, 0, { ended: 8e11, endedRight: 8e11 }),
      state(1, 1, { ended: mended, endedRight: mended }),
    ];
    expect(worth([{ steps: 1, states: [lucky(0), lucky(1e11)] }]).repairs).toBeCloseTo(0.1 * 0.75, 9);
  });

  test("right steps that are withdrawn are the slips' doing", () => {
    const alarmed = (withdrawn: number) => [
      state(0, 0, { kept: 1e12 - withdrawn, withdrawn }),
      state(1, 0, { ended: 1e12 - withdrawn, endedRight: 1e12 - withdrawn }),
    ];
    const found = worth([{ steps: 1, states: [alarmed(2e11), alarmed(5e10)] }]);
    expect(found).toEqual({ slips: expect.closeTo(0.15, 9), repairs: 0, joins: 0 });
  });

  test("more repairs than the task lets pass are worth nothing", () => {
    const of = (mended: number) => [
      state(0, 0, { slipped: 1e12, mended }),
      state(1, 1, { slipped: mended, mended }),
      state(2, 2, { ended: mended, endedRight: 0 }),
    ];
    expect(worth([{ steps: 2, states: [of(0), of(1e12)] }]).repairs).toBeCloseTo(0, 9);
  });
});

test("a policy's own chain is right as often as its rollouts, however unlike problems, places and histories are", () => {
  // Problems differ tenfold, later steps are harder, a mended slip makes the next one likelier, and repairs tire.
  const draws = stream(3, "test/step-chain");
  const rights = [0, 0];
  const N = 400;
  const ROLLOUTS = 200;
  const STEPS = 5;
  const problems = Array.from({ length: N }, (): ChainProblem => {
    const hard = 0.02 + 0.3 * draws.uniform() ** 2;
    const states = [0.3, 0.8].map((mends, who) => {
      const seen = new Map<string, { -readonly [field in keyof StepState]: number }>();
      const tally = (done: number, repairs: number, ...fields: (keyof StepState)[]): void => {
        const own = seen.get(`${done} ${repairs}`) ?? { ...state(done, repairs, {}) };
        for (const field of fields) own[field]++;
        seen.set(`${done} ${repairs}`, own);
      };
      for (let i = 0; i < ROLLOUTS; i++) {
        let [done, repairs, stands] = [0, 0, false];
        while (done < STEPS && !stands) {
          if (draws.uniform() >= hard * (1 + 0.2 * done) * (repairs > 0 ? 1.5 : 1)) tally(done, repairs, "kept");
          else if (draws.uniform() < mends / (1 + repairs)) {
            tally(done, repairs, "slipped", "mended");
            repairs = Math.min(repairs + 1, MOST_MENDED);
          } else {
            tally(done, repairs, "slipped");
            stands = true;
          }
          done++;
        }
        if (stands) continue;
        tally(done, repairs, "ended", "endedRight");
        rights[who] = rights[who]! + 1;
      }
      return [...seen.values()];
    });
    return { steps: STEPS, states: [states[0]!, states[1]!] };
  });
  const { slips, repairs, joins } = worth(problems);
  // To 0.0005: one more rollout in a few thousand.
  expect(slips + repairs + joins).toBeCloseTo((rights[1]! - rights[0]!) / N / ROLLOUTS, 3);
  expect(joins).toBe(0);
  // With the rates of all states together the chain would be off by more than ten times as much.
  const alike = [0, 1].map((who) => {
    const all = problems.flatMap((one) => one.states[who as 0 | 1]);
    const sum = (of: keyof StepState): number => all.reduce((adding, one) => adding + one[of], 0);
    const slip = sum("slipped") / (sum("kept") + sum("slipped"));
    return (1 - slip * (1 - sum("mended") / sum("slipped"))) ** STEPS;
  });
  expect(Math.abs(alike[1]! - rights[1]! / N / ROLLOUTS)).toBeGreaterThan(0.005);
});

describe("what was never seen", () => {
  const tested = chain(3, { slip: 0.2, mend: always(0.5), join: 0.8 }, 1000);
  const unseen: StepState[] = [];

  test("who was never put to the test is not said to differ", () => {
    for (const states of [[tested, unseen] as const, [unseen, tested] as const]) {
      const { slips, repairs, joins } = worth([{ steps: 3, states }]);
      expect(slips).toBeCloseTo(0, 2);
      expect(repairs).toBeCloseTo(0, 2);
      expect(joins).toBeCloseTo(0, 2);
    }
    // Nobody was at all.
    expect(worth([{ steps: 3, states: [unseen, unseen] }])).toEqual({ slips: 0, repairs: 0, joins: 0 });
  });

  test("who never slipped has no repairs of its own", () => {
    const clean = chain(3, { slip: 0, mend: always(0) });
    const slipping = chain(3, { slip: 0.2, mend: always(0.5) });
    const { slips, repairs } = worth([{ steps: 3, states: [slipping, clean] }]);
    expect(repairs).toBeCloseTo(0, 9);
    expect(slips).toBeCloseTo(1 - 0.9 ** 3, 9);
  });
});

describe("weights", () => {
  // Whole numbers of rollouts, whose sums are exact.
  const whole = (steps: number, slip: number, mend: number): StepState[] =>
    chain(steps, { slip, mend: always(mend) }, 1000).map(
      (one) => Object.fromEntries(Object.entries(one).map(([name, value]) => [name, Math.round(value)])) as never,
    );
  const [a, b] = [0.1, 0.4].map(
    (slip): ChainProblem => ({ steps: 3, states: [whole(3, slip, 0.2), whole(3, slip / 2, 0.6)] }),
  ) as [ChainProblem, ChainProblem];
  const other: ChainProblem = { ...a, steps: 5, states: [whole(5, 0.1, 0), []] };

  test("a problem of no weight is not there, one of weight 2 is there twice, and order does not matter", () => {
    const chains = stepChain([a, b, other]);
    expect(chains([1, 0, 0])).toEqual(new Map([[3, worth([a])]]));
    expect(chains([2, 1, 0]).get(3)).toEqual(worth([a, b, a]));
    expect(chains([1, 1, 0])).toEqual(stepChain([other, b, a])([0, 1, 1]));
    // One set of draws leaves nothing behind for the next.
    expect(chains([1, 0, 0])).toEqual(new Map([[3, worth([a])]]));
  });

  test("each number of steps has its own", () => {
    expect([...stepChain([other, a])([1, 1]).keys()]).toEqual([3, 5]);
  });
});
