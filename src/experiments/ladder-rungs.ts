// experiments/ · Ladder rungs: success of both policies at every number of steps, and their ratio.
import type { ClusteredShare, Trials } from "../maths/clustered-share.ts";
import { normalQuantile } from "../maths/special.ts";
import { studentHalfWidth } from "../maths/student.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import { type Clusters, shareOver } from "./ladder-counts.ts";

/** One problem on which both policies were drawn: right answers of those drawn, base first. */
export interface Pair {
  readonly problem: string;
  readonly steps: number;
  readonly sides: readonly [Trials, Trials];
}

export interface LadderRung {
  readonly steps: number;
  readonly problems: number;
  readonly base: ClusteredShare;
  readonly later: ClusteredShare;
  readonly ratio: Estimate;
}

/** Ascending in steps. */
export function rungsOf(pairs: readonly Pair[], clusters: Clusters, level: number): LadderRung[] {
  return [...Map.groupBy(pairs, ({ steps }) => steps)]
    .sort(([a], [b]) => a - b)
    .map(([steps, own]) => {
      const [base, later] = ([0, 1] as const).map(
        (side) => shareOver(new Map(own.map(({ problem, sides }) => [problem, sides[side]])), clusters, level)!,
      ) as [ClusteredShare, ClusteredShare];
      return { steps, problems: own.length, base, later, ratio: ratioOf(own, base, later, clusters, level) };
    });
}

/** p1/p0 by the delta method on its log, problems paired; a bound where one of the two was never right. */
function ratioOf(
  own: readonly Pair[],
  base: ClusteredShare,
  later: ClusteredShare,
  clusters: Clusters,
  level: number,
): Estimate {
  const method = "ratio of the shares that are right";
  if (base.events === 0 && later.events === 0)
    return refused("neither policy was right at this number of steps", "draw more rollouts, or easier problems");
  if (base.events === 0)
    return { kind: "bounded", low: later.low / base.high, level, method: `${method}: ends of both` };
  if (later.events === 0)
    return { kind: "bounded", high: later.high / base.low, level, method: `${method}: ends of both` };
  const value = later.value / base.value;
  const pulls = new Map<number, number>();
  for (const { problem, sides } of own) {
    const [from, to] = ([base, later] as const).map(
      (share, side) => (sides[side]!.events - share.value * sides[side]!.trials) / share.events,
    ) as [number, number];
    const label = clusters.get(problem)!;
    pulls.set(label, (pulls.get(label) ?? 0) + to - from);
  }
  const groups = pulls.size;
  const square = [...pulls.values()].reduce((sum, pull) => sum + pull * pull, 0);
  const clustered = groups < 2 ? 0 : (groups / (groups - 1)) * square;
  // Independent rollouts: the least spread there can be.
  const independent = (1 - base.value) / base.events + (1 - later.value) / later.events;
  const se = Math.sqrt(Math.max(clustered, independent));
  if (se === 0)
    return {
      kind: "measured",
      value,
      low: later.low / base.high,
      high: later.high / base.low,
      level,
      method: `${method}: both always right, ends of both`,
    };
  const wide = groups < 2 ? normalQuantile((1 + level) / 2) : studentHalfWidth(level, groups - 1);
  return {
    kind: "measured",
    value,
    low: value * Math.exp(-wide * se),
    high: value * Math.exp(wide * se),
    se: value * se,
    level,
    method: `${method}, delta method on the log over paired problems`,
  };
}
