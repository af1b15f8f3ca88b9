// maths/ · Ratio: an interval for a ratio of two correlated means.

export interface RatioInterval {
  readonly value: number;
  /** Absent where the denominator is not told from zero: the interval would be the whole line, or all but a gap. */
  readonly interval?: readonly [number, number];
}

/**
 * Fieller's interval for E[y]/E[x] (Fieller 1954, J. R. Stat. Soc. B 16, 175–185): the r for which ȳ − r x̄ is within z
 * standard errors of 0.
 *
 * @param mean [x̄, ȳ]
 * @param covariance of the two means: [var x̄, cov, var ȳ]
 * @param z normal quantile of the level, for instance 1.96
 */
export function fieller(
  mean: readonly [number, number],
  covariance: readonly [number, number, number],
  z: number,
): RatioInterval {
  const [x, y] = mean;
  const [vx, vxy, vy] = covariance;
  const value = y / x;
  const a = x * x - z * z * vx;
  if (!(a > 0)) return { value };
  const b = x * y - z * z * vxy;
  const c = y * y - z * z * vy;
  const root = Math.sqrt(Math.max(0, b * b - a * c));
  return { value, interval: [(b - root) / a, (b + root) / a] };
}
