// terms/ · Record: what is asked, in chunks, and what is kept of every answer. Chunks are made from the study alone, so a runner
// that comes back makes the same ones and sees which are done.
import type { Shown } from "./judge.ts";
import type { Sampler } from "./sampler.ts";
import type { UngradableWhy } from "./verdict.ts";

export interface SampleAsk {
  /** Within the study: `paired-sampling/base/chain/L4/seed7/12/3`, the experiment, policy, problem and number. */
  readonly rollout: string;
  readonly experiment: string;
  readonly problem: string;
  /** Counts from 0 within experiment, policy and problem. */
  readonly index: number;
  /** Of this rollout's own random stream, in [0, 2³²). */
  readonly seed: number;
  /** The answer continues the first tokens of that rollout: these. */
  readonly prefix?: { readonly rollout: string; readonly tokenIds: readonly number[] };
  /** Key of another way to put the problem (terms/variant); absent where it is put as the study puts it. */
  readonly variant?: string;
  /** An attempt that the judge is asked to label. */
  readonly shown?: Shown;
}

export interface ScoreAsk {
  /** The rollout whose generated tokens are scored. */
  readonly rollout: string;
  readonly promptTokenIds: readonly number[];
  readonly tokenIds: readonly number[];
}

/** Asked together of one policy, kept in one piece. */
export type Chunk =
  | {
      readonly kind: "sample";
      /** SHA-256 of all else here and of the prompts, in hexadecimal: the same question has the same id on every machine. */
      readonly id: string;
      readonly policy: string;
      readonly sampler: Sampler;
      readonly asks: readonly SampleAsk[];
    }
  | {
      readonly kind: "score";
      readonly id: string;
      /** Who scores. */
      readonly policy: string;
      /** The scored text was drawn with it; processed log-probabilities are told for it. */
      readonly sampler: Sampler;
      readonly asks: readonly ScoreAsk[];
    };

/** One rollout as it is kept: a row of rollouts/*.parquet. What is not known is absent. */
export interface RolloutRecord extends Omit<SampleAsk, "seed" | "shown"> {
  readonly chunk: string;
  /** Absent where it was imported: who drew it knew its seed, if there was one. */
  readonly seed?: number;
  readonly policy: string;
  /** The engine's own words for server, version and weights; `imported` says the importer and file. */
  readonly engine: string;
  readonly sampler?: Sampler;
  /** Name and version of what judged. */
  readonly verifier: string;
  readonly verdict: "right" | "wrong" | "ungradable";
  readonly why?: UngradableWhy;
  /** The sentence behind an engine error or a grader crash. */
  readonly detail?: string;
  /** Absent where the engine failed. */
  readonly text?: string;
  readonly finish?: "stop" | "length";
  /** Generated tokens. */
  readonly tokens?: number;
  readonly promptTokenIds?: readonly number[];
  readonly tokenIds?: readonly number[];
  /** Natural logs, one a generated token, float32; −∞ where a token has probability zero. */
  readonly rawLogProbs?: readonly number[];
  readonly processedLogProbs?: readonly number[];
}

/** What one policy gives to one rollout's tokens: a row of scores/*.parquet. */
export interface ScoreRecord {
  readonly chunk: string;
  readonly rollout: string;
  /** Who scores. */
  readonly policy: string;
  readonly engine: string;
  readonly sampler: Sampler;
  /** Why there are no scores. */
  readonly detail?: string;
  readonly rawLogProbs?: readonly number[];
  readonly processedLogProbs?: readonly number[];
  /** 1 + how many tokens the model as it is finds likelier in each one's place. */
  readonly ranks?: readonly number[];
}
