// experiments/ · Cross means: what a statistic over problems is worth, by leaving out one problem, or family, after the other.
import { clusterJackknife } from "../maths/cluster-jackknife.ts";
import { studentHalfWidth } from "../maths/student.ts";
import type { Estimate, Measured } from "../terms/estimate.ts";
import type { Reading } from "./cross-read.ts";
import type { Clusters } from "./ladder-counts.ts";

/** Log-probabilities are kept in single precision: sums of them, and what is made of those, are no better than this. */
export const ROUNDING = 1e-6;

/** Labels from 0 without gaps. */
export interface Labels {
  readonly count: number;
  of(problem: string): number;
}

/** Of the problems that these were drawn on. */
export function labelsOf(readings: readonly Reading[], clusters: Clusters): Labels {
  return labelsIn(
    readings.map(({ rollout }) => rollout.problem),
    clusters,
  );
}

/** Of these problems; each may come more than once. */
export function labelsIn(problems: Iterable<string>, clusters: Clusters): Labels {
  const used = [...new Set(Array.from(problems, (problem) => clusters.get(problem)!))].sort((a, b) => a - b);
  const numbers = new Map(used.map((label, i) => [label, i]));
  return { count: used.length, of: (problem) => numbers.get(clusters.get(problem)!)! };
}

export interface Said {
  readonly level: number;
  readonly method: string;
  /** What the quantity cannot leave. */
  readonly range?: readonly [low: number, high: number];
  /** The interval is no narrower than this on either side. */
  readonly least?: number;
  readonly diagnostic?: Measured["diagnostic"];
}

/** @param degrees of freedom of the error; without spread the bare value is told */
export function withError(value: number, se: number, degrees: number, said: Said): Measured {
  const { level, method, range: [low, high] = [-Infinity, Infinity], least = 0, diagnostic } = said;
  const rest = diagnostic === undefined ? {} : { diagnostic };
  const half = Math.max(least, degrees < 1 ? 0 : studentHalfWidth(level, degrees) * se);
  if (!(half > 1e-12 * Math.max(1, Math.abs(value))))
    return { kind: "measured", value, method: `${method}; all problems alike, no interval`, ...rest };
  return {
    kind: "measured",
    value,
    low: Math.max(low, value - half),
    high: Math.min(high, value + half),
    se,
    level,
    method: `${method}; jackknife over problems`,
    ...rest,
  };
}

/** Σ events / Σ size, by cluster. Nothing where there is no size. */
export function ratioOver(
  parts: readonly { readonly label: number; readonly sum: number; readonly size: number }[],
  said: Said,
): Measured | undefined {
  const byLabel = Map.groupBy(parts, ({ label }) => label);
  const units = Array.from(byLabel.values(), (list) => ({
    sum: list.reduce((total, { sum }) => total + sum, 0),
    size: list.reduce((total, { size }) => total + size, 0),
  }));
  const sum = units.reduce((total, unit) => total + unit.sum, 0);
  const size = units.reduce((total, unit) => total + unit.size, 0);
  if (!(size > 0)) return undefined;
  const found =
    units.length < 2
      ? undefined
      : clusterJackknife(units.length, (without) => {
          const out = without === undefined ? { sum: 0, size: 0 } : units[without]!;
          return size - out.size > 0 ? [(sum - out.sum) / (size - out.size)] : undefined;
        });
  return withError(sum / size, found?.se[0] ?? 0, units.length - 1, said);
}

/** Mean over problems of each problem's own mean. */
export function meanOver(
  values: readonly { readonly problem: string; readonly value: number }[],
  labels: Labels,
  said: Said,
): Measured | undefined {
  const problems = Array.from(
    Map.groupBy(values, ({ problem }) => problem),
    ([problem, list]) => ({
      label: labels.of(problem),
      sum: list.reduce((total, { value }) => total + value, 0) / list.length,
      size: 1,
    }),
  );
  return ratioOver(problems, said);
}

/** The estimate or, where there is none, why. */
export const orElse = (found: Measured | undefined, none: Estimate): Estimate => found ?? none;
