// maths/ · Bridge: the ratio of two normalising constants from samples of both (Bennett's acceptance ratio).
//
// C. H. Bennett (1976), J. Comput. Phys. 22, 245–268, eqs 12a–12b; read as maximum likelihood by M. R. Shirts, E. Bair, G. Hooker
// & V. S. Pande (2003), Phys. Rev. Lett. 91, 140601; the two-state case of M. R. Shirts & J. D. Chodera (2008), see mbar.ts.
// Of a sample whose origin is forgotten, the chance to be ensemble 1's is
//   P(1 | x) = expit(M + log q1(x)/q0(x) − c),   M = log n1/n0,  c = log Z1/Z0,
// and c is where as many of ensemble 0's samples look like 1's as the other way round:
//   Σ_{x~0} P(1 | x) = Σ_{x~1} P(0 | x).
// Both sums are kept as logarithms: where the ensembles hardly touch, each may be 1e−100. The left side falls in c and the right one
// rises, so the difference of their logarithms has one zero, found by Newton's method inside a bracket.
import { expit, logExpit, logSumExp } from "./logspace.ts";

/** Below this information, in samples, the two ensembles are held not to touch: the answer would rest on less than one sample. */
export const LEAST_INFORMATION = 1;

export interface BridgeInput {
  /** log q1(x)/q0(x) of the samples x of ensemble 0, of unnormalised densities; −Infinity where x is impossible under 1. One or more. */
  readonly forward: ArrayLike<number>;
  /** log q0(x)/q1(x) of the samples x of ensemble 1; −Infinity where x is impossible under 0. One or more. */
  readonly reverse: ArrayLike<number>;
  /** Statistical inefficiency of each ensemble's samples, > 0: how many correlated ones are worth one. 1 where not said. */
  readonly inefficiencies?: readonly [number, number];
}

export interface Bridge {
  /** ĉ = log Z1/Z0, in nats. */
  readonly logRatio: number;
  /** Asymptotic standard error of it. It is 0 where the two densities are proportional on all samples. */
  readonly se: number;
  /** I (1/n0 + 1/n1) in (0, 1]: 1 where both ensembles are the same, next to 0 where they hardly touch; 1 − second eigenvalue of mbar.ts. */
  readonly overlap: number;
  /** I = Σ P(0 | x) P(1 | x) over all samples, in samples; LEAST_INFORMATION or more. */
  readonly information: number;
}

/**
 * log Z1/Z0 by Bennett's acceptance ratio; var ĉ = 1/I − 1/n0 − 1/n1 (Shirts et al. 2003, in other letters).
 *
 * @returns nothing where the ensembles do not overlap: no sample of one is possible under the other, or I < LEAST_INFORMATION
 * @throws RangeError for an empty side, NaN or +Infinity among the log ratios, or an inefficiency that is not positive
 */
export function bridge(input: BridgeInput): Bridge | undefined {
  const { forward, reverse, inefficiencies = [1, 1] } = input;
  check(forward, "forward", inefficiencies[0]);
  check(reverse, "reverse", inefficiencies[1]);
  const balance = balancePoint(forward, reverse, inefficiencies);
  if (balance === undefined || !(balance.information >= LEAST_INFORMATION)) return undefined;
  const inverse = inefficiencies[0] / forward.length + inefficiencies[1] / reverse.length;
  const overlap = Math.min(1, balance.information * inverse);
  return { ...balance, se: Math.sqrt(inverse * (1 / overlap - 1)), overlap };
}

/** ĉ and I however small, of unchecked input as bridge() takes it: where to begin from. Nothing where a side is −∞ throughout. */
export function balancePoint(
  forward: ArrayLike<number>,
  reverse: ArrayLike<number>,
  inefficiencies: readonly [number, number] = [1, 1],
): { logRatio: number; information: number } | undefined {
  const [ahead, back] = [forward, reverse].map((logs) =>
    Float64Array.from(logs).filter((log) => log > Number.NEGATIVE_INFINITY),
  ) as [Float64Array, Float64Array];
  if (ahead.length === 0 || back.length === 0) return undefined;
  // Weighted by 1/g, every sum is what the thinned samples would give on average.
  const m = Math.log(reverse.length / inefficiencies[1] / (forward.length / inefficiencies[0]));
  const left = side(ahead, m, 1 / inefficiencies[0]);
  const right = side(back, -m, 1 / inefficiencies[1]);
  const middle =
    (ahead.reduce((sum, log) => sum + log / ahead.length, 0) - back.reduce((sum, log) => sum + log / back.length, 0)) /
    2;
  const c = root((at) => {
    const [falling, rising] = [left(-at), right(at)];
    return { value: falling.log - rising.log, slope: -falling.slope - rising.slope };
  }, middle);
  if (c === undefined) return undefined;
  const information = [left(-c), right(c)].reduce((sum, { log, slope }) => sum + Math.exp(log) * slope, 0);
  return { logRatio: c, information };
}

/** log of weight × Σ expit(x + offset + shift) over finite x as a function of the shift, and that function's slope in [0, 1]. */
function side(logs: Float64Array, offset: number, weight: number): (shift: number) => { log: number; slope: number } {
  const shares = new Float64Array(logs.length);
  return (shift) => {
    for (let i = 0; i < shares.length; i++) shares[i] = logExpit(logs[i]! + offset + shift);
    const log = logSumExp(shares);
    let slope = 0;
    for (let i = 0; i < shares.length; i++) slope += Math.exp(shares[i]! - log) * expit(-(logs[i]! + offset + shift));
    return { log: log + Math.log(weight), slope };
  };
}

/** Zero of a falling function that is positive far to the left and negative far to the right; nothing where rounding hides it. */
function root(of: (at: number) => { value: number; slope: number }, from: number): number | undefined {
  let at = from;
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let stride = 1;
  for (let i = 0; i < 200; i++) {
    const { value, slope } = of(at);
    if (value === 0) return at;
    if (value > 0) low = at;
    else high = at;
    // A bracket first, by longer and longer strides; inside it Newton's step, or half the bracket where that leads out.
    const newton = at - value / slope;
    if (Math.abs(newton - at) <= 1e-13 * (1 + Math.abs(at))) return newton;
    let next = newton > low && newton < high ? newton : (low + high) / 2;
    if (high - low === Number.POSITIVE_INFINITY) {
      next = Math.abs(newton - at) <= stride ? newton : at + Math.sign(value) * stride;
      stride *= 2;
    }
    if (Math.abs(next - at) <= 1e-13 * (1 + Math.abs(at))) return next;
    at = next;
  }
  return undefined;
}

function check(logs: ArrayLike<number>, name: string, inefficiency: number): void {
  if (logs.length === 0) throw new RangeError(`a bridge needs samples of both ensembles, got none ${name}`);
  for (let i = 0; i < logs.length; i++)
    if (!(logs[i]! < Number.POSITIVE_INFINITY))
      throw new RangeError(`${name} log ratios are finite or −Infinity, but number ${i} is ${logs[i]}`);
  if (!(inefficiency > 0 && inefficiency < Number.POSITIVE_INFINITY))
    throw new RangeError(`an inefficiency is positive, got ${inefficiency}`);
}
