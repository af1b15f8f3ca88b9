// maths/ · Distributions: binomial, beta-binomial and hypergeometric laws of counts, in logarithms and in both tails.
//
// Saddle-point form of the binomial: C. Loader (2000), "Fast and accurate computation of binomial probabilities"; the
// hypergeometric as a ratio of three binomials, ibid. Counts are whole numbers; a count that cannot be has log pmf −∞.
import { logExpit } from "./logspace.ts";
import { betaCdf, betaCdfUpper, logBeta, logBetaPower, logChoose, logGamma } from "./special.ts";

const TABLE = Float64Array.from({ length: 1025 }, (_, n) => logGamma(n + 1));

/** log n!, n a whole number ≥ 0. */
export function logFactorial(n: number): number {
  return TABLE[n] ?? logGamma(n + 1);
}

/** log C(n, k) for whole numbers, 0 ≤ k ≤ n: from the table where its subtraction is good to 2e−12. */
export function logChooseWhole(n: number, k: number): number {
  return n < TABLE.length ? TABLE[n]! - TABLE[k]! - TABLE[n - k]! : logChoose(n, k);
}

function checkProbability(p: number): void {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability lies in [0, 1], got ${p}`);
}

/** log P(c successes of n), success probability p in [0, 1]; the limits at 0 and 1 are exact. */
export function binomialLogPmf(c: number, n: number, p: number): number {
  checkProbability(p);
  if (c < 0 || c > n) return Number.NEGATIVE_INFINITY;
  if (n === 0 || p === 0 || p === 1) return c === p * n ? 0 : Number.NEGATIVE_INFINITY;
  if (c === 0) return n * Math.log1p(-p);
  if (c === n) return n * Math.log(p);
  // C(n, c) = n / (c (n − c) B(c, n − c))
  return logBetaPower(p, 1 - p, c, n - c) + Math.log(n / c / (n - c));
}

/** log P(c successes of n), success probability expit(z), z in [−∞, ∞]: keeps 1 − p where p is next to 1. */
export function binomialLogPmfLogit(c: number, n: number, z: number): number {
  if (c < 0 || c > n) return Number.NEGATIVE_INFINITY;
  // 0 successes cost nothing even where log p is −∞.
  const successes = c === 0 ? 0 : c * logExpit(z);
  const failures = c === n ? 0 : (n - c) * logExpit(-z);
  return logChooseWhole(n, c) + successes + failures;
}

/** P(X ≤ c), X binomial(n, p); relatively accurate when small. */
export function binomialAtMost(c: number, n: number, p: number): number {
  checkProbability(p);
  if (c < 0) return 0;
  return c >= n ? 1 : betaCdfUpper(p, c + 1, n - c);
}

/** P(X ≥ c), X binomial(n, p); relatively accurate when small. */
export function binomialAtLeast(c: number, n: number, p: number): number {
  checkProbability(p);
  if (c > n) return 0;
  return c <= 0 ? 1 : betaCdf(p, c, n - c + 1);
}

/** log P(c successes of n) where p ~ Beta(a, b), a, b > 0. */
export function betaBinomialLogPmf(c: number, n: number, a: number, b: number): number {
  if (c < 0 || c > n) return Number.NEGATIVE_INFINITY;
  return logChooseWhole(n, c) + logBeta(c + a, n - c + b) - logBeta(a, b);
}

/** P(X ≤ c), X beta-binomial(n; a, b); O(n). */
export function betaBinomialAtMost(c: number, n: number, a: number, b: number): number {
  if (c < 0) return 0;
  if (c >= n) return 1;
  // Summed on the side of the mean where c lies, so that a small tail is not a difference from 1.
  if (c > (n * a) / (a + b)) return Math.max(0, 1 - betaBinomialAtMost(n - c - 1, n, b, a));
  let sum = 1;
  let term = 1;
  for (let i = c; i > 0; i--) {
    term *= (i / (n - i + 1)) * ((b + n - i) / (a + i - 1));
    sum += term;
  }
  return Math.min(1, Math.exp(betaBinomialLogPmf(c, n, a, b)) * sum);
}

/** P(X ≥ c), X beta-binomial(n; a, b): the failures' lower tail. */
export function betaBinomialAtLeast(c: number, n: number, a: number, b: number): number {
  return betaBinomialAtMost(n - c, n, b, a);
}

/** log P(k marked among `drawn`, taken without replacement from `total` of which `marked` are marked). */
export function hypergeometricLogPmf(k: number, marked: number, drawn: number, total: number): number {
  if (k < Math.max(0, drawn + marked - total) || k > Math.min(drawn, marked)) return Number.NEGATIVE_INFINITY;
  if (total < TABLE.length)
    return logChooseWhole(marked, k) + logChooseWhole(total - marked, drawn - k) - logChooseWhole(total, drawn);
  const p = drawn / total;
  return binomialLogPmf(k, marked, p) + binomialLogPmf(drawn - k, total - marked, p) - binomialLogPmf(drawn, total, p);
}

/** P(X ≤ k), X as in hypergeometricLogPmf; relatively accurate when small. */
export function hypergeometricAtMost(k: number, marked: number, drawn: number, total: number): number {
  const unmarkedLeft = total - marked - drawn; // plus k: the unmarked not drawn
  const low = Math.max(0, -unmarkedLeft);
  if (k < low) return 0;
  if (k >= Math.min(drawn, marked)) return 1;
  if (k > (drawn / total) * marked) return Math.max(0, 1 - hypergeometricAtLeast(k + 1, marked, drawn, total));
  let sum = 1;
  let term = 1;
  // Below the mean the terms fall ever faster.
  for (let i = k; i > low && term > 1e-17 * sum; i--) {
    term *= (i / (marked - i + 1)) * ((unmarkedLeft + i) / (drawn - i + 1));
    sum += term;
  }
  return Math.min(1, Math.exp(hypergeometricLogPmf(k, marked, drawn, total)) * sum);
}

/** P(X ≥ k): the unmarked drawn, at most drawn − k. */
export function hypergeometricAtLeast(k: number, marked: number, drawn: number, total: number): number {
  return hypergeometricAtMost(drawn - k, total - marked, drawn, total);
}
