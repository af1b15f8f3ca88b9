// terms/ · Estimate: measured, bounded or refused. An absence is never a number.

export interface Measured {
  readonly kind: "measured";
  readonly value: number;
  /** Interval limits at `level`; low ≤ high. Absent for exact descriptions of the sample (a count is a count). */
  readonly low?: number;
  readonly high?: number;
  /** Standard error, in the unit of `value`. */
  readonly se?: number;
  /** Coverage aimed at, for instance 0.95. */
  readonly level?: number;
  /** How it was got, in a few words. */
  readonly method: string;
  /** What the method says about its own health. */
  readonly diagnostic?: Readonly<Record<string, number | string>>;
}

/** Only limits are known: at least one of low and high. */
export interface Bounded {
  readonly kind: "bounded";
  readonly low?: number;
  readonly high?: number;
  readonly level?: number;
  readonly method: string;
  readonly diagnostic?: Measured["diagnostic"];
}

export interface Refused {
  readonly kind: "refused";
  readonly why: string;
  readonly mend: string;
}

export type Estimate = Measured | Bounded | Refused;

export function refused(why: string, mend: string): Refused {
  return { kind: "refused", why, mend };
}
