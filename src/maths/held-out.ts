// maths/ · Held-out: K-fold log scores of models of paired cells, and their differences with standard errors.
//
// elpd as in Vehtari, Gelman & Gabry (2017), Stat. Comput. 27, 1413–1432: the sum over problems of the log likelihood of the
// problem under a fit that did not see it; the SE of a difference is √M times the standard deviation over problems.
import type { PairedCells } from "./paired-cells.ts";
import type { Stream } from "./random.ts";

export interface Folds {
  /** One entry a fold: how many problems of each cell it holds out. */
  readonly held: readonly Float64Array[];
  /** The rest: what is fitted when that fold is held out. */
  readonly fitted: readonly Float64Array[];
}

/** Splits problems (not cells) at random into folds whose sizes differ by at most one. */
export function splitFolds(cells: PairedCells, count: number, stream: Stream): Folds {
  const problems = Int32Array.from(cells.cellOf);
  stream.shuffle(problems);
  const held = Array.from({ length: count }, () => new Float64Array(cells.multiplicity.length));
  problems.forEach((cell, i) => {
    const fold = held[i % count]!;
    fold[cell] = fold[cell]! + 1;
  });
  return { held, fitted: held.map((out) => cells.multiplicity.map((m, i) => m - out[i]!)) };
}

/** Log score of each cell in each fold that holds some of it out; other entries are not read. */
export type HeldOutScores = readonly Float64Array[];

/** Runs `fit` on every fold's fitted part; it returns the log likelihood of every cell. */
export function heldOutScores(
  folds: Folds,
  fit: (multiplicity: Float64Array, fold: number) => Float64Array,
): HeldOutScores {
  return folds.fitted.map((multiplicity, fold) => fit(multiplicity, fold));
}

/** Σ over problems of a − b (b omitted: a alone), in nats, with its standard error. */
export function scoreDifference(folds: Folds, a: HeldOutScores, b?: HeldOutScores): { value: number; se: number } {
  let problems = 0;
  let sum = 0;
  let squares = 0;
  folds.held.forEach((held, fold) => {
    held.forEach((m, i) => {
      if (m === 0) return;
      const d = a[fold]![i]! - (b === undefined ? 0 : b[fold]![i]!);
      problems += m;
      sum += m * d;
      squares += m * d * d;
    });
  });
  const variance = Math.max(0, squares / problems - (sum / problems) ** 2) * (problems / Math.max(1, problems - 1));
  return { value: sum, se: Math.sqrt(problems * variance) };
}

/**
 * How far a model is from a richer one on held-out problems: the most that any blend (1 − ω)·model + ω·richer gains over the
 * model alone, in nats (stacking, Yao et al. 2018, Bayesian Anal. 13, 917–1007). Zero when the richer model has nothing to
 * add; a richer model that overfits is blended in lightly instead of hiding what it sees.
 */
export function blendGain(
  folds: Folds,
  model: HeldOutScores,
  richer: HeldOutScores,
): { value: number; se: number; weight: number } {
  const steps = 100;
  let best = { value: 0, se: 0, weight: 0 };
  for (let step = 1; step <= steps; step++) {
    const weight = step / steps;
    const blend = model.map((scores, fold) =>
      scores.map((score, i) =>
        folds.held[fold]![i] === 0 ? score : score + Math.log1p(weight * Math.expm1(richer[fold]![i]! - score)),
      ),
    );
    const gain = scoreDifference(folds, blend, model);
    if (gain.value > best.value) best = { ...gain, weight };
  }
  return best;
}
