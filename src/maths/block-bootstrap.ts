// maths/ · Block bootstrap: errors from a series whose neighbours go together, and how many of its entries are worth one.
//
// D. N. Politis & J. P. Romano (1994), "The stationary bootstrap", J. Am. Stat. Assoc. 89, 1303–1313: blocks of geometric length,
// mean b, begun anywhere, the series' end joined to its beginning. b by D. N. Politis & H. White (2004), Econometric Reviews 23, 53–70,
// with the constant corrected by A. Patton, D. N. Politis & H. White (2009), ibid. 28, 372–375. The inefficiency g = 1 + 2 Σ ρ_t is
// cut off by C. J. Geyer's initial positive sequence (1992, Statistical Science 7, 473–483, §3.3).
import { stream } from "./random.ts";

/** γ_t = Σ (x_i − x̄)(x_{i+t} − x̄) / n, computed once for each lag asked for. */
function autocovariances(series: ArrayLike<number>): (lag: number) => number {
  const n = series.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += series[i]! / n;
  const centred = Float64Array.from(series, (x) => x - mean);
  const known: number[] = [];
  return (lag) => {
    if (known[lag] === undefined) {
      let sum = 0;
      for (let i = 0; i + lag < n; i++) sum += centred[i]! * centred[i + lag]!;
      known[lag] = sum / n;
    }
    return known[lag];
  };
}

/**
 * Statistical inefficiency g = 1 + 2 Σ ρ_t: the variance of the series' mean is g var(x)/n. 1 for independent entries; below 1 where
 * neighbours lean against each other. Sums of pairs ρ_2m + ρ_2m+1 are added while they are positive, as they are for reversible chains.
 *
 * @param series in its order, evenly spaced, n ≥ 4
 * @returns nothing for a constant series
 * @throws RangeError for a shorter series, or numbers that are not finite
 */
export function statisticalInefficiency(series: ArrayLike<number>): number | undefined {
  check(series, 4);
  if (constant(series)) return undefined;
  const covariance = autocovariances(series);
  let sum = 0;
  for (let lag = 0; lag + 1 < series.length; lag += 2) {
    const pair = covariance(lag) + covariance(lag + 1);
    if (!(pair > 0)) break;
    sum += pair;
  }
  // With ρ_0 in the first pair, Σ pairs = 1 + Σ_{t≥1} ρ_t. A first pair below 0 leaves nothing: then entries at least cancel pairwise.
  return Math.max(2 * (sum / covariance(0)) - 1, 1 / series.length);
}

/**
 * Mean block length for the stationary bootstrap of a mean: b = (G²/g(0)²)^{1/3} n^{1/3} with G = Σ λ(k/M) |k| γ_k and
 * g(0) = Σ λ(k/M) γ_k, where λ is flat to ½ and falls to 0 at 1. (In PPW: (2 G²/D)^{1/3} n^{1/3}, D = 2 g(0)².) M is twice the lag after
 * which 5 or more autocorrelations in a row stay within 2 √(log₁₀ n/n). In [1, min(3 √n, n/3) rounded up].
 *
 * @param series in its order, n ≥ 10
 * @returns nothing for a constant series
 * @throws RangeError for a shorter series, or numbers that are not finite
 */
export function automaticBlockLength(series: ArrayLike<number>): number | undefined {
  const n = series.length;
  check(series, 10);
  if (constant(series)) return undefined;
  const covariance = autocovariances(series);
  const run = Math.max(5, Math.ceil(Math.sqrt(Math.log10(n))));
  const farthest = Math.min(n - 1, Math.ceil(Math.sqrt(n)) + run);
  const small = 2 * Math.sqrt(Math.log10(n) / n);
  const quiet = (lag: number): boolean => Math.abs(covariance(lag)) < small * covariance(0);
  let [last, silent] = [0, 0];
  for (let lag = 1; lag <= farthest && silent < run; lag++) {
    silent = quiet(lag) ? silent + 1 : 0;
    if (silent === 0) last = lag;
  }
  const m = Math.min(2 * Math.max(1, last), farthest);
  let spectrum = covariance(0);
  let slope = 0;
  for (let k = 1; k <= m; k++) {
    const window = Math.min(1, 2 * (1 - k / m));
    spectrum += 2 * window * covariance(k);
    slope += 2 * window * k * covariance(k);
  }
  const most = Math.ceil(Math.min(3 * Math.sqrt(n), n / 3));
  // Where the window makes the spectrum vanish, only the longest blocks are safe.
  const length = spectrum > 0 ? Math.cbrt((slope / spectrum) ** 2 * n) : most;
  return Math.min(most, Math.max(1, length));
}

export interface BlockBootstrapInput {
  /** In its order, n ≥ 10. */
  readonly series: ArrayLike<number>;
  /** Of the whole series, and of each resample; nothing where it cannot be computed. The array is reused: do not keep it. */
  statistic(series: Float64Array): number | undefined;
  /** b, 1 or more; automatic where not said. */
  readonly blockLength?: number;
  /** 20 or more. */
  readonly replicates: number;
  readonly seed: number;
  /** What the draws are for; replicate r draws from stream (seed, name, r). */
  readonly name: string;
}

