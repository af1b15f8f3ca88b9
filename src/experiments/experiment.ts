// experiments/ · The contract: what an experiment asks, what parts of behaviour it sees, what it costs, what it finds.
import type { Part } from "../terms/behaviour.ts";
import type { Refused } from "../terms/estimate.ts";
import type { Exhibit } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import type { PairedEvidence } from "../terms/observation.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";

/** How large a study of this experiment would be, from what is at hand. */
export interface Scale {
  /** Problems available. */
  readonly problems: number;
  /** Rollouts per problem and policy to plan for. */
  readonly rolloutsPerProblem: number;
  /** Base, checkpoints and tuned; 2 where not said. */
  readonly policies?: number;
}

/** Price in whole rollouts, generated and scored (teacher-forced) apart; multiply by tokens per rollout for tokens. */
export interface Price {
  readonly generatedRollouts: number;
  readonly scoredRollouts: number;
}

export interface EstimateOptions {
  /** Names the random streams, so that the same evidence gives the same bytes. */
  readonly seed: number;
  /** Interval coverage, in (0, 1). */
  readonly level: number;
  /** Treat families, not problems, as the sampling unit. */
  readonly clusterByFamily: boolean;
  /** Multiplier or bootstrap draws. */
  readonly draws: number;
  /** For studies on paper, of which there are hundreds: pictures are left out, and what is drawn again is drawn fewer times. */
  readonly rough?: boolean;
  /** Rollouts that the training itself drew: the yardstick is one in so many. Absent where the study does not say. */
  readonly rlRollouts?: number;
  /** k of pass@k to give beside those that are given anyway. */
  readonly passAt?: readonly number[];
  /** Told now and then how far a long estimate is: 0 to 1. */
  readonly onProgress?: (stage: string, done: number) => void;
}

export interface Outcome {
  readonly findings: readonly Finding[];
  readonly exhibits: readonly Exhibit[];
}

export interface Experiment {
  /** The file's name. */
  readonly name: string;
  /** One sentence: what is asked of whom. */
  readonly asks: string;
  /** One sentence: what it yields. */
  readonly finds: string;
  /** Groups of parts whose movement it can tell from the movement of the others; parts in one group look alike to it. */
  readonly sees: readonly (readonly Part[])[];
  /** What it needs beside the answers at hand, a noun phrase. */
  readonly needs: string;
  /** What it costs at that scale, whole rollouts. Zero where it re-reads stored rollouts. */
  price(scale: Scale): Price;
  /** Absent where it needs answers that evidence at hand never holds (a live engine). */
  readonly onEvidence?: {
    /** Why this evidence cannot carry it, or undefined where it can. */
    refuse(evidence: PairedEvidence): Refused | undefined;
    /** Findings and exhibits; only called where `refuse` gave undefined. */
    estimate(evidence: PairedEvidence, options: EstimateOptions): Outcome;
    /** What it says of a checkpoint between base and tuned; finding names end in the checkpoint's name. */
    alongTheWay?(evidence: PairedEvidence, options: EstimateOptions): readonly Finding[];
  };
  /** Absent where stored rollouts are all it reads. */
  readonly live?: {
    /** What it finds holds of the problems it was asked on, and nothing adds it up with what was asked on all: once it has told, more need not be asked. */
    readonly onSome?: true;
    /** It asks the study's judge, where there is one. */
    readonly asksJudge?: true;
    /** Why this study cannot carry it, or undefined where it can. */
    refuse(seen: Seen): Refused | undefined;
    /**
     * What to ask in this round (0, 1, 2 …), from what was seen before it: paired sampling and its own earlier rounds, which `seen`
     * is cut to. Nothing where the design is complete. Pure: the same seen and seed give the same asks, so that a run that was
     * killed within a round makes it again. Its rollouts are named `<experiment>/<round>/…`.
     */
    plan(seen: Seen, round: number, seed: number): readonly LiveAsk[];
    estimate(seen: Seen, options: EstimateOptions): Outcome;
  };
}
