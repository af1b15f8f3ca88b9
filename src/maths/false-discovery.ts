// maths/ · False discovery: which of many p values to believe, at a share q of false alarms among the believed.
//
// Y. Benjamini & Y. Hochberg (1995), "Controlling the false discovery rate", JRSS B 57, 289–300. Holds for independent
// p values and for positively dependent ones (Benjamini & Yekutieli 2001).

/** The smallest q at which each hypothesis would be rejected: min over ranks j ≥ its own of m p_(j) / j, at most 1. In the order given. */
export function adjustedPValues(pValues: ArrayLike<number>): Float64Array {
  const m = pValues.length;
  const p = Float64Array.from(pValues);
  const wrong = p.findIndex((x) => !(x >= 0 && x <= 1));
  if (wrong >= 0) throw new RangeError(`a p value lies in [0, 1], but number ${wrong} is ${p[wrong]}`);
  const order = Uint32Array.from(p.keys()).sort((i, j) => p[i]! - p[j]!);
  const adjusted = new Float64Array(m);
  let least = 1;
  for (let rank = m; rank >= 1; rank--) {
    const i = order[rank - 1]!;
    least = Math.min(least, p[i]! * (m / rank));
    adjusted[i] = least;
  }
  return adjusted;
}

/** `rejected[i]` where hypothesis i may be rejected with the expected share of false rejections at most q; `adjusted[i]` as adjustedPValues. */
export function benjaminiHochberg(
  pValues: ArrayLike<number>,
  q: number,
): { rejected: boolean[]; adjusted: Float64Array } {
  if (!(q > 0 && q < 1)) throw new RangeError(`a false discovery rate lies in (0, 1), got ${q}`);
  const adjusted = adjustedPValues(pValues);
  return { rejected: Array.from(adjusted, (p) => p <= q), adjusted };
}
