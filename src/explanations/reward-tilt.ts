// explanations/ · Reward tilt: right answers re-weighted by one factor: π1 ∝ π0·e^{R/β}.
import { judgeLogRatio } from "./by-log-ratio.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";
import { stopsBehindLoss } from "./law-signs.ts";

/** Odds times 3,000. */
const MOST_NATS = 8;

export const rewardTilt: Explanation = {
  name: "reward-tilt",
  claim: "right answers re-weighted by one factor: π1 ∝ π0·e^{R/β}",
  sign: "the odds of every problem multiplied alike: logit p1 = logit p0 + 1/β",
  moves: ["odds"],
  onPaper: { base: (usual) => usual, tuned: (base, by) => ({ ...base, odds: base.odds + MOST_NATS * by }) },
  judge: (findings, limits) =>
    judgeLogRatio(
      findings,
      limits,
      {
        own: "correctness",
        other: "sharpening",
        direction: { name: "cross/step", above: 0 },
        least: "lawOfTexts",
        signs: stopsBehindLoss,
      },
      judgeShape(findings, limits, {
        own: "reward-tilt",
        joint: { shape: "tilt-and-sharpened", without: "sharpened" },
        sign: { parameter: "delta", above: 0 },
      }),
    ),
};
