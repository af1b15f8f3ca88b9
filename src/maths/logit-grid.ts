// maths/ · Logit grid: where mixing laws of success probabilities live, atoms at 0 and 1 included.

/**
 * Ascending logits: −∞ (atom p = 0), `inner` equally spaced points over ±reach, +∞ (atom p = 1).
 * The reach follows the largest number of rollouts n: beyond logit ±(log n + 3) the likelihood of n rollouts is flat
 * to 5 %, so further points could not be told from the atoms.
 */
export function logitGrid(largestN: number, inner: number): Float64Array {
  const reach = Math.log(largestN) + 3;
  const grid = new Float64Array(inner + 2);
  grid[0] = Number.NEGATIVE_INFINITY;
  for (let g = 0; g < inner; g++) grid[g + 1] = -reach + (2 * reach * g) / (inner - 1);
  grid[inner + 1] = Number.POSITIVE_INFINITY;
  return grid;
}
