// experiments/ · Shares: means of per-problem values with their covariance, and the share of one gain in another.
import { meanCovariance } from "../maths/bands.ts";
import { fieller } from "../maths/ratio.ts";
import { normalQuantile } from "../maths/special.ts";
import { type Estimate, type Measured, refused } from "../terms/estimate.ts";

export interface Means {
  readonly mean: Float64Array;
  /** Square, row-major. */
  readonly covariance: Float64Array;
}

/**
 * @param values problem × column, row-major
 * @param clusters cluster of each problem, or absent where each is its own
 */
export function clusteredMeans(values: Float64Array, columns: number, clusters: Int32Array | undefined): Means {
  const problems = values.length / columns;
  const mean = new Float64Array(columns);
  for (let i = 0; i < values.length; i++) mean[i % columns] = mean[i % columns]! + values[i]!;
  for (let k = 0; k < columns; k++) mean[k] = mean[k]! / problems;
  const groups = clusters === undefined ? problems : 1 + clusters.reduce((a, b) => Math.max(a, b), -1);
  const units = new Float64Array(groups * columns);
  for (let i = 0; i < values.length; i++) {
    const problem = Math.floor(i / columns);
    const into = (clusters === undefined ? problem : clusters[problem]!) * columns + (i % columns);
    units[into] = units[into]! + values[i]! - mean[i % columns]!;
  }
  return { mean, covariance: meanCovariance(units, new Float64Array(groups).fill(1), columns, problems) };
}

/** A weighted sum of the means with a normal interval; without spread, the bare value. */
export function combined(means: Means, weights: readonly number[], level: number, method: string): Measured {
  const columns = means.mean.length;
  let value = 0;
  let variance = 0;
  weights.forEach((w, a) => {
    value += w * means.mean[a]!;
    weights.forEach((v, b) => {
      variance += w * v * means.covariance[a * columns + b]!;
    });
  });
  const se = Math.sqrt(Math.max(0, variance));
  // Where all problems are alike, differences of equal sums leave rounding: 1e-16 squared, summed and rooted is 1e-9.
  if (se < 1e-8) {
    const rounded = Math.abs(value) < 1e-12 ? 0 : value;
    return { kind: "measured", value: rounded, method: `${method}; all problems alike, no interval` };
  }
  const half = normalQuantile((1 + level) / 2) * se;
  return { kind: "measured", value, low: value - half, high: value + half, se, level, method };
}

/** The share of gain `whole` that is gone in gain `rest`: 1 − rest/whole, by Fieller's interval. */
export function shareGone(
  means: Means,
  whole: readonly number[],
  rest: readonly number[],
  level: number,
  method: string,
): Estimate {
  const w = combined(means, whole, level, method);
  const r = combined(means, rest, level, method);
  if (w.low === undefined || w.low <= 0) {
    return refused(
      `the official gain is ${w.value.toFixed(3)} and its interval does not lie above 0, so there is no gain to take a share of`,
      "draw more rollouts or add problems until a gain is established",
    );
  }
  const columns = means.mean.length;
  let cross = 0;
  whole.forEach((a, i) => {
    rest.forEach((b, j) => {
      cross += a * b * means.covariance[i * columns + j]!;
    });
  });
  const ratio = fieller(
    [w.value, r.value],
    [(w.se ?? 0) ** 2, cross, (r.se ?? 0) ** 2],
    normalQuantile((1 + level) / 2),
  );
  if (ratio.interval === undefined) {
    return refused("the official gain is too uncertain to take a share of", "draw more rollouts or add problems");
  }
  return {
    kind: "measured",
    value: 1 - ratio.value,
    low: 1 - ratio.interval[1],
    high: 1 - ratio.interval[0],
    level,
    method,
  };
}
