// maths/ · Kernel fit: one shape of the gain kernel, by maximum likelihood, the law of p0 left free.
//
// Model (DESIGN §5): z0 ~ any law on a grid; with chance λ the problem is lost (p1 = 0), else z1 = branch(z0) + σ·N(0,1);
// c0 ~ Bin(n0, z0), c1 ~ Bin(n1, z1). The law of z0 is profiled out (mixture-weights), the few shape parameters are
// searched by BFGS; by the envelope theorem the profile gradient is the gradient at fixed weights.
import type { KernelBoard } from "./kernel-board.ts";
import type { Branch, Shape } from "./kernel-shapes.ts";
import { lawOnGrid } from "./law-on-grid.ts";
import type { MixtureFit } from "./mixture-weights.ts";
import { minimise } from "./quasi-newton.ts";
import { scatterWeights } from "./scatter.ts";

export interface KernelFit {
  readonly shape: Shape;
  /** Shape parameters in order, then scatter σ (logits) and lost share λ. */
  readonly theta: Float64Array;
  /** Σ log likelihood of the problems fitted, binomial coefficients included, in nats. */
  readonly logLikelihood: number;
  /** Law of z0: indices into grid0, and weights. */
  readonly atoms: readonly number[];
  readonly weights: Float64Array;
  /** Likelihood of every cell, those outside the fitted part included. */
  readonly density: Float64Array;
  /** Likelihood of each cell's base outcome alone. */
  readonly marginal: Float64Array;
  readonly evaluations: number;
  /** Where a neighbouring fit may start. */
  readonly search: { readonly x: Float64Array; readonly inverseHessian: Float64Array };
}

export interface FitOptions {
  /** Problems of each cell to fit instead of all (a fold's training part). */
  readonly multiplicity?: Float64Array;
  readonly start?: KernelFit;
  /** Holds the share of lost problems at this value. */
  readonly lost?: number;
  /** Nats per problem by which a fit may miss its optimum. */
  readonly tolerance?: number;
}

/** Scatter below this many logits cannot be told from none at any n in use. */
const SCATTER_RANGE = [0.02, 6] as const;
const LOST_RANGE = [0, 0.9] as const;
/** Precision of the profile likelihood, in nats per problem: far below any difference that is ever judged. */
const PROFILE_TOLERANCE = 1e-6;
const SEARCH_TOLERANCE = 5e-6;
const DIFFERENCE = 1e-5;

export function fitKernel(board: KernelBoard, shape: Shape, options: FitOptions = {}): KernelFit {
  const multiplicity = options.multiplicity ?? board.cells.multiplicity;
  const problems = multiplicity.reduce((a, b) => a + b, 0);
  let start: Pick<MixtureFit, "atoms" | "weights"> | undefined = options.start;
  const profile = (theta: Float64Array): MixtureFit => {
    const fit = profileLaw(board, laterTable(board, shape, theta), multiplicity, start);
    start = fit;
    return fit;
  };
  const { lost } = options;
  const held = (x: Float64Array): Float64Array => (lost === undefined ? x : x.with(-1, toSearch(lost, LOST_RANGE)));
  const found = minimise({
    start: held(options.start?.search.x ?? startPoint(shape)),
    tolerance: (options.tolerance ?? SEARCH_TOLERANCE) * problems,
    evaluate: (x) => {
      const fit = profile(toTheta(shape, held(x)));
      const slope = gradient(board, shape, held(x), fit, multiplicity);
      return { value: -fit.logLikelihood, gradient: lost === undefined ? slope : slope.with(-1, 0) };
    },
    ...(options.start === undefined
      ? { restart: options.tolerance === undefined }
      : { inverseHessian: options.start.search.inverseHessian, maxIterations: 8 }),
  });
  const theta = toTheta(shape, held(found.x));
  const { atoms, weights, density, logLikelihood } = profile(theta);
  const marginal = new Float64Array(multiplicity.length);
  atoms.forEach((a, k) => {
    for (let i = 0; i < marginal.length; i++) {
      marginal[i] = marginal[i]! + weights[k]! * board.table0[board.side0.of[i]! * board.grid0.length + a]!;
    }
  });
  const { evaluations } = found;
  return { shape, theta, logLikelihood, atoms, weights, density, marginal, evaluations, search: found };
}

