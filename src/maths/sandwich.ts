// maths/ · Sandwich: the covariance of an estimate that solves Σ scores = 0, when rows of one cluster go together.
//
// P. J. Huber (1967), Proc. Fifth Berkeley Symposium 1, 221–233; K.-Y. Liang & S. L. Zeger (1986), Biometrika 73, 13–22, eq. (5):
// A⁻¹ (Σ_g s_g s_gᵀ) A⁻¹, with s_g the sum of the scores of cluster g, here times
// G/(G − n) for n coefficients from G clusters (J. G. MacKinnon & H. White 1985, J. Econometrics 29, 305–325, HC1, by cluster).

/**
 * Inverse of a symmetric positive definite matrix by Cholesky; nothing where a pivot vanishes (the columns depend on each other).
 *
 * @param matrix n × n row-major
 */
export function invertPositive(matrix: Float64Array, n: number): Float64Array | undefined {
  const factor = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a * n + b]!;
      for (let k = 0; k < b; k++) sum -= factor[a * n + k]! * factor[b * n + k]!;
      if (a === b && !(sum > 1e-13 * matrix[a * n + a]!)) return undefined;
      factor[a * n + b] = a === b ? Math.sqrt(sum) : sum / factor[b * n + b]!;
    }
  }
  const inverse = new Float64Array(n * n);
  for (let column = 0; column < n; column++) {
    const x = new Float64Array(n);
    for (let a = 0; a < n; a++) {
      let sum = a === column ? 1 : 0;
      for (let k = 0; k < a; k++) sum -= factor[a * n + k]! * x[k]!;
      x[a] = sum / factor[a * n + a]!;
    }
    for (let a = n - 1; a >= 0; a--) {
      let sum = x[a]!;
      for (let k = a + 1; k < n; k++) sum -= factor[k * n + a]! * x[k]!;
      x[a] = sum / factor[a * n + a]!;
    }
    for (let a = 0; a < n; a++) inverse[a * n + column] = x[a]!;
  }
  return inverse;
}

/**
 * @param bread A⁻¹, n × n row-major: inverse of minus the derivative of the summed scores
 * @param scores one vector of length n a row
 * @param clusters a label a row; more different ones than coefficients, RangeError else
 * @returns covariance of the estimate, n × n row-major
 */
export function sandwich(
  bread: Float64Array,
  scores: readonly ArrayLike<number>[],
  clusters: ArrayLike<number>,
): Float64Array {
  const n = Math.round(Math.sqrt(bread.length));
  const sums = new Map<number, Float64Array>();
  scores.forEach((score, row) => {
    const sum = sums.get(clusters[row]!) ?? new Float64Array(n);
    for (let a = 0; a < n; a++) sum[a] = sum[a]! + score[a]!;
    sums.set(clusters[row]!, sum);
  });
  if (sums.size <= n)
    throw new RangeError(`errors of ${n} coefficients need more clusters than that, got ${sums.size}`);
  const out = new Float64Array(n * n);
  const factor = sums.size / (sums.size - n);
  for (const sum of sums.values()) {
    // A⁻¹ s_g: how far the cluster pulls the estimate.
    const pull = Float64Array.from({ length: n }, (_, a) => {
      let value = 0;
      for (let b = 0; b < n; b++) value += bread[a * n + b]! * sum[b]!;
      return value;
    });
    for (let a = 0; a < n; a++)
      for (let b = 0; b < n; b++) out[a * n + b] = out[a * n + b]! + factor * pull[a]! * pull[b]!;
  }
  return out;
}

/** Square roots of the diagonal of an n × n row-major covariance. */
export function standardErrorsOf(covariance: Float64Array): Float64Array {
  const n = Math.round(Math.sqrt(covariance.length));
  return Float64Array.from({ length: n }, (_, a) => Math.sqrt(Math.max(0, covariance[a * n + a]!)));
}
