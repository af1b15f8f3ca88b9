// maths/ · Factorial: a gain split over three segments that were swapped one by one (the 2³ cells of the hand-off).
//
// Cell c is a bit mask: bit i is set where segment i is the tuned policy's. Shares are Shapley values (shapley.ts); interactions
// are Harsanyi dividends, d(S) = Σ_{R ⊆ S} (−1)^{|S| − |R|} v(R) (J. C. Harsanyi 1963, Int. Econ. Rev. 4, 194–220), which also
// add up to v(111) − v(000). Both are linear in the cells, so with the problem as the sampling unit a share's error is that of
// a mean over problems. In log2 the cells' means are logged, and errors go through by the delta method.
import { shapley } from "./shapley.ts";
import { studentHalfWidth } from "./student.ts";

export const CELLS = 8;

/** One problem's mean in each of the 8 cells, by mask. */
export type CellMeans = ArrayLike<number>;

export interface FactorialInput {
  /** Problems with all 8 cells seen; at least 2. Leave out others: a mean over other problems is another quantity. */
  readonly problems: readonly CellMeans[];
  /** Cluster of each problem (its family); each its own where absent. */
  readonly clusters?: ArrayLike<number>;
  /** Of each interval, in (0, 1). */
  readonly level: number;
}

export interface Effect {
  readonly value: number;
  readonly se: number;
  readonly low: number;
  readonly high: number;
}

export interface Split {
  /** v(111) − v(000). */
  readonly gain: Effect;
  /** Shapley values of segments 0, 1, 2; they add up to the gain. */
  readonly shares: readonly Effect[];
  /** Dividends by mask 1 … 7 at index mask − 1 (1, 2, 4 single segments; 3, 5, 6 pairs; 7 all three); they add up to the gain. */
  readonly dividends: readonly Effect[];
}

export interface Factorial {
  /** The 8 cells' means over problems, in probability. */
  readonly cells: readonly Effect[];
  readonly probability: Split;
  /** In bits; or the masks of the cells whose interval reaches 0, of which no logarithm is told. */
  readonly bits: Split | { readonly refused: readonly number[] };
  readonly problems: number;
}

/** Weights of the 8 cells in the gain, the 3 shares and the 7 dividends. */
const CONTRASTS = contrasts();

/** The cells, and the gain split in probability and in bits. RangeError below 2 problems or clusters. */
export function factorial(input: FactorialInput): Factorial {
  const { problems, level } = input;
  const label = (row: number): number => input.clusters?.[row] ?? row;
  const clusters = new Set(problems.map((_, row) => label(row))).size;
  if (clusters < 2) throw new RangeError(`a split with errors needs 2 problems or families, got ${clusters}`);
  const wide = studentHalfWidth(level, clusters - 1);
  const mean = Float64Array.from({ length: CELLS }, (_, c) => average(problems.map((row) => row[c]!)));

  /** Effect of Σ_c weight_c · transformed cell c, slope_c the transform's derivative at the mean. */
  const effect = (weights: ArrayLike<number>, at: Float64Array, slope: Float64Array): Effect => {
    const value = at.reduce((sum, v, c) => sum + weights[c]! * v, 0);
    const sums = new Map<number, number>();
    problems.forEach((row, i) => {
      let pull = 0;
      for (let c = 0; c < CELLS; c++) pull += weights[c]! * slope[c]! * (row[c]! - mean[c]!);
      sums.set(label(i), (sums.get(label(i)) ?? 0) + pull);
    });
    const square = [...sums.values()].reduce((sum, pull) => sum + pull * pull, 0);
    const se = Math.sqrt((clusters / (clusters - 1)) * square) / problems.length;
    return { value, se, low: value - wide * se, high: value + wide * se };
  };
  const split = (at: Float64Array, slope: Float64Array): Split => ({
    gain: effect(CONTRASTS.gain, at, slope),
    shares: CONTRASTS.shares.map((weights) => effect(weights, at, slope)),
    dividends: CONTRASTS.dividends.map((weights) => effect(weights, at, slope)),
  });

  const ones = new Float64Array(CELLS).fill(1);
  const cells = [...mean.keys()].map((c) => effect(oneAt(c), mean, ones));
  const touching = [...mean.keys()].filter((c) => !(cells[c]!.low > 0));
  return {
    cells,
    probability: split(mean, ones),
    bits:
      touching.length > 0
        ? { refused: touching }
        : split(
            mean.map((v) => Math.log2(v)),
            mean.map((v) => 1 / (v * Math.LN2)),
          ),
    problems: problems.length,
  };
}

/** The gain, the shares and the dividends (as in `Split`) of 8 cell values without errors: for a bootstrap, or an exact truth. */
export function splitCells(cells: CellMeans): { gain: number; shares: number[]; dividends: number[] } {
  const dot = (weights: ArrayLike<number>): number => {
    let sum = 0;
    for (let c = 0; c < CELLS; c++) sum += weights[c]! * cells[c]!;
    return sum;
  };
  return {
    gain: dot(CONTRASTS.gain),
    shares: CONTRASTS.shares.map(dot),
    dividends: CONTRASTS.dividends.map(dot),
  };
}

function contrasts(): { gain: Float64Array; shares: Float64Array[]; dividends: Float64Array[] } {
  const gain = oneAt(CELLS - 1);
  gain[0] = -1;
  // A Shapley value is linear in the game: its weight on cell c is its value in the game that is 1 there and 0 elsewhere.
  const byCell = Array.from({ length: CELLS }, (_, c) => shapley(3, (coalition) => (coalition === c ? 1 : 0)));
  const shares = [0, 1, 2].map((i) => Float64Array.from(byCell, (values) => values[i]!));
  const dividends = [1, 2, 3, 4, 5, 6, 7].map((mask) =>
    Float64Array.from({ length: CELLS }, (_, c) => ((c & mask) !== c ? 0 : odd(mask ^ c) ? -1 : 1)),
  );
  return { gain, shares, dividends };
}

function odd(mask: number): boolean {
  return ((mask ^ (mask >> 1) ^ (mask >> 2)) & 1) === 1;
}

function oneAt(cell: number): Float64Array {
  const weights = new Float64Array(CELLS);
  weights[cell] = 1;
  return weights;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
