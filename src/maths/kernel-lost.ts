// maths/ · Lost problems: how many a fitted kernel counts as out of the later policy's reach.
import type { KernelBoard } from "./kernel-board.ts";
import { fitKernel, type KernelFit } from "./kernel-fit.ts";
import { normalQuantile } from "./special.ts";

/** Expected number of problems with p1 = 0 by loss, among those that the base could solve (p0 > 0), given the data. */
export function lostProblems(board: KernelBoard, fit: KernelFit): number {
  const { cells, side0, side1, grid0, table0 } = board;
  const share = fit.theta.at(-1)!;
  let expected = 0;
  cells.multiplicity.forEach((m, i) => {
    if (side1.c[side1.of[i]!] !== 0) return;
    let possible = 0;
    fit.atoms.forEach((a, k) => {
      if (grid0[a] !== Number.NEGATIVE_INFINITY) possible += fit.weights[k]! * table0[side0.of[i]! * grid0.length + a]!;
    });
    expected += (m * share * possible) / fit.density[i]!;
  });
  return expected;
}

/**
 * Profile-likelihood interval for the number of lost problems: the shares λ whose best log likelihood is within half the
 * χ²₁ quantile of the maximum, times the problems that the base can solve.
 */
export function lostInterval(board: KernelBoard, fit: KernelFit, level: number): { low: number; high: number } {
  const drop = normalQuantile((1 + level) / 2) ** 2 / 2;
  let reachable = 0;
  fit.atoms.forEach((a, k) => {
    if (board.grid0[a] !== Number.NEGATIVE_INFINITY) reachable += fit.weights[k]!;
  });
  const problems = board.cells.cellOf.length;
  const inside = (lost: number): boolean =>
    fitKernel(board, fit.shape, { start: fit, lost }).logLikelihood >= fit.logLikelihood - drop;
  const estimate = fit.theta.at(-1)!;
  const edge = (inner: number, outer: number): number => {
    if (inside(outer)) return outer;
    let [kept, out] = [inner, outer];
    for (let step = 0; step < 8; step++) {
      const middle = (kept + out) / 2;
      if (inside(middle)) kept = middle;
      else out = middle;
    }
    return out;
  };
  // Losses rarer than a tenth of a problem are none.
  const least = 0.1 / problems;
  let outer = Math.max(4 * estimate, 4 / problems);
  while (outer < 0.8 && inside(outer)) outer *= 2;
  const low = estimate <= least ? 0 : edge(estimate, 0);
  return { low: low * reachable * problems, high: edge(estimate, Math.min(0.89, outer)) * reachable * problems };
}
