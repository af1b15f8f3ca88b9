// maths/ · Bit shapes: what the counts along one right rollout say of its missing bits: how many, where, in how many places.
//
// b_t = log2 V(u_{t+1}) − log2 V(u_t); shares w_t = b_t⁺ / Σ b⁺; N_eff = 2^{−Σ w log2 w}. V is k right of m continuations, logged as
// log((k + ½)/(m + ½)), whose bias is of second order in 1/(mV) (E log(k + a) = log mV + (a − ½)/(mV) + 1/(2m) + …).
import type { Stream } from "./random.ts";

/** Counts along one right rollout: right of drawn at the start (index 0) and at the cuts inside, T entries in all; at the end V is 1. */
export interface CutCounts {
  readonly right: readonly number[];
  readonly drawn: readonly number[];
}

export interface Shape {
  /** N_eff, then the bits of each place, then the share of each place in the positive bits: 1 + 2 · places numbers. */
  readonly values: Float64Array;
  /** Bits of the segments that fall, as a positive number. */
  readonly fall: number;
}

/** Splits of each count that `extrapolatedShape` averages over. */
const SPLITS = 8;

/** −log2 V at the start and the cuts, as the counts have it. */
export function missingAt({ right, drawn }: CutCounts): Float64Array {
  return Float64Array.from(right, (k, t) => -Math.log2((k + 0.5) / (drawn[t]! + 0.5)));
}

/** N_eff of bits per segment: 2^entropy of the positive ones' shares. 1 where none is positive. */
export function effectivePlaces(bits: ArrayLike<number>): number {
  let sum = 0;
  for (let t = 0; t < bits.length; t++) sum += Math.max(0, bits[t]!);
  let entropy = 0;
  for (let t = 0; t < bits.length; t++) {
    const share = bits[t]! / sum;
    if (share > 0) entropy -= share * Math.log2(share);
  }
  return 2 ** entropy;
}

/**
 * @param missing −log2 V at the start and the cuts; at the end it is 0
 * @param at place of each segment, 0 … places − 1
 */
export function shapeOf(missing: ArrayLike<number>, at: readonly number[], places: number): Shape {
  const bits = Float64Array.from({ length: missing.length }, (_, t) => missing[t]! - (missing[t + 1] ?? 0));
  const positive = bits.reduce((sum, value) => sum + Math.max(0, value), 0);
  const values = new Float64Array(1 + 2 * places);
  values[0] = effectivePlaces(bits);
  let fall = 0;
  bits.forEach((value, t) => {
    const place = 1 + at[t]!;
    values[place] = values[place]! + value;
    if (value > 0) values[place + places] = values[place + places]! + value / positive;
    else fall -= value;
  });
  return { values, fall };
}

/**
 * N_eff and shares as they would be of infinitely many continuations: the counts at the cuts are thinned to a half and a quarter,
 * and the quadratic in m^−½ (the size of the noise) through the three answers is read at 0. Bits are left as they are, for their
 * own bias is small; and so is the start's count, which is a problem's and large.
 */
export function extrapolatedShape(counts: CutCounts, at: readonly number[], places: number, draws: Stream): Shape {
  const full = shapeOf(missingAt(counts), at, places);
  const half = new Float64Array(full.values.length);
  const quarter = new Float64Array(full.values.length);
  for (let split = 0; split < SPLITS; split++) {
    const once = thinned(counts, draws);
    add(half, shapeOf(missingAt(once), at, places).values, 1 / SPLITS);
    add(quarter, shapeOf(missingAt(thinned(once, draws)), at, places).values, 1 / SPLITS);
  }
  // Lagrange weights at 0 of values at 1, √2 and 2.
  const r = Math.SQRT2;
  const [a, b, c] = [(2 * r) / (r - 1), 2 / ((r - 1) * (r - 2)), r / (2 - r)];
  const values = full.values.map((value, k) =>
    k >= 1 && k <= places ? value : a * value + b * half[k]! + c * quarter[k]!,
  );
  return { values, fall: full.fall };
}

/** into += times · values. */
export function add(into: Float64Array, values: Float64Array, times: number): void {
  for (let k = 0; k < into.length; k++) into[k] = into[k]! + times * values[k]!;
}

/** Half of each cut's continuations, drawn without replacement. */
function thinned({ right, drawn }: CutCounts, draws: Stream): CutCounts {
  const less = drawn.map((m, t) => (t === 0 ? m : Math.floor(m / 2)));
  return {
    drawn: less,
    right: right.map((k, t) => {
      if (t === 0) return k;
      let left = k;
      for (let i = 0; i < less[t]!; i++) if (draws.integer(drawn[t]! - i) < left) left--;
      return k - left;
    }),
  };
}
