// explanations/ · Novel strategy: a way of solving that the base cannot reach within the yardstick.
import { judgePlan } from "./by-ledger.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";
import { choice } from "./on-paper.ts";
import { handoffHarmless, oneSpike, wayUnreached } from "./signs.ts";

export const novelStrategy: Explanation = {
  name: "novel-strategy",
  claim: "a way of solving that the base cannot reach within the yardstick",
  sign: "one spike of missing bits; the base's mass of it bounded from above below the yardstick",
  moves: ["strategy-reach"],
  onPaper: choice(() => 0),
  judge: (findings, limits) =>
    judgePlan(findings, limits, "novel-strategy", [wayUnreached, oneSpike, handoffHarmless]) ??
    judgeShape(findings, limits, { own: "strategy-mixture", sharedWith: "amplified-strategy" }),
};
