// test/ · Conformance: what every experiment keeps.
import { describe, expect, it } from "vitest";
import type { EstimateOptions, Experiment } from "../../src/experiments/experiment.ts";
import { PARTS } from "../../src/terms/behaviour.ts";
import { Findings } from "../../src/terms/finding.ts";
import { pairOf, record } from "../support/evidence.ts";

export const OPTIONS: EstimateOptions = { seed: 1, level: 0.95, clusterByFamily: false, draws: 500 };

/** Evidence with everything in it: texts, gold answers, token counts. */
export function fullEvidence(problems = 40) {
  const answers = (right: number) => (i: number) => ({
    text: `<answer>${i < right ? 7 : 8}</answer>`,
    tokens: 100 + 10 * i,
  });
  const marks = (right: number) => "+".repeat(right) + "-".repeat(4 - right);
  const side = (right: (i: number) => number) =>
    Array.from({ length: problems }, (_, i) => record(`p${i}`, marks(right(i)), answers(right(i)), "7"));
  return pairOf(
    side((i) => i % 4),
    side((i) => (i % 4) + 1),
  );
}

export function experimentConformance(experiment: Experiment): void {
  describe(`the experiment ${experiment.name}`, () => {
    it("says what it asks, finds and needs", () => {
      for (const text of [experiment.asks, experiment.finds, experiment.needs])
        expect(text).toMatch(/^\S.{10,200}[^.]$/u);
    });

    it("sees groups of parts that exist, no part twice", () => {
      const seen = experiment.sees.flat();
      expect(seen.length).toBeGreaterThan(0);
      for (const part of seen) expect(Object.keys(PARTS)).toContain(part);
      expect(new Set(seen).size).toBe(seen.length);
    });

    it("has a price that is finite, not negative, and not lower for more problems", () => {
      const few = experiment.price({ problems: 10, rolloutsPerProblem: 8 });
      const many = experiment.price({ problems: 1000, rolloutsPerProblem: 8 });
      for (const field of ["generatedRollouts", "scoredRollouts"] as const) {
        expect(few[field]).toBeGreaterThanOrEqual(0);
        expect(many[field]).toBeGreaterThanOrEqual(few[field]);
        expect(Number.isFinite(many[field])).toBe(true);
      }
    });

    const { onEvidence } = experiment;
    it.skipIf(onEvidence === undefined)(
      "refuses one problem with a reason and a mend (skipped where it needs a live engine)",
      () => {
        const refusal = onEvidence!.refuse(fullEvidence(1));
        expect(refusal?.why.length).toBeGreaterThan(10);
        expect(refusal?.mend.length).toBeGreaterThan(10);
      },
    );

    it.skipIf(onEvidence === undefined)(
      "finds the same, under names of its own, each once, with no number that is none (skipped where it needs a live engine)",
      () => {
        const evidence = fullEvidence();
        expect(onEvidence!.refuse(evidence)).toBeUndefined();
        const outcome = onEvidence!.estimate(evidence, OPTIONS);
        expect(onEvidence!.estimate(evidence, OPTIONS)).toEqual(outcome);
        expect(new Findings(outcome.findings).list.length).toBeGreaterThan(0);
        for (const { name, estimate } of outcome.findings) {
          expect(name).toMatch(/^[a-z0-9@=/.-]+$/i);
          const numbers = Object.values(estimate).filter((value) => typeof value === "number");
          for (const value of numbers) expect(Number.isFinite(value)).toBe(true);
          const { value = 0, low = value, high = value } = estimate.kind === "measured" ? estimate : {};
          expect(low).toBeLessThanOrEqual(value + 1e-12);
          expect(high).toBeGreaterThanOrEqual(value - 1e-12);
        }
      },
    );
  });
}
