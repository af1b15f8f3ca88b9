import { describe, expect, test } from "vitest";
import { CAUSES, split, type SplitOptions } from "../../src/attribution/split.ts";
import { stream } from "../../src/maths/random.ts";
import type { GainRow, WorkState } from "../../src/terms/gain-row.ts";

const OPTIONS: SplitOptions = { level: 0.9, replicates: 400, seed: 1, yardstick: 1e-3 };

/** What rollouts do that slip in a step, mend a slip and go on after the first step with these chances; so many, by expectation. */
function working(slip: number, mend: number, join = 1, steps = 4, many = 1e12): WorkState[] {
  const none = { endedRight: 0, stoodRight: 0, withdrawn: 0, withdrawnRight: 0 };
  let reach = [many];
  return Array.from({ length: steps + 1 }, (_, done) => {
    const before = reach;
    reach = Array.from({ length: Math.min(4, done + 2) }, () => 0);
    return before.map((here, repairs): WorkState => {
      const ended = done === steps ? here : done === 1 ? here * (1 - join) : 0;
      const slipped = (here - ended) * slip;
      const mended = slipped * mend;
      const after = Math.min(3, repairs + 1);
      reach[repairs] = reach[repairs]! + here - ended - slipped;
      reach[after] = reach[after]! + mended;
      const kept = here - ended - slipped;
      return { ...none, done, repairs, ended, endedRight: done === steps ? ended : 0, kept, slipped, mended };
    });
  }).flat();
}

/** A problem whose whole gain is in the parts named. */
function row(i: number, parts: Partial<GainRow> & { readonly segments?: GainRow["segments"] }): GainRow {
  const { format = 0, finished = 0, segments } = parts;
  const matched = parts.matched ?? (segments ? segments.plan + segments.execution + segments.answer : 0);
  return {
    problem: `p${i}`,
    steps: 4,
    drawn: [64, 64],
    gain: format + finished + matched,
    format,
    finished,
    weight: 1,
    onWay: [1, 1],
    ...parts,
    matched,
  };
}

const rows = (n: number, make: (i: number) => Partial<GainRow>): GainRow[] =>
  Array.from({ length: n }, (_, i) => row(i, make(i)));
const told = (list: readonly GainRow[], options = OPTIONS) => {
  const found = split(list, list, options)!;
  return Object.fromEntries(CAUSES.map((cause) => [cause, found.shares[cause]?.value]));
};

