// maths/ · Cluster bootstrap: a vector statistic re-estimated on resampled problems, and intervals for all its entries at once.
//
// B. Efron (1979), Ann. Stat. 7, 1–26, with whole clusters drawn (A. C. Davison & D. V. Hinkley 1997, Bootstrap Methods, §3.8).
// Simultaneous: studentised max-|t| (sup-t; J. L. Montiel Olea & M. Plagborg-Møller 2019, J. Appl. Econometrics 34, 1–17,
// algorithm 1 with bootstrap standard errors). A resampled spread is short by √((G − 1)/G), which is made good here, and the
// critical value is widened as Student's t widens the normal's, because the standard errors come from G clusters.
import { type Stream, stream } from "./random.ts";
import { normalQuantile } from "./special.ts";
import { studentHalfWidth } from "./student.ts";

export interface BootstrapInput {
  /** G ≥ 2: problems, or families of them. */
  readonly clusters: number;
  readonly replicates: number;
  readonly seed: number;
  /** What the draws are for; replicate b draws from stream (seed, name, b), whatever the others consumed. */
  readonly name: string;
  /**
   * The statistic, where cluster g counts weights[g] times (whole numbers that add up to G; all 1 for the estimate itself).
   * Nothing where it cannot be computed from this resample. `weights` is reused: do not keep it.
   *
   * @param draws for what the statistic itself must draw, apart from the resampling
   */
  statistic(weights: Float64Array, draws: Stream): ArrayLike<number> | undefined;
}

export interface Replicates {
  /** From every cluster once, length K. */
  readonly estimate: Float64Array;
  /** One vector of length K for each replicate that could be computed. */
  readonly replicates: readonly Float64Array[];
  /** Replicates that could not. */
  readonly failed: number;
  readonly clusters: number;
}

/** Re-estimates on resampled clusters. Nothing where the estimate itself cannot be computed; RangeError below 2 clusters. */
export function clusterBootstrap(input: BootstrapInput): Replicates | undefined {
  const { clusters, seed, name } = input;
  if (!(Number.isInteger(clusters) && clusters >= 2))
    throw new RangeError(`a bootstrap over clusters needs 2 of them or more, got ${clusters}`);
  const whole = input.statistic(new Float64Array(clusters).fill(1), stream(seed, `${name}: own draws`, 0));
  if (whole === undefined) return undefined;
  const estimate = Float64Array.from(whole);
  const replicates: Float64Array[] = [];
  const weights = new Float64Array(clusters);
  for (let b = 0; b < input.replicates; b++) {
    const draws = stream(seed, name, b);
    weights.fill(0);
    for (let g = 0; g < clusters; g++) {
      const drawn = draws.integer(clusters);
      weights[drawn] = weights[drawn]! + 1;
    }
    const value = input.statistic(weights, stream(seed, `${name}: own draws`, b + 1));
    if (value !== undefined) replicates.push(Float64Array.from(value));
  }
  return { estimate, replicates, failed: input.replicates - replicates.length, clusters };
}

/** The statistic that is a mean over clusters of each one's contribution, a vector of length K. */
export function meanOf(contributions: readonly ArrayLike<number>[]): (weights: Float64Array) => Float64Array {
  const size = contributions[0]?.length ?? 0;
  return (weights) => {
    const sum = new Float64Array(size);
    contributions.forEach((row, g) => {
      for (let k = 0; k < size; k++) sum[k] = sum[k]! + (weights[g]! * row[k]!) / contributions.length;
    });
    return sum;
  };
}

export interface EntryInterval {
  readonly value: number;
  readonly se: number;
  /** Covers this entry at the level. */
  readonly low: number;
  readonly high: number;
  /** Covers together with those of all other entries at the level. */
  readonly jointLow: number;
  readonly jointHigh: number;
}

export interface JointIntervals {
  /** One an entry; nothing for an entry without spread over the replicates, whose error the data cannot tell. */
  readonly entries: readonly (EntryInterval | undefined)[];
  /** Multiplier of the standard error for the joint limits. */
  readonly critical: number;
}

/** Relative size below which a spread is rounding. */
const NO_SPREAD = 1e-12;

/** Intervals for each entry and for all at once, `level` in (0, 1). RangeError below 20 replicates. */
export function jointIntervals(drawn: Replicates, level: number): JointIntervals {
  const { estimate, replicates, clusters } = drawn;
  if (replicates.length < 20)
    throw new RangeError(`intervals need 20 bootstrap replicates or more, got ${replicates.length}`);
  const made = Math.sqrt(clusters / (clusters - 1));
  const se = estimate.map((_, k) => {
    const mean = replicates.reduce((sum, row) => sum + row[k]!, 0) / replicates.length;
    const square = replicates.reduce((sum, row) => sum + (row[k]! - mean) ** 2, 0) / (replicates.length - 1);
    return made * Math.sqrt(square);
  });
  const live = [...estimate.keys()].filter((k) => se[k]! > NO_SPREAD * Math.max(1, Math.abs(estimate[k]!)));
  const largest = Float64Array.from(replicates, (row) =>
    live.reduce((most, k) => Math.max(most, (made * Math.abs(row[k]! - estimate[k]!)) / se[k]!), 0),
  ).sort();
  const single = studentHalfWidth(level, clusters - 1);
  const quantile = largest[Math.min(largest.length - 1, Math.ceil(level * largest.length) - 1)]!;
  // All entries at once cannot need less than one of them.
  const critical = Math.max(single, (quantile * single) / normalQuantile((1 + level) / 2));
  const entries = [...estimate].map((value, k) => {
    if (!live.includes(k)) return undefined;
    const [own, joint] = [single * se[k]!, critical * se[k]!];
    return {
      value,
      se: se[k]!,
      low: value - own,
      high: value + own,
      jointLow: value - joint,
      jointHigh: value + joint,
    };
  });
  return { entries, critical };
}
