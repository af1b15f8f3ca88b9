// terms/ · Gain row: what the ledger knows of one problem under the base and a later policy, every part in probability.

/**
 * Finished rollouts of one policy, along the way that most right answers of the tuned policy take, that had done so many steps rightly
 * and mended so many slips; and what they did next. Right is meant leniently.
 */
export interface WorkState {
  readonly done: number;
  /** Slips mended on the way, 0 … 3; 3 stands for more. */
  readonly repairs: number;
  /** Stated their answer; of these, were right. */
  readonly ended: number;
  readonly endedRight: number;
  /** Did one more step rightly, and left it. */
  readonly kept: number;
  /** Went wrong in it; of these, mended it at once, or were right though it stood. */
  readonly slipped: number;
  readonly mended: number;
  readonly stoodRight: number;
  /** Did it rightly and then withdrew it; of these, were right. */
  readonly withdrawn: number;
  readonly withdrawnRight: number;
}

/** Of one way of solving, among one policy's rollouts of one problem. */
export interface WayCounts {
  readonly name: string;
  readonly right: number;
  readonly of: number;
}

export interface GainRow {
  readonly problem: string;
  /** L, where it is known. */
  readonly steps?: number;
  /** [base, later] rollouts, each ≥ 1. */
  readonly drawn: readonly [number, number];
  /** Official p1 − p0; what follows adds up to it where the hand-off is known. */
  readonly gain: number;
  /** Of the gain, answers that the grader passed and that are not right; absent where nobody stricter looked. */
  readonly fooled?: number;
  /** Of the gain, right answers behind wrong work, and those that would pass by chance; absent where the work itself was graded. */
  readonly lucky?: number;
  /** Official minus lenient gain, without the two before; absent where the task does not say what is right but for its form: both readings are one then. */
  readonly format?: number;
  /** Of the lenient gain, what comes of more answers being finished: Shapley share of P(finished) beside P(right | finished). */
  readonly finished: number;
  /** The rest of it: the gain of finished answers. */
  readonly matched: number;
  /** Mean over both policies of P(finished), in [0, 1]. */
  readonly weight: number;
  /** Shapley shares of `matched` over the hand-off's eight cells, lenient and given that they are finished; absent without hand-offs. */
  readonly segments?: { readonly plan: number; readonly execution: number; readonly answer: number };
  /** P(right | finished) behind the later policy's plan and work, where the answer is stated by [base, later]; with `segments`. */
  readonly stated?: readonly [number, number];
  /** [base, later] states that were met, in no order; absent where the task does not verify steps. */
  readonly chain?: readonly [readonly WorkState[], readonly WorkState[]];
  /** [base, later] rollouts that go the chain's way, of all; 1 where the task tells no ways. */
  readonly onWay: readonly [number, number];
  /** [base, later]: lenient rights by way of solving; absent where the task tells none. */
  readonly ways?: readonly [readonly WayCounts[], readonly WayCounts[]];
}
