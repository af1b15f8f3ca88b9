// maths/ · Selection: signs that problems were chosen by their outcome on one side (the winner's curse).
//
// The law of p over problems is fitted to one side's counts by NPMLE. If it leads one to expect many problems without a right
// rollout (or with nothing but right ones) and there is none, such problems were left out before the file was written.
import { lawOnGrid } from "./law-on-grid.ts";
import { likelihoodTable } from "./likelihood-table.ts";
import { logitGrid } from "./logit-grid.ts";

import { distinctSide, type PairedCells } from "./paired-cells.ts";

export interface SelectedBy {
  readonly side: 0 | 1;
  /** Which outcome is missing. */
  readonly absent: "none-right" | "all-right";
  /** How many problems with it the fitted law expects; the chance of seeing none is about e^−expected. */
  readonly expected: number;
}

/** Expected problems from which on seeing none is a sign: e^−5 < 0.7 %. */
const EXPECTED = 5;
const POINTS = 60;

export function selectionSigns(cells: PairedCells): SelectedBy[] {
  return ([0, 1] as const).flatMap((side) =>
    signsOf(side, side === 0 ? cells.c0 : cells.c1, side === 0 ? cells.n0 : cells.n1, cells.multiplicity),
  );
}

function signsOf(side: 0 | 1, c: Int32Array, n: Int32Array, weights: Float64Array): SelectedBy[] {
  const { c: outcomes, n: rollouts, of } = distinctSide(c, n);
  const multiplicity = new Float64Array(outcomes.length);
  of.forEach((row, i) => {
    multiplicity[row] = multiplicity[row]! + weights[i]!;
  });
  // Whether an absent outcome is surprising must not be decided by the atoms that would produce it for certain.
  const grid = logitGrid(
    rollouts.reduce((a, b) => Math.max(a, b)),
    POINTS,
  ).subarray(1, -1);
  const table = likelihoodTable(outcomes, rollouts, grid);
  const width = grid.length;
  const column = (a: number): Float64Array => Float64Array.from(outcomes, (_, r) => table[r * width + a]!);
  const columns = Array.from({ length: width }, (_, a) => column(a));
  const fit = lawOnGrid(columns, multiplicity, { tolerance: 0.05 });
  let none = 0;
  let all = 0;
  rollouts.forEach((draws, r) => {
    fit.atoms.forEach((a, k) => {
      const z = grid[a]!;
      const m = multiplicity[r]! * fit.weights[k]!;
      none += m * (1 + Math.exp(z)) ** -draws;
      all += m * (1 + Math.exp(-z)) ** -draws;
    });
  });
  const seen = (right: (r: number) => boolean): boolean => outcomes.some((_, r) => right(r));
  const signs: SelectedBy[] = [];
  if (none >= EXPECTED && !seen((r) => outcomes[r] === 0)) signs.push({ side, absent: "none-right", expected: none });
  if (all >= EXPECTED && !seen((r) => outcomes[r] === rollouts[r]))
    signs.push({ side, absent: "all-right", expected: all });
  return signs;
}
