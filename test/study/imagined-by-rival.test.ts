// test/ · Imagined by rival: from a base that was seen training goes as far as the gain asks, and moves what its rival moves, nothing else.
import { describe, expect, test } from "vitest";
import { PaperPolicy } from "../../src/experiments/paper-policy.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { stream } from "../../src/maths/random.ts";
import type { Answers, ImaginedProblem } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { drawByRivals } from "../../src/study/imagined-by-rival.ts";
import { type Portrait, portraitOf } from "../../src/study/portrait.ts";
import { play } from "../../src/study/rehearse.ts";
import { usualDesign } from "../../src/study/rehearse-design.ts";
import type { Behaviour } from "../../src/terms/behaviour.ts";

/** Pairs of steps are wrong less often in all than single ones, and hardly anybody goes so. */
const BASE: Behaviour = {
  ways: [
    { name: "stepwise", share: 0.8, pace: 1, slip: 0.25, repair: 0.1, wrongs: 4 },
    { name: "pairs", share: 0.2, pace: 2, slip: 0.05, repair: 0.1, wrongs: 4 },
  ],
  joins: 0.7,
  readable: 0.7,
  cutOffs: 0.05,
  breaksOff: 0.3,
  misstated: 0,
  recall: 0,
  luck: 0,
  grader: 0,
  odds: 0,
  temperature: 1,
  astray: 0,
};
const LENGTHS = [2, 3, 4, 6];
const STEPS = Array.from({ length: 80 }, (_, i) => LENGTHS[i % LENGTHS.length]!);
const GAIN = 0.06;
const rival = (name: string) => EXPLANATIONS.filter((one) => one.name === name);
const average = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;
const success = (list: readonly ImaginedProblem[], policy: 0 | 1): number =>
  average(list.map(({ behaviours, steps }) => new PaperPolicy(behaviours[policy]!, steps).success));

/** From the answers of a base that is this on every problem. */
function baseSeen(of: Behaviour, answers?: Answers): Portrait {
  const problems = STEPS.map(
    (steps, i): ImaginedProblem => ({
      id: `p${i}`,
      family: "paper",
      steps,
      behaviours: [of, of],
      ...(answers === undefined ? {} : { gold: i % 4 === 0 ? 0 : 1 + (i % 9) }),
    }),
  );
  const { seen } = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 48,
    scored: 0,
    experiments: [],
    seed: 3,
    ...(answers === undefined ? {} : { answers }),
  });
  return portraitOf({ ...seen, rollouts: seen.rollouts.filter(({ policy }) => policy === "base") })!;
}

