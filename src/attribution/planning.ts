// attribution/ · Planning: designs that were rehearsed, what each would decide and cost, and the one to take.
import type { HandoffSizes } from "../terms/seen.ts";

/** What of a design is told. */
export interface Designed {
  readonly steps: readonly number[];
  readonly rollouts: number;
  readonly scored: number;
  readonly experiments: readonly string[];
  readonly handoff?: HandoffSizes;
}

/** One design, rehearsed. */
export interface Tried<Design extends Designed = Designed> {
  /** What is special about it, a noun phrase. */
  readonly what: string;
  readonly design: Design;
  /** Whole generated rollouts, or what costs as much. */
  readonly cost: number;
  /** Mean over pairs of how far each is told apart, and over entries of how well each is known; each in [0, 1]. */
  readonly separation: number;
  readonly precision: number;
  /** Pairs told apart as wanted, of those that any design of this study tells apart. */
  readonly apart: number;
  readonly pairs: number;
  /** Entries of the ledger that are wider than wanted. */
  readonly wide: readonly string[];
  readonly decides: boolean;
}

export interface Chosen<Design extends Designed = Designed> {
  /** In the order they were tried. */
  readonly tried: readonly Tried<Design>[];
  readonly best: Tried<Design>;
  /** Pairs that not even the declared design tells apart. */
  readonly dark: readonly (readonly [string, string])[];
}
