// explanations/ · Novel strategy: a way of solving that the base cannot reach within the yardstick.
import type { Findings } from "../terms/finding.ts";
import type { Standing } from "../terms/standing.ts";
import { judgePlan } from "./by-ledger.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";
import { choice } from "./on-paper.ts";
import { handoffHarmless, oneSpike, risenWay, wayUnreached } from "./signs.ts";

/** Of tasks, and of what is read off any text: an answer without work. */
const NO_WORK = "direct";

export const novelStrategy: Explanation = {
  name: "novel-strategy",
  claim: "a way of solving that the base cannot reach within the yardstick",
  sign: "one spike of missing bits; the base's mass of it bounded from above below the yardstick",
  moves: ["strategy-reach"],
  onPaper: choice(() => 0),
  judge: (findings, limits) =>
    unlessByHeart(
      judgePlan(findings, limits, "novel-strategy", [wayUnreached, oneSpike, handoffHarmless]) ??
        judgeShape(findings, limits, { own: "strategy-mixture", sharedWith: "amplified-strategy" }),
      findings,
    ),
};

/** Answers that are known by heart show no work either, and no base gives them. Fresh twins tell that from a way of solving. */
function unlessByHeart(standing: Standing, findings: Findings): Standing {
  const claimed = standing.standing === "contributes" || standing.standing === "alone sufficient";
  const way = risenWay(findings);
  if (!claimed || way?.name !== NO_WORK || findings.measured("recall/share") !== undefined) return standing;
  return {
    standing: "cannot be told",
    reason: `${standing.reason}; but what rose is to state answers without work, as who knows them by heart does, and no fresh twins were asked`,
    because: [...standing.because, way.share[0].name],
  };
}
