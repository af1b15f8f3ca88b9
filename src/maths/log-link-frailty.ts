// maths/ · Log-link frailty: the log-link GLM where problems differ in how often a step of theirs goes wrong.
//
// Problem i slips Z_i times as often as the average one: p = exp(Z_i η), η = o + xᵀβ ≤ 0, Z_i gamma with mean 1 and variance θ
// (J. W. Vaupel, K. G. Manton & E. Stallard 1979, Demography 16, 439–454). So p ≤ 1 for every Z, which a normal term added to η would
// break, and over problems the rate is (1 − θη)^{−1/θ}: it falls more slowly with L than exp η. That is how unlike problems mimic a
// hazard that falls along the chain, and why a GLM without the frailty calls the steps more reliable than they are.
//
// The likelihood of a unit's counts is an integral over w = log Z of a log-concave function, by the trapezoid rule around its
// mode: exponentially accurate for such functions (L. N. Trefethen & J. A. C. Weideman 2014, SIAM Review 56, 385–458, §5).
// A problem's units under several policies are taken as independent for the estimate (a composite likelihood; C. Varin, N. Reid &
// D. Firth 2011, Statistica Sinica 21, 5–42) and as one cluster for its errors.
import { type CountRow, etaOf, insideRange, type LogLinkFit, logLinkGlm } from "./log-link-glm.ts";
import { minimise } from "./quasi-newton.ts";
import { invertPositive, sandwich, standardErrorsOf } from "./sandwich.ts";
import { digamma, logGamma } from "./special.ts";

export interface FrailtyRow extends CountRow {
  /** Rows of one unit share one Z: a problem under a policy. A unit lies in one cluster and has one policy. */
  readonly unit: number;
  /** 0 … policies − 1: which θ the unit's Z is drawn with. */
  readonly policy: number;
}

export interface FrailtyFit extends Omit<LogLinkFit, "modelErrors"> {
  /** θ per policy, variance of Z: 0 where the counts scatter no more than binomial ones. */
  readonly frailty: Float64Array;
  /** Standard errors of θ by cluster; nothing where θ is 0, the end of its range. */
  readonly frailtyErrors: readonly (number | undefined)[];
  /** Log-likelihood above that of the GLM without frailty, ≥ 0. */
  readonly gained: number;
}

/** θ below this is none: Z then spreads by less than 2 %. */
const NO_FRAILTY = 3e-4;
/** −η below this is on the wall p = 1. */
const WALL = 1e-5;
/** The barrier at last: those before it only lead there. */
const LAST = 1e-4;
/** Terms this far below the largest, in log, do not count. */
const NEGLIGIBLE = 25;

/** Share of right answers over problems: (1 − θη)^{−1/θ}; exp η where θ is 0. */
export function marginalRight(eta: number, theta: number): number {
  return theta === 0 ? Math.exp(eta) : Math.exp(-Math.log1p(-theta * eta) / theta);
}

