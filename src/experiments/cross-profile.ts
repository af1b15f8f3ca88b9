// experiments/ · Cross profile: the mean log-ratio along four kinds of rollouts, by relative position.
import type { LogRatioExhibit, Missing, Spot } from "../terms/exhibit.ts";
import { spotOf } from "../terms/exhibit.ts";
import { labelsOf, meanOver } from "./cross-means.ts";
import type { Reading } from "./cross-read.ts";
import { logRatios } from "./cross-tokens.ts";
import type { Clusters } from "./ladder-counts.ts";

const BINS = 20;

/** Four kinds, those without rollouts left out. */
export function profilesOf(
  readings: readonly Reading[],
  clusters: Clusters,
  level: number,
): Pick<LogRatioExhibit, "position" | "profiles" | "missing"> {
  const kinds = (["later", "base"] as const).flatMap((by) => [true, false].map((right) => ({ by, right })));
  const profiles = kinds.flatMap(({ by, right }) => {
    const of = readings.filter((reading) => reading.by === by && reading.right === right);
    return of.length === 0 ? [] : [{ by, right, rollouts: of.length, points: pointsOf(of, clusters, level) }];
  });
  return {
    position: Array.from({ length: BINS }, (_, i) => (i + 0.5) / BINS),
    profiles,
    missing: kinds.flatMap(({ by, right }): Missing[] =>
      profiles.some((one) => one.by === by && one.right === right)
        ? []
        : [
            {
              what: `${right ? "right" : "wrong"} rollouts of the ${by} policy`,
              why: "none was scored by both",
              mend: "score more rollouts, or bring problems on which it is sometimes so",
            },
          ],
    ),
  };
}

function pointsOf(readings: readonly Reading[], clusters: Clusters, level: number): Spot[] {
  const labels = labelsOf(readings, clusters);
  const bins: { readonly problem: string; readonly value: number }[][] = Array.from({ length: BINS }, () => []);
  for (const reading of readings) {
    const ratios = logRatios(reading);
    ratios.forEach((value, t) => {
      if (Number.isFinite(value))
        bins[Math.floor((BINS * (t + 0.5)) / ratios.length)]!.push({ problem: reading.rollout.problem, value });
    });
  }
  return bins.map((values) => spotOf(meanOver(values, labels, { level, method: "mean over problems" })));
}
