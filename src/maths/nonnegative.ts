// maths/ · Non-negative quadratic programs: min ½xᵀGx − hᵀx over x ≥ 0, by active sets (Lawson & Hanson 1974, ch. 23).

/** Ridge, relative to each diagonal entry: neighbouring grid atoms are almost collinear, and the quadratic model need not be solved beyond this. */
const RIDGE = 1e-9;

/**
 * @param gram G, m × m row-major, symmetric positive semidefinite
 * @param linear h, length m
 * @param start a feasible x ≥ 0; its support is the first guess of the passive set
 * @returns x ≥ 0, length m
 */
export function solveNonNegative(gram: Float64Array, linear: Float64Array, start: Float64Array): Float64Array {
  const m = linear.length;
  let x = Float64Array.from(start);
  const passive = new Uint8Array(m);
  for (let a = 0; a < m; a++) passive[a] = x[a]! > 0 ? 1 : 0;

  for (let round = 0; round < 4 * m; round++) {
    // Inner loop: the free solution on the passive set; where it leaves the cone, walk to the wall and drop what hit it.
    for (;;) {
      const index = indices(passive);
      if (index.length === 0) break;
      const free = solveOn(gram, linear, index, m);
      // How far towards the free solution each coordinate can go before it leaves the cone.
      const reach = index.map((a, k) => (free[k]! > 0 ? 1 : x[a] === 0 ? 0 : x[a]! / (x[a]! - free[k]!)));
      const t = reach.reduce((least, value) => Math.min(least, value), 1);
      const next = new Float64Array(m);
      index.forEach((a, k) => {
        if (free[k]! <= 0 && reach[k]! <= t) passive[a] = 0;
        else next[a] = Math.max(0, x[a]! + t * (free[k]! - x[a]!));
      });
      x = next;
      if (index.every((a) => passive[a] === 1)) break;
    }
    // Outer loop: let in the atoms whose entry would help most; one at a time would solve the same system many times over.
    const gains = linear.map((value, a) => {
      if (passive[a] === 1) return 0;
      let gain = value;
      for (let b = 0; b < m; b++) if (x[b]! !== 0) gain -= gram[a * m + b]! * x[b]!;
      return gain;
    });
    const most = maxAbs(gains.map((gain) => Math.max(0, gain)));
    if (most <= 1e-9 * (1 + maxAbs(linear))) return x;
    gains.forEach((gain, a) => {
      if (gain > most / 2) passive[a] = 1;
    });
  }
  return x;
}

function indices(flags: Uint8Array): number[] {
  const list: number[] = [];
  flags.forEach((flag, a) => {
    if (flag === 1) list.push(a);
  });
  return list;
}

function maxAbs(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Cholesky solve of G, its diagonal raised by the ridge, restricted to `index`. */
function solveOn(gram: Float64Array, linear: Float64Array, index: readonly number[], m: number): Float64Array {
  const n = index.length;
  const factor = new Float64Array(n * n);
  const y = new Float64Array(n);
  for (let a = 0; a < n; a++) {
    const row = index[a]! * m;
    const own = gram[row + index[a]!]!;
    for (let b = 0; b <= a; b++) {
      let sum = gram[row + index[b]!]! + (a === b ? RIDGE * own : 0);
      for (let k = 0; k < b; k++) sum -= factor[a * n + k]! * factor[b * n + k]!;
      factor[a * n + b] =
        a === b ? Math.sqrt(Math.max(sum, 1e-3 * RIDGE * own, Number.MIN_VALUE)) : sum / factor[b * n + b]!;
    }
    let sum = linear[index[a]!]!;
    for (let k = 0; k < a; k++) sum -= factor[a * n + k]! * y[k]!;
    y[a] = sum / factor[a * n + a]!;
  }
  for (let a = n - 1; a >= 0; a--) {
    let sum = y[a]!;
    for (let k = a + 1; k < n; k++) sum -= factor[k * n + a]! * y[k]!;
    y[a] = sum / factor[a * n + a]!;
  }
  return y;
}