/** The fit of largest likelihood, coefficients at Z = 1. Nothing where `logLinkGlm` gives nothing, or the information is singular. */
export function logLinkFrailty(rows: readonly FrailtyRow[]): FrailtyFit | undefined {
  const plain = logLinkGlm(rows);
  if (plain === undefined) return undefined;
  const size = plain.coefficients.length;
  const policies = rows.reduce((most, { policy }) => Math.max(most, policy + 1), 0);
  const units = [...Map.groupBy(rows, ({ unit }) => unit).values()];
  // Units that are alike, once: theirs is one integral.
  const alike = [...Map.groupBy(units, likeness).values()];

  // Parameters: β, then log θ per policy.
  const evaluate = (x: Float64Array, barrier: number): { value: number; gradient: Float64Array } => {
    let value = 0;
    const gradient = new Float64Array(size + policies);
    for (const same of alike) {
      const unit = same[0]!;
      const times = same.length;
      const score = unitScore(unit, x, size);
      if (score === undefined) return { value: Number.POSITIVE_INFINITY, gradient };
      value -= times * score.logLikelihood;
      for (let k = 0; k < gradient.length; k++) gradient[k] = gradient[k]! - times * score.gradient[k]!;
      for (const row of barrier > 0 ? unit : []) {
        const eta = etaOf(row, x.subarray(0, size));
        value -= times * barrier * Math.log(-eta);
        for (let k = 0; k < size; k++) gradient[k] = gradient[k]! - ((times * barrier) / eta) * row.x[k]!;
      }
    }
    return { value, gradient };
  };
  // Begun off the walls, where the barrier is not yet steep.
  const off = insideRange(rows, size)!;
  let x: Float64Array = Float64Array.from([
    ...plain.coefficients.map((value, k) => (value + off[k]!) / 2),
    ...new Array<number>(policies).fill(Math.log(0.2)),
  ]);
  for (const barrier of [1, 1e-2, LAST])
    x = minimise({
      start: x,
      evaluate: (at) => evaluate(at, barrier / rows.length),
      tolerance: barrier === LAST ? 1e-7 : 1e-4,
      maxIterations: 200,
      restart: barrier === LAST,
    }).x;

  const beta = x.slice(0, size);
  const frailty = Float64Array.from(x.subarray(size), Math.exp).map((theta) => (theta < NO_FRAILTY ? 0 : theta));
  const logLikelihood = -evaluate(x, 0).value;
  const onWall = [...rows.keys()].filter((i) => etaOf(rows[i]!, beta) > -WALL);
  const free = [...x.keys()].filter((k) => k < size || frailty[k - size]! > 0);
  const offWall = units
    .map((unit) => unit.filter((row) => etaOf(row, beta) <= -WALL))
    .filter((unit) => unit.length > 0);
  const covariance = clustered(
    offWall,
    onWall.map((i) => rows[i]!),
    x,
    size,
    free,
  );
  if (covariance === undefined) return undefined;
  const errors = standardErrorsOf(covariance);
  return {
    coefficients: beta,
    errors: errors.slice(0, size),
    covariance: Float64Array.from(
      { length: size * size },
      (_, at) => covariance[Math.floor(at / size) * free.length + (at % size)]!,
    ),
    frailty,
    frailtyErrors: [...frailty].map((theta, f) => {
      const at = free.indexOf(size + f);
      return at < 0 ? undefined : theta * errors[at]!;
    }),
    logLikelihood,
    gained: Math.max(0, logLikelihood - plain.logLikelihood),
    onWall,
  };
}

const likeness = (unit: readonly FrailtyRow[]): string =>
  unit.map(({ right, drawn, x, policy }) => `${policy} ${right} ${drawn} ${Array.from(x).join(" ")}`).join("; ");

/** Sandwich over the free parameters, walls held; the bread from differences of the exact gradient. */
function clustered(
  units: readonly (readonly FrailtyRow[])[],
  walls: readonly FrailtyRow[],
  x: Float64Array,
  size: number,
  free: readonly number[],
): Float64Array | undefined {
  const n = free.length;
  const gradientsAt = (at: Float64Array): Float64Array[] | undefined => {
    const all = units.map((unit) => unitScore(unit, at, size)?.gradient);
    return all.includes(undefined) ? undefined : (all as Float64Array[]);
  };
  const information = new Float64Array(n * n);
  for (let b = 0; b < n; b++) {
    const step = 1e-6 * Math.max(1, Math.abs(x[free[b]!]!));
    const [up, down] = [1, -1].map((sign) => gradientsAt(x.map((v, k) => (k === free[b] ? v + sign * step : v))));
    if (up === undefined || down === undefined) return undefined;
    for (let a = 0; a < n; a++) {
      let sum = 0;
      for (let u = 0; u < units.length; u++) sum += down[u]![free[a]!]! - up[u]![free[a]!]!;
      information[a * n + b] = sum / (2 * step);
    }
  }
  let trace = 1;
  for (let a = 0; a < n; a++) trace += Math.abs(information[a * n + a]!);
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < a; b++) {
      const both = (information[a * n + b]! + information[b * n + a]!) / 2;
      information[a * n + b] = both;
      information[b * n + a] = both;
    }
  }
  for (const row of walls)
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++)
        information[a * n + b] = information[a * n + b]! + 1e8 * trace * row.x[a]! * row.x[b]!;
  const bread = invertPositive(information, n);
  const scores = gradientsAt(x);
  if (bread === undefined || scores === undefined) return undefined;
  return sandwich(
    bread,
    scores.map((gradient) => free.map((k) => gradient[k]!)),
    units.map((unit) => unit[0]!.cluster),
  );
}

