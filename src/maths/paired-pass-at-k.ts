// maths/ · Paired pass@k: two policies' unbiased pass@k curves on the same problems and their difference, with one band for all k.
import { type Band, meanCovariance, supTBand } from "./bands.ts";
import { distinctSide, type PairedCells } from "./paired-cells.ts";
import { passAtKCurve } from "./pass-at-k.ts";
import type { Stream } from "./random.ts";

export interface PairedCurves {
  /** Ascending; every k from 1 to the smallest n, thinned geometrically beyond `WHOLE_GRID`. */
  readonly k: Int32Array;
  /** pass@k of side 0 and side 1, and side 1 − side 0. */
  readonly base: Float64Array;
  readonly later: Float64Array;
  readonly difference: Float64Array;
  /** Standard errors of the two curves, problems (or clusters) as the sampling unit. */
  readonly baseSe: Float64Array;
  readonly laterSe: Float64Array;
  readonly band: Band;
  /** Sampling units: problems, or clusters. */
  readonly units: number;
}

export interface PairedCurvesOptions {
  readonly level: number;
  readonly draws: number;
  readonly stream: Stream;
  /** k to keep whatever the grid; those above the smallest n are left out. */
  readonly k?: readonly number[];
  /** Cluster of each problem; absent: each problem is its own. */
  readonly clusters?: Int32Array;
}

/** Up to this many k all are kept; pass@k is so smooth beyond that a geometric grid loses nothing. */
const WHOLE_GRID = 512;

/** @throws RangeError with fewer than two sampling units: one says nothing about spread. */
export function pairedPassAtK(cells: PairedCells, options: PairedCurvesOptions): PairedCurves {
  const problems = cells.cellOf.length;
  const k = kGrid(smallestN(cells), options.k ?? []);
  const sides = [distinctSide(cells.c0, cells.n0), distinctSide(cells.c1, cells.n1)] as const;
  const curves = sides.map((side) => Array.from(side.c, (c, r) => onGrid(c, side.n[r]!, k)));
  const curveOf = (side: 0 | 1, cell: number): Float64Array => curves[side]![sides[side]!.of[cell]!]!;

  const groups =
    options.clusters === undefined
      ? cells.multiplicity.length
      : 1 + options.clusters.reduce((a, b) => Math.max(a, b), -1);
  const multiplicity = options.clusters === undefined ? cells.multiplicity : new Float64Array(groups).fill(1);
  if (multiplicity.reduce((a, b) => a + b, 0) < 2) throw new RangeError("one sampling unit says nothing about spread");

  const summarise = (value: (cell: number, at: number) => number) => {
    const mean = new Float64Array(k.length);
    cells.multiplicity.forEach((m, cell) => {
      for (let at = 0; at < k.length; at++) mean[at] = mean[at]! + m * value(cell, at);
    });
    for (let at = 0; at < k.length; at++) mean[at] = mean[at]! / problems;
    const rows = new Float64Array(groups * k.length);
    const add = (row: number, cell: number): void => {
      for (let at = 0; at < k.length; at++) {
        rows[row * k.length + at] = rows[row * k.length + at]! + value(cell, at) - mean[at]!;
      }
    };
    if (options.clusters === undefined) cells.multiplicity.forEach((_, cell) => add(cell, cell));
    else options.clusters.forEach((cluster, problem) => add(cluster, cells.cellOf[problem]!));
    return { mean, covariance: meanCovariance(rows, multiplicity, k.length, problems) };
  };
  const se = (covariance: Float64Array): Float64Array =>
    Float64Array.from(k, (_, at) => Math.sqrt(covariance[at * k.length + at]!));

  const base = summarise((cell, at) => curveOf(0, cell)[at]!);
  const later = summarise((cell, at) => curveOf(1, cell)[at]!);
  const difference = summarise((cell, at) => curveOf(1, cell)[at]! - curveOf(0, cell)[at]!);
  const band = supTBand({
    ...difference,
    level: options.level,
    draws: options.draws,
    stream: options.stream,
    support: [-1, 1],
  });
  return {
    k,
    base: base.mean,
    later: later.mean,
    difference: difference.mean,
    baseSe: se(base.covariance),
    laterSe: se(later.covariance),
    band,
    units: multiplicity.reduce((a, b) => a + b, 0),
  };
}

function smallestN(cells: PairedCells): number {
  const least = (n: Int32Array): number => n.reduce((a, b) => Math.min(a, b));
  return Math.min(least(cells.n0), least(cells.n1));
}

function kGrid(most: number, wanted: readonly number[]): Int32Array {
  if (most <= WHOLE_GRID) return Int32Array.from({ length: most }, (_, i) => i + 1);
  const whole = Array.from({ length: WHOLE_GRID / 2 }, (_, i) => i + 1);
  const last = whole.length;
  const beyond = Array.from({ length: WHOLE_GRID / 2 }, (_, i) =>
    Math.round(last * (most / last) ** ((i + 1) / (WHOLE_GRID / 2))),
  );
  const asked = wanted.filter((k) => k <= most);
  return Int32Array.from(new Set([...whole, ...beyond, ...asked])).sort();
}

function onGrid(c: number, n: number, k: Int32Array): Float64Array {
  const all = passAtKCurve(c, n, k[k.length - 1]!);
  return Float64Array.from(k, (value) => all[value - 1]!);
}

/** Runs of consecutive grid points whose band lies wholly on one side of zero, as [first k, last k]. */
export function certifiedRuns(curves: PairedCurves, sign: 1 | -1): [number, number][] {
  const { k, band } = curves;
  const runs: [number, number][] = [];
  let open = false;
  k.forEach((value, at) => {
    const certain = sign === 1 ? band.low[at]! > 0 : band.high[at]! < 0;
    if (certain && open) runs[runs.length - 1]![1] = value;
    else if (certain) runs.push([value, value]);
    open = certain;
  });
  return runs;
}

/**
 * Confidence set for the first k at which the later policy is worse: no certified loss before it, and a loss at it not
 * excluded. Open above where no loss is certified; undefined where the band excludes a loss at every k.
 */
export function firstLossSet(curves: PairedCurves): { low: number; high?: number } | undefined {
  const { k, band } = curves;
  const certified = band.high.findIndex((high) => high < 0);
  const possible = band.low.findIndex((low) => low < 0);
  if (possible === -1) return undefined;
  return certified === -1 ? { low: k[possible]! } : { low: k[possible]!, high: k[certified]! };
}
