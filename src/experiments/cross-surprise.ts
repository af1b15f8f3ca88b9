// experiments/ · Cross surprise: how unlikely, and how far down its list, the base finds the one token of a right answer that it likes least.
import { type Estimate, refused } from "../terms/estimate.ts";
import { labelsOf, meanOver, orElse } from "./cross-means.ts";
import type { Reading } from "./cross-read.ts";
import type { Clusters } from "./ladder-counts.ts";

/**
 * Bits: −log2 π(base) of that token, mean over each problem's right rollouts, then over problems. A way that the base hardly ever takes has
 * one such token whatever the length; of many small slips none stands out.
 *
 * @param by whose right rollouts; the base's own say what is usual
 */
export function surpriseOf(
  readings: readonly Reading[],
  by: Reading["by"],
  clusters: Clusters,
  level: number,
): Estimate {
  const right = rightOf(readings, by);
  const values = right.flatMap(({ rollout: { problem }, base }) => {
    const least = base.reduce((lowest, log) => Math.min(lowest, log), 0);
    // What the base never gives is no number; the share of such rollouts is cross/excluded.
    return Number.isFinite(least) ? [{ problem, value: Math.abs(least) / Math.LN2 }] : [];
  });
  const whose = NAMED[by];
  const left = right.length - values.length;
  return orElse(
    meanOver(values, labelsOf(right, clusters), {
      level,
      method: `−log2 of the base's probability of the token it finds least likely, along right rollouts of ${whose}`,
      diagnostic: { rollouts: values.length, ...(left === 0 ? {} : { "left out, probability zero": left }) },
    }),
    refused(
      right.length === 0
        ? `no right rollout of ${whose} was scored by both`
        : `every right rollout of ${whose} has a token that the base never gives`,
      "score more rollouts, or give easier problems",
    ),
  );
}

/**
 * 1 + how many tokens the base likes better in the place of the token that is furthest down its list: 1 where the whole answer is what it
 * would write at temperature 0. Mean over each problem's right rollouts, then over problems.
 */
export function rankOf(readings: readonly Reading[], by: Reading["by"], clusters: Clusters, level: number): Estimate {
  const right = rightOf(readings, by);
  const values = right.flatMap(({ rollout: { problem }, baseRanks }) =>
    baseRanks === undefined || baseRanks.length === 0
      ? []
      : [{ problem, value: baseRanks.reduce((most, one) => Math.max(most, one), 1) }],
  );
  return orElse(
    meanOver(values, labelsOf(right, clusters), {
      level,
      method: `rank under the base of the token that is furthest down its list, along right rollouts of ${NAMED[by]}`,
      range: [1, Number.POSITIVE_INFINITY],
      diagnostic: { rollouts: values.length },
    }),
    refused(
      right.length === 0
        ? `no right rollout of ${NAMED[by]} was scored by both`
        : "the base's engine tells no ranks with its scores",
      right.length === 0 ? "score more rollouts, or give easier problems" : "use vllm, llama or a world",
    ),
  );
}

const NAMED = { base: "the base", later: "the later policy" } as const;

const rightOf = (readings: readonly Reading[], by: Reading["by"]): Reading[] =>
  readings.filter((reading) => reading.by === by && reading.right);
