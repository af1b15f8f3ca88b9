// explanations/ · Sharpened: lower temperature in disguise: π1 ∝ π0^α.
import { judgeLogRatio } from "./by-log-ratio.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";

/** Nearly greedy. */
const SHARPEST = 20;

export const sharpened: Explanation = {
  name: "sharpened",
  claim: "lower temperature in disguise: π1 ∝ π0^α",
  sign: "log-odds multiplied: problems whose usual answer is wrong get worse",
  moves: ["temperature"],
  onPaper: {
    base: (usual) => usual,
    tuned: (base, by) => ({ ...base, temperature: base.temperature * (1 + (SHARPEST - 1) * by) }),
  },
  judge: (findings, limits) =>
    judgeLogRatio(
      findings,
      limits,
      {
        own: "sharpening",
        other: "correctness",
        direction: { name: "cross/slope", above: 1 },
        law: "cross/fork-law",
      },
      judgeShape(findings, limits, {
        own: "sharpened",
        joint: { shape: "tilt-and-sharpened", without: "reward-tilt" },
        sign: { parameter: "alpha", above: 1 },
      }),
    ),
};
