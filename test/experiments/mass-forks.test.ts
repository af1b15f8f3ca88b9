// test/ · Mass forks: the tuned policy writes only where the gate is open, the base the rest; held against exact chances on paper.
import { describe, expect, it } from "vitest";
import { clippingOf, weightedFloor } from "../../src/experiments/mass-floors.ts";
import { forking, forks } from "../../src/experiments/mass-forks.ts";
import { gatesOf } from "../../src/experiments/mass-gate.ts";
import { pairedBy } from "../../src/experiments/handoff-sources.ts";
import { logsOf } from "../../src/experiments/mass-told.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import type { ImaginedProblem } from "../../src/study/imagined.ts";
import { cutTo } from "../../src/study/live.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { exactBase, type Forked, forkedLadder } from "../support/paper-ladder.ts";

const problemsOf = (base: Forked, tuned: Forked, problems: number, steps: readonly number[]): ImaginedProblem[] =>
  forkedLadder(base, tuned, { steps, problems });

const TUNED: Forked = { share: 0.9, joins: 0.95, slip: 0.05 };
const LENGTHS = [4, 6, 8, 10];
const study = (problems: readonly ImaginedProblem[], seed: number): Seen =>
  imaginedStudy(problems, { policies: ["base", "tuned"], rollouts: 64, scored: 8, experiments: ["rare-mass"], seed })
    .seen;

function estimates(seen: Seen, problems: readonly ImaginedProblem[]) {
  const all = forking(seen, pairedBy(seen));
  const logs = logsOf(seen);
  return problems.map((one) => ({ found: forks(all, logs, one.id), exact: exactBase(one) }));
}

describe("proposals that part at forks only", { timeout: 120_000 }, () => {
  const cases = {
    "at the way alone": { share: 1e-4, joins: 0.95, slip: 0.07 },
    "behind the first step alone": { share: 0.9, joins: 1e-4, slip: 0.07 },
    "at both": { share: 1e-3, joins: 1e-4, slip: 0.07 },
  };
  for (const [where, base] of Object.entries(cases))
    it(`find the base's chance where the two policies part ${where}, with the error that they tell`, () => {
      const problems = problemsOf(base, TUNED, 48, LENGTHS);
      const told = estimates(study(problems, 3), problems).flatMap(({ found, exact }) =>
        found?.logMass === undefined ? [] : [{ ratio: Math.exp(found.logMass) / exact, error: found.relativeError! }],
      );
      expect(told.length).toBe(48);
      // The gate is a function of the prefix alone: then there is no bias.
      const z = told.map(({ ratio, error }) => (ratio - 1) / error);
      const mean = z.reduce((a, b) => a + b, 0) / z.length;
      expect(Math.abs(mean) * Math.sqrt(z.length)).toBeLessThan(3);
      expect(z.reduce((sum, one) => sum + one ** 2, 0) / z.length).toBeLessThan(2);
      for (const { error } of told) expect(error).toBeLessThan(0.25);
    });

  it("their floor is above the truth no more often than was allowed, and half of it where draws are right often", () => {
    const problems = problemsOf({ share: 1e-3, joins: 1e-4, slip: 0.07 }, TUNED, 96, LENGTHS);
    const told = estimates(study(problems, 4), problems);
    const clip = clippingOf(new Map(told.map(({ found }, i) => [problems[i]!.id, found!.logWeights])));
    const shares = told.map(({ found, exact }, i) => {
      const { logWeights } = found!;
      return weightedFloor([logWeights], logWeights, clip(problems[i]!.id), 0.025) / exact;
    });
    expect(shares.filter((one) => one > 1).length).toBeLessThanOrEqual(6);
    // Markov's inequality on their mean alone gives less than a hundredth.
    expect(shares.reduce((a, b) => a + b, 0) / shares.length).toBeGreaterThan(0.5);
  });

  it("the gate of a problem opens where the others' rollouts part, whatever its own say", () => {
    const problems = problemsOf({ share: 0.9, joins: 1e-3, slip: 0.07 }, TUNED, 24, LENGTHS);
    const seen = study(problems, 5);
    const [own] = problems;
    const mine = new Set(seen.rollouts.filter(({ problem }) => problem === own!.id).map(({ rollout }) => rollout));
    const without = { ...seen, scores: seen.scores.filter(({ rollout }) => !mine.has(rollout)) };
    const text = seen.rollouts.find(
      ({ policy, problem, verdict }) => policy === "tuned" && problem === own!.id && verdict === "right",
    )!.tokenIds!;
    const opens = (of: Seen) => text.map((_, at) => gatesOf(of)(own!.id)(text, at));
    expect(opens(seen)).toEqual(opens(without));
    // Behind the way and the first step.
    expect(opens(seen).indexOf(true)).toBe(2);
    expect(opens(seen).filter((open) => open).length).toBe(1);
    // Where policies are alike there is no fork.
    const alike = study(problemsOf(TUNED, TUNED, 24, LENGTHS), 5);
    expect(text.some((_, at) => gatesOf(alike)(own!.id)(text, at))).toBe(false);
  });

  it("what was not answered or not scored counts nothing in the floor, and leaves no estimate", () => {
    const problems = problemsOf(cases["at both"], TUNED, 12, LENGTHS);
    const seen = study(problems, 6);
    const cut = { ...seen, rollouts: seen.rollouts.filter(({ rollout }) => !rollout.startsWith("rare-mass/2/")) };
    const whole = estimates(seen, problems);
    for (const [i, { found }] of estimates(cut, problems).entries()) {
      expect(found?.logMass).toBeUndefined();
      expect(found?.logFloor ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(whole[i]!.found!.logFloor!);
    }
    const unscored = { ...seen, scores: seen.scores.filter(({ policy }) => policy === "tuned") };
    for (const { found } of estimates(unscored, problems)) expect(found?.logFloor).toBeUndefined();
  });

  it("asks the same again when a killed run comes back, and does not hang on the order of rows", () => {
    const problems = problemsOf(cases["at both"], TUNED, 12, LENGTHS);
    const seen = study(problems, 7);
    for (const round of [0, 1, 2, 3]) {
      const before = cutTo(seen, "rare-mass", round);
      const asks = rareMass.live!.plan(before, round, 7);
      expect(asks.some(({ kind, ask }) => kind === "sample" && ask.rollout.includes("/fork-"))).toBe(round < 3);
      expect(rareMass.live!.plan({ ...before, scores: seen.scores }, round, 7)).toEqual(asks);
    }
    const turned = { ...seen, rollouts: seen.rollouts.toReversed(), scores: seen.scores.toReversed() };
    expect(estimates(turned, problems)).toEqual(estimates(seen, problems));
  });
});
