// maths/ · Bands: a simultaneous (sup-t) confidence band for a mean curve, problems or clusters of them as the sampling unit.
//
// Gaussian multiplier bootstrap (Chernozhukov, Chetverikov & Kato 2013, Ann. Stat. 41, 2786–2819; Montiel Olea &
// Plagborg-Møller 2019, J. Appl. Econometrics 34, 1–17). Given the data the multiplier process Σ_g ξ_g u_g(k) is exactly
// N(0, Σ_g u_g u_gᵀ), so it is drawn from a pivoted Cholesky factor of that matrix: the same law, and neighbouring k are so
// alike that the factor has a few dozen columns.
import type { Stream } from "./random.ts";

export interface BandInput {
  /** Mean curve, length K. */
  readonly mean: Float64Array;
  /** Covariance of the mean curve, K × K row-major, from `meanCovariance`. */
  readonly covariance: Float64Array;
  /** Coverage over all k at once, in (0, 1). */
  readonly level: number;
  readonly draws: number;
  readonly stream: Stream;
  /** Known support of the curve; a column without spread gets all of it, since its error cannot be told from the data. */
  readonly support: readonly [number, number];
}

export interface Band {
  readonly se: Float64Array;
  /** Multiplier of the standard error, the same for every k. */
  readonly critical: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Indices of columns without spread. */
  readonly degenerate: readonly number[];
}

/** Relative size below which a variance is rounding. */
const NO_SPREAD = 1e-13;

export function supTBand(input: BandInput): Band {
  const { mean, covariance, level, draws, stream, support } = input;
  const size = mean.length;
  const se = Float64Array.from(mean, (_, k) => Math.sqrt(Math.max(0, covariance[k * size + k]!)));
  const degenerate = [...se.keys()].filter((k) => se[k]! <= NO_SPREAD);
  const live = [...se.keys()].filter((k) => se[k]! > NO_SPREAD);
  const correlation = new Float64Array(live.length * live.length);
  live.forEach((a, i) => {
    live.forEach((b, j) => {
      correlation[i * live.length + j] = covariance[a * size + b]! / (se[a]! * se[b]!);
    });
  });
  const { factor, rank } = pivotedCholesky(correlation, live.length);
  const largest = new Float64Array(draws);
  const xi = new Float64Array(rank);
  for (let d = 0; d < draws; d++) {
    for (let r = 0; r < rank; r++) xi[r] = stream.normal();
    let most = 0;
    for (let i = 0; i < live.length; i++) {
      let z = 0;
      for (let r = 0; r < rank; r++) z += factor[i * rank + r]! * xi[r]!;
      most = Math.max(most, Math.abs(z));
    }
    largest[d] = most;
  }
  largest.sort();
  const critical = draws === 0 ? Number.POSITIVE_INFINITY : largest[Math.min(draws - 1, Math.ceil(level * draws) - 1)]!;
  const low = mean.map((m, k) => (se[k]! <= NO_SPREAD ? support[0] : Math.max(support[0], m - critical * se[k]!)));
  const high = mean.map((m, k) => (se[k]! <= NO_SPREAD ? support[1] : Math.min(support[1], m + critical * se[k]!)));
  return { se, critical, low, high, degenerate };
}

/**
 * Covariance of a mean over `size` problems whose centred sums per sampling unit are the rows of `units`:
 * G/(G−1) Σ_g mult_g u_g u_gᵀ / size². With one problem a unit this is sd²/size with the n − 1 divisor.
 *
 * @param units R × K row-major, centred (they sum to 0 with their multiplicities)
 * @param multiplicity how many units each row stands for; G is their sum, at least 2
 */
export function meanCovariance(
  units: Float64Array,
  multiplicity: Float64Array,
  columns: number,
  size: number,
): Float64Array {
  let groups = 0;
  for (const m of multiplicity) groups += m;
  const factor = groups / (groups - 1) / size ** 2;
  const out = new Float64Array(columns * columns);
  for (let g = 0; g < multiplicity.length; g++) {
    const row = g * columns;
    for (let a = 0; a < columns; a++) {
      const w = factor * multiplicity[g]! * units[row + a]!;
      if (w === 0) continue;
      const into = a * columns;
      for (let b = a; b < columns; b++) out[into + b] = out[into + b]! + w * units[row + b]!;
    }
  }
  for (let a = 0; a < columns; a++) for (let b = 0; b < a; b++) out[a * columns + b] = out[b * columns + a]!;
  return out;
}

/** Lower factor F (n × rank) with F Fᵀ = matrix up to a residual variance of 1e-10 (Higham 2002, §10.3). */
function pivotedCholesky(matrix: Float64Array, n: number): { factor: Float64Array; rank: number } {
  const residual = Float64Array.from({ length: n }, (_, i) => matrix[i * n + i]!);
  const columns: Float64Array[] = [];
  while (columns.length < n) {
    let pivot = 0;
    for (let i = 1; i < n; i++) if (residual[i]! > residual[pivot]!) pivot = i;
    if (!(residual[pivot]! > 1e-10)) break;
    const column = Float64Array.from({ length: n }, (_, i) => matrix[i * n + pivot]!);
    for (const former of columns) for (let i = 0; i < n; i++) column[i] = column[i]! - former[i]! * former[pivot]!;
    const scale = 1 / Math.sqrt(residual[pivot]!);
    for (let i = 0; i < n; i++) {
      column[i] = column[i]! * scale;
      residual[i] = residual[i]! - column[i]! ** 2;
    }
    columns.push(column);
  }
  const rank = columns.length;
  const factor = new Float64Array(n * rank);
  columns.forEach((column, r) => {
    for (let i = 0; i < n; i++) factor[i * rank + r] = column[i]!;
  });
  return { factor, rank };
}
