// maths/ · Intervals: limits for a success probability from c successes of n.
//
// C. J. Clopper & E. S. Pearson (1934), Biometrika 26, 404–413. L. D. Brown, T. T. Cai & A. DasGupta (2001), "Interval
// estimation for a binomial proportion", Statistical Science 16, 101–133, §3.1.3 (Jeffreys).
import { betaQuantile, betaQuantileUpper } from "./special.ts";

/** Limits in [0, 1], low ≤ high. */
export interface Limits {
  readonly low: number;
  readonly high: number;
}

function check(c: number, n: number, level: number): void {
  if (!(Number.isInteger(c) && Number.isInteger(n) && c >= 0 && c <= n)) {
    throw new RangeError(`an interval needs whole numbers 0 ≤ c ≤ n, got c = ${c} and n = ${n}`);
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`a level lies in (0, 1), got ${level}`);
}

/** Both one-sided exact tests at (1 − level)/2: covers at least `level` whatever the rate. */
export function clopperPearson(c: number, n: number, level: number): Limits {
  check(c, n, level);
  const tail = (1 - level) / 2;
  return {
    low: c === 0 ? 0 : betaQuantile(tail, c, n - c + 1),
    high: c === n ? 1 : betaQuantileUpper(tail, c + 1, n - c),
  };
}

/** Quantiles of the posterior Beta(c + ½, n − c + ½): covers `level` on average. The limit is 0 at c = 0 and 1 at c = n (Brown, Cai & DasGupta). */
export function jeffreys(c: number, n: number, level: number): Limits {
  check(c, n, level);
  const tail = (1 - level) / 2;
  return {
    low: c === 0 ? 0 : betaQuantile(tail, c + 0.5, n - c + 0.5),
    high: c === n ? 1 : betaQuantileUpper(tail, c + 0.5, n - c + 0.5),
  };
}

/** The rate that `level` trusts not to be exceeded: the largest p with P(X ≤ c) ≥ 1 − level. Of 0 in n: 1 − (1 − level)^{1/n}. */
export function oneSidedUpper(c: number, n: number, level: number): number {
  check(c, n, level);
  return c === n ? 1 : betaQuantileUpper(1 - level, c + 1, n - c);
}
