// terms/ · Truth: what the policies of a planted world do, computed exactly; the closed document `truth.json`.
import type { Problem } from "./problem.ts";

/** A mass that may be exactly zero. Natural logs, because a mass may lie far below the smallest double. */
export type Mass = { readonly kind: "mass"; readonly log: number } | { readonly kind: "zero" };

export interface PolicyTruth {
  readonly policy: string;
  /** P(right) under the world's own grading. */
  readonly right: Mass;
  /** P(every step right), marked as asked or not; the share of it that is right is what is readable. */
  readonly lenient: Mass;
  /** Mass of the accepted strings of each strategy; they add up to `right`. */
  readonly strategies: Readonly<Record<string, Mass>>;
  /** P(the commitment to each strategy): of the beginnings, up to planEnd, that its accepted strings have. */
  readonly plans: Readonly<Record<string, Mass>>;
  /** Mass of the further strings that the world names (stopped early, run over). */
  readonly asides: Readonly<Record<string, Mass>>;
}

/** Who writes plan, execution, answer: `b` the base, `t` the later policy; `tbb` is the later policy's plan, finished by the base. */
export const CELLS = ["bbb", "tbb", "btb", "bbt", "ttb", "tbt", "btt", "ttt"] as const;
export type Cell = (typeof CELLS)[number];
export const SEGMENTS = ["plan", "execution", "answer"] as const;
export type Segment = (typeof SEGMENTS)[number];

/** The base against one later policy, on one problem. */
export interface PairTruth {
  readonly policy: string;
  /** P(right) in each cell of the hand-off factorial. */
  readonly cells: Readonly<Record<Cell, Mass>>;
  /** Shapley shares of p1 − p0; they add up to it. */
  readonly shares: Readonly<Record<Segment, number>>;
  /** Shapley shares of log2 p1 − log2 p0; absent where a cell is zero. */
  readonly bits?: Readonly<Record<Segment, number>>;
  /**
   * Missing bits of the base along the later policy's right answers, mean over them (weights π1(y)/p1), one entry a step and a
   * last one for the answer; they add up to −log2 p0. Absent where the later policy or the base is never right.
   */
  readonly missingBits?: readonly number[];
  /** 2^entropy of the positive bits' shares over those same places, each answer for itself, then the mean. Absent with the bits. */
  readonly effectivePlaces?: number;
}

export interface ProblemTruth {
  readonly problem: Problem;
  /** Strings that the grading accepts and that fit into maxTokens. */
  readonly accepted: number;
  /** In training order, the base first. */
  readonly policies: readonly PolicyTruth[];
  /** Every later policy against the base. */
  readonly pairs: readonly PairTruth[];
}

/** Means over the problems of one number of steps; arrays run over the policies. */
export interface Rung {
  readonly steps: number;
  readonly problems: number;
  readonly right: readonly number[];
  readonly lenient: readonly number[];
  /** right / the base's right; absent where the base's is zero. */
  readonly ratio?: readonly number[];
}

/** One quantity that a world promises to move or to leave alone. */
export interface Promised {
  /** A noun phrase with its unit. */
  readonly what: string;
  /** What the corpus was written with; a sentence fragment. */
  readonly planted: string;
  /** What training shall do, in words with numbers. */
  readonly intended: string;
  readonly measured: number;
  readonly low?: number;
  readonly high?: number;
  readonly kept: boolean;
}

export interface TruthDocument {
  readonly crucis: string;
  readonly command: "world truth";
  readonly world: string;
  readonly seed: number;
  readonly task: string;
  readonly grading: "process" | "lenient" | "outcome";
  readonly maxTokens: number;
  /** Training order; the first is the base. */
  readonly policies: readonly string[];
  readonly problems: readonly ProblemTruth[];
  readonly rungs: readonly Rung[];
  /** Mean mass of each strategy over all problems; arrays run over the policies. */
  readonly strategies: Readonly<Record<string, readonly number[]>>;
  readonly promises: readonly Promised[];
  /** All promises kept. A world that does not keep them is refused, and the promises say by which number. */
  readonly kept: boolean;
}

/** What training looked like, one entry a logged step. */
export interface LearningCurve {
  readonly world: string;
  readonly seed: number;
  readonly points: readonly {
    readonly phase: "pretraining" | "reinforcement" | "imitation";
    readonly step: number;
    /** Nats a token, mean over the step's answers; absent where the phase has none. */
    readonly loss?: number;
    /** Mean reward of the step's rollouts, in [0, 1]. */
    readonly reward?: number;
    /** k3 estimate of the divergence from the base, nats a token. */
    readonly kl?: number;
    /** Nats a token. */
    readonly entropy?: number;
    /** Tokens an answer. */
    readonly length?: number;
  }[];
  /** Steps after which a checkpoint was kept, in the phase that trains the later policies. */
  readonly checkpoints: readonly { readonly policy: string; readonly step: number }[];
}
