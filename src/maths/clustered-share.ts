// maths/ · Clustered share: the share of trials in which an event came, where trials of one problem go together.
//
// E. L. Korn & B. I. Graubard (1998), Survey Methodology 24, 193–201: Clopper and Pearson's limits (Biometrika 26, 404–413) at the
// effective number of trials, those drawn over the design effect, times (z / t)² with t of G − 1 degrees of freedom. So a share near 0
// or 1 keeps limits in range that a normal interval would not. A design effect below 1 is taken as 1.
import { betaQuantile, betaQuantileUpper, normalQuantile } from "./special.ts";
import { studentHalfWidth } from "./student.ts";

/** Of one problem: 0 ≤ events ≤ trials. */
export interface Trials {
  readonly events: number;
  readonly trials: number;
}

export interface ClusteredShare {
  readonly events: number;
  readonly trials: number;
  /** events / trials over all problems. */
  readonly value: number;
  /** With problems as clusters, never below that of independent trials; 0 where none or all were events. */
  readonly se: number;
  /** Limits in [0, 1]. Where none or all were events they hold for these problems, as if trials were independent. */
  readonly low: number;
  readonly high: number;
}

/**
 * @param clusters a label a problem, where several go together; each its own where absent
 * @returns nothing without a trial
 */
export function clusteredShare(
  rows: readonly Trials[],
  level: number,
  clusters?: ArrayLike<number>,
): ClusteredShare | undefined {
  const sums = new Map<number, { events: number; trials: number }>();
  let events = 0;
  let trials = 0;
  rows.forEach((row, i) => {
    if (!(row.events >= 0 && row.events <= row.trials))
      throw new RangeError(`a share needs 0 ≤ events ≤ trials, got ${row.events} of ${row.trials}`);
    if (row.trials === 0) return;
    events += row.events;
    trials += row.trials;
    const own = sums.get(clusters?.[i] ?? i) ?? { events: 0, trials: 0 };
    sums.set(clusters?.[i] ?? i, { events: own.events + row.events, trials: own.trials + row.trials });
  });
  if (trials === 0) return undefined;
  const value = events / trials;
  const independent = (value * (1 - value)) / trials;
  let square = 0;
  for (const own of sums.values()) square += (own.events - value * own.trials) ** 2;
  const groups = sums.size;
  const clustered = groups < 2 ? 0 : ((groups / (groups - 1)) * square) / trials ** 2;
  const variance = Math.max(independent, clustered);
  const tail = (1 - level) / 2;
  const widened = groups < 2 ? 1 : (normalQuantile(1 - tail) / studentHalfWidth(level, groups - 1)) ** 2;
  const effective = variance === 0 ? trials : trials * (independent / variance) * widened;
  const hits = value * effective;
  return {
    events,
    trials,
    value,
    se: Math.sqrt(variance),
    low: events === 0 ? 0 : betaQuantile(tail, hits, effective - hits + 1),
    high: events === trials ? 1 : betaQuantileUpper(tail, hits + 1, effective - hits),
  };
}
