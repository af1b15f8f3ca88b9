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

/** Atoms whose likelihood of a cell is below this share of the largest do not count towards its curvature. */
const NEAR = 1e-8;
/** A step that gains less than this share of the tolerance is none. */
const STALLED = 1e-5;
/** Least density of a cell, as a share of its background: too small to matter, large enough for squares of ratios not to overflow. */
const FLOOR = 1e-60;
const LEAST_BACKGROUND = 1e-200;
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

  const floor = background.map((value) => FLOOR * Math.max(value, LEAST_BACKGROUND));
  const density = mix(atoms.map(columnOf), weights, floor);
  const ratio = new Float64Array(cells);
  let gap = Number.POSITIVE_INFINITY;
  let iterations = 0;
  for (; iterations < maxIterations; iterations++) {
    for (let i = 0; i < cells; i++) ratio[i] = mult[i]! / density[i]!;
    const proposal = oracle.propose(ratio);
    gap = proposal.largest - total;
    if (gap < tolerance) break;

    const known = new Set(atoms);
    const candidates = [...atoms, ...proposal.atoms.filter((j) => !known.has(j))];
    const columns = candidates.map(columnOf);
    const current = new Float64Array(candidates.length);
    current.set(weights);
    const target = newtonTarget(columns, current, ratio, mult, total);

    const step = new Float64Array(cells);
    let change = 0;
    for (let k = 0; k < candidates.length; k++) {
      const d = target[k]! - current[k]!;
      change += d;
      if (d !== 0) addScaled(step, columns[k]!, d);
    }
    const t = lineSearch(density, step, mult, total * change);
    // The certificate can stay a little above the tolerance where rounding blurs the quadratic model; then nothing rises any more.
    if (t === 0 || rise(density, step, mult, t, total * change) < tolerance * STALLED) break;
    let sum = 0;
    for (let k = 0; k < candidates.length; k++) {
      const w = Math.max(0, current[k]! + t * (target[k]! - current[k]!));
      current[k] = w;
      sum += w;
    }
    const kept = candidates.map((_, k) => k).filter((k) => current[k]! > 1e-14 * sum);
    atoms = kept.map((k) => candidates[k]!);
    weights = Float64Array.from(kept, (k) => current[k]! / sum);
    density.set(
      mix(
        kept.map((k) => columns[k]!),
        weights,
        floor,
      ),
    );
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
  const gram = new Float64Array(m * m);
  const linear = new Float64Array(m).fill(-total);
  const near = new Int32Array(m);
  const pull = new Float64Array(m);
  for (let i = 0; i < ratio.length; i++) {
    if (mult[i] === 0) continue;
    let most = 0;
    for (let a = 0; a < m; a++) {
      const p = columns[a]![i]! * ratio[i]!;
      pull[a] = p;
      linear[a] = linear[a]! + 2 * p;
      if (p > most) most = p;
    }
    // A cell lies near few atoms; what the others add to the curvature is left out, and the certificate does not depend on it.
    let count = 0;
    for (let a = 0; a < m; a++) if (pull[a]! > NEAR * most) near[count++] = a;
    for (let x = 0; x < count; x++) {
      const a = near[x]!;
      const scaled = pull[a]! / mult[i]!;
      for (let y = x; y < count; y++) gram[a * m + near[y]!] = gram[a * m + near[y]!]! + scaled * pull[near[y]!]!;
    }
  }
  for (let a = 0; a < m; a++) for (let b = 0; b < a; b++) gram[a * m + b] = gram[b * m + a]!;
  return solveNonNegative(gram, linear, current);
}

/**
 * The largest step, up to bisection, along which φ(t) = Σ mult log(f + t·step) − t·penalty still rises; φ is concave, so all of
 * it is gain. (A sufficient-decrease rule would fail here: a cell far from every atom makes the slope at 0 astronomical.)
 */
function lineSearch(f: Float64Array, step: Float64Array, mult: Float64Array, penalty: number): number {
  const rises = (t: number): boolean => {
    let slope = -penalty;
    for (let i = 0; i < f.length; i++) if (mult[i]! > 0) slope += (mult[i]! * step[i]!) / (f[i]! + t * step[i]!);
    return slope >= 0;
  };
  if (rises(1)) return 1;
  let [low, high] = [0, 1];
  for (let halving = 0; halving < 40 && (low === 0 || high - low > 0.05 * low); halving++) {
    const middle = (low + high) / 2;
    if (rises(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function rise(f: Float64Array, step: Float64Array, mult: Float64Array, t: number, penalty: number): number {
  let sum = -t * penalty;
  for (let i = 0; i < f.length; i++) if (mult[i]! > 0) sum += mult[i]! * Math.log1p((t * step[i]!) / f[i]!);
  return sum;
}

function mix(columns: readonly Float64Array[], weights: Float64Array, floor: Float64Array): Float64Array {
  const f = Float64Array.from(floor);
  columns.forEach((column, k) => addScaled(f, column, weights[k]!));
  return f;
}

function addScaled(into: Float64Array, column: Float64Array, by: number): void {
  for (let i = 0; i < into.length; i++) into[i] = into[i]! + by * column[i]!;
}