export interface BlockBootstrapped {
  readonly value: number;
  /** Standard deviation of the replicates: a little small for short series, by about b⁻¹ Σ |k| γ_k / Σ γ_k of the variance. */
  readonly se: number;
  /** In order of drawing. */
  readonly replicates: Float64Array;
  /** Replicates that could not be computed. */
  readonly failed: number;
  readonly blockLength: number;
}

/**
 * @returns nothing for a constant series, where the statistic of the series cannot be computed, or from fewer than 20 resamples
 * @throws RangeError for a shorter series, numbers that are not finite, b < 1 or fewer than 20 replicates
 */
export function blockBootstrap(input: BlockBootstrapInput): BlockBootstrapped | undefined {
  const { series, replicates: wanted, seed, name } = input;
  if (!(wanted >= 20)) throw new RangeError(`a bootstrap needs 20 replicates or more, got ${wanted}`);
  const automatic = automaticBlockLength(series);
  if (automatic === undefined) return undefined;
  const blockLength = input.blockLength ?? automatic;
  if (!(blockLength >= 1)) throw new RangeError(`a block length is 1 or more, got ${blockLength}`);
  const value = input.statistic(Float64Array.from(series));
  if (value === undefined) return undefined;
  const n = series.length;
  const resample = new Float64Array(n);
  const replicates: number[] = [];
  for (let r = 0; r < wanted; r++) {
    const draws = stream(seed, name, r);
    let at = draws.integer(n);
    for (let i = 0; i < n; i++) {
      if (i > 0) at = draws.uniform() * blockLength < 1 ? draws.integer(n) : (at + 1) % n;
      resample[i] = series[at]!;
    }
    const own = input.statistic(resample);
    if (own !== undefined) replicates.push(own);
  }
  if (replicates.length < 20) return undefined;
  const mean = replicates.reduce((sum, own) => sum + own, 0) / replicates.length;
  const square = replicates.reduce((sum, own) => sum + (own - mean) ** 2, 0) / (replicates.length - 1);
  return {
    value,
    se: Math.sqrt(square),
    replicates: Float64Array.from(replicates),
    failed: wanted - replicates.length,
    blockLength,
  };
}

export interface KnownBlocksInput {
  /** Blocks of each group, 1 or more. Blocks are independent of each other; what is within one is not. */
  readonly groups: readonly number[];
  /** Of the chosen blocks, by group, each as often as it was drawn; nothing where it cannot be computed. */
  statistic(chosen: readonly (readonly number[])[]): readonly number[] | undefined;
  /** 20 or more. */
  readonly replicates: number;
  readonly seed: number;
  /** What the draws are for; replicate r draws from stream (seed, name, r). */
  readonly name: string;
}

/**
 * Standard errors of each part of the statistic, where it is known what the blocks are. Of n blocks of a group n − 1 are drawn with
 * replacement, which gives a mean its unbiased variance however few they are (J. N. K. Rao & C. F. J. Wu 1988, J. Am. Stat. Assoc. 83,
 * 231–241); of n draws it would be (n − 1)/n of it. A group of one block stays as it is: how it varies is not known from it.
 *
 * @returns nothing from fewer resamples than 20 that could be computed, or fewer than half
 * @throws RangeError for an empty group or fewer than 20 replicates
 */
export function knownBlocksBootstrap(input: KnownBlocksInput): { readonly se: readonly number[] } | undefined {
  const { groups, replicates, seed, name } = input;
  if (!(replicates >= 20)) throw new RangeError(`a bootstrap needs 20 replicates or more, got ${replicates}`);
  if (!groups.every((blocks) => Number.isInteger(blocks) && blocks >= 1))
    throw new RangeError(`a group has whole blocks, one or more, got ${groups.join(", ")}`);
  const found = Array.from({ length: replicates }, (_, r) => {
    const draws = stream(seed, name, r);
    return input.statistic(
      groups.map((blocks) => (blocks === 1 ? [0] : Array.from({ length: blocks - 1 }, () => draws.integer(blocks)))),
    );
  }).filter((own) => own !== undefined);
  if (found.length < Math.max(20, replicates / 2)) return undefined;
  return {
    se: found[0]!.map((_, part) => {
      const mean = found.reduce((sum, own) => sum + own[part]!, 0) / found.length;
      return Math.sqrt(found.reduce((sum, own) => sum + (own[part]! - mean) ** 2, 0) / (found.length - 1));
    }),
  };
}

function constant(series: ArrayLike<number>): boolean {
  for (let i = 1; i < series.length; i++) if (series[i] !== series[0]) return false;
  return true;
}

function check(series: ArrayLike<number>, least: number): void {
  if (series.length < least) throw new RangeError(`a series needs ${least} entries or more, got ${series.length}`);
  for (let i = 0; i < series.length; i++)
    if (!Number.isFinite(series[i]))
      throw new RangeError(`a series is of finite numbers, but number ${i} is ${series[i]}`);
}
