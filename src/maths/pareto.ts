// maths/ · Pareto: importance weights whose largest are smoothed by a fitted tail, and how heavy that tail is (PSIS, k̂).
//
// A. Vehtari, D. Simpson, A. Gelman, Y. Yao & J. Gabry (2024), J. Mach. Learn. Res. 25(72), arXiv 1507.02646, called V below. The
// tail's law is J. Zhang & M. A. Stephens (2009), "A new and efficient estimation method for the generalized Pareto distribution",
// Technometrics 51, 316–325, whose k is −k here: with scale σ and shape k, P(X > x) = (1 + k x/σ)^{−1/k}. Means of weights exist for
// k < 1, variances for k < ½; where k̂ is above threshold(n), no sample of that size tells the mean.
import { logSumExp } from "./logspace.ts";

/** Fewest weights a tail is fitted to. */
const FEWEST = 5;
/** The prior's k, and how many observations it counts as (V). */
const PRIOR_K = 0.5;
const PRIOR_SIZE = 10;
/** Zhang & Stephens's prior for θ = −k/σ scales by the first quartile times this. */
const QUARTILES = 3;

export interface ParetoTail {
  /** k̂, drawn to ½ as by 10 more observations. */
  readonly k: number;
  /** σ̂ > 0, in units of the excesses. */
  readonly sigma: number;
}

/**
 * Zhang & Stephens's estimate: θ = −k/σ is averaged over a grid by its profile likelihood, and k̂ = mean log(1 − θ̂ x).
 *
 * @param excesses above the tail's beginning, > 0, ascending
 * @returns nothing for fewer than 5, or where the first quarter of them is one value: such a tail is not a Pareto's
 */
export function paretoTail(excesses: Float64Array): ParetoTail | undefined {
  const n = excesses.length;
  if (n < FEWEST) return undefined;
  const quartile = excesses[Math.floor(n / 4 + 0.5) - 1]!;
  const largest = excesses[n - 1]!;
  if (!(quartile > excesses[0]! && largest < Number.POSITIVE_INFINITY)) return undefined;
  const points = 30 + Math.floor(Math.sqrt(n));
  const grid = Float64Array.from(
    { length: points },
    (_, j) => 1 / largest + (1 - Math.sqrt(points / (j + 0.5))) / (QUARTILES * quartile),
  );
  const shapeAt = (theta: number): number => excesses.reduce((sum, x) => sum + Math.log1p(-theta * x), 0) / n;
  const profile = grid.map((theta) => {
    const k = shapeAt(theta);
    // θ → 0 is the exponential law, and −θ/k tends to 1 / mean.
    const rate = theta === 0 ? n / excesses.reduce((sum, x) => sum + x, 0) : -theta / k;
    return n * (Math.log(rate) - k - 1);
  });
  const total = logSumExp(profile);
  const theta = grid.reduce((sum, own, j) => sum + own * Math.exp(profile[j]! - total), 0);
  const k = shapeAt(theta);
  const sigma = -k / theta;
  if (!(sigma > 0 && sigma < Number.POSITIVE_INFINITY)) return undefined;
  return { k: (n * k + PRIOR_SIZE * PRIOR_K) / (n + PRIOR_SIZE), sigma };
}

/** Log of the p-quantile of a tail's excesses, 0 < p < 1. */
function logQuantile({ k, sigma }: ParetoTail, p: number): number {
  const far = -Math.log1p(-p);
  return Math.log(sigma) + Math.log(Math.abs(k) < 1e-12 ? far : Math.expm1(k * far) / k);
}

/**
 * How many of n weights are tail: ⌈min(n/5, 3 √(n g))⌉ (V; relative efficiency there is 1/g here).
 *
 * @param inefficiency g > 0: how many dependent samples are worth one
 */
export function tailLength(n: number, inefficiency = 1): number {
  return Math.ceil(Math.min(n / 5, 3 * Math.sqrt(n * inefficiency)));
}

/** k̂ above this is not to be trusted from n weights: min(1 − 1/log₁₀ n, 0.7) (V, eq. 13); n ≥ 2, and below 0 for n < 10. */
export function paretoThreshold(n: number): number {
  if (!(n >= 2)) throw new RangeError(`a threshold needs 2 weights or more, got ${n}`);
  return Math.min(1 - 1 / Math.log10(n), 0.7);
}

/** Least effective sample size for a k̂: 10^{1/(1 − max(0, k))} (V, eq. 11); nothing for k ≥ 1, where none is enough. */
export function leastSampleSize(k: number): number | undefined {
  return k < 1 ? 10 ** (1 / (1 - Math.max(0, k))) : undefined;
}

export interface ParetoSmoothed {
  /** The weights in their order, as given but for the smoothed tail. On the scale of the input; none above its largest. */
  readonly logWeights: Float64Array;
  /** Weights that were smoothed. */
  readonly tail: number;
  readonly threshold: number;
  /** The fitted shape; absent where there was no tail to fit: too few weights, or the largest all alike. */
  readonly k?: number;
  /** leastSampleSize of it; absent with k, and for k ≥ 1. */
  readonly enough?: number;
  /** Whether k ≤ threshold; absent with k. */
  readonly trusted?: boolean;
}

/**
 * Pareto smoothed importance sampling: the M largest weights, above the next one u, are replaced by u + the (i − ½)/M quantiles of
 * the law fitted to them, in the same order (V, algorithm 1).
 *
 * @param logWeights unnormalised, two or more; −Infinity for weight 0
 * @param inefficiency as in tailLength
 * @throws RangeError for NaN, +Infinity, fewer than 2 weights, or all of them 0
 */
export function paretoSmooth(logWeights: ArrayLike<number>, inefficiency = 1): ParetoSmoothed {
  const n = logWeights.length;
  const out = Float64Array.from(logWeights);
  const top = out.reduce((most, own) => Math.max(most, own), Number.NEGATIVE_INFINITY);
  if (!Number.isFinite(top))
    throw new RangeError(`log weights are finite or −Infinity, and not all that, got a largest of ${top}`);
  if (!(inefficiency > 0)) throw new RangeError(`an inefficiency is positive, got ${inefficiency}`);
  const threshold = paretoThreshold(n);
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => out[a]! - out[b]! || a - b);
  const length = tailLength(n, inefficiency);
  const begin = out[order[n - length - 1]!] ?? Number.NEGATIVE_INFINITY;
  // Ties with the tail's beginning have no excess.
  const tail = order.slice(n - length).filter((i) => out[i]! > begin);
  const start = Math.exp(begin - top);
  const fitted = paretoTail(Float64Array.from(tail, (i) => Math.exp(out[i]! - top) - start));
  if (fitted === undefined) return { logWeights: out, tail: 0, threshold };
  tail.forEach((i, rank) => {
    const excess = logQuantile(fitted, (rank + 0.5) / tail.length);
    out[i] = top + Math.min(0, logSumExp([begin - top, excess]));
  });
  const enough = leastSampleSize(fitted.k);
  return {
    logWeights: out,
    tail: tail.length,
    threshold,
    k: fitted.k,
    ...(enough !== undefined && { enough }),
    trusted: fitted.k <= threshold,
  };
}
