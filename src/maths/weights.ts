// maths/ · Weights: what importance weights are worth, from their logarithms.
//
// Kish's effective size (L. Kish 1965, Survey Sampling), the largest weight's share, and whether the weights of two normalised
// densities average to 1, as they must: E_q[p/q] = 1 wherever q > 0 covers p (T. Hesterberg 1995, Technometrics 37, 185–194).
// All three look at the weights drawn, and none sees a tail that was not: read them beside k̂ of pareto.ts.
import { logSumExp } from "./logspace.ts";
import { normalCdf } from "./special.ts";

export interface WeightDiagnostics {
  /** Log of the mean weight, in nats. */
  readonly logMean: number;
  /** (Σ w)² / Σ w², in samples: 1 to n. */
  readonly effective: number;
  /** Largest weight over the sum of all, in (0, 1]. */
  readonly largestShare: number;
  /** Standard error of the mean over the mean; absent for one weight. */
  readonly relativeError?: number;
  /** Weights that are 0. */
  readonly zeros: number;
}

/**
 * @param logWeights one or more; −Infinity for weight 0
 * @returns nothing where all weights are 0: there is no mean to be logged
 * @throws RangeError for none, NaN or +Infinity
 */
export function weightDiagnostics(logWeights: ArrayLike<number>): WeightDiagnostics | undefined {
  const n = logWeights.length;
  const { top, zeros } = scan(logWeights);
  if (zeros === n) return undefined;
  const { mean, variance } = moments(logWeights, top);
  const logSum = logSumExp(logWeights);
  const logSquares = logSumExp(Float64Array.from(logWeights, (own) => 2 * (own - logSum)));
  return {
    logMean: logSum - Math.log(n),
    effective: Math.exp(-logSquares),
    largestShare: Math.exp(top - logSum),
    ...(variance !== undefined && { relativeError: Math.sqrt(variance / n) / mean }),
    zeros,
  };
}

export interface MeanOneTest {
  /** (mean weight − 1) / its standard error; beyond ±1e300 it is given as about that. */
  readonly z: number;
  /** P(|Z| ≥ |z|), two-sided, by the normal law. */
  readonly p: number;
}

/**
 * Whether weights of normalised densities can have mean 1. Weights whose k̂ is above ½ have no variance to judge by: their z falls
 * below 0 far more often than the normal law says, because the few that make the mean 1 are missing.
 *
 * @param logWeights as in weightDiagnostics
 * @returns nothing where the weights are all alike, or fewer than 2
 */
export function meanOneTest(logWeights: ArrayLike<number>): MeanOneTest | undefined {
  const { top, zeros } = scan(logWeights);
  if (zeros === logWeights.length) return undefined;
  const { mean, variance } = moments(logWeights, top);
  if (variance === undefined || !(variance > 0)) return undefined;
  // In units of the largest weight, where 1 may be anything.
  const one = Math.exp(Math.min(690, -top));
  const z = (mean - one) / Math.sqrt(variance / logWeights.length);
  return { z, p: 2 * normalCdf(-Math.abs(z)) };
}

/** Mean and unbiased variance of the weights over the largest. */
function moments(logWeights: ArrayLike<number>, top: number): { mean: number; variance?: number } {
  const scaled = Float64Array.from(logWeights, (own) => Math.exp(own - top));
  const n = scaled.length;
  const mean = scaled.reduce((sum, own) => sum + own, 0) / n;
  if (n < 2) return { mean };
  return { mean, variance: scaled.reduce((sum, own) => sum + (own - mean) ** 2, 0) / (n - 1) };
}

function scan(logWeights: ArrayLike<number>): { top: number; zeros: number } {
  if (logWeights.length === 0) throw new RangeError("diagnostics need a weight");
  let top = Number.NEGATIVE_INFINITY;
  let zeros = 0;
  for (let i = 0; i < logWeights.length; i++) {
    const own = logWeights[i]!;
    if (!(own < Number.POSITIVE_INFINITY))
      throw new RangeError(`log weights are finite or −Infinity, but number ${i} is ${own}`);
    if (own === Number.NEGATIVE_INFINITY) zeros++;
    top = Math.max(top, own);
  }
  return { top, zeros };
}
