// maths/ · Group sequential: limits for a statistic that is looked at several times on growing data, so that what may go wrong at any look adds up
// to α, and intervals that hold at all looks at once.
//
// What is spent by when: K. K. G. Lan & D. L. DeMets (1983), Biometrika 70, 659–663; the power family α t^ρ: K. Kim & D. L. DeMets (1987),
// Biometrika 74, 149–154. Exact by recursive integration over the looks: P. Armitage, C. K. McPherson & B. C. Rowe (1969), J. R. Stat. Soc. A 132,
// 235–244; C. Jennison & B. W. Turnbull (2000), Group Sequential Methods, ch. 7 and 19. An interval at each look with that look's level holds at all
// of them, whatever makes a study stop: repeated confidence intervals, Jennison & Turnbull (1989), J. R. Stat. Soc. B 51, 305–361.
//
// Symbols: Z_k is standard normal at look k, corr(Z_i, Z_j) = √(t_i / t_j) for i ≤ j; x stands for B_k = Z_k √t_k, whose increments are independent.
import { normalCdf, normalQuantile } from "./special.ts";

export interface LookLimit {
  /** c_k: two-sided, |Z_k| ≥ c_k is what may go wrong; above 0. */
  readonly boundary: number;
  /** P(|Z_k| ≥ c_k), that look taken by itself, in (0, 1); an interval at that look has level 1 − nominal. */
  readonly nominal: number;
}

/**
 * What has been spent at information t: α t^ρ.
 *
 * @param alpha of all looks together, in (0, 1)
 * @param rho above 0; 1 spends as information comes, more leaves more for the last looks (3 is nearly O'Brien and Fleming's way)
 * @param information t in [0, 1]
 */
export function powerSpent(alpha: number, rho: number, information: number): number {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`what may go wrong lies in (0, 1), got ${alpha}`);
  if (!(rho > 0)) throw new RangeError(`the power of a spending function is above 0, got ${rho}`);
  if (!(information >= 0 && information <= 1))
    throw new RangeError(`a share of information lies in [0, 1], got ${information}`);
  return alpha * information ** rho;
}

/**
 * The limit of each look such that P(|Z_k| ≥ c_k at look k, and at none before it) is what is spent at it.
 *
 * @param information t_k: data at look k over all data, rising, in (0, 1]; K ≥ 1 of them
 * @param spent by look k, of all looks up to it: rising, in (0, 1); K of them
 * @returns one limit a look. RangeError where one of the two does not rise
 */
export function spendingLimits(information: readonly number[], spent: readonly number[]): LookLimit[] {
  checkRising("information", information, (t) => t <= 1);
  checkRising("spending", spent, (alpha) => alpha < 1);
  if (spent.length !== information.length)
    throw new RangeError(`${information.length} looks spend ${information.length} times, got ${spent.length}`);
  let paths: Paths | undefined;
  return information.map((t, k) => {
    const law = lawAt(paths, t);
    const part = spent[k]! - (spent[k - 1] ?? 0);
    // Whoever is within the limits goes on; alone, a look needs no more than that for what it spends.
    const boundary = root((c) => law.beyond(c * Math.sqrt(t)) - part, -normalQuantile(part / 2));
    paths = law.within(boundary * Math.sqrt(t), information[k + 1]);
    return { boundary, nominal: 2 * normalCdf(-boundary) };
  });
}

/**
 * P(|Z_k| ≥ c_k at look k, and at none before it), look by look; their sum is P(at any).
 *
 * @param information as in `spendingLimits`
 * @param boundaries c_k above 0, one a look
 */
export function firstCrossings(information: readonly number[], boundaries: readonly number[]): number[] {
  checkRising("information", information, (t) => t <= 1);
  if (boundaries.length !== information.length || boundaries.some((c) => !(c > 0)))
    throw new RangeError(`${information.length} looks need as many limits above 0, got ${boundaries.join(", ")}`);
  let paths: Paths | undefined;
  return information.map((t, k) => {
    const law = lawAt(paths, t);
    const limit = boundaries[k]! * Math.sqrt(t);
    paths = law.within(limit, information[k + 1]);
    return law.beyond(limit);
  });
}

/** Paths that were within every limit so far, at information t: the density of B at nodes x ≥ 0 times their weights; it is even in x. */
interface Paths {
  readonly t: number;
  readonly nodes: Float64Array;
  readonly mass: Float64Array;
}

interface Law {
  /** P(|B| ≥ b, and within the limits before). */
  beyond(b: number): number;
  /** Those with |B| < b, on nodes that are dense enough to be carried to the next look. */
  within(b: number, next: number | undefined): Paths | undefined;
}

/** Of B at information t; before the first look it is 0. */
function lawAt(before: Paths | undefined, t: number): Law {
  const { nodes, mass } = before ?? { nodes: new Float64Array(1), mass: new Float64Array([0.5]) };
  const step = Math.sqrt(t - (before?.t ?? 0));
  // A path at x and its mirror image at −x.
  const both = (of: (x: number) => number): number => nodes.reduce((sum, x, j) => sum + mass[j]! * (of(x) + of(-x)), 0);
  return {
    beyond: (b) => both((x) => normalCdf((x - b) / step) + normalCdf((-x - b) / step)),
    within(b, next) {
      if (next === undefined) return undefined;
      const finest = Math.min(step, Math.sqrt(next - t));
      const grid = gaussLegendre(Math.ceil(NODES + NODES_A_STEP * (b / finest)), b);
      const density = (y: number): number => both((x) => normalDensity((y - x) / step) / step);
      return { t, nodes: grid.nodes, mass: grid.weights.map((w, i) => w * density(grid.nodes[i]!)) };
    },
  };
}

/** Nodes of a smooth function, and as many more a standard deviation of the narrowest normal law that it is made of: errors below 1e-10. */
const NODES = 16;
const NODES_A_STEP = 6;

const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/** Nodes and weights on [0, b], n of them: P. J. Davis & P. Rabinowitz (1984), Methods of Numerical Integration, §2.7. */
function gaussLegendre(n: number, b: number): { nodes: Float64Array; weights: Float64Array } {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 0;
    for (let round = 0; round < 8; round++) {
      let [last, value] = [1, x];
      for (let degree = 2; degree <= n; degree++)
        [last, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * last) / degree];
      slope = (n * (x * value - last)) / (x * x - 1);
      x -= value / slope;
    }
    nodes[i] = (b * (1 - x)) / 2;
    weights[i] = b / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

/** Where a falling function is 0 on (0, high], by bisection down to rounding; `high` where it is not below 0 there. */
function root(falling: (c: number) => number, high: number): number {
  let low = 0;
  for (let middle = high / 2; low < middle && middle < high; middle = (low + high) / 2)
    if (falling(middle) > 0) low = middle;
    else high = middle;
  return high;
}

function checkRising(what: string, values: readonly number[], allowed: (value: number) => boolean): void {
  const rises = values.every((value, k) => value > (values[k - 1] ?? 0) && allowed(value));
  if (values.length === 0 || !rises) throw new RangeError(`${what} rises from look to look, got ${values.join(", ")}`);
}