/** out[a·outcomes + r]: likelihood of later outcome r when the base stands at grid0[a]. */
function laterTable(board: KernelBoard, shape: Shape, theta: Float64Array): Float64Array {
  const { grid0, grid1, table1, outcomes, side1 } = board;
  const [sigma, lost] = theta.subarray(-2) as unknown as [number, number];
  const out = new Float64Array(grid0.length * outcomes);
  for (let a = 0; a < grid0.length; a++) {
    const row = out.subarray(a * outcomes, (a + 1) * outcomes);
    for (const { weight, z1 } of shape.branches(grid0[a]!, theta)) {
      const w = (1 - lost) * weight;
      if (Number.isFinite(z1)) {
        const scatter = scatterWeights(grid1, z1, sigma);
        scatter.weights.forEach((v, b) => addScaled(row, table1, (scatter.from + b) * outcomes, w * v));
      } else {
        for (let r = 0; r < outcomes; r++) if (certain(side1, r, z1)) row[r] = row[r]! + w;
      }
    }
    for (let r = 0; r < outcomes; r++) if (side1.c[r] === 0) row[r] = row[r]! + lost;
  }
  return out;
}

/** Whether outcome r is the one that p1 = 0 (z1 = −∞) or p1 = 1 (z1 = +∞) is bound to give. */
function certain(side: KernelBoard["side1"], r: number, z1: number): boolean {
  return z1 < 0 ? side.c[r] === 0 : side.c[r] === side.n[r];
}

function addScaled(into: Float64Array, from: Float64Array, offset: number, by: number): void {
  for (let r = 0; r < into.length; r++) into[r] = into[r]! + by * from[offset + r]!;
}

/** The best law of z0 for given shape parameters. */
function profileLaw(
  board: KernelBoard,
  later: Float64Array,
  multiplicity: Float64Array,
  start: Pick<MixtureFit, "atoms" | "weights"> | undefined,
): MixtureFit {
  const { grid0, table0, side0, side1, outcomes } = board;
  const height = grid0.length;
  const columns = Array.from({ length: height }, (_, a) => {
    const column = new Float64Array(multiplicity.length);
    for (let i = 0; i < column.length; i++) {
      column[i] = table0[side0.of[i]! * height + a]! * later[a * outcomes + side1.of[i]!]!;
    }
    return column;
  });
  const tolerance = PROFILE_TOLERANCE * multiplicity.reduce((a, b) => a + b, 0);
  return lawOnGrid(columns, multiplicity, { tolerance, ...(start === undefined ? {} : { start }) });
}

/** −ℓ and its gradient by the search variables at the best law of z0: that law may be held fixed (envelope theorem). */
export function profileAt(
  board: KernelBoard,
  shape: Shape,
  x: Float64Array,
  start: KernelFit,
): { value: number; gradient: Float64Array } {
  const { multiplicity } = board.cells;
  const fit = profileLaw(board, laterTable(board, shape, toTheta(shape, x)), multiplicity, start);
  return { value: -fit.logLikelihood, gradient: gradient(board, shape, x, fit, multiplicity) };
}

