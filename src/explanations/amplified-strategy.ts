// explanations/ · Amplified strategy: a way of solving that the base has, chosen more often.
import { judgePlan } from "./by-ledger.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";
import { choice } from "./on-paper.ts";
import { flatInSteps, handoffHarmless, noLawOfTexts, oneSpike, wayChosenMore } from "./signs.ts";

export const amplifiedStrategy: Explanation = {
  name: "amplified-strategy",
  claim: "a way of solving that the base has, chosen more often",
  sign: "p1/p0 does not depend on the number of steps; one spike of missing bits; the base's mass of it above the yardstick",
  moves: ["strategy-share"],
  onPaper: choice((lack) => 0.4 * (1 - lack)),
  judge: (findings, limits) =>
    judgePlan(findings, limits, "amplified-strategy", [
      wayChosenMore,
      flatInSteps,
      oneSpike,
      handoffHarmless,
      noLawOfTexts,
    ]) ?? judgeShape(findings, limits, { own: "strategy-mixture", sharedWith: "novel-strategy" }),
};
