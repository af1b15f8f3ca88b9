// terms/ · Gain row: what the ledger knows of one problem under the base and a later policy, every part in probability.

/** Events of those at risk, summed over rollouts. */
export interface Count {
  readonly events: number;
  readonly atRisk: number;
}

/** How one policy's verified steps went, along the way that most right answers of the tuned policy take. */
export interface ChainCounts {
  /** A step that was begun rightly went wrong. */
  readonly slips: Count;
  /** A slip was noticed and mended at once. */
  readonly repairs: Count;
  /** An answer was stated after one right step of several: the parts were not joined. */
  readonly unjoined: Count;
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
  /** Official minus lenient gain; absent where the task does not say what is right but for its form: both readings are one then. */
  readonly format?: number;
  /** Of the lenient gain, what comes of more answers being finished: Shapley share of P(finished) beside P(right | finished). */
  readonly finished: number;
  /** The rest of it: the gain of finished answers. */
  readonly matched: number;
  /** Mean over both policies of P(finished), in [0, 1]. */
  readonly weight: number;
  /** Shapley shares of `matched` over the hand-off's eight cells, lenient and given that they are finished; absent without hand-offs. */
  readonly segments?: { readonly plan: number; readonly execution: number; readonly answer: number };
  /** [base, later]; absent where the task does not verify steps. */
  readonly chain?: readonly [ChainCounts, ChainCounts];
  /** [base, later] rollouts that go the chain's way, of all; 1 where the task tells no ways. */
  readonly onWay: readonly [number, number];
  /** [base, later]: lenient rights by way of solving; absent where the task tells none. */
  readonly ways?: readonly [readonly WayCounts[], readonly WayCounts[]];
}
