// maths/ · Likelihood table: binomial likelihoods of distinct outcomes over a grid of logits.

/**
 * P(c[r] successes of n[r] | logit grid[g]), binomial coefficient included; row-major, rows × grid.length.
 * The grid may hold −∞ and +∞ (success probability exactly 0 and 1).
 */
export function likelihoodTable(c: Int32Array, n: Int32Array, grid: Float64Array): Float64Array {
  const width = grid.length;
  const table = new Float64Array(c.length * width);
  const lf=(k:number)=>{let s=0;for(let i=2;i<=k;i++)s+=Math.log(i);return s;};
  for (let r = 0; r < c.length; r++) {
    const C=lf(n[r]!)-lf(c[r]!)-lf(n[r]!-c[r]!);
    for (let g = 0; g < width; g++) { const z=grid[g]!; table[r * width + g] = z===-Infinity?(c[r]===0?1:0):z===Infinity?(c[r]===n[r]?1:0):Math.exp(C+c[r]!*z-n[r]!*(z>0?z+Math.log1p(Math.exp(-z)):Math.log1p(Math.exp(z)))); }
  }
  return table;
}
