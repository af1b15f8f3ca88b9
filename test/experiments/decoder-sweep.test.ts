import { expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { decoderSweep } from "../../src/experiments/decoder-sweep.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { weakBaseline } from "../../src/explanations/weak-baseline.ts";

it("parts weak-baseline from contaminated, but not novel-strategy from steadier-steps", () => {
  expect(separates(decoderSweep, weakBaseline, contaminated)).toBe(true);
  expect(separates(decoderSweep, novelStrategy, steadierSteps)).toBe(false);
});

it("draws sixteen rollouts a problem in each of twelve settings", () => {
  expect(decoderSweep.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    generatedRollouts: 19200,
    scoredRollouts: 0,
  });
});
