import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts novel-strategy from amplified-strategy, but not steadier-steps from recovery", () => {
  expect(separates(rareMass, novelStrategy, amplifiedStrategy)).toBe(true);
  expect(separates(rareMass, steadierSteps, recovery)).toBe(false);
});

it("moves sixty-four times at each of eight checkpoints", () => {
  expect(rareMass.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 25600,
    scoredRollouts: 102400,
  });
});
