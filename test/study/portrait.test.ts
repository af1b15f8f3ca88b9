// test/ · Portrait: policies whose every chance is known are read back from what they wrote, and drawn again as they were.
import { describe, expect, test } from "vitest";
import { PaperPolicy } from "../../src/experiments/paper-policy.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { expit, logit } from "../../src/maths/logspace.ts";
import { stream } from "../../src/maths/random.ts";
import type { ImaginedProblem } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { asPaired, IMPORTED } from "../../src/study/imported.ts";
import { drawAsSeen, shareAsSeen } from "../../src/study/imagined-as-seen.ts";
import { type Portrait, portraitOf } from "../../src/study/portrait.ts";
import type { Sitter } from "../../src/study/portrait-sitters.ts";
import type { Chance } from "../../src/study/portrait-chance.ts";
import { play } from "../../src/study/rehearse.ts";
import { usualDesign } from "../../src/study/rehearse-design.ts";
import type { Behaviour } from "../../src/terms/behaviour.ts";

const BASE: Behaviour = {
  ways: [
    { name: "stepwise", share: 0.6, pace: 1, slip: 0.2, repair: 0.3, wrongs: 4 },
    { name: "pairs", share: 0.4, pace: 2, slip: 0.5, repair: 0.1, wrongs: 4 },
  ],
  joins: 0.85,
  readable: 0.8,
  cutOffs: 0.1,
  breaksOff: 0.08,
  misstated: 0.12,
  recall: 0,
  luck: 0,
  grader: 0,
  odds: 0,
  temperature: 1,
  astray: 0,
};
const TUNED: Behaviour = {
  ...BASE,
  ways: [
    { ...BASE.ways[0]!, share: 0.9, slip: 0.05 },
    { ...BASE.ways[1]!, share: 0.1 },
  ],
  readable: 0.97,
  joins: 0.98,
  cutOffs: 0.02,
  breaksOff: 0.01,
  misstated: 0.04,
};

const STEPS = [2, 3, 4, 6];
const rival = (name: string) => EXPLANATIONS.filter((one) => one.name === name);
const mean = ({ a, b }: Chance): number => a / (a + b);
const average = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

/** @param of both policies on the problem with that number */
function written(count: number, of: (i: number) => readonly Behaviour[], experiments: readonly string[], seed: number) {
  const problems = Array.from({ length: count }, (_, i): ImaginedProblem => {
    const steps = STEPS[i % STEPS.length]!;
    return { id: `p${i}`, family: "paper", steps, behaviours: of(i) };
  });
  const { seen } = imaginedStudy(problems, { policies: ["base", "tuned"], rollouts: 48, scored: 0, experiments, seed });
  return { problems, portrait: portraitOf(seen)!, seen };
}

const chancesOf = (portrait: Portrait, policy: 0 | 1, of: (one: Sitter) => Chance | readonly Chance[]): number =>
  average(portrait.problems.flatMap(({ policies }) => [of(policies[policy])].flat().map(mean)));

/** Half of a percent, and what counting some thousand answers leaves open. */
const CLOSE = 0.025;

