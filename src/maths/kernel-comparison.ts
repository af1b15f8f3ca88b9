// maths/ · Kernel comparison: which shape of the gain kernel predicts held-out problems best, and whether any does well enough.
//
// The score of a problem is log f(c1 | c0), not log f(c0, c1): a shape says how success moves, not how hard the problems are, and
// the law of p0, free in every model, would add its own overfitting to every comparison (docs/log.md).
//
// Chosen is the simplest shape (fewest parameters) whose held-out score lies within one standard error of the best (Breiman
// et al. 1984, §3.4.3: shapes are nested), or within 4 nats, below which the standard error itself is not to be trusted. Adequate is a shape that no blend with the free kernel improves by more than a
// stated distance: the free kernel alone overfits, and its own held-out score would forgive almost any shape.
import { blendGain, type Folds, type HeldOutScores, heldOutScores, scoreDifference, splitFolds } from "./held-out.ts";
import { type JointFit, jointNpmle } from "./joint-npmle.ts";
import { type KernelBoard, kernelBoard } from "./kernel-board.ts";
import { fitKernel, type KernelFit } from "./kernel-fit.ts";
import { SHAPES, type Shape } from "./kernel-shapes.ts";
import type { PairedCells } from "./paired-cells.ts";
import type { Stream } from "./random.ts";

export interface ScoreGap {
  /** Nats over all problems. */
  readonly value: number;
  readonly se: number;
}

export interface ShapeResult {
  readonly shape: Shape;
  readonly fit: KernelFit;
  /** Held-out log score minus the best listed shape's; ≤ 0. */
  readonly behind: ScoreGap;
  /** What a blend with the free kernel adds on held-out problems; ≥ 0, with the blend's weight on the free kernel. */
  readonly distance: ScoreGap & { readonly weight: number };
}

export interface KernelComparison {
  readonly shapes: readonly ShapeResult[];
  /** The shape chosen by the one-standard-error rule; it may still not be adequate. */
  readonly chosen: ShapeResult;
  readonly best: ShapeResult;
  readonly free: JointFit;
  /** Held-out log score of the free kernel minus the best shape's. */
  readonly freeAhead: ScoreGap;
  readonly folds: number;
  readonly problems: number;
  readonly cells: PairedCells;
  readonly board: KernelBoard;
  /** Differences in held-out score between any two shapes, in nats. */
  gap(a: Shape, b: Shape): ScoreGap;
}

export interface ComparisonOptions {
  readonly stream: Stream;
  readonly folds?: number;
  /** Inner grid points a side. */
  readonly points?: number;
  readonly shapes?: readonly Shape[];
  /** Nats per problem by which fits of shapes may miss their optimum; as fine as it goes where not said. */
  readonly fitTolerance?: number;
  /** Told the share of fits done. */
  readonly onProgress?: (done: number) => void;
}

/** Nats per problem by which the free fits may miss their optimum: small beside any score difference that is judged. */
const FREE_TOLERANCE = 5e-5;

/** Nats below which a difference in held-out score is small whatever its standard error (Sivula, Magnusson & Vehtari 2020). */
const SMALL_GAP = 4;

/** @throws RangeError with fewer problems than folds. */
export function compareKernels(cells: PairedCells, options: ComparisonOptions): KernelComparison {
  const count = options.folds ?? 10;
  const problems = cells.cellOf.length;
  if (problems < count) throw new RangeError(`${problems} problems cannot be split into ${count} folds`);
  const shapes = options.shapes ?? SHAPES;
  const points = options.points ?? 80;
  const board = kernelBoard(cells, points);
  const folds = splitFolds(cells, count, options.stream);
  let done = 0;
  const tick = <T>(value: T): T => {
    done += 1;
    options.onProgress?.(done / ((shapes.length + 1) * (count + 1)));
    return value;
  };

  const fine = options.fitTolerance === undefined ? {} : { tolerance: options.fitTolerance };
  const tolerance = FREE_TOLERANCE * problems;
  const free = tick(jointNpmle(cells, { points, tolerance }));
  const score = (fit: Pick<KernelFit, "density" | "marginal">, multiplicity: Float64Array) =>
    conditionalScore(fit, free, multiplicity);
  const freeScores = heldOutScores(folds, (multiplicity) =>
    tick(score(jointNpmle(cells, { points, tolerance, multiplicity, start: free }), multiplicity)),
  );
  const fits = shapes.map((shape) => tick(fitKernel(board, shape, fine)));
  const scores = fits.map((fit) =>
    heldOutScores(folds, (multiplicity) =>
      tick(score(fitKernel(board, fit.shape, { ...fine, multiplicity, start: fit }), multiplicity)),
    ),
  );

  const totals = scores.map((s) => scoreDifference(folds, s).value);
  const bestAt = totals.indexOf(Math.max(...totals));
  const results = fits.map(
    (fit, at): ShapeResult => ({
      shape: fit.shape,
      fit,
      behind: scoreDifference(folds, scores[at]!, scores[bestAt]),
      distance: blendGain(folds, scores[at]!, freeScores),
    }),
  );
  return {
    shapes: results,
    chosen: simplestWithinOneSe(results),
    best: results[bestAt]!,
    free,
    freeAhead: scoreDifference(folds, freeScores, scores[bestAt]),
    folds: count,
    problems,
    cells,
    board,
    gap: (a, b) => gapBetween(shapes, folds, scores, a, b),
  };
}

function gapBetween(
  shapes: readonly Shape[],
  folds: Folds,
  scores: readonly HeldOutScores[],
  a: Shape,
  b: Shape,
): ScoreGap {
  return scoreDifference(folds, scores[shapes.indexOf(a)]!, scores[shapes.indexOf(b)]!);
}

function simplestWithinOneSe(results: readonly ShapeResult[]): ShapeResult {
  const near = results.filter(({ behind }) => behind.value >= -Math.max(behind.se, SMALL_GAP));
  return near.reduce((a, b) => {
    const simpler = a.shape.parameters.length - b.shape.parameters.length;
    return simpler > 0 || (simpler === 0 && b.behind.value > a.behind.value) ? b : a;
  });
}

/**
 * log f(c1 | c0) of every cell under a fit blended with one imaginary problem anywhere on the grid, so that no held-out problem
 * is impossible; the same for every model.
 */
function conditionalScore(
  fit: Pick<KernelFit, "density" | "marginal">,
  free: JointFit,
  multiplicity: Float64Array,
): Float64Array {
  const n = multiplicity.reduce((a, b) => a + b, 0);
  return fit.density.map((density, i) =>
    Math.log((n * density + free.uniform[i]!) / (n * fit.marginal[i]! + free.uniformMarginal[i]!)),
  );
}
