// experiments/ · Cross sure: whether the later policy is surer of what the base is sure of already, as a lower temperature would make it.
//
// Under π1 ∝ π0^α, α ≥ 1, the log-odds of a token against all others are α·log p − log Σ q^α over the others. Σ q^α ≤ (Σ q)^α, so they are at
// least α times what they were, for every token; of one that is likelier than all others together, farther from 0 by that much. No
// temperature passes by what is as good as certain. Training that makes slips rarer has nothing to mend there.
import { type Estimate, refused } from "../terms/estimate.ts";
import { LIMITS } from "../terms/limits.ts";
import { ratioOver } from "./cross-means.ts";
import { logOdds } from "./cross-odds.ts";
import type { Reading } from "./cross-read.ts";
import type { Clusters } from "./ladder-counts.ts";

/** Wrong once in a thousand: hardly a rollout fails there. Once in a hundred thousand is still ten times the rounding of a log-probability. */
const SURE = { from: Math.log(0.999), to: Math.log(0.99999) };

export function sureSlopeOf(readings: readonly Reading[], clusters: Clusters, level: number): Estimate {
  const parts = readings.flatMap(({ rollout, base, later }) =>
    base.flatMap((log, t) =>
      log >= SURE.from && log <= SURE.to && Number.isFinite(later[t]!)
        ? [{ label: clusters.get(rollout.problem)!, sum: logOdds(later[t]!), size: logOdds(log) }]
        : [],
    ),
  );
  const problems = new Set(parts.map(({ label }) => label)).size;
  if (problems < LIMITS.fewestClusters)
    return refused(
      `on ${problems} ${problems === 1 ? "problem" : "problems"} a rollout has tokens that the base gives a chance of 0.999 to 0.99999, and an interval needs ${LIMITS.fewestClusters}`,
      "score more rollouts",
    );
  return ratioOver(parts, {
    level,
    method:
      "log-odds under the later policy over those under the base, of tokens that the base gives a chance of 0.999 to 0.99999",
    diagnostic: { tokens: parts.length, problems },
  })!;
}
