// maths/ · Empirical Bernstein: what a mean of non-negative weights is at least, at any sample size and however heavy their tail.
//
// A. Maurer & M. Pontil (2009), COLT, Theorem 4: for independent Y in [0, 1], with V their sample variance and L = log 2/δ,
//   E Y ≥ mean − √(2 V L/n) − 7 L/(3 (n − 1))   with chance 1 − δ or more
// (theirs is the upper bound; this is it for 1 − Y). Weights W have no known range, but E W ≥ E min(W, t) for every t, and
// Y = min(W, t)/t lies in [0, 1]. The best t may not be picked by the data for nothing: it is picked from K levels named beforehand,
// each given δ/K, so that all K bounds hold at once with chance 1 − δ. K costs only its logarithm.
// All in natural logs, so that 1e−30 is like 1.

/** K clipping levels at equal steps of log t. They may not depend on the weights they are used for. */
export interface ClippingGrid {
  /** log t of the lowest and the highest level. */
  readonly low: number;
  readonly high: number;
  /** K ≥ 1. */
  readonly levels: number;
}

/** 1e−40 to 1e6, two levels a factor of ten: wide enough for a chance of 1e−30; at δ = 0.05 L is 8.2, where a t known beforehand has 3.7. */
export const WIDE_GRID: ClippingGrid = { low: Math.log(1e-40), high: Math.log(1e6), levels: 93 };

export interface MeanBound {
  /** Log of the bound: P(E W < bound) ≤ δ. */
  readonly logBound: number;
  /** log t of the clipping level that gave it. */
  readonly logLevel: number;
}

/**
 * Lower bound of E W from independent, equally distributed weights W ≥ 0.
 *
 * @param logWeights two or more; −Infinity for weight 0
 * @param delta the chance in (0, 1) that the bound may be above E W
 * @returns nothing where no level gives a bound above 0: these weights alone do not tell E W from 0
 * @throws RangeError for fewer than 2 weights, NaN or +Infinity, a δ outside (0, 1), or a grid without levels
 */
export function meanLowerBound(
  logWeights: ArrayLike<number>,
  delta: number,
  grid: ClippingGrid = WIDE_GRID,
): MeanBound | undefined {
  const n = logWeights.length;
  if (n < 2) throw new RangeError(`a bound needs 2 weights or more, got ${n}`);
  checkDelta(delta);
  const { low, high, levels } = grid;
  if (!(Number.isInteger(levels) && levels >= 1 && low <= high && Number.isFinite(high - low)))
    throw new RangeError(`a grid needs finite low ≤ high and a level, got ${low}, ${high} and ${levels}`);
  const weights = Float64Array.from(logWeights);
  weights.forEach((own, i) => {
    if (!(own < Number.POSITIVE_INFINITY))
      throw new RangeError(`log weights are finite or −Infinity, but number ${i} is ${own}`);
  });
  const price = Math.log((2 * levels) / delta);
  const largest = weights.reduce((most, own) => Math.max(most, own), Number.NEGATIVE_INFINITY);
  const step = levels === 1 ? 0 : (high - low) / (levels - 1);
  // Of the levels that clip nothing the lowest is best, and none gives a bound above itself: the rest need not be computed.
  let k = 0;
  while (k < levels - 1 && low + step * k < largest) k++;
  let best: MeanBound | undefined;
  for (; k >= 0; k--) {
    const logLevel = low + step * k;
    if (best !== undefined && logLevel <= best.logBound) break;
    const share = bernstein(
      weights.map((own) => Math.exp(Math.min(0, own - logLevel))),
      price,
    );
    if (!(share > 0)) continue;
    const logBound = logLevel + Math.log(share);
    if (best === undefined || logBound > best.logBound) best = { logBound, logLevel };
  }
  return best;
}

/** Theorem 4's lower bound of E Y, Y in [0, 1]; `price` is L. */
function bernstein(values: Float64Array, price: number): number {
  const n = values.length;
  const mean = values.reduce((sum, y) => sum + y, 0) / n;
  const variance = values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (n - 1);
  return mean - Math.sqrt((2 * variance * price) / n) - (7 * price) / (3 * (n - 1));
}

/**
 * Log of Markov's lower bound Ẑ δ of Z, from one unbiased estimate Ẑ ≥ 0, however made: P(Ẑ ≥ Z/δ) ≤ δ, so P(Z ≤ Ẑ δ) ≤ δ.
 *
 * @param logEstimate log Ẑ; −Infinity gives −Infinity
 * @param delta in (0, 1)
 */
export function markovLowerBound(logEstimate: number, delta: number): number {
  checkDelta(delta);
  if (!(logEstimate < Number.POSITIVE_INFINITY))
    throw new RangeError(`the log of an estimate is finite or −Infinity, got ${logEstimate}`);
  return logEstimate + Math.log(delta);
}

function checkDelta(delta: number): void {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`δ lies in (0, 1), got ${delta}`);
}
