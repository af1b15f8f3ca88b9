// maths/ · Cluster jackknife: the error of a statistic from what becomes of it when one problem after the other is left out.
//
// J. W. Tukey (1958), Ann. Math. Stat. 29, 614; B. Efron & C. Stein (1981), Ann. Stat. 9, 586–596. For a regression it is the
// covariance CV₃ (J. G. MacKinnon, M. Ø. Nielsen & M. D. Webb 2023, J. Appl. Econometrics 38, 671–694, eq. 16), which stays honest
// where a few clusters carry most of the information, as sandwiches do not. It draws nothing.

export interface Jackknifed {
  /** From all clusters. */
  readonly value: Float64Array;
  /** Standard error of each entry. */
  readonly se: Float64Array;
}

/**
 * @param clusters  G ≥ 2, RangeError below
 * @param statistic  the statistic without one cluster, of all where none is named; nothing where it cannot be computed
 * @returns nothing where it cannot be computed from all, or not without one of them: it rests on that one alone
 */
export function clusterJackknife(
  clusters: number,
  statistic: (without: number | undefined) => ArrayLike<number> | undefined,
): Jackknifed | undefined {
  if (!(Number.isInteger(clusters) && clusters >= 2))
    throw new RangeError(`a jackknife over clusters needs 2 of them or more, got ${clusters}`);
  const whole = statistic(undefined);
  if (whole === undefined) return undefined;
  const square = new Float64Array(whole.length);
  for (let g = 0; g < clusters; g++) {
    const rest = statistic(g);
    if (rest === undefined) return undefined;
    for (let k = 0; k < square.length; k++) square[k] = square[k]! + (rest[k]! - whole[k]!) ** 2;
  }
  return { value: Float64Array.from(whole), se: square.map((sum) => Math.sqrt(((clusters - 1) / clusters) * sum)) };
}
