// terms/ · Observation: what a policy was seen to do, problem by problem, before anyone estimates anything.
import type { Rollout } from "./rollout.ts";
import type { UngradableWhy } from "./verdict.ts";

/** One policy on one problem. right + wrong + all of ungradable = n, the rollouts drawn. */
export interface ProblemRecord {
  readonly id: string;
  /** Benchmark or dataset; the clustering unit above the problem. */
  readonly family?: string;
  /** The prompt, where kept; used to check that both sides were asked the same. */
  readonly prompt?: string;
  /** The reference answer, where kept. */
  readonly gold?: string;
  /** Rollouts drawn, a whole number ≥ 1. */
  readonly n: number;
  /** Rollouts judged right, 0 ≤ right ≤ n. */
  readonly right: number;
  /** Rollouts without a verdict, by reason; counted in n, never in right. */
  readonly ungradable: Readonly<Partial<Record<UngradableWhy, number>>>;
  /** Present where the evidence was kept rollout by rollout. */
  readonly rollouts?: readonly Rollout[];
}

/** All that was seen of one policy. */
export interface PolicyEvidence {
  /** `base`, a checkpoint's name, or `tuned`. */
  readonly policy: string;
  /** Where it came from, as the user named it. */
  readonly file: string;
  readonly format: string;
  /** In file order; ids are unique. */
  readonly problems: readonly ProblemRecord[];
  /** Set where rewards became verdicts: right means reward > rightAbove. */
  readonly rightAbove?: number;
  /** Set where the writer dropped samples before it wrote: how it chose. No success rate can be had from such rows. */
  readonly selected?: string;
}

/** The same problem under two policies: side 0 is the base, side 1 the later policy. Differences are side 1 − side 0. */
export interface PairedProblem {
  readonly id: string;
  readonly family: string;
  readonly sides: readonly [ProblemRecord, ProblemRecord];
}

/** Two policies on the problems they share. */
export interface PairedEvidence {
  readonly policies: readonly [string, string];
  readonly problems: readonly PairedProblem[];
  /** Problems seen on one side only, set aside. */
  readonly unpaired: readonly [number, number];
}
