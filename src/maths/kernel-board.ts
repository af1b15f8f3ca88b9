// maths/ · Kernel board: grids and likelihoods that all shapes of the gain kernel share on one data set.
import { likelihoodTable } from "./likelihood-table.ts";
import { logitGrid } from "./logit-grid.ts";
import { distinctSide, type PairedCells, type Side } from "./paired-cells.ts";

export interface KernelBoard {
  readonly cells: PairedCells;
  readonly side0: Side;
  readonly side1: Side;
  /** Logits of p0, atoms −∞ and +∞ at the ends. */
  readonly grid0: Float64Array;
  /** table0[r·grid0.length + a]: likelihood of base outcome r at grid0[a]. */
  readonly table0: Float64Array;
  /** Equally spaced logits on which p1 is resolved, no atoms. */
  readonly grid1: Float64Array;
  /** table1[b·outcomes + r]: likelihood of later outcome r at grid1[b]. */
  readonly table1: Float64Array;
  readonly outcomes: number;
}

/** @param points inner grid points of p0 */
export function kernelBoard(cells: PairedCells, points = 80): KernelBoard {
  const side0 = distinctSide(cells.c0, cells.n0);
  const side1 = distinctSide(cells.c1, cells.n1);
  const most1 = side1.n.reduce((a, b) => Math.max(a, b), 1);
  const grid0 = logitGrid(
    side0.n.reduce((a, b) => Math.max(a, b), 1),
    points,
  );
  // Step about half the width of the narrowest likelihood, 2/√n logits at p = ½.
  const grid1 = logitGrid(most1, Math.max(points, Math.ceil(2 * Math.sqrt(most1) * (Math.log(most1) + 3)))).subarray(
    1,
    -1,
  );
  const byOutcome = likelihoodTable(side1.c, side1.n, grid1);
  const outcomes = side1.c.length;
  const table1 = new Float64Array(byOutcome.length);
  for (let r = 0; r < outcomes; r++) {
    for (let b = 0; b < grid1.length; b++) table1[b * outcomes + r] = byOutcome[r * grid1.length + b]!;
  }
  return { cells, side0, side1, grid0, table0: likelihoodTable(side0.c, side0.n, grid0), grid1, table1, outcomes };
}
