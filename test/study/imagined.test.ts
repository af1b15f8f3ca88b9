// test/ · Imagined: rivals draw studies that are as good as asked for, and what a study would see of them is what they are.
import { describe, expect, it } from "vitest";
import { PaperPolicy } from "../../src/experiments/paper-policy.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { stream } from "../../src/maths/random.ts";
import { explain } from "../../src/study/explain.ts";
import { drawFrom, lawOf, matchedPair, middlesOf } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";

const STEPS = [2, 3, 4, 6, 8];
const lengths = Array.from({ length: 60 }, (_, i) => STEPS[i % STEPS.length]!);
const named = (name: string) => EXPLANATIONS.find((one) => one.name === name)!;
const DESIGN = { policies: ["base", "tuned"], rollouts: 16, scored: 2, experiments: ["handoff"], seed: 3 };

describe("an imagined study", () => {
  it.each(EXPLANATIONS.filter(({ name }) => name !== "nothing-changed").map(({ name }) => name))(
    "of %s is as good before and after as asked for",
    (name) => {
      const law = lawOf([named(name)], { steps: STEPS, base: 0.35, gain: 0.2 }, stream(1, name));
      const pool = middlesOf(law, STEPS, 40);
      const [base, tuned] = [0, 1].map(
        (at) =>
          pool.reduce((sum, { behaviours, steps }) => sum + new PaperPolicy(behaviours[at]!, steps).success, 0) /
          pool.length,
      );
      expect(Math.abs(base! - 0.35)).toBeLessThan(0.02);
      expect(Math.abs(tuned! - base! - 0.2)).toBeLessThan(0.02);
    },
  );

  it("is the same for the same seed, and each policy's success is what its behaviours say", () => {
    const law = lawOf([named("recovery")], { steps: STEPS, base: 0.35, gain: 0.2 }, stream(1, "same"));
    const problems = drawFrom(law, lengths, stream(2, "same"));
    const study = imaginedStudy(problems, DESIGN);
    expect(imaginedStudy(problems, DESIGN)).toEqual({ ...study, seen: { ...study.seen, reader: expect.anything() } });
    for (const [at, { problems: counted }] of study.evidence.entries()) {
      const exact = problems.map(({ behaviours, steps }) => new PaperPolicy(behaviours[at]!, steps).success);
      const right = counted.reduce((sum, one) => sum + one.right, 0);
      const expected = 16 * exact.reduce((a, b) => a + b, 0);
      const spread = Math.sqrt(16 * exact.reduce((sum, p) => sum + p * (1 - p), 0));
      expect(Math.abs(right - expected)).toBeLessThan(4 * spread);
    }
  });

  it("scores its own rollouts as it drew them, and hands prefixes over", () => {
    const law = lawOf([named("steadier-steps")], { steps: STEPS, base: 0.35, gain: 0.2 }, stream(1, "scored"));
    const { seen, tokens } = imaginedStudy(drawFrom(law, lengths, stream(2, "scored")), DESIGN);
    const byName = new Map(seen.rollouts.map((one) => [one.rollout, one]));
    const own = seen.scores.filter(({ rollout, policy }) => byName.get(rollout)!.policy === policy);
    expect(own.length).toBeGreaterThan(100);
    for (const { rollout, rawLogProbs } of own) expect(rawLogProbs).toEqual(byName.get(rollout)!.rawLogProbs);
    const handed = seen.rollouts.filter(({ prefix }) => prefix !== undefined);
    expect(handed.length).toBeGreaterThan(100);
    expect(tokens["handoff"]!.generated).toBe(handed.reduce((sum, one) => sum + one.tokens!, 0));
  });

  it("of one cause through the real estimators gives that cause the gain", () => {
    const law = lawOf([named("composition")], { steps: STEPS, base: 0.35, gain: 0.25 }, stream(1, "whole"));
    const study = imaginedStudy(drawFrom(law, lengths, stream(2, "whole")), { ...DESIGN, rollouts: 64, scored: 0 });
    const { document } = explain(study.evidence, { seen: study.seen, draws: 1000 });
    const share = document.ledger.find(({ cause }) => cause === "composition")!.share;
    expect(share.kind === "measured" ? share.value : undefined).toBeGreaterThan(0.8);
  });
});

describe("two mechanisms matched at one length", () => {
  it("have the same success there on every problem, and part at other lengths", () => {
    const success = [
      [0.2, 0.6],
      [0.4, 0.5],
    ] as const;
    const at = (steps: number) =>
      Object.values(matchedPair(32, success, [steps, steps])).map((problems) =>
        problems.map(({ behaviours }) => behaviours.map((one) => new PaperPolicy(one, steps).success)),
      );
    for (const mechanism of at(32))
      for (const [i, pair] of mechanism.entries())
        for (const [k, p] of pair.entries()) expect(p).toBeCloseTo(success[i]![k]!, 12);
    const [strategy, reliability] = at(8).map((problems) => problems.map(([p0, p1]) => p1! / p0!)) as [
      number[],
      number[],
    ];
    // A choice is worth the same factor at any length, steps are worth less the fewer there are.
    expect(strategy[0]).toBeCloseTo(3, 12);
    expect(reliability[0]).toBeCloseTo(3 ** (8 / 32), 12);
  });
});
