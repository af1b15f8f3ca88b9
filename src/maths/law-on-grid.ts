// maths/ · Law on a grid: the nonparametric maximum-likelihood mixing law over a line of atoms, from their likelihood columns.
import { type MixtureFit, mixtureWeights } from "./mixture-weights.ts";

export interface GridLawOptions {
  /** Stop when no weights could add more than this, in nats. */
  readonly tolerance: number;
  readonly start?: Pick<MixtureFit, "atoms" | "weights">;
}

/**
 * @param columns columns[a][i]: likelihood of cell i at atom a; atoms in the order of the line, so that neighbours compete
 * @param multiplicity problems in each cell
 */
export function lawOnGrid(
  columns: readonly Float64Array[],
  multiplicity: Float64Array,
  options: GridLawOptions,
): MixtureFit {
  let total = 0;
  for (const m of multiplicity) total += m;
  const background = new Float64Array(multiplicity.length);
  for (const column of columns) {
    for (let i = 0; i < background.length; i++) background[i] = background[i]! + column[i]! / columns.length;
  }
  const propose = (ratio: Float64Array) => {
    const d = columns.map((column) => {
      let sum = 0;
      for (let i = 0; i < ratio.length; i++) sum += ratio[i]! * column[i]!;
      return sum;
    });
    const peak = (value: number, a: number): boolean => value >= (d[a - 1] ?? 0) && value >= (d[a + 1] ?? 0);
    return {
      atoms: d.flatMap((value, a) => (value > total && peak(value, a) ? [a] : [])),
      largest: d.reduce((a, b) => Math.max(a, b), 0),
    };
  };
  return mixtureWeights({ multiplicity, background, oracle: { column: (a) => columns[a]!, propose }, ...options });
}
