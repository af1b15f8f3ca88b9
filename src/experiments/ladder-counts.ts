// experiments/ · Ladder counts: paired rollouts, right ones of those drawn, problem by problem; what a finding says of a share.
import { type ClusteredShare, clusteredShare, type Trials } from "../maths/clustered-share.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import type { EstimateOptions } from "./experiment.ts";

/** policy → problem → paired rollouts that reached a verdict or were cut off; what an engine or a grader lost is left out. */
export type Drawn = ReadonlyMap<string, ReadonlyMap<string, readonly RolloutRecord[]>>;

export function drawnOf(seen: Seen): Drawn {
  const drawn = seen.rollouts.filter(
    ({ experiment, why }) => experiment === "paired-sampling" && why !== "engine error" && why !== "grader crash",
  );
  const byPolicy = Map.groupBy(drawn, ({ policy }) => policy);
  return new Map(Array.from(byPolicy, ([policy, list]) => [policy, Map.groupBy(list, ({ problem }) => problem)]));
}

/** A problem's cluster label: itself, or its family. Every problem of the study has one. */
export function clusterLabels(seen: Seen, { clusterByFamily }: Pick<EstimateOptions, "clusterByFamily">): Clusters {
  const families = [...new Set(seen.problems.map(({ family }) => family))];
  return new Map(seen.problems.map(({ id, family }, i) => [id, clusterByFamily ? families.indexOf(family) : i]));
}

export type Clusters = ReadonlyMap<string, number>;

/** Events of trials on each problem, as one share. */
export function shareOver(
  trials: ReadonlyMap<string, Trials>,
  clusters: Clusters,
  level: number,
): ClusteredShare | undefined {
  return clusteredShare(
    [...trials.values()],
    level,
    Array.from(trials.keys(), (problem) => clusters.get(problem)!),
  );
}

/** Adds one trial to a problem's. */
export function tally(into: Map<string, Trials>, problem: string, event: boolean): void {
  const { events, trials } = into.get(problem) ?? { events: 0, trials: 0 };
  into.set(problem, { events: events + (event ? 1 : 0), trials: trials + 1 });
}

/** @param none why there is no share, and what mends it */
export function shareEstimate(
  share: ClusteredShare | undefined,
  level: number,
  method: string,
  none: readonly [why: string, mend: string],
): Estimate {
  if (share === undefined) return refused(...none);
  const { value, se, low, high, events, trials } = share;
  return {
    kind: "measured",
    value,
    low,
    high,
    ...(se > 0 ? { se } : {}),
    level,
    method: `${method}; Korn and Graubard's interval over problems`,
    diagnostic: { events, trials },
  };
}

/** At the end of a finding's name: nothing for the main pair, else the checkpoint. */
export function suffixOf(seen: Seen, later: string): string {
  return later === seen.policies.at(-1) ? "" : `/${later}`;
}
