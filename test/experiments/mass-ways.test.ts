// test/ · Mass of ways: limits on how often a base is right by a way that it hardly ever takes, held against exact masses on paper.
import { describe, expect, it } from "vitest";
import { massOfWays } from "../../src/experiments/mass-ways.ts";
import { PaperPolicy } from "../../src/experiments/paper-policy.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { choice } from "../../src/explanations/on-paper.ts";
import { stream } from "../../src/maths/random.ts";
import { explain } from "../../src/study/explain.ts";
import { drawFrom, type ImaginedProblem, lawOf } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import type { Bounded } from "../../src/terms/estimate.ts";

const STEPS = [2, 3, 4, 6];

/** A way that the base takes so often, and training always. */
function chosen(share: number, seed: number): ImaginedProblem[] {
  const random = stream(seed, `mass-ways/${share}`);
  const rival = { ...EXPLANATIONS.find(({ name }) => name === "amplified-strategy")!, onPaper: choice(() => share) };
  const law = lawOf([rival], { steps: STEPS, base: 0.3, gain: 0.3 }, random);
  return drawFrom(
    law,
    Array.from({ length: 40 }, (_, i) => STEPS[i % STEPS.length]!),
    random,
  );
}

const study = (problems: readonly ImaginedProblem[], seed: number) =>
  imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 64,
    scored: 8,
    experiments: ["handoff", "strategy-census", "rare-mass"],
    seed,
  });

/** P(the first way is taken and the answer right), mean over problems. */
function exactMass(problems: readonly ImaginedProblem[]): number {
  const masses = problems.map(({ behaviours, steps }) => {
    const [first] = behaviours[0]!.ways;
    const alone = { ...behaviours[0]!, ways: [{ ...first!, share: 1 }] };
    return first!.share * new PaperPolicy(alone, steps).success;
  });
  return masses.reduce((a, b) => a + b, 0) / masses.length;
}

function limitsIn(problems: readonly ImaginedProblem[], seed: number): Bounded | undefined {
  const found = massOfWays(study(problems, seed).seen, 0.95).map(({ name, estimate }) => ({ name, estimate }));
  const first = found.find(({ name }) => name === `mass/way/${problems[0]!.behaviours[0]!.ways[0]!.name}`);
  return first?.estimate.kind === "bounded" ? first.estimate : undefined;
}

describe("how often the base is right by one way", () => {
  it("lies within the limits, from one in a hundred to one in a trillion", { timeout: 120_000 }, () => {
    const studies = [1e-2, 1e-4, 1e-7, 1e-12].flatMap((share) =>
      [1, 2, 3, 4, 5].map((seed) => {
        const problems = chosen(share, seed);
        return { exact: exactMass(problems), limits: limitsIn(problems, seed) };
      }),
    );
    for (const { limits, exact } of studies) {
      // The floor is a sum of parts of the mass.
      expect(limits!.low!).toBeLessThanOrEqual(exact * (1 + 1e-9));
      // Limits that say anything: a factor of ten above it at most.
      expect(limits!.high! / exact).toBeLessThan(10);
    }
    // At 95 %: of twenty, seventeen hold with a chance of 0.98.
    expect(studies.filter(({ limits, exact }) => limits!.high! >= exact).length).toBeGreaterThanOrEqual(17);
  });

  it("decides between an old way and a new one at the yardstick, where no rollout shows it", {
    timeout: 120_000,
  }, () => {
    const judged = (share: number, rlRollouts: number) => {
      const { evidence, seen } = study(chosen(share, 9), 9);
      const { ledger, explanations } = explain(evidence, { seen, seed: 1, draws: 500, rlRollouts }).document;
      const part = (cause: string): number => {
        const found = ledger.find((one) => one.cause === cause)!.share;
        return found.kind === "measured" ? found.value : Number.NaN;
      };
      const standing = (name: string): string => explanations.find((one) => one.name === name)!.standing;
      return { part, standing };
    };
    const rare = judged(1e-7, 1e6);
    expect(rare.part("novel-strategy")).toBeGreaterThan(0.8);
    expect(rare.standing("novel-strategy")).toMatch(/alone sufficient|contributes/);
    expect(rare.standing("amplified-strategy")).toBe("not needed");
    // The same base, where training drew ten billion rollouts and so could meet it: the floor of what was scored says so.
    const met = judged(1e-7, 1e10);
    expect(met.part("amplified-strategy")).toBeGreaterThan(0.8);
    expect(met.standing("novel-strategy")).toBe("not needed");
  });

  it("is not told where plans were not handed over", () => {
    const { seen } = study(chosen(1e-4, 3), 3);
    const without = { ...seen, rollouts: seen.rollouts.filter(({ experiment }) => experiment !== "handoff") };
    expect(massOfWays(without, 0.95)[0]?.estimate).toMatchObject({
      kind: "refused",
      mend: expect.stringContaining("handoff"),
    });
  });
});
