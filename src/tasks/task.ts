// tasks/ · The contract: what makes problems by seed, verifies answers, finds steps and strategies, and lists what is accepted.
import type { Problem } from "../terms/problem.ts";
import type { Verdict } from "../terms/verdict.ts";

/**
 * How answers are judged.
 * `process`: every step right, the answer marked as asked. `lenient`: every step right, the mark may be missing or of another
 * kind. `outcome`: well formed, and the marked answer right, whatever the steps say.
 */
export type Grading = "process" | "lenient" | "outcome";

export interface Ask {
  readonly seed: number;
  /** L ≥ 1. */
  readonly steps: number;
  readonly count: number;
}

/** One verified state transition of an answer, in characters: it stands at [from, to). */
export interface Step {
  readonly from: number;
  readonly to: number;
  /** Judged against the state before it as the answer itself has it: a slip is counted once, not again in what follows from it. */
  readonly right: boolean;
  /** It states the step before it again, after a repair mark. */
  readonly repairs: boolean;
}

/** One string that is accepted, cut into its three segments; offsets count characters of `text`. */
export interface Accepted {
  /** The whole answer, its end mark included. */
  readonly text: string;
  readonly strategy: string;
  /** The commitment: text.slice(0, planEnd) fixes the strategy, no shorter prefix does. */
  readonly planEnd: number;
  /** Where the statement of the answer begins; planEnd ≤ answerStart. */
  readonly answerStart: number;
  /** Ends of the steps, ascending, each in (0, text.length]. */
  readonly stepEnds: readonly number[];
}

export interface Task {
  /** The file's name. */
  readonly name: string;
  /** A noun phrase. */
  readonly what: string;
  /** Every character that a prompt or an answer may hold; in the worlds one character is one token. */
  readonly alphabet: string;
  /** The character that ends an answer. */
  readonly end: string;
  /** What an answer begins with that states its result at once; absent where a result needs its work beside it. */
  readonly opening?: string;
  /** Names of the strategies that a signature may give, the one for everything else last. */
  readonly strategies: readonly string[];
  /** Distinct problems while the task has that many; the same ask gives the same problems. RangeError outside what it can pose. */
  problems(ask: Ask): readonly Problem[];
  /** An answer without its end mark is ungradable, cut off. A prompt that is none of this task: StudyError. */
  verify(prompt: string, answer: string, grading: Grading): Verdict;
  /** The steps that can be read, in order; empty where there are none. */
  steps(prompt: string, answer: string): readonly Step[];
  /** The text comes to its end and states an answer, right or wrong, marked or not. */
  answered(answer: string): boolean;
  /** Which way the problem was attacked, for right and wrong answers alike. */
  signature(prompt: string, answer: string): string;
  /** Every string that `verify` calls right under that grading, each once. RangeError where there are too many to list. */
  accepted(prompt: string, grading: Grading): readonly Accepted[];
}
