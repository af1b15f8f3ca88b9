import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { crossScoring } from "../../src/experiments/cross-scoring.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts steadier-steps from amplified-strategy, but not novel-strategy from amplified-strategy", () => {
  expect(separates(crossScoring, steadierSteps, amplifiedStrategy)).toBe(true);
  expect(separates(crossScoring, novelStrategy, amplifiedStrategy)).toBe(false);
});

it("generates sixteen rollouts a problem and side and scores each twice", () => {
  expect(crossScoring.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 3200,
    scoredRollouts: 6400,
  });
});
