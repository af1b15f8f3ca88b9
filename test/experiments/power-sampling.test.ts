import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { powerSampling } from "../../src/experiments/power-sampling.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { rewardTilt } from "../../src/explanations/reward-tilt.ts";
import { sharpened } from "../../src/explanations/sharpened.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts sharpened from reward-tilt, but not novel-strategy from steadier-steps", () => {
  expect(separates(powerSampling, sharpened, rewardTilt)).toBe(true);
  expect(separates(powerSampling, novelStrategy, steadierSteps)).toBe(false);
});

it("proposes nine times a sample, generated and scored", () => {
  expect(powerSampling.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 14400,
    scoredRollouts: 14400,
  });
});
