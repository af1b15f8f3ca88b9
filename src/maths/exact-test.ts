// maths/ · Exact test: Fisher's test of equal success probabilities, c0 of n0 against c1 of n1.
//
// R. A. Fisher (1935), "The logic of inductive inference", JRSS 98, 39–82. Given s = c0 + c1, c0 is hypergeometric: s marked,
// n0 drawn of n0 + n1. Two-sided: all outcomes no likelier than the one seen, ties within 1e−7 relative, as R's fisher.test.
import { hypergeometricAtLeast, hypergeometricAtMost, hypergeometricLogPmf } from "./distributions.ts";

/** p values in (0, 1]. */
export interface ExactTest {
  readonly twoSided: number;
  /** Small where side 0 has too few successes: P(C0 ≤ c0). */
  readonly less: number;
  /** Small where side 0 has too many: P(C0 ≥ c0). */
  readonly greater: number;
}

const TIE = Math.log1p(1e-7);

/** O(log s) probabilities and one short sum a tail, so 100,000 problems take a fraction of a second. */
export function fisherExact(c0: number, n0: number, c1: number, n1: number): ExactTest {
  if (![c0, n0, c1, n1].every(Number.isInteger) || c0 < 0 || c0 > n0 || c1 < 0 || c1 > n1) {
    throw new RangeError(
      `an exact test needs whole numbers 0 ≤ c ≤ n on both sides, got ${c0} of ${n0} and ${c1} of ${n1}`,
    );
  }
  const s = c0 + c1;
  const total = n0 + n1;
  const less = hypergeometricAtMost(c0, s, n0, total);
  const greater = hypergeometricAtLeast(c0, s, n0, total);
  if (c0 * n1 <= c1 * n0) return { twoSided: Math.min(1, less + beyond(c0, s, n0, total)), less, greater };
  // Above the mean: the same table, told by its failures.
  return { twoSided: Math.min(1, greater + beyond(n0 - c0, total - s, n0, total)), less, greater };
}

/** For k at or below the mean: the probability of the outcomes above k that are no likelier than k. */
function beyond(k: number, marked: number, drawn: number, total: number): number {
  const most = hypergeometricLogPmf(k, marked, drawn, total) + TIE;
  // From the mode upwards the law falls: find by halving where it has come down to k's probability.
  let low = Math.max(k + 1, Math.floor(((drawn + 1) * (marked + 1)) / (total + 2)));
  let high = Math.min(drawn, marked) + 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (hypergeometricLogPmf(middle, marked, drawn, total) <= most) high = middle;
    else low = middle + 1;
  }
  return hypergeometricAtLeast(low, marked, drawn, total);
}
