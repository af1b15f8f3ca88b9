// explanations/ · Sharpened: lower temperature in disguise: π1 ∝ π0^α.
import { judgeLogRatio } from "./by-log-ratio.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";

export const sharpened: Explanation = {
  name: "sharpened",
  claim: "lower temperature in disguise: π1 ∝ π0^α",
  sign: "log-odds multiplied: problems whose usual answer is wrong get worse",
  moves: ["temperature"],
  judge: (findings, limits) =>
    judgeLogRatio(
      findings,
      limits,
      { own: "sharpening", other: "correctness", direction: { name: "cross/slope", above: 1 } },
      judgeShape(findings, limits, {
        own: "sharpened",
        joint: { shape: "tilt-and-sharpened", without: "reward-tilt" },
        sign: { parameter: "alpha", above: 1 },
      }),
    ),
};