describe("a portrait", () => {
  test("has every chance of either policy as it is", () => {
    const { portrait } = written(160, () => [BASE, TUNED], [], 1);
    expect(portrait.ways.map(({ pace }) => pace)).toEqual([1, 2]);
    expect(portrait.wrongs).toBe(4);
    for (const [policy, is] of [BASE, TUNED].entries()) {
      const read = (of: (one: Sitter) => Chance | readonly Chance[]): number =>
        chancesOf(portrait, policy as 0 | 1, of);
      const expected: [number, number][] = [
        [read((one) => one.slip[0]!.each), is.ways[0]!.slip],
        [read((one) => one.slip[1]!.each), is.ways[1]!.slip],
        [read((one) => one.repair[0]!), is.ways[0]!.repair],
        [read((one) => one.ways[0]!), is.ways[0]!.share],
        [read((one) => one.joins), is.joins],
        [read((one) => one.readable), is.readable],
        [read((one) => one.cutOffs), is.cutOffs],
        [read((one) => one.breaksOff), is.breaksOff!],
        [read((one) => one.misstated), is.misstated],
      ];
      for (const [found, truth] of expected) expect(Math.abs(found - truth)).toBeLessThan(CLOSE);
    }
  });

  test("of a base that never goes that way tells its slips from what was handed over to it", () => {
    const never: Behaviour = { ...BASE, ways: BASE.ways.map((way, i) => ({ ...way, share: i })) };
    const alone = written(40, () => [never, TUNED], [], 2).portrait;
    const handed = written(40, () => [never, TUNED], ["handoff"], 2).portrait;
    const slip = (portrait: Portrait): number => chancesOf(portrait, 0, (one) => one.slip[0]!.each);
    // Who was never seen on it is taken to do as the tuned policy does.
    expect(Math.abs(slip(alone) - TUNED.ways[0]!.slip)).toBeLessThan(CLOSE);
    expect(Math.abs(slip(handed) - BASE.ways[0]!.slip)).toBeLessThan(CLOSE);
  });

  test("shows how much problems differ beyond what counting gives", () => {
    const unlike = (i: number): Behaviour => ({
      ...BASE,
      ways: [{ ...BASE.ways[0]!, slip: i % 2 === 0 ? 0.05 : 0.4 }, BASE.ways[1]!],
    });
    const { portrait } = written(60, (i) => [unlike(i), BASE], [], 3);
    const slips = (policy: 0 | 1): number[] =>
      portrait.problems.map(({ policies }) => average(policies[policy].slip[0]!.each.map(mean)));
    const spread = (list: readonly number[]): number =>
      Math.sqrt(average(list.map((one) => (one - average(list)) ** 2)));
    expect(spread(slips(0))).toBeGreaterThan(0.14);
    expect(spread(slips(1))).toBeLessThan(0.03);
  });

  test("shows which steps of a problem are the harder ones, under either policy", () => {
    const uneven = ({ ways: [first, other], ...rest }: Behaviour): Behaviour => ({
      ...rest,
      ways: [{ ...first!, harder: [0, 2, 0, 2, 0, 2] }, other!],
    });
    const { portrait } = written(60, () => [uneven(BASE), uneven(TUNED)], [], 6);
    for (const [policy, { ways }] of [BASE, TUNED].entries()) {
      const at = (step: number): number => chancesOf(portrait, policy as 0 | 1, (one) => one.slip[0]!.each[step]!);
      const { slip } = ways[0]!;
      const harder = expit(logit(slip) + 2);
      // What is counted a few times is told nearer to what the steps have in common.
      expect(at(1) - at(0)).toBeGreaterThan(0.8 * (harder - slip));
      expect(at(1) - at(0)).toBeLessThan(harder - slip + CLOSE);
    }
  });

  test("tells what neither policy ever did from the answers of both", () => {
    const never = { readable: 1, cutOffs: 0, breaksOff: 0 };
    const { portrait } = written(
      20,
      () => [
        { ...BASE, ...never },
        { ...TUNED, ...never },
      ],
      [],
      7,
    );
    const [base, tuned] = [0, 1].map((i) => mean(portrait.problems[0]!.policies[i]!.cutOffs));
    expect(base).toBeCloseTo(tuned!, 9);
    expect(base).toBeCloseTo(0.5 / (2 * 20 * 48), 6);
  });

  test("needs verified steps, their number, and answers of the base", () => {
    const { seen } = written(4, () => [BASE, TUNED], [], 4);
    const { steps: _, ...reader } = seen.reader;
    expect(portraitOf({ ...seen, reader })).toBeUndefined();
    expect(portraitOf({ ...seen, problems: seen.problems.map(({ id, family }) => ({ id, family })) })).toBeUndefined();
    const of = (name: string) => seen.rollouts.filter(({ policy }) => policy === name);
    expect(portraitOf({ ...seen, rollouts: of("tuned") })).toBeUndefined();
    expect(portraitOf({ ...seen, rollouts: of("base") })!.baseAlone).toBe(true);
  });

  test("of the base alone is the base's of both, and shows nothing of training", () => {
    const { portrait: both, seen } = written(60, () => [BASE, TUNED], [], 9);
    const alone = portraitOf({ ...seen, rollouts: seen.rollouts.filter(({ policy }) => policy === "base") })!;
    expect(alone.rows).toEqual([]);
    for (const { policies } of alone.problems) expect(policies[1]).toEqual(policies[0]);
    for (const of of [(one: Sitter) => one.slip[0]!.each, (one: Sitter) => one.ways[0]!, (one: Sitter) => one.joins])
      expect(chancesOf(alone, 0, of)).toBeCloseTo(chancesOf(both, 0, of), 2);
    expect(() => play({ truth: [], seed: 4 }, { ...usualDesign(), portrait: alone })).toThrow(RangeError);
  });
});

test("of a look at few problems draws the base from all of its answers, and the tuned policy beside it where it was not asked", () => {
  const slipOf = (i: number): number => (i % 8 < 4 ? 0.1 : 0.5);
  const at = (slip: number): Behaviour => ({ ...BASE, ways: [{ ...BASE.ways[0]!, slip }, BASE.ways[1]!] });
  const moved = (slip: number): number => expit(logit(slip) - 1.5);
  const { seen } = written(80, (i) => [at(slipOf(i)), at(moved(slipOf(i)))], [], 11);
  const looked = new Set(seen.problems.slice(0, 8).map(({ id }) => id));
  const isAtHand = (one: { readonly policy: string; readonly problem: string }): boolean =>
    one.policy === "base" || looked.has(one.problem);
  const portrait = portraitOf({ ...seen, rollouts: seen.rollouts.filter(isAtHand) })!;
  expect(portrait.problems).toHaveLength(80);
  expect(portrait.rows).toHaveLength(8);
  expect(portrait.baseAlone).toBeUndefined();
  const problems = Array.from({ length: 1200 }, (_, i) => STEPS[i % STEPS.length]!);
  const slips = drawAsSeen(portrait, problems, stream(2, "test/few")).map(({ behaviours }) =>
    behaviours.map(({ ways: [first] }) => first!.slip),
  );
  for (const easy of [true, false]) {
    const is = easy ? 0.1 : 0.5;
    const own = slips.filter(([base]) => base! < 0.3 === easy);
    expect(own.length).toBeGreaterThan(400);
    expect(Math.abs(average(own.map(([base]) => base!)) - is)).toBeLessThan(CLOSE);
    expect(Math.abs(average(own.map(([, tuned]) => tuned!)) - moved(is))).toBeLessThan(2 * CLOSE);
  }
});

