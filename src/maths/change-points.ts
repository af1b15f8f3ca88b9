// maths/ · Change points: where the level of a short series jumps, one value with a standard error per checkpoint.
//
// Least penalised cost over all segmentations, by optimal partitioning (B. Jackson et al. 2005, IEEE Signal Processing Letters
// 12, 105–108), the recursion that PELT prunes (R. Killick, P. Fearnhead & I. A. Eckley 2012, JASA 107, 1590–1598, eq. 5): the
// cost of a segment is Σ ((y − its weighted mean) / se)², and every change costs β. A series is a dozen points: no pruning.
//
// β is no rule of thumb. In a constant series one given segmentation with k changes lowers the cost by a χ² of k degrees, and
// is chosen over none only if that passes kβ. So the chance of any false change is at most Σ_k C(T − 1, k) P(χ²_k > kβ), and β is
// where this bound is the chance allowed. It holds for independent normal errors of the stated size; checkpoints measured on the
// same problems share their problems' luck, which makes their differences smaller than the errors say, and false changes rarer.
import { erfc } from "./special.ts";

export interface ChangePoint {
  /** Index of the first value of the new level. */
  readonly at: number;
  /** Weighted means of the segments before and after. */
  readonly before: number;
  readonly after: number;
  /** (after − before) / its standard error; picked for being large, so not a test of its own. */
  readonly z: number;
}

export interface ChangePoints {
  readonly changes: readonly ChangePoint[];
  /** β, in units of squared standard errors. */
  readonly penalty: number;
}

export interface SeriesInput {
  /** In training order. */
  readonly values: ArrayLike<number>;
  /** Standard errors, as many, each above 0. */
  readonly errors: ArrayLike<number>;
  /** Chance allowed of any change where there is none, in (0, 1). */
  readonly falseAlarm: number;
}

/** RangeError where lengths differ, an error is not above 0, or the chance lies outside (0, 1). */
export function changePoints(input: SeriesInput): ChangePoints {
  const { values, errors } = input;
  const size = values.length;
  if (errors.length !== size) throw new RangeError(`a series of ${size} values came with ${errors.length} errors`);
  if (!(input.falseAlarm > 0 && input.falseAlarm < 1))
    throw new RangeError(`the chance of a false change lies in (0, 1), got ${input.falseAlarm}`);
  // Running sums of weights w = 1/se², w·y, w·y², from the first value, lest a common level cancel.
  const w = new Float64Array(size + 1);
  const wy = new Float64Array(size + 1);
  const wyy = new Float64Array(size + 1);
  for (let t = 0; t < size; t++) {
    if (!(errors[t]! > 0)) throw new RangeError(`standard error ${t} must be above 0, got ${errors[t]}`);
    const weight = 1 / errors[t]! ** 2;
    const y = values[t]! - values[0]!;
    w[t + 1] = w[t]! + weight;
    wy[t + 1] = wy[t]! + weight * y;
    wyy[t + 1] = wyy[t]! + weight * y * y;
  }
  const cost = (from: number, to: number): number =>
    wyy[to]! - wyy[from]! - (wy[to]! - wy[from]!) ** 2 / (w[to]! - w[from]!);

  const penalty = penaltyFor(size, input.falseAlarm);
  const best = new Float64Array(size + 1);
  const start = new Int32Array(size + 1);
  best[0] = -penalty;
  for (let to = 1; to <= size; to++) {
    best[to] = Number.POSITIVE_INFINITY;
    for (let from = 0; from < to; from++) {
      const total = best[from]! + cost(from, to) + penalty;
      if (total < best[to]!) {
        best[to] = total;
        start[to] = from;
      }
    }
  }
  const bounds = [size];
  for (let to = size; to > 0; to = start[to]!) bounds.unshift(start[to]!);
  const mean = (from: number, to: number): number => values[0]! + (wy[to]! - wy[from]!) / (w[to]! - w[from]!);
  const changes = bounds.slice(1, -1).map((at, i) => {
    const [from, to] = [bounds[i]!, bounds[i + 2]!];
    const [before, after] = [mean(from, at), mean(at, to)];
    const se = Math.sqrt(1 / (w[at]! - w[from]!) + 1 / (w[to]! - w[at]!));
    return { at, before, after, z: (after - before) / se };
  });
  return { changes, penalty };
}

/** The β at which the bound on the chance of any false change among `size` values is `chance`. */
export function penaltyFor(size: number, chance: number): number {
  const bound = (beta: number): number => {
    let sum = 0;
    for (let k = 1, ways = size - 1; k < size; k++) {
      sum += ways * chiSquareAbove(k * beta, k);
      ways = (ways * (size - 1 - k)) / (k + 1);
    }
    return sum;
  };
  let [low, high] = [0, 1];
  while (bound(high) > chance) high *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (bound(middle) > chance) low = middle;
    else high = middle;
  }
  return high;
}

/** P(χ² of k degrees > x), whole k ≥ 1 (Abramowitz & Stegun 1964, 26.4.4 and 26.4.5). */
export function chiSquareAbove(x: number, k: number): number {
  let sum = k % 2 === 0 ? Math.exp(-x / 2) : erfc(Math.sqrt(x / 2));
  let term = k % 2 === 0 ? sum : Math.sqrt((2 * x) / Math.PI) * Math.exp(-x / 2);
  if (k % 2 === 1 && k > 1) sum += term;
  for (let j = k % 2 === 0 ? 2 : 3; j < k; j += 2) {
    term *= x / j;
    sum += term;
  }
  return sum;
}
