// maths/ · pass@k: the chance that at least one of k rollouts is right, estimated without bias from c right of n.
//
// M. Chen et al. (2021), "Evaluating large language models trained on code", arXiv 2107.03374, eq. 1:
// pass@k = 1 − C(n−c, k) / C(n, k), in product form. Unbiased for 1 − (1 − p)^k as long as k ≤ n.

function check(c: number, n: number, k: number): void {
  if (!(Number.isInteger(c) && Number.isInteger(n) && c >= 0 && c <= n)) {
    throw new RangeError(`pass@k needs whole numbers 0 ≤ c ≤ n, got c = ${c} and n = ${n}`);
  }
  if (!(Number.isInteger(k) && k >= 1)) throw new RangeError(`pass@k needs a whole k ≥ 1, got k = ${k}`);
  if (k > n) throw new RangeError(`pass@k has no unbiased estimate for k above n, got k = ${k} and n = ${n}`);
}

/** Estimate of pass@k in [0, 1] from c right of n, 1 ≤ k ≤ n. */
export function passAtK(c: number, n: number, k: number): number {
  check(c, n, k);
  // C(n−c, k)/C(n, k) is symmetric in c and k; the shorter product is as good.
  const short = Math.min(c, k);
  const long = Math.max(c, k);
  let allWrong = 1;
  for (let i = 0; i < short && allWrong > 0; i++) allWrong *= Math.max(0, n - long - i) / (n - i);
  return 1 - allWrong;
}

/** pass@k for k = 1 … maxK ≤ n; entry k − 1 is pass@k. Written to `out` where one is given (length ≥ maxK). */
export function passAtKCurve(
  c: number,
  n: number,
  maxK: number,
  out: Float64Array = new Float64Array(maxK),
): Float64Array {
  check(c, n, maxK);
  let allWrong = 1;
  for (let k = 1; k <= maxK; k++) {
    allWrong *= Math.max(0, n - c - k + 1) / (n - k + 1);
    out[k - 1] = 1 - allWrong;
  }
  return out;
}
