import { expect, it } from "vitest";
import { lawOnGrid } from "../../src/maths/law-on-grid.ts";
import { likelihoodTable } from "../../src/maths/likelihood-table.ts";

it("finds two planted points on the line and their weights, from exact frequencies", () => {
  const n = 40;
  const outcomes = Int32Array.from({ length: n + 1 }, (_, c) => c);
  const grid = Float64Array.from([-3, -2, -1, 0, 1, 2, 3]);
  const table = likelihoodTable(
    outcomes,
    outcomes.map(() => n),
    grid,
  );
  const columns = Array.from(grid, (_, a) => Float64Array.from(outcomes, (_c, r) => table[r * grid.length + a]!));
  // 1,000 problems, spread over outcomes exactly as a quarter at logit −2 and three quarters at logit 1 would be in the mean.
  const multiplicity = Float64Array.from(outcomes, (_, r) => 1000 * (0.25 * columns[1]![r]! + 0.75 * columns[4]![r]!));
  const fit = lawOnGrid(columns, multiplicity, { tolerance: 1e-7 });
  const weightOf = (atom: number): number => fit.weights[fit.atoms.indexOf(atom)] ?? 0;
  expect(weightOf(1)).toBeCloseTo(0.25, 3);
  expect(weightOf(4)).toBeCloseTo(0.75, 3);
});
