// maths/ · Likelihood table: binomial likelihoods of distinct outcomes over a grid of logits.
import { binomialLogPmfLogit } from "./distributions.ts";

/**
 * P(c[r] successes of n[r] | logit grid[g]), binomial coefficient included; row-major, rows × grid.length.
 * The grid may hold −∞ and +∞ (success probability exactly 0 and 1).
 */
export function likelihoodTable(c: Int32Array, n: Int32Array, grid: Float64Array): Float64Array {
  const width = grid.length;
  const table = new Float64Array(c.length * width);
  for (let r = 0; r < c.length; r++) {
    for (let g = 0; g < width; g++) table[r * width + g] = Math.exp(binomialLogPmfLogit(c[r]!, n[r]!, grid[g]!));
  }
  return table;
}