/** Log-likelihood of one unit and its gradient by (β, log θ …); nothing outside the range η < 0. */
function unitScore(
  unit: readonly FrailtyRow[],
  x: Float64Array,
  size: number,
): { logLikelihood: number; gradient: Float64Array } | undefined {
  const policy = size + unit[0]!.policy;
  const shape = Math.exp(-x[policy]!);
  const hazard = unit.map((row) => -etaOf(row, x.subarray(0, size)));
  if (!hazard.every((value) => value > 0)) return undefined;
  // Derivatives by w of the log integrand, up to its constant: shape (w − z) + Σ −y zΛ + (n − y) log(1 − e^{−zΛ}), z = e^w.
  const heightAt = (w: number): number => {
    const z = Math.exp(w);
    let sum = shape * (w - z);
    unit.forEach(({ right, drawn }, j) => {
      const a = z * hazard[j]!;
      sum -= right * a;
      if (right < drawn) sum += (drawn - right) * Math.log(-Math.expm1(-a));
    });
    return sum;
  };
  const slopes = (w: number): { first: number; second: number } => {
    const z = Math.exp(w);
    let first = shape * (1 - z);
    let second = -shape * z;
    unit.forEach(({ right, drawn }, j) => {
      const a = z * hazard[j]!;
      const failing = a > 700 ? 0 : (drawn - right) / Math.expm1(a);
      first += a * (failing - right);
      second += a * (failing - right) - (failing === 0 ? 0 : (a * a * failing) / -Math.expm1(-a));
    });
    return { first, second };
  };
  let mode = 0;
  let spread = 1;
  for (let round = 0; round < 60; round++) {
    const { first, second } = slopes(mode);
    spread = 1 / Math.sqrt(-second);
    const step = Math.max(-2, Math.min(2, -first / second));
    mode += step;
    if (Math.abs(step) < 1e-6 * spread) break;
  }
  const top = heightAt(mode);
  // A Gaussian peak asks for gaps below its spread, e^{−e^w} for an absolute one: the rule errs by about e^{−π² / gap}.
  const gap = Math.min(0.9 * spread, 0.5);
  let mass = 0;
  let aboutShape = 0;
  const aboutHazard = new Float64Array(unit.length);
  const add = (w: number): boolean => {
    const drop = heightAt(w) - top;
    if (drop < -NEGLIGIBLE) return false;
    const weight = Math.exp(drop);
    const z = Math.exp(w);
    mass += weight;
    aboutShape += weight * (w - z);
    unit.forEach(({ right, drawn }, j) => {
      const a = z * hazard[j]!;
      const failing = a > 700 ? 0 : (drawn - right) / Math.expm1(a);
      aboutHazard[j] = aboutHazard[j]! + weight * z * (failing - right);
    });
    return true;
  };
  add(mode);
  for (let i = 1; add(mode + i * gap); i++);
  for (let i = 1; add(mode - i * gap); i++);

  const gradient = new Float64Array(x.length);
  unit.forEach((row, j) => {
    for (let k = 0; k < size; k++) gradient[k] = gradient[k]! - (aboutHazard[j]! / mass) * row.x[k]!;
  });
  gradient[policy] = -shape * (Math.log(shape) + 1 - digamma(shape) + aboutShape / mass);
  const logLikelihood = shape * Math.log(shape) - logGamma(shape) + top + Math.log(mass * gap);
  return { logLikelihood, gradient };
}
