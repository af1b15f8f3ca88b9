// terms/ · Seen: all that a study has drawn and scored, and what can be read in a rollout's text. Experiments plan and estimate from it.
import type { SeenJudge } from "./judge.ts";
import type { RolloutRecord, SampleAsk, ScoreAsk, ScoreRecord } from "./record.ts";
import type { Variant } from "./variant.ts";

export interface SeenProblem {
  readonly id: string;
  /** Benchmark, dataset or task; the clustering unit above the problem. */
  readonly family: string;
  /** L, where the task knows it. */
  readonly steps?: number;
}

/** Where a text's segments end, in characters. */
export interface Segments {
  /** text.slice(0, planEnd) fixes the way of solving; absent where the text leaves every way that can be right before that. */
  readonly planEnd?: number;
  /** Where the statement of the answer begins; absent where the text goes wrong before it. planEnd ≤ answerStart. */
  readonly answerStart?: number;
}

/** One verified state transition, in characters [from, to). */
export interface SeenStep {
  readonly from: number;
  readonly to: number;
  /** Judged against the state before it as the text itself has it. */
  readonly right: boolean;
  readonly repairs: boolean;
}

/** What can be read in a text. Where a task cannot say, the field or the function is absent. */
export interface Reader {
  /** Names that `strategy` gives, the one for everything else last. */
  readonly strategies?: readonly string[];
  strategy?(problem: string, text: string): string;
  segments?(problem: string, text: string): Segments;
  steps?(problem: string, text: string): readonly SeenStep[];
  /**
   * Leading characters with which nothing begins that the grader passes, as few as there are: the last of them is what lost the work.
   * Undefined where the text is right, or may still become so.
   */
  lost?(problem: string, text: string): number | undefined;
  /** Right but for the form of the answer. */
  lenient?(problem: string, text: string): boolean;
  /** An answer is stated, right or wrong; false where the text breaks off before. */
  answered?(problem: string, text: string): boolean;
  /** Leading tokens of the rollout that lie wholly within so many leading characters of its text. */
  tokensWithin(rollout: RolloutRecord, characters: number): number;
  /** The grader would pass this text as an answer to that problem, whatever it was an answer to; only where it looks at the outcome alone. */
  passes?(problem: string, text: string): boolean;
  /** Of a text that the grader passed: its answer is right indeed, says a judge that cannot be fooled as the grader can. */
  strict?(problem: string, text: string): boolean;
  /** Of a text that the grader passed: its work is right too. Only where the grader looks at the outcome alone. */
  sound?(problem: string, text: string): boolean;
}

/** How much a hand-over asks for, where less or more than usual is declared. */
export interface HandoffSizes {
  /** Rollouts of each problem that are handed over for one cell of the factorial, at most; 1 … 64. */
  readonly sources?: number;
  /** Cuts of one answer, at most; 2 … 99. */
  readonly cuts?: number;
  /** Continuations of each cut in the first round; 4 … 60. Where the bits are, half as many again are drawn in each further round. */
  readonly continuations?: number;
}

export interface Seen {
  /** Training order: the first is the base, the last the tuned policy. */
  readonly policies: readonly string[];
  readonly problems: readonly SeenProblem[];
  /** Of every experiment, in no order; ungradable ones included. */
  readonly rollouts: readonly RolloutRecord[];
  readonly scores: readonly ScoreRecord[];
  readonly reader: Reader;
  /** Declared for the base; none where the study declares none. */
  readonly variants?: readonly Variant[];
  /** Answers can be begun for every policy, so bare ones can be asked for. */
  readonly bare?: boolean;
  /** As declared; the usual ones where not. */
  readonly handoff?: HandoffSizes;
  /** Labels rollouts where it is declared. */
  readonly judge?: SeenJudge;
  /** Fresh problems of the same kind, whose rollouts have the variant `twin`; none where there are none. */
  readonly twins?: readonly SeenProblem[];
}

/** One request that an experiment wants made. */
export type LiveAsk =
  | { readonly kind: "sample"; readonly policy: string; readonly ask: SampleAsk }
  | { readonly kind: "score"; readonly policy: string; readonly ask: ScoreAsk };
