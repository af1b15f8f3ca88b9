import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { guessControl } from "../../src/experiments/guess-control.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { luckyGuess } from "../../src/explanations/lucky-guess.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";

it("parts lucky-guess from contaminated, but not novel-strategy from steadier-steps", () => {
  expect(separates(guessControl, luckyGuess, contaminated)).toBe(true);
  expect(separates(guessControl, novelStrategy, steadierSteps)).toBe(false);
});

it("asks sixty-four bare answers a problem and side", () => {
  expect(guessControl.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 640,
    scoredRollouts: 0,
  });
});
