// maths/ · Log-link GLM: a binomial regression whose log success rate is linear, p = exp(o + xᵀβ) ≤ 1 (log-binomial).
//
// S. Wacholder (1986), Am. J. Epidemiology 123, 174–184. For a ladder of L steps x = (1, L), and the slope is the log reliability
// of one step; more policies are more columns. The log-likelihood y η + (n − y) log(1 − e^η) is concave in η = o + xᵀβ, so Newton with
// the observed information finds the one maximum; η ≤ 0 is kept by a log barrier that is let go to nothing (S. Boyd & L. Vandenberghe
// 2004, Convex Optimization, §11.3), which also finds a maximum on the wall p = 1, where plain IRLS runs out of the range.
// Errors: sandwich by problem (sandwich.ts), its bread the observed information; multiply them by Student's t of G − K degrees.
import { log1mExp } from "./logspace.ts";
import { invertPositive, sandwich, standardErrorsOf } from "./sandwich.ts";

export interface CountRow {
  /** Whole numbers 0 ≤ right ≤ drawn, drawn ≥ 1. */
  readonly right: number;
  readonly drawn: number;
  /** Covariates, K of them in every row. */
  readonly x: ArrayLike<number>;
  /** Known part of η; 0 where absent. */
  readonly offset?: number;
  /** Problem. */
  readonly cluster: number;
}

export interface LogLinkFit {
  /** β, length K. */
  readonly coefficients: Float64Array;
  /** By cluster. */
  readonly errors: Float64Array;
  /** By cluster, K × K row-major: a difference or ratio of coefficients needs it. */
  readonly covariance: Float64Array;
  /** From the expected information, as if all rollouts were independent: what other programs print. */
  readonly modelErrors: Float64Array;
  /** Without the binomial coefficients. */
  readonly logLikelihood: number;
  /** Rows fitted at p = 1. They hold β like equations: errors are those of what is left free, and are too small for their direction. */
  readonly onWall: readonly number[];
}

/** η above this is on the wall. */
const WALL = -1e-5;

/**
 * The fit of largest likelihood. Nothing where no β has every p below 1 near the start, or columns depend on each other.
 * RangeError for broken counts, or no more clusters than coefficients.
 *
 * @param start a β with every η < 0; found from the intercept-like direction that lowers all rows where absent
 */
export function logLinkGlm(rows: readonly CountRow[], start?: ArrayLike<number>): LogLinkFit | undefined {
  for (const { right, drawn } of rows) {
    if (!(Number.isInteger(right) && Number.isInteger(drawn) && right >= 0 && drawn >= 1 && right <= drawn))
      throw new RangeError(`a row needs whole numbers 0 ≤ right ≤ drawn and drawn ≥ 1, got ${right} of ${drawn}`);
  }
  const size = rows[0]?.x.length ?? 0;
  let beta = start === undefined ? insideRange(rows, size) : Float64Array.from(start);
  if (beta === undefined || !(largestEta(rows, beta) < 0)) return undefined;
  for (let barrier = 1; barrier > 1e-11; barrier /= 100) {
    const next = climb(rows, beta, barrier);
    if (next === undefined) return undefined;
    beta = next;
  }

  const onWall: number[] = [];
  const scores: Float64Array[] = [];
  const observed = new Float64Array(size * size);
  const expected = new Float64Array(size * size);
  const walls = new Float64Array(size * size);
  let logLikelihood = 0;
  rows.forEach((row, i) => {
    const eta = etaOf(row, beta);
    logLikelihood += rowLikelihood(row, eta);
    if (eta > WALL) {
      onWall.push(i);
      addOuter(walls, row.x, 1, size);
      scores.push(new Float64Array(size));
      return;
    }
    const { slope, curve } = derivatives(row, eta);
    addOuter(observed, row.x, curve, size);
    addOuter(expected, row.x, row.drawn / Math.expm1(-eta), size);
    scores.push(Float64Array.from({ length: size }, (_, k) => slope * row.x[k]!));
  });
  // A wall is an equation on β: infinitely much information across it, here very much.
  const stiff = 1e8 * (1 + trace(observed, size));
  for (let a = 0; a < size * size; a++) {
    observed[a] = observed[a]! + stiff * walls[a]!;
    expected[a] = expected[a]! + stiff * walls[a]!;
  }
  const bread = invertPositive(observed, size);
  const model = invertPositive(expected, size);
  if (bread === undefined || model === undefined) return undefined;
  const covariance = sandwich(
    bread,
    scores,
    rows.map(({ cluster }) => cluster),
  );
  return {
    coefficients: beta,
    errors: standardErrorsOf(covariance),
    covariance,
    modelErrors: standardErrorsOf(model),
    logLikelihood,
    onWall,
  };
}

