import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { strategyCensus } from "../../src/experiments/strategy-census.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts novel-strategy from amplified-strategy, but not steadier-steps from recovery", () => {
  expect(separates(strategyCensus, novelStrategy, amplifiedStrategy)).toBe(true);
  expect(separates(strategyCensus, steadierSteps, recovery)).toBe(false);
});

it("labels sixteen rollouts a problem and side", () => {
  expect(strategyCensus.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 160,
    scoredRollouts: 3200,
  });
});
