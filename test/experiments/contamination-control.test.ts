import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { contaminationControl } from "../../src/experiments/contamination-control.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts contaminated from lucky-guess, but not novel-strategy from steadier-steps", () => {
  expect(separates(contaminationControl, contaminated, luckyGuess)).toBe(true);
  expect(separates(contaminationControl, novelStrategy, steadierSteps)).toBe(false);
});

it("asks partial prompts and twins of both sides", () => {
  expect(contaminationControl.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 6400,
    scoredRollouts: 0,
  });
});
