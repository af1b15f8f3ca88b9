// experiments/ · Ladder laws: one ratio at every length, or a factor with every step. Which lies nearer to the paired counts?
//
// p1 = c p0 against p1 = (r1/r0)^L p0, problem by problem, each problem's own p0 left free, so that how hard problems are and how the
// base falls with L takes no side. Each law has one parameter, so their log-likelihoods stand side by side. The difference, a sum
// over problems, is judged by its spread over them: Q. H. Vuong (1989), Econometrica 57, 307–333, for laws that do not
// contain each other and of which both may be wrong.
import { log1mExp } from "../maths/logspace.ts";
import { normalQuantile } from "../maths/special.ts";
import type { Pair } from "./ladder-rungs.ts";

export type LawName = "constant" | "each-step";

export interface Law {
  readonly law: LawName;
  /** log c, or log (r1/r0). */
  readonly coefficient: number;
  /** Nats, without the binomial coefficients. */
  readonly logLikelihood: number;
}

export interface Laws {
  readonly laws: readonly [Law, Law];
  /** Log-likelihood of each-step − constant, nats, with its standard error over problems. */
  readonly difference: number;
  readonly se: number;
  /** Its sign is beyond chance at the level. */
  readonly told: boolean;
}

/** |log p1/p0| on any problem, at most. */
const WIDEST = 12;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** A maximum in doubles is no sharper. */
const NARROW = 1e-8;

/** Log ratio of the policies under a law at so many steps. */
export function logRatioUnder({ law, coefficient }: Pick<Law, "law" | "coefficient">, steps: number): number {
  return law === "constant" ? coefficient : coefficient * steps;
}

/** Both laws at their best. Nothing with one number of steps, or where the laws agree on every problem. */
export function lawsOf(pairs: readonly Pair[], level: number): Laws | undefined {
  if (new Set(pairs.map(({ steps }) => steps)).size < 2) return undefined;
  const heights = (["constant", "each-step"] as const).map((law) => {
    const longest = law === "constant" ? 1 : pairs.reduce((most, { steps }) => Math.max(most, steps), 1);
    const under = (coefficient: number): number[] =>
      pairs.map((pair) => profile(pair, logRatioUnder({ law, coefficient }, pair.steps)));
    const coefficient = largest((at) => total(under(at)), -WIDEST / longest, WIDEST / longest);
    return { law, coefficient, each: under(coefficient) };
  });
  const [constant, eachStep] = heights as [(typeof heights)[number], (typeof heights)[number]];
  const differences = pairs.map((_, i) => eachStep.each[i]! - constant.each[i]!);
  const difference = total(differences);
  const mean = difference / pairs.length;
  const square = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const se = Math.sqrt((pairs.length / (pairs.length - 1)) * square);
  if (!(se > 0)) return undefined;
  return {
    laws: [constant, eachStep].map(({ law, coefficient, each }) => ({
      law,
      coefficient,
      logLikelihood: total(each),
    })) as [Law, Law],
    difference,
    se,
    told: Math.abs(difference) > normalQuantile((1 + level) / 2) * se,
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Log-likelihood of one problem's counts under log p1 = log p0 + shift, at its best p0; concave in log p0. */
function profile({ sides: [base, later] }: Pair, shift: number): number {
  const right = base.events + later.events;
  if (right === 0) return 0;
  const missed = [base.trials - base.events, later.trials - later.events] as const;
  const slope = (t: number): number => right - missed[0] / Math.expm1(-t) - missed[1] / Math.expm1(-t - shift);
  // Neither chance above 1.
  const wall = Math.min(0, -shift);
  let [low, high] = [wall - 1, wall];
  while (slope(low) < 0) low -= 2 * (wall - low);
  for (let i = 0; i < 80 && high - low > 1e-13 * Math.abs(low); i++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  // On the wall only the misses of the policy that is never wrong there would count, and it has none.
  const failing = (misses: number, t: number): number => (misses === 0 ? 0 : misses * log1mExp(Math.min(t, -1e-300)));
  const t = low;
  return base.events * t + later.events * (t + shift) + failing(missed[0], t) + failing(missed[1], t + shift);
}

/** Where a concave function is largest, by golden section. */
function largest(height: (at: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  let [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
  let [atLeft, atRight] = [height(left), height(right)];
  while (high - low > NARROW) {
    if (atLeft > atRight) {
      [high, right, atRight] = [right, left, atLeft];
      left = high - GOLDEN * (high - low);
      atLeft = height(left);
    } else {
      [low, left, atLeft] = [left, right, atRight];
      right = low + GOLDEN * (high - low);
      atRight = height(right);
    }
  }
  return (low + high) / 2;
}