describe("training from a base that was seen", () => {
  const portrait = baseSeen(BASE);
  const drawn = (name: string, gain = GAIN) =>
    drawByRivals(portrait, rival(name), gain, STEPS, stream(2, "test/by-rival"))?.problems;

  test.each([
    "amplified-strategy",
    "steadier-steps",
    "recovery",
    "composition",
    "format-learned",
    "longer-outputs",
    "reward-tilt",
    "sharpened",
    "contaminated",
  ])("by %s has the gain that was asked for, from that base", (name) => {
    const problems = drawn(name)!;
    expect(success(problems, 1) - success(problems, 0)).toBeCloseTo(GAIN, 2);
    const as = STEPS.map((steps) => new PaperPolicy(BASE, steps).success);
    expect(Math.abs(success(problems, 0) - average(as))).toBeLessThan(0.03);
  });

  test("moves what its rival moves, and no problem as far as another", () => {
    for (const { behaviours } of drawn("steadier-steps")!) {
      const [base, tuned] = behaviours as [Behaviour, Behaviour];
      expect(tuned.ways[0]!.slip).toBeLessThan(base.ways[0]!.slip);
      expect({ ...tuned, ways: [] }).toEqual({ ...base, ways: [] });
      expect(tuned.ways.map(({ share }) => share)).toEqual(base.ways.map(({ share }) => share));
    }
    const far = drawn("composition")!.map(({ behaviours: [base, tuned] }) => (1 - tuned!.joins) / (1 - base!.joins));
    expect(Math.max(...far) - Math.min(...far)).toBeGreaterThan(0.1);
  });

  test("takes the way that solves most more often, and outputs that break off go on", () => {
    for (const { behaviours } of drawn("amplified-strategy")!) {
      const [base, tuned] = behaviours as [Behaviour, Behaviour];
      expect(base.ways[0]!.pace).toBe(2);
      expect(tuned.ways[0]!.share).toBeGreaterThan(base.ways[0]!.share);
    }
    for (const { behaviours } of drawn("longer-outputs")!)
      expect(behaviours[1]!.breaksOff).toBeLessThan(behaviours[0]!.breaksOff!);
  });

  test("by a new strategy takes a way that the base never took", () => {
    const problems = drawn("novel-strategy")!;
    for (const { behaviours } of problems) {
      expect(behaviours[0]!.ways).toHaveLength(3);
      expect(behaviours[0]!.ways[0]!.share).toBeLessThan(1e-12);
      expect(behaviours[1]!.ways[0]!.share).toBeGreaterThan(0.01);
    }
    expect(success(problems, 1) - success(problems, 0)).toBeCloseTo(GAIN, 2);
  });

  test("is not there where the base has no room for such a gain, and then a base that has is imagined", () => {
    expect(drawn("format-learned", 0.5)).toBeUndefined();
    // A prompt that leads astray shows in no answer under it.
    expect(drawn("weak-baseline")).toBeUndefined();
    const one = baseSeen({ ...BASE, ways: [{ ...BASE.ways[0]!, share: 1 }] });
    expect(drawByRivals(one, rival("amplified-strategy"), GAIN, STEPS, stream(2, "test/by-rival"))).toBeUndefined();
    const design = { ...usualDesign(), experiments: [], scored: 0, portrait, base: 0.25, gain: GAIN };
    expect(play({ truth: ["weak-baseline"], seed: 1 }, design).truth).toEqual(["weak-baseline"]);
  });

  test("is the same for the same stream", () => {
    expect(drawn("recovery")).toEqual(drawn("recovery"));
  });
});

test("luck where answers are in common is to state more of them, and those that most problems have", () => {
  const digits = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0];
  const guesser: Behaviour = {
    ...BASE,
    ways: [{ name: "direct", share: 1, pace: Number.POSITIVE_INFINITY, slip: 0, repair: 0 }],
    joins: 1,
    readable: 1,
    cutOffs: 0,
    breaksOff: 0.8,
    misguessed: 0.9,
  };
  const portrait = baseSeen(guesser, { wrong: [digits, digits] });
  expect(portrait.answers).toBeDefined();
  const drawn = (gain: number) =>
    drawByRivals(portrait, rival("lucky-guess"), gain, STEPS, stream(2, "test/by-rival"))!;
  const commonest = (wrong: readonly number[]): number => Math.max(...wrong);
  for (const gain of [0.05, 0.13]) {
    const { problems } = drawn(gain);
    expect(success(problems, 1) - success(problems, 0)).toBeCloseTo(gain, 2);
    for (const { behaviours } of problems) expect(behaviours[1]!.breaksOff).toBeLessThan(behaviours[0]!.breaksOff!);
  }
  const [little, much] = [0.05, 0.13].map((gain) => drawn(gain).answers!.wrong);
  expect(commonest(much![1]!)).toBeGreaterThan(commonest(little![1]!) + 0.1);
  expect(much![0]).toEqual(portrait.answers!.wrong[0]);
  // Whoever knows no more than the base is never right more often than by naming the commonest answer.
  expect(drawByRivals(portrait, rival("lucky-guess"), 0.6, STEPS, stream(2, "test/by-rival"))).toBeUndefined();
});