describe("a gain, split", () => {
  test("adds up to one, each part where it belongs", () => {
    const shares = told(
      rows(20, (i) => ({
        format: 0.1 + (i % 2) / 50,
        finished: 0.05,
        segments: { plan: 0.04, execution: 0.2, answer: 0.01 },
      })),
    );
    expect(Object.values(shares).reduce((sum: number, one) => sum + (one ?? 0), 0)).toBeCloseTo(1, 12);
    const gain = 0.11 + 0.05 + 0.25;
    expect(shares["format-learned"]).toBeCloseTo(0.11 / gain, 12);
    expect(shares["longer-outputs"]).toBeCloseTo(0.05 / gain, 12);
    expect(shares["steadier-steps"]).toBeCloseTo(0.2 / gain, 12);
    expect(shares["plan-undecided"]).toBeCloseTo(0.04 / gain, 12);
    expect(shares.answer).toBeCloseTo(0.01 / gain, 12);
    expect(shares.unexplained).toBe(0);
  });

  test("without hand-offs leaves what they would tell unexplained", () => {
    const shares = told(rows(20, (i) => ({ format: 0.1 + i / 1000, matched: 0.3 })));
    expect(shares["steadier-steps"]).toBeUndefined();
    expect(shares.unexplained! + shares["format-learned"]!).toBeCloseTo(1, 12);
  });

  test("gives execution to repairs where only repairs moved, in a chain whose success is known", () => {
    // Slips of a fifth; 30 % mended, then 80 %: (1 − 0.2 · 0.7)⁴ and (1 − 0.2 · 0.2)⁴.
    const gained = 0.96 ** 4 - 0.86 ** 4;
    const chain = [working(0.2, 0.3), working(0.2, 0.8)] as const;
    const shares = told(rows(20, () => ({ segments: { plan: 0, execution: gained, answer: 0 }, chain })));
    expect(shares.recovery).toBeCloseTo(1, 12);
    expect(shares["steadier-steps"]).toBeCloseTo(0, 12);
  });

  test("gives execution to joins where only joins moved, and nothing of it on problems of one step", () => {
    const chain = [working(0, 0, 0.25), working(0, 0)] as const;
    const long = told(rows(20, () => ({ segments: { plan: 0, execution: 0.75, answer: 0 }, chain })));
    expect(long.composition).toBeCloseTo(1, 12);
    const single = [working(0, 0, 1, 1), working(0, 0, 1, 1)] as const;
    const short = told(
      rows(20, (i) =>
        i < 10
          ? { steps: 1, segments: { plan: 0, execution: 0.3, answer: 0 }, chain: single }
          : { segments: { plan: 0, execution: 0, answer: 0 }, chain: [chain[1], chain[1]] },
      ),
    );
    expect(short.composition).toBe(0);
    expect(short["steadier-steps"]).toBeCloseTo(1, 12);
  });

  test("who begins the chain's way and who states the answer are writers as well: Shapley's share of four players in closed form", () => {
    // Right needs the later policy's plan, its join, and an answer: the base's is right a quarter of the time.
    const execution = 0.25 / 6 + 1 / 3;
    const chain = [working(0, 0, 0), working(0, 0)] as const;
    const begun = {
      segments: { plan: 0.3, execution, answer: 0.3 },
      chain,
      onWay: [0, 1] as const,
      stated: [0.25, 1] as const,
    };
    const shares = told(rows(20, () => begun));
    expect(shares.composition).toBeCloseTo(execution / (execution + 0.6), 12);
    expect(shares["steadier-steps"]).toBeCloseTo(0, 12);
  });

  test("answers that both gave behind right work are not counted worse twice", () => {
    // As above, but both go this way and get through; the base's answers are right a quarter of the time.
    const whole = working(0.2, 0.3).map((state) => ({ ...state, endedRight: state.endedRight / 4 }));
    const chain = [whole, working(0.2, 0.8)] as const;
    const execution = ((0.25 + 1) / 2) * (0.96 ** 4 - 0.86 ** 4);
    const of = { segments: { plan: 0, execution, answer: 0.5 }, chain, stated: [0.24, 0.96] as const };
    expect(told(rows(20, () => of)).recovery).toBeCloseTo(execution / (execution + 0.5), 9);
  });

  test.each([
    [40, "amplified-strategy"],
    [1, "plan-undecided"],
    [0, "novel-strategy"],
  ] as const)(
    "a plan whose way the base took in %i of 40,000 rollouts is %s at a yardstick of 1e-4",
    (rights, cause) => {
      const list = rows(40, (i) => ({
        segments: { plan: 0.5, execution: 0, answer: 0 },
        ways: [
          [{ name: "new", right: i < rights ? Math.ceil(rights / 40) : 0, of: 1000 }],
          [{ name: "new", right: 500, of: 1000 }],
        ],
      }));
      expect(told(list, { ...OPTIONS, yardstick: 1e-4 })[cause]).toBeCloseTo(1, 12);
    },
  );

  test("a plan goes to the ways by what each gained, and how sure that is shows in both intervals", () => {
    const list = rows(40, (i) => ({
      segments: { plan: 0.4, execution: 0, answer: 0 },
      ways: [
        [{ name: "known", right: 100, of: 1000 }],
        [
          // The plan is worth the same on every problem; which way it went is not.
          { name: "known", right: i % 2 === 0 ? 400 : 100, of: 1000 },
          { name: "new", right: i % 2 === 0 ? 0 : 300, of: 1000 },
          { name: "worse", right: 0, of: 1000 },
        ],
      ],
    }));
    const { shares } = split(list, list, { ...OPTIONS, yardstick: 1e-3 })!;
    expect(shares["amplified-strategy"]!.value).toBeCloseTo(0.5, 12);
    expect(shares["novel-strategy"]!.value).toBeCloseTo(0.5, 12);
    // Half of 40 problems go either way: 1.68 √(¼ / 39).
    const { low, high } = shares["novel-strategy"]!.interval!;
    expect((high - low) / 2).toBeGreaterThan(0.11);
    expect((high - low) / 2).toBeLessThan(0.16);
  });

  test("who was never put to the test is not said to differ", () => {
    const unseen: WorkState[] = [];
    const seen = working(0.1, 0.5, 0.8);
    const segments = { plan: 0, execution: 0.3, answer: 0 };
    for (const chain of [[unseen, seen] as const, [seen, unseen] as const]) {
      const shares = told(rows(20, () => ({ segments, chain })));
      expect(shares.recovery).toBeCloseTo(0, 10);
      expect(shares.composition).toBeCloseTo(0, 10);
    }
    // Nobody was: then it is not known, and not 0.
    expect(told(rows(20, () => ({ segments, chain: [unseen, unseen] }))).composition).toBeUndefined();
  });

  test("a checkpoint's shares are of the tuned policy's gain, so they telescope", () => {
    const half = rows(20, (i) => ({ format: 0.05 + i / 1000 }));
    const whole = rows(20, (i) => ({ format: 0.1 + i / 500 }));
    expect(split(half, whole, OPTIONS)!.shares["format-learned"]!.value).toBeCloseTo(0.5, 12);
  });

  test("nothing is told of one problem, or where all gains are 0", () => {
    expect(
      split(
        rows(1, () => ({ format: 0.1 })),
        rows(1, () => ({ format: 0.1 })),
        OPTIONS,
      ),
    ).toBeUndefined();
    expect(
      split(
        rows(9, () => ({})),
        rows(9, () => ({})),
        OPTIONS,
      ),
    ).toBeUndefined();
  });
});

