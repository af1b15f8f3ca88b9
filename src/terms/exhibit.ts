// terms/ · Exhibit: what one figure is drawn from. Numbers only; how they look is the report's business.
import type { Estimate } from "./estimate.ts";

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

/** A value with its interval. Without `value` only a bound is known (`low` or `high` or both); without either nothing is, and nothing is drawn. */
export interface Spot {
  readonly value?: number;
  readonly low?: number;
  readonly high?: number;
}

/** Nothing is known of what was refused. */
export function spotOf(estimate: Estimate | undefined): Spot {
  if (estimate === undefined || estimate.kind === "refused") return {};
  const { low, high } = estimate;
  return {
    ...(estimate.kind === "measured" ? { value: estimate.value } : {}),
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
  };
}

/** A part of a picture that could not be had; said where it would stand. */
export interface Missing {
  /** What is missing: a checkpoint, a cause, a number of steps. */
  readonly what: string;
  readonly why: string;
  readonly mend: string;
}

/** Bits that the base lacks along right answers of each later policy, place by place. */
export interface MissingBitsExhibit {
  readonly kind: "missing-bits";
  /** The base and the tuned (last) policy. */
  readonly policies: readonly [string, string];
  readonly level: number;
  /** What a place is; the last place of every panel is the answer. Parts are equal pieces of the answer's length. */
  readonly place: "step" | "sentence" | "part";
  /** One for each number of places, fewest first; at most six. */
  readonly panels: readonly {
    /** Steps of these problems, where they are known. */
    readonly steps?: number;
    readonly problems: number;
    /** In training order, the tuned policy last. All have equally many places. */
    readonly series: readonly {
      readonly checkpoint: string;
      /** Bits of each place; may be negative. A chance of 0 of m makes a place a bound. */
      readonly places: readonly Spot[];
      readonly total: Spot;
      readonly neff: Spot;
    }[];
  }[];
  readonly missing: readonly Missing[];
}

/** The official gain from the base to each checkpoint, cut into causes. Shares are parts of the whole official gain (tuned − base). */
export interface LedgerExhibit {
  readonly kind: "ledger";
  readonly policies: readonly [string, string];
  /** Coverage of the intervals, over all entries of a checkpoint at once. */
  readonly level: number;
  /** tuned − base in probability; not 0. */
  readonly gain: { readonly value: number; readonly low: number; readonly high: number };
  /** The order of the bars; `unexplained` last. */
  readonly causes: readonly string[];
  /** Cumulative from the base, in training order; the last is the tuned policy, whose shares add up to 1. */
  readonly checkpoints: readonly {
    readonly checkpoint: string;
    /** One for each cause. Without a value the cause stands inside `unexplained`. */
    readonly shares: readonly Spot[];
  }[];
  /** Causes without a value, with the reason. */
  readonly missing: readonly Missing[];
}

/** Success by number of steps, the ratio of the two policies, and the two laws that compete for it. Arrays of `laws` run over `at`. */
export interface LadderExhibit {
  readonly kind: "ladder";
  readonly policies: readonly [string, string];
  readonly level: number;
  /** Where only right answers that go this way count as right. */
  readonly way?: string;
  /** Ascending in steps; at least three. */
  readonly rungs: readonly {
    readonly steps: number;
    readonly problems: number;
    readonly base: Spot;
    readonly later: Spot;
    /** p1/p0, > 0; a bound where the base was never right. */
    readonly ratio: Spot;
  }[];
  /** Numbers of steps over which the laws are drawn, ascending. */
  readonly at: readonly number[];
  readonly laws: readonly {
    /** `constant`: one ratio at every length. `each-step`: (r1/r0)^L. */
    readonly law: "constant" | "each-step";
    readonly ratio: readonly number[];
    /** Log likelihood minus the better law's, in nats; ≤ 0. */
    readonly behind: number;
  }[];
  /** Whether the worse law is far enough behind to be set aside. */
  readonly told: boolean;
  /** r1/r0, per-step reliability of the later policy over the base's. */
  readonly slopeRatio: Spot;
}

/** Per-token log-ratio log π(later) − log π(base), in nats a token, along four kinds of rollouts. */
export interface LogRatioExhibit {
  readonly kind: "log-ratio";
  readonly policies: readonly [string, string];
  readonly level: number;
  /** Midpoints of the bins of relative position, ascending in (0, 1). */
  readonly position: readonly number[];
  readonly profiles: readonly {
    readonly by: "base" | "later";
    readonly right: boolean;
    readonly rollouts: number;
    /** Mean in each bin with its interval over problems; tokens with −∞ under the base are left out and counted in `excluded`. */
    readonly points: readonly Spot[];
  }[];
  /** Share of the positive log-ratio that the top 1 % of tokens of later-right rollouts carry, and what a policy shows against itself. */
  readonly topShare: Spot;
  readonly topShareNull: Spot;
  /** Effective number of tokens that carry it. */
  readonly neff: Spot;
  readonly neffNull: Spot;
  /** Share of later-right rollouts with a token that the base's own sampler gives exactly zero. */
  readonly excluded: Spot;
  /** The engine's precision floor: mean |scored − sampled| log-probability, nats a token. */
  readonly floor?: number;
  readonly missing: readonly Missing[];
}

/** Behaviours and measures at every policy from the base on. Arrays of spots run over `checkpoints`. */
export interface EvolutionExhibit {
  readonly kind: "evolution";
  readonly policies: readonly [string, string];
  readonly level: number;
  /** All policies in training order, the base first. */
  readonly checkpoints: readonly string[];
  /** Shares of rollouts that show the behaviour, in [0, 1]. */
  readonly behaviours: readonly {
    readonly name: string;
    readonly shares: readonly Spot[];
    /** `amplified`: the base reaches it, and the tuned policy does it more often; `faded`: less often; `steady`: no change is told. */
    readonly status: "amplified" | "emerged" | "faded" | "steady" | "undecided";
    /** For `emerged`: the first checkpoint whose lower bound passes the base's upper bound. */
    readonly emergedAt?: string;
    /** For `undecided`: base rollouts that would decide. */
    readonly samples?: number;
    /** Checkpoints at which its level changes. */
    readonly changes: readonly string[];
  }[];
  /** Slips and repairs a step, missing bits still missing, entropy, length …, each on a scale of its own. */
  readonly measures: readonly {
    readonly name: string;
    readonly unit: string;
    readonly values: readonly Spot[];
    readonly changes: readonly string[];
  }[];
  readonly missing: readonly Missing[];
}

export type Exhibit =
  | CurveExhibit
  | KernelExhibit
  | NullExhibit
  | WaterfallExhibit
  | BudgetExhibit
  | MissingBitsExhibit
  | LedgerExhibit
  | LadderExhibit
  | LogRatioExhibit
  | EvolutionExhibit;