/** Gradient of −ℓ by the search variables, the law of z0 held fixed. */
function gradient(
  board: KernelBoard,
  shape: Shape,
  x: Float64Array,
  fit: MixtureFit,
  multiplicity: Float64Array,
): Float64Array {
  const { grid0, grid1, table0, table1, side0, side1, outcomes } = board;
  const dimension = x.length;
  const theta = toTheta(shape, x);
  const [sigma, lost] = theta.subarray(-2) as unknown as [number, number];
  const moved = Array.from(x, (_, k) =>
    toTheta(
      shape,
      x.map((v, j) => (j === k ? v + DIFFERENCE : v)),
    ),
  );
  const rate = (after: number, before: number): number => (after - before) / DIFFERENCE;
  const out = new Float64Array(dimension);
  const pull = new Float64Array(outcomes);
  fit.atoms.forEach((a, at) => {
    // pull[r] = w_a Σ over cells with later outcome r of mult·A/f: how much ℓ gains per unit of likelihood there.
    pull.fill(0);
    for (let i = 0; i < multiplicity.length; i++) {
      const r = side1.of[i]!;
      pull[r] =
        pull[r]! + (fit.weights[at]! * multiplicity[i]! * table0[side0.of[i]! * grid0.length + a]!) / fit.density[i]!;
    }
    const zero = pull.reduce((sum, v, r) => sum + (side1.c[r] === 0 ? v : 0), 0);
    const here = shape.branches(grid0[a]!, theta);
    const there = moved.map((t) => shape.branches(grid0[a]!, t));
    here.forEach(({ weight, z1 }, branch) => {
      const seen = branchPull(board, z1, sigma, pull);
      for (let k = 0; k < dimension; k++) {
        const next = there[k]![branch] as Branch;
        const byWeight = rate((1 - moved[k]![dimension - 1]!) * next.weight, (1 - lost) * weight);
        const byLocation = Number.isFinite(z1) ? rate(next.z1, z1) : 0;
        const bySigma = rate(moved[k]![dimension - 2]!, sigma);
        out[k] =
          out[k]! -
          byWeight * seen.value -
          (1 - lost) * weight * (byLocation * seen.byLocation + bySigma * seen.bySigma);
      }
    });
    for (let k = 0; k < dimension; k++) out[k] = out[k]! - rate(moved[k]![dimension - 1]!, lost) * zero;
  });
  return out;

  function branchPull(on: KernelBoard, z1: number, s: number, by: Float64Array) {
    if (!Number.isFinite(z1)) {
      const value = by.reduce((sum, v, r) => sum + (certain(on.side1, r, z1) ? v : 0), 0);
      return { value, byLocation: 0, bySigma: 0 };
    }
    const scatter = scatterWeights(grid1, z1, s);
    const sums = { value: 0, byLocation: 0, bySigma: 0 };
    scatter.weights.forEach((w, b) => {
      const offset = (scatter.from + b) * outcomes;
      let v = 0;
      for (let r = 0; r < outcomes; r++) v += by[r]! * table1[offset + r]!;
      sums.value += w * v;
      sums.byLocation += scatter.byLocation[b]! * v;
      sums.bySigma += scatter.bySigma[b]! * v;
    });
    return sums;
  }
}

/** Unbounded search scale ↔ admissible parameters: identity, exp, or logistic by range. */
export function toTheta(shape: Shape, x: Float64Array): Float64Array {
  const ranges = [...shape.parameters.map((p) => p.range), SCATTER_RANGE, LOST_RANGE];
  return x.map((value, k) => {
    const [low, high] = ranges[k]!;
    if (!Number.isFinite(low)) return value;
    return Number.isFinite(high) ? low + (high - low) / (1 + Math.exp(-value)) : low + Math.exp(value);
  });
}

function startPoint(shape: Shape): Float64Array {
  const theta = [...shape.parameters, { start: 0.4, range: SCATTER_RANGE }, { start: 0.02, range: LOST_RANGE }];
  return Float64Array.from(theta, ({ start, range }) => toSearch(start, range));
}

/** Inverse of `toTheta` for one parameter; the ends of a closed range map to where the logistic is all but there. */
function toSearch(value: number, [low, high]: readonly [number, number]): number {
  if (!Number.isFinite(low)) return value;
  if (!Number.isFinite(high)) return Math.log(value - low);
  return Math.min(40, Math.max(-40, Math.log((value - low) / (high - value))));
}
