// maths/ · Mixture weights: the nonparametric maximum-likelihood mixture over any set of atoms.
//
// Constrained Newton method (Wang 2007, JRSS B 69, 185–198) in the Lagrangian form of mix-SQP (Kim, Carbonetto,
// Stephens & Anitescu 2020, JCGS 29, 261–273): maximise ℓ(w) − N Σw over w ≥ 0, whose optimum has Σw = 1.
// Symbols: i runs over cells (distinct observations, mult[i] of each, N in all), j over atoms, L_ij likelihood of cell i
// under atom j, f_i = Σ_j w_j L_ij, D_j = Σ_i mult_i L_ij / f_i. Optimal iff D_j ≤ N everywhere, and ℓ* − ℓ ≤ max D − N.
import { solveNonNegative } from "./nonnegative.ts";

export interface AtomOracle {
  /** Likelihood of every cell under atom j, length = cells. May be computed when asked; it is asked once per atom. */
  column(j: number): Float64Array;
  /** Atoms at the local maxima of D, given ratio_i = mult_i / f_i, and the largest D over all atoms. */
  propose(ratio: Float64Array): { atoms: readonly number[]; largest: number };
}

export interface MixtureFit {
  /** Atoms with positive weight. */
  readonly atoms: readonly number[];
  /** Their weights, sum 1. */
  readonly weights: Float64Array;
  /** Likelihood of each cell under the fit. */
  readonly density: Float64Array;
  /** Σ mult_i log f_i, in nats. */
  readonly logLikelihood: number;
  /** Upper bound, in nats, on what any other weights could add. */
  readonly gap: number;
  readonly iterations: number;
}

export interface MixtureOptions {
  readonly multiplicity: Float64Array;
  readonly oracle: AtomOracle;
  /** The likelihood of every cell under the uniform mixture of all atoms (positive everywhere): where the search starts. */
  readonly background: Float64Array;
  /** A former fit to start from. */
  readonly start?: { readonly atoms: readonly number[]; readonly weights: ArrayLike<number> };
  /** Stop when no weights could add more than this, in nats. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
}

/** Share of the start given to the background, so that every cell keeps a positive likelihood. */
const BACKGROUND_START = 1e-6;
/** The background counts for half its likelihood, so that atoms beat it strictly and no weight is left on it at the optimum. */
const HANDICAP = 0.5;

export function mixtureWeights(options: MixtureOptions): MixtureFit {
  const { multiplicity: mult, oracle, background, start } = options;
  const tolerance = options.tolerance ?? 1e-3;
  const maxIterations = options.maxIterations ?? 500;
  const cells = mult.length;
  let total = 0;
  for (let i = 0; i < cells; i++) total += mult[i]!;

  // −1 stands for the background.
  let atoms: number[] = [-1, ...(start?.atoms ?? [])];
  const cache = new Map<number, Float64Array>([[-1, background.map((value) => HANDICAP * value)]]);
  const columnOf = (j: number): Float64Array => {
    let column = cache.get(j);
    if (column === undefined) {
      column = oracle.column(j);
      cache.set(j, column);
    }
    return column;
  };
  let weights = new Float64Array(atoms.length);
  weights[0] = start === undefined ? 1 : BACKGROUND_START;
  for (let k = 1; k < atoms.length; k++) weights[k] = (1 - BACKGROUND_START) * start!.weights[k - 1]!;

  const density = mix(atoms.map(columnOf), weights, cells);
  const ratio = new Float64Array(cells);
  let gap = Number.POSITIVE_INFINITY;
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    for (let i = 0; i < cells; i++) ratio[i] = mult[i]! / density[i]!;
    const proposal = oracle.propose(ratio);
    gap = proposal.largest - total;
    if (gap < tolerance) break;

    const known = new Set(atoms);
    for (const j of proposal.atoms) if (!known.has(j)) atoms.push(j);
    const columns = atoms.map(columnOf);
    const current = new Float64Array(atoms.length);
    current.set(weights);
    const target = newtonTarget(columns, current, ratio, mult, total);

    const step = new Float64Array(cells);
    let change = 0;
    for (let k = 0; k < atoms.length; k++) {
      const d = target[k]! - current[k]!;
      change += d;
      if (d !== 0) addScaled(step, columns[k]!, d);
    }
    const t = lineSearch(density, step, mult, total * change, slope(ratio, step, total * change));
    if (t === 0) break;
    let sum = 0;
    for (let k = 0; k < atoms.length; k++) {
      const w = Math.max(0, current[k]! + t * (target[k]! - current[k]!));
      current[k] = w;
      sum += w;
    }
    const kept = atoms.map((_, k) => k).filter((k) => current[k]! > 1e-14 * sum);
    atoms = kept.map((k) => atoms[k]!);
    weights = Float64Array.from(kept, (k) => current[k]! / sum);
    density.set(mix(kept.map((k) => columns[k]!), weights, cells));
  }

