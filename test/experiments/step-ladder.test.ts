import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { stepLadder } from "../../src/experiments/step-ladder.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts steadier-steps from recovery, but not contaminated from lucky-guess", () => {
  expect(separates(stepLadder, steadierSteps, recovery)).toBe(true);
  expect(separates(stepLadder, contaminated, luckyGuess)).toBe(false);
});

it("draws sixteen rollouts on a hundred problems a rung, whatever problems are at hand", () => {
  expect(stepLadder.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 22400,
    scoredRollouts: 0,
  });
});
