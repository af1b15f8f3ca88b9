// explanations/ · Novel strategy: a way of solving that the base cannot reach within the yardstick.
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { percent } from "../terms/percent.ts";
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
      limits,
    ),
};

/**
 * Answers that are known by heart show no work either, and no base gives them: so much of the gain is not the way's. Fresh twins bound how much that
 * is; where none were asked, it may be all.
 */
function unlessByHeart(standing: Standing, findings: Findings, limits: Limits): Standing {
  const claimed = standing.standing === "contributes" || standing.standing === "alone sufficient";
  const entry = findings.measured("ledger/novel-strategy");
  const way = risenWay(findings);
  if (!claimed || entry === undefined || way?.name !== NO_WORK) return standing;
  const recalled = findings.measured("recall/share");
  const most = recalled === undefined ? 1 : Math.max(0, recalled.high ?? recalled.value);
  const least = (entry.low ?? entry.value) - most;
  const is =
    least > limits.sufficientShare
      ? standing.standing
      : least > limits.negligibleShare
        ? "contributes"
        : "cannot be told";
  if (is === standing.standing) return standing;
  const asked =
    recalled === undefined ? "no fresh twins were asked" : `by fresh twins ${percent(most)} of the gain may be that`;
  return {
    standing: is,
    reason: `${standing.reason}; but what rose is to state answers without work, as who knows them by heart does, and ${asked}`,
    because: [...standing.because, way.share[0].name, ...(recalled === undefined ? [] : ["recall/share"])],
  };
}