  let logLikelihood = 0;
  for (let i = 0; i < cells; i++) if (mult[i]! > 0) logLikelihood += mult[i]! * Math.log(density[i]!);
  const kept = atoms.map((_, k) => k).filter((k) => atoms[k] !== -1);
  const sum = kept.reduce((total_, k) => total_ + weights[k]!, 0);
  return {
    atoms: kept.map((k) => atoms[k]!),
    weights: Float64Array.from(kept, (k) => weights[k]! / sum),
    density,
    logLikelihood,
    gap,
    iterations,
  };
}

/** The maximiser of the quadratic model of ℓ(w) − N Σw at `current`: min ½wᵀGw − (2D − N)ᵀw, w ≥ 0. */
function newtonTarget(
  columns: readonly Float64Array[],
  current: Float64Array,
  ratio: Float64Array,
  mult: Float64Array,
  total: number,
): Float64Array {
  const m = columns.length;
  const cells = ratio.length;
  const scaled = columns.map((column) => {
    const s = new Float64Array(cells);
    // √mult · L / f, written with ratio = mult / f so that empty cells vanish.
    for (let i = 0; i < cells; i++) s[i] = mult[i]! > 0 ? (column[i]! * ratio[i]!) / Math.sqrt(mult[i]!) : 0;
    return s;
  });
  const gram = new Float64Array(m * m);
  const linear = new Float64Array(m);
  for (let a = 0; a < m; a++) {
    const column = columns[a]!;
    let d = 0;
    for (let i = 0; i < cells; i++) d += column[i]! * ratio[i]!;
    linear[a] = 2 * d - total;
    for (let b = a; b < m; b++) {
      const g = dot(scaled[a]!, scaled[b]!);
      gram[a * m + b] = g;
      gram[b * m + a] = g;
    }
  }
  return solveNonNegative(gram, linear, current);
}

/** Backtracking on φ(t) = Σ mult log(f + t·step) − t·penalty; 0 where no step helps any more. */
function lineSearch(f: Float64Array, step: Float64Array, mult: Float64Array, penalty: number, slope0: number): number {
  for (let t = 1; t > 1e-10; t /= 2) {
    let rise = -t * penalty;
    for (let i = 0; i < f.length; i++) {
      if (mult[i]! > 0) rise += mult[i]! * Math.log1p((t * step[i]!) / f[i]!);
    }
    if (rise >= 1e-4 * t * slope0) return t;
  }
  return 0;
}

function slope(ratio: Float64Array, step: Float64Array, penalty: number): number {
  return Math.max(0, dot(ratio, step) - penalty);
}

function mix(columns: readonly Float64Array[], weights: Float64Array, cells: number): Float64Array {
  const f = new Float64Array(cells);
  columns.forEach((column, k) => addScaled(f, column, weights[k]!));
  return f;
}

function addScaled(into: Float64Array, column: Float64Array, by: number): void {
  for (let i = 0; i < into.length; i++) into[i] = into[i]! + by * column[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  // Four running sums: the engine keeps them in registers, and rounding grows slower.
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const whole = a.length & ~3;
  for (let i = 0; i < whole; i += 4) {
    s0 += a[i]! * b[i]!;
    s1 += a[i + 1]! * b[i + 1]!;
    s2 += a[i + 2]! * b[i + 2]!;
    s3 += a[i + 3]! * b[i + 3]!;
  }
  for (let i = whole; i < a.length; i++) s0 += a[i]! * b[i]!;
  return s0 + s1 + (s2 + s3);
}
