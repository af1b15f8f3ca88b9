import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { handoff } from "../../src/experiments/handoff.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts amplified-strategy from steadier-steps, but not steadier-steps from recovery", () => {
  expect(separates(handoff, amplifiedStrategy, steadierSteps)).toBe(true);
  expect(separates(handoff, steadierSteps, recovery)).toBe(false);
});

it("costs six cells, two controls, and two answers' cuts with more where the bits are, half a rollout each", () => {
  const cells = 6 * 32 + 2 * 16;
  const cuts = 2 * (12 * 8 + 2 * (12 + 12));
  expect(handoff.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: (100 * (cells + cuts)) / 2,
    scoredRollouts: 0,
  });
  expect(handoff.price({ problems: 100, rolloutsPerProblem: 8 }).generatedRollouts).toBe(
    (100 * (6 * 8 + 2 * 4 + cuts)) / 2,
  );
});