/** η = offset + xᵀβ of a row. */
export function etaOf(row: Pick<CountRow, "x" | "offset">, beta: ArrayLike<number>): number {
  let eta = row.offset ?? 0;
  for (let k = 0; k < beta.length; k++) eta += row.x[k]! * beta[k]!;
  return eta;
}

function rowLikelihood({ right, drawn }: CountRow, eta: number): number {
  return right * eta + (right === drawn ? 0 : (drawn - right) * log1mExp(eta));
}

/** First derivative by η, and minus the second. With q = 1 − p: (y − n p) / q and (n − y) p / q². */
function derivatives({ right, drawn }: CountRow, eta: number): { slope: number; curve: number } {
  const failures = drawn - right;
  const q = -Math.expm1(eta);
  const p = Math.exp(eta);
  return { slope: right - (failures * p) / q, curve: (failures * p) / (q * q) };
}

/** Newton with halved steps on the log-likelihood + barrier Σ log(−η). */
function climb(rows: readonly CountRow[], from: Float64Array, barrier: number): Float64Array | undefined {
  const size = from.length;
  const height = (beta: Float64Array): number => {
    let sum = 0;
    for (const row of rows) {
      const eta = etaOf(row, beta);
      if (!(eta < 0)) return Number.NEGATIVE_INFINITY;
      sum += rowLikelihood(row, eta) + barrier * Math.log(-eta);
    }
    return sum;
  };
  let beta = from;
  let value = height(beta);
  for (let round = 0; round < 100; round++) {
    const gradient = new Float64Array(size);
    const curvature = new Float64Array(size * size);
    for (const row of rows) {
      const eta = etaOf(row, beta);
      const { slope, curve } = derivatives(row, eta);
      for (let k = 0; k < size; k++) gradient[k] = gradient[k]! + (slope + barrier / eta) * row.x[k]!;
      addOuter(curvature, row.x, curve + barrier / (eta * eta), size);
    }
    const inverse = invertPositive(curvature, size);
    if (inverse === undefined) return undefined;
    const step = Float64Array.from({ length: size }, (_, a) =>
      gradient.reduce((sum, g, b) => sum + inverse[a * size + b]! * g, 0),
    );
    const promise = step.reduce((sum, d, k) => sum + d * gradient[k]!, 0);
    if (promise < 1e-14) return beta;
    let moved = false;
    for (let t = 1; t > 1e-12 && !moved; t /= 2) {
      const trial = beta.map((b, k) => b + t * step[k]!);
      const now = height(trial);
      if (now < value + 1e-4 * t * promise) continue;
      [beta, value, moved] = [trial, now, true];
    }
    if (!moved) return beta;
  }
  return beta;
}

/** Some β with every η ≤ −0.05: the perceptron's walk on the rows that are not. Nothing where none is found. */
export function insideRange(rows: readonly CountRow[], size: number): Float64Array | undefined {
  const beta = new Float64Array(size);
  for (let round = 0; round < 1000; round++) {
    let worst = -0.05;
    let at: CountRow | undefined;
    for (const row of rows) {
      const eta = etaOf(row, beta);
      if (eta > worst) [worst, at] = [eta, row];
    }
    if (at === undefined) return beta;
    let square = 0;
    for (let k = 0; k < size; k++) square += at.x[k]! ** 2;
    if (square === 0) return undefined;
    for (let k = 0; k < size; k++) beta[k] = beta[k]! - ((worst + 0.1) * at.x[k]!) / square;
  }
  return undefined;
}

function largestEta(rows: readonly CountRow[], beta: ArrayLike<number>): number {
  return rows.reduce((most, row) => Math.max(most, etaOf(row, beta)), Number.NEGATIVE_INFINITY);
}

function addOuter(into: Float64Array, x: ArrayLike<number>, weight: number, size: number): void {
  for (let a = 0; a < size; a++)
    for (let b = 0; b < size; b++) into[a * size + b] = into[a * size + b]! + weight * x[a]! * x[b]!;
}

function trace(matrix: Float64Array, size: number): number {
  let sum = 0;
  for (let a = 0; a < size; a++) sum += matrix[a * size + a]!;
  return sum;
}