test("an event that one problem showed is no surer than one rollout more or less", () => {
  const list = rows(40, (i) => ({
    format: i === 0 ? 1e-6 : 0,
    segments: { plan: 0, execution: 0.5 + (i % 2) / 10, answer: 0 },
  }));
  const { value, interval } = split(list, list, OPTIONS)!.shares["format-learned"]!;
  // One of 40 · 64 rollouts, of a gain of 0.55.
  expect(interval!.se).toBeCloseTo(1 / (40 * 64) / 0.55, 6);
  expect(interval!.high - value).toBeGreaterThan(1.6 * interval!.se);
});

test("intervals hold the shares that new problems have: each alone near 90 %, all at once no rarer than 85 %", () => {
  const STUDIES = 300;
  const N = 60;
  let alone = 0;
  let entries = 0;
  let joint = 0;
  for (let study = 0; study < STUDIES; study++) {
    const draws = stream(17, "test/split", study);
    // Half of the gain is execution, the rest format and answer, all uneven over problems: 0.2, 0.12 and 0.08 in the mean.
    const list = rows(N, () => {
      const hard = draws.uniform();
      return {
        format: 0.24 * draws.uniform(),
        segments: { plan: 0, execution: 0.4 * hard + 0.1 * (draws.uniform() - 0.5), answer: 0.16 * draws.uniform() },
      };
    });
    const { shares } = split(list, list, { ...OPTIONS, seed: study, replicates: 200 })!;
    const truth = { "format-learned": 0.3, "steadier-steps": 0.5, answer: 0.2 } as const;
    const held = Object.entries(truth).map(([cause, value]) => {
      const { low, high, jointLow, jointHigh } = shares[cause as keyof typeof truth]!.interval!;
      entries++;
      if (low <= value && value <= high) alone++;
      return jointLow <= value && value <= jointHigh;
    });
    if (held.every(Boolean)) joint++;
  }
  // 900 entries at 0.9: a standard error of 0.01; 300 studies: 0.017.
  expect(alone / entries).toBeGreaterThan(0.87);
  expect(alone / entries).toBeLessThan(0.93);
  expect(joint / STUDIES).toBeGreaterThan(0.85);
  expect(joint / STUDIES).toBeLessThan(0.96);
});
