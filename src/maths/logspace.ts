// maths/ · Log-space: sums of exponentials that neither overflow nor vanish.
//
// M. Mächler (2012), "Accurately computing log(1 − exp(−|a|))", Rmpfr vignette: where log1p and expm1 take turns.
// All functions are total on the extended reals within their stated range; NaN in, NaN out.

/** log Σ w_i e^{x_i}; w_i = 1 where no weights are given. Empty, or all weights 0: −∞. RangeError on a negative weight. */
export function logSumExp(values: ArrayLike<number>, weights?: ArrayLike<number>): number {
  const term = (i: number): number => {
    if (weights === undefined) return values[i]!;
    const w = weights[i]!;
    if (w < 0) throw new RangeError(`weights must not be negative, but weight ${i} is ${w}`);
    return w === 0 ? Number.NEGATIVE_INFINITY : values[i]! + Math.log(w);
  };
  let top = Number.NEGATIVE_INFINITY;
  let at = -1;
  for (let i = 0; i < values.length; i++) {
    const t = term(i);
    if (Number.isNaN(t)) return Number.NaN;
    if (t > top) {
      top = t;
      at = i;
    }
  }
  if (!Number.isFinite(top)) return top;
  // The largest term is left out of the sum, so log1p sees small remainders whole.
  let rest = 0;
  for (let i = 0; i < values.length; i++) if (i !== at) rest += Math.exp(term(i) - top);
  return top + Math.log1p(rest);
}

/** log(e^a + e^b). */
export function logAddExp(a: number, b: number): number {
  if (a === b) return a + Math.LN2; // also the two infinities, whose difference is not a number
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** log(1 − e^x) for x ≤ 0; −∞ at 0. RangeError for x > 0. */
export function log1mExp(x: number): number {
  if (x > 0) throw new RangeError(`log(1 − e^x) needs x ≤ 0, got ${x}`);
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));
}

/** log(1 + e^x). */
export function log1pExp(x: number): number {
  return x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
}

/** log(p / (1 − p)), p in [0, 1]; relatively accurate through p = ½. RangeError outside. */
export function logit(p: number): number {
  if (p < 0 || p > 1) throw new RangeError(`a logit needs 0 ≤ p ≤ 1, got ${p}`);
  // 2p − 1 is exact in the middle range (Sterbenz), p/(1 − p) is well conditioned outside it.
  return p > 0.25 && p < 0.75 ? Math.log1p((2 * p - 1) / (1 - p)) : Math.log(p / (1 - p));
}

/** 1 / (1 + e^−z), relatively accurate down to the smallest doubles. */
export function expit(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** log expit(z); log(1 − expit(z)) is logExpit(−z). */
export function logExpit(z: number): number {
  return 0 - log1pExp(-z); // not unary minus: log 1 is 0, not −0
}
