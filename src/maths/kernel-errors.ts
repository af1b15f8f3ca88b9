// maths/ · Kernel errors: intervals for the parameters of a fitted shape, from the curvature of its profile likelihood.
import type { KernelBoard } from "./kernel-board.ts";
import { type KernelFit, profileAt, toTheta } from "./kernel-fit.ts";
import { normalQuantile } from "./special.ts";

export interface ParameterInterval {
  /** On the scale of the parameter. */
  readonly se: number;
  readonly low: number;
  readonly high: number;
}

/** Step on the search scale: far above the rounding of a profile known to 1e-3 nats, below any curvature's change. */
const STEP = 0.05;
/** A search variable this uncertain is at the edge of its range, where the curvature says nothing. */
const WIDEST = 2;

/**
 * One entry a parameter (shape parameters, scatter, lost share); undefined at or near the edge of the range. Wald intervals
 * on the search scale (identity, log or logit), carried back, so that they stay within the range.
 */
export function standardErrors(
  board: KernelBoard,
  fit: KernelFit,
  level: number,
): readonly (ParameterInterval | undefined)[] {
  const { x } = fit.search;
  const d = x.length;
  const hessian = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    const up = profileAt(board, fit.shape, x.with(k, x[k]! + STEP), fit).gradient;
    const down = profileAt(board, fit.shape, x.with(k, x[k]! - STEP), fit).gradient;
    for (let j = 0; j < d; j++) hessian[k * d + j] = (up[j]! - down[j]!) / (2 * STEP);
  }
  for (let k = 0; k < d; k++) {
    for (let j = 0; j < k; j++) {
      const mean = (hessian[k * d + j]! + hessian[j * d + k]!) / 2;
      hessian[k * d + j] = mean;
      hessian[j * d + k] = mean;
    }
  }
  const inside = [...x.keys()].filter((k) => hessian[k * d + k]! > 1 / WIDEST ** 2);
  const covariance = inverse(inside.map((a) => inside.map((b) => hessian[a * d + b]!)));
  const z = normalQuantile((1 + level) / 2);
  return Array.from(x, (value, k) => {
    const at = inside.indexOf(k);
    const variance = at === -1 ? undefined : covariance?.[at]?.[at];
    if (variance === undefined || !(variance > 0)) return undefined;
    const se = Math.sqrt(variance);
    if (se > WIDEST) return undefined;
    const at1 = (shift: number): number => toTheta(fit.shape, x.with(k, value + shift))[k]!;
    return { se: (at1(se) - at1(-se)) / 2, low: at1(-z * se), high: at1(z * se) };
  });
}

/** Gauss–Jordan for a handful of variables; undefined when singular. */
function inverse(matrix: readonly (readonly number[])[]): number[][] | undefined {
  const n = matrix.length;
  const work = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => Number(i === j))]);
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (Math.abs(work[r]![c]!) > Math.abs(work[pivot]![c]!)) pivot = r;
    if (Math.abs(work[pivot]![c]!) < 1e-12) return undefined;
    [work[c], work[pivot]] = [work[pivot]!, work[c]!];
    const scale = work[c]![c]!;
    work[c] = work[c]!.map((value) => value / scale);
    for (let r = 0; r < n; r++) {
      if (r === c) continue;
      const by = work[r]![c]!;
      work[r] = work[r]!.map((value, j) => value - by * work[c]![j]!);
    }
  }
  return work.map((row) => row.slice(n));
}