test("an imported log of the base shows it as its own rollouts do, on the study's problems", () => {
  const { seen } = written(8, () => [BASE, TUNED], [], 10);
  const base = seen.rollouts.filter(({ policy }) => policy === "base");
  const log = base.map((one) => ({ ...one, experiment: IMPORTED }));
  const elsewhere = { ...log[0]!, problem: "another study's" };
  const shown = asPaired({ ...seen, rollouts: [...log, elsewhere] });
  expect(portraitOf({ ...seen, rollouts: log })).toBeUndefined();
  expect(portraitOf(shown)).toEqual(portraitOf({ ...seen, rollouts: base }));
});

describe("what is drawn as seen", () => {
  const { portrait, problems } = written(80, () => [BASE, TUNED], [], 5);
  const success = (list: readonly ImaginedProblem[], policy: 0 | 1): number =>
    average(list.map(({ behaviours, steps }) => new PaperPolicy(behaviours[policy]!, steps).success));

  test("is right as often as what was seen, and is the same for the same stream", () => {
    const steps = Array.from({ length: 200 }, (_, i) => STEPS[i % STEPS.length]!);
    const drawn = drawAsSeen(portrait, steps, stream(1, "test/as-seen"));
    for (const policy of [0, 1] as const)
      expect(Math.abs(success(drawn, policy) - success(problems, policy))).toBeLessThan(CLOSE);
    expect(drawAsSeen(portrait, steps, stream(1, "test/as-seen"))).toEqual(drawn);
    expect(drawn.map((one) => one.steps)).toEqual(steps);
  });

  test("gives each rival the share of the gain that what it moves is worth", () => {
    const names = ["amplified-strategy", "steadier-steps", "composition", "format-learned", "longer-outputs"];
    const shares = names.map((name) => shareAsSeen(portrait, rival(name))!);
    for (const share of shares) expect(share).toBeGreaterThan(0.01);
    expect(shareAsSeen(portrait, rival("recovery"))!).toBeLessThan(0.02);
    // No answer by itself shows a law of texts.
    expect(shareAsSeen(portrait, rival("reward-tilt"))).toBeUndefined();
    expect(shareAsSeen(portrait, rival("nothing-changed"))).toBeUndefined();
  });
});

test("a study that goes on as seen names what was seen at work", () => {
  const unread = { ...BASE, readable: 0.3 };
  const { portrait } = written(40, () => [unread, { ...unread, readable: 0.99 }], [], 6);
  const design = {
    ...usualDesign(),
    steps: STEPS.flatMap((steps) => Array.from({ length: 6 }, () => steps)),
    experiments: ["handoff", "strategy-census"],
    scored: 0,
    base: 0.3,
    gain: 0.2,
  };
  const { standings, truth } = play({ truth: [], seed: 4 }, { ...design, portrait });
  expect(truth).toEqual([]);
  const claimed = Object.entries(standings["all"]!)
    .filter(([, is]) => is === "alone sufficient" || is === "contributes")
    .map(([name]) => name);
  expect(claimed).toEqual(["format-learned"]);
  expect(() => play({ truth: [], seed: 4 }, design)).toThrow(RangeError);
});

test("how wide an entry will be is told by the problems themselves, and of what does not vary there nothing", () => {
  const { portrait } = written(16, () => [BASE, TUNED], ["handoff"], 8);
  const design = {
    ...usualDesign(),
    steps: [...STEPS, ...STEPS, ...STEPS],
    rollouts: 48,
    experiments: ["handoff"],
    scored: 0,
  };
  const widths = (rows: Portrait["rows"]) =>
    play({ truth: [], seed: 4 }, { ...design, portrait: { ...portrait, rows } }).halfWidths;
  const unplanned = portrait.rows.map(({ segments, ...row }) => ({ ...row, segments: { ...segments!, plan: 0 } }));
  expect(widths([])["amplified-strategy"]).toBeGreaterThan(0);
  expect(widths(portrait.rows)["amplified-strategy"]).toBeGreaterThan(0);
  expect(widths(unplanned)["amplified-strategy"]).toBeUndefined();
  expect(widths(unplanned)["steadier-steps"]).toBeGreaterThan(0);
});
