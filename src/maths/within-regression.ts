// maths/ · Within regression: least squares with an intercept of its own for every block, and whose doing the fit is.
//
// Taking block means away leaves the coefficients as they are (R. Frisch & F. V. Waugh 1933, Econometrica 1, 387–401), so all that is
// needed of a block is the matrix of its summed cross-products, and a block is left out by subtraction. Shares of the explained
// variation by Shapley over groups of columns: R. H. Lindeman, P. F. Merenda & R. Z. Gold (1980), Introduction to Bivariate and
// Multivariate Analysis, 119 ff. (LMG); U. Grömping (2007), The American Statistician 61, 139–147.
import { shapley } from "./shapley.ts";

/** Cross-products of K columns and, last, of what is explained: (K + 1)² row-major, block means taken away. */
export interface CrossProducts {
  readonly columns: number;
  readonly products: Float64Array;
}

/** Distance from a mean, relative to the mean, that is rounding. */
const NO_DISTANCE = 1e-12;

/** Of one block; rows are x₁ … x_K, y. One row alone says nothing and gives zeros. */
export function withinBlock(rows: readonly ArrayLike<number>[], columns: number): CrossProducts {
  const size = columns + 1;
  const mean = new Float64Array(size);
  for (const row of rows) for (let a = 0; a < size; a++) mean[a] = mean[a]! + row[a]! / rows.length;
  const products = new Float64Array(size * size);
  const away = new Float64Array(size);
  for (const row of rows) {
    for (let a = 0; a < size; a++) {
      const distance = row[a]! - mean[a]!;
      away[a] = Math.abs(distance) > NO_DISTANCE * Math.abs(mean[a]!) ? distance : 0;
    }
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) products[a * size + b] = products[a * size + b]! + away[a]! * away[b]!;
  }
  return { columns, products };
}

/** All blocks together, each times its weight; 1 where absent. */
export function pooled(blocks: readonly CrossProducts[], columns: number, weights?: readonly number[]): CrossProducts {
  const products = new Float64Array((columns + 1) ** 2);
  blocks.forEach((block, i) => {
    const weight = weights?.[i] ?? 1;
    block.products.forEach((value, at) => {
      products[at] = products[at]! + weight * value;
    });
  });
  return { columns, products };
}

/**
 * All blocks but one together, by its index; all of them where none is named. From sums up to a block and from it on: what varies in
 * the one left out alone is exactly gone, which a subtraction would not give.
 */
export function allBut(blocks: readonly CrossProducts[], columns: number): (without?: number) => CrossProducts {
  const sums = (list: readonly CrossProducts[]): CrossProducts[] => {
    const found = [pooled([], columns)];
    for (const block of list) found.push(pooled([found.at(-1)!, block], columns));
    return found;
  };
  const before = sums(blocks);
  const after = sums(blocks.toReversed()).toReversed();
  return (without) =>
    without === undefined ? before.at(-1)! : pooled([before[without]!, after[without + 1]!], columns);
}

export interface WithinFit {
  /** Nothing for a column that has no variation beyond those before it. */
  readonly coefficients: readonly (number | undefined)[];
  /** Sum of squares left, and of all there is within blocks. */
  readonly residual: number;
  readonly total: number;
}

/** Part of a column's variation below which it is made of the columns before it. */
const DEPENDENT = 1e-9;

/**
 * Least squares on some of the columns, taken in ascending order.
 *
 * @param use  all where absent
 */
export function withinFit({ columns, products }: CrossProducts, use?: ReadonlySet<number>): WithinFit {
  const size = columns + 1;
  const rest = Float64Array.from(products);
  const coefficients: (number | undefined)[] = Array.from({ length: columns }, () => undefined);
  const taken: number[] = [];
  for (let pivot = 0; pivot < columns; pivot++) {
    const own = rest[pivot * size + pivot]!;
    if (use?.has(pivot) === false || !(own > DEPENDENT * products[pivot * size + pivot]!)) continue;
    // Gauss and Jordan: what the column explains is taken out of every other row.
    for (let b = 0; b < size; b++) rest[pivot * size + b] = rest[pivot * size + b]! / own;
    for (let a = 0; a < size; a++) {
      if (a === pivot) continue;
      const factor = rest[a * size + pivot]!;
      for (let b = 0; b < size; b++) rest[a * size + b] = rest[a * size + b]! - factor * rest[pivot * size + b]!;
    }
    taken.push(pivot);
  }
  for (const column of taken) coefficients[column] = rest[column * size + columns]!;
  const total = products[columns * size + columns]!;
  return { coefficients, residual: Math.min(total, Math.max(0, rest[columns * size + columns]!)), total };
}

/**
 * Each group's share of the variation within blocks, Shapley over the orders of taking groups in; they add up to R².
 *
 * @param groups  columns of each, disjoint
 * @returns nothing where there is no variation
 */
export function explainedShares(of: CrossProducts, groups: readonly (readonly number[])[]): Float64Array | undefined {
  const total = of.products.at(-1)!;
  if (!(total > 0)) return undefined;
  return shapley(groups.length, (coalition) => {
    const use = new Set(groups.flatMap((columns, i) => ((coalition >> i) & 1 ? columns : [])));
    return 1 - withinFit(of, use).residual / total;
  });
}

/** Variation of one column that the others leave, in each of some blocks: what its coefficient rests on. Nothing where none is left. */
export function variationLeft(blocks: readonly CrossProducts[], columns: number, column: number): number[] | undefined {
  const size = columns + 1;
  const whole = pooled(blocks, columns);
  // The column is what is explained now, by all others.
  const turned = ({ products }: CrossProducts): CrossProducts => {
    const swapped = Float64Array.from(products);
    const at = (a: number): number => (a === column ? columns : a === columns ? column : a);
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) swapped[a * size + b] = products[at(a) * size + at(b)]!;
    return { columns, products: swapped };
  };
  const others = new Set(Array.from({ length: columns }, (_, a) => a).filter((a) => a !== column));
  const { coefficients, residual, total } = withinFit(turned(whole), others);
  if (!(residual > DEPENDENT * total)) return undefined;
  const weights = Float64Array.from({ length: size }, (_, a) => {
    if (a === column) return 1;
    return a === columns ? 0 : -(coefficients[a] ?? 0);
  });
  return blocks.map(({ products }) => {
    let sum = 0;
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) sum += weights[a]! * products[a * size + b]! * weights[b]!;
    return Math.max(0, sum);
  });
}
