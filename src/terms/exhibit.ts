// terms/ · Exhibit: what one figure is drawn from. Numbers only; how they look is the report's business.

/** pass@k of two policies and the paired difference (later − base) with its simultaneous band. Arrays run over `k`. */
export interface CurveExhibit {
  readonly kind: "curves";
  readonly k: readonly number[];
  readonly policies: readonly [string, string];
  /** pass@k in [0, 1]. */
  readonly base: readonly number[];
  readonly later: readonly number[];
  readonly difference: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly level: number;
  /** First and last k of each run of certified gains or losses. */
  readonly gains: readonly (readonly [number, number])[];
  readonly losses: readonly (readonly [number, number])[];
  /** Confidence set for the first k at which the later policy is worse; open above where no loss is certified. */
  readonly firstLoss: { readonly low: number; readonly high?: number } | undefined;
}

/** The joint law of the success probabilities (p0, p1), free and under each fitted shape. */
export interface KernelExhibit {
  readonly kind: "kernel";
  readonly policies: readonly [string, string];
  /** Logit grid of p0 (columns) and p1 (rows), ascending; first and last entries may be −∞ and +∞ (atoms at 0 and 1), given here as the probabilities. */
  readonly p0: readonly number[];
  readonly p1: readonly number[];
  /** mass[i][j] = P(p0 = p0[i], p1 = p1[j]), sums to 1, free of any shape. */
  readonly mass: readonly (readonly number[])[];
  /** Each shape's central line p1(p0) over `at`, with its held-out score. */
  readonly at: readonly number[];
  readonly shapes: readonly {
    readonly name: string;
    readonly line: readonly number[];
    /** Held-out log score minus the best listed shape's, in nats; ≤ 0. */
    readonly behind: number;
    readonly behindSe: number;
  }[];
  readonly chosen: string;
  readonly adequate: boolean;
  /** Observed rates: [c0/n0, c1/n1, how many problems]. */
  readonly observed: readonly (readonly [number, number, number])[];
}

/** Solved-only-by counts against what a policy shows against itself. */
export interface NullExhibit {
  readonly kind: "null";
  readonly policies: readonly [string, string];
  readonly onlyBase: number;
  readonly onlyLater: number;
  /** P(count = i) under equal policies, for i = 0, 1, 2 …; one law each side. */
  readonly lawOnlyBase: readonly number[];
  readonly lawOnlyLater: readonly number[];
}

/** The official gain, cut into what re-grading removes and what remains. Shares in probability; low/high where there is an interval. */
export interface WaterfallExhibit {
  readonly kind: "waterfall";
  readonly policies: readonly [string, string];
  readonly bars: readonly {
    readonly label: string;
    readonly value: number;
    readonly low?: number;
    readonly high?: number;
    readonly total: boolean;
  }[];
  /** Success rates under each reading of the answer: strict, official, lenient. */
  readonly readings: readonly { readonly reading: string; readonly base: number; readonly later: number }[];
  readonly level: number;
}

/** The gain when every rollout of both sides is held to `budget` tokens. */
export interface BudgetExhibit {
  readonly kind: "budget";
  readonly policies: readonly [string, string];
  readonly budget: readonly number[];
  readonly base: readonly number[];
  readonly later: readonly number[];
  readonly gain: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly level: number;
}

export type Exhibit = CurveExhibit | KernelExhibit | NullExhibit | WaterfallExhibit | BudgetExhibit;
