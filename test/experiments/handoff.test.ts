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

it("continues at eight cuts of four rollouts sixteen times in four directions, half a rollout each", () => {
  expect(handoff.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 102400,
    scoredRollouts: 0,
  });
});
