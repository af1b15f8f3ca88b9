// engines/ · The contract: what answers prompts, continues prefixes, and scores tokens. One engine speaks for one policy.

import type { EngineError } from "../terms/errors.ts";
import type { Sampler } from "../terms/sampler.ts";
import type { PolicyDeclared } from "../terms/study.ts";

export type { Sampler };

export interface SampleRequest {
  /** Token ids, never empty; to continue from a prefix, the prefix's ids stand behind it. Text only where the engine takes no ids. */
  readonly prompt: readonly number[] | string;
  readonly sampler: Sampler;
  /** Whole, in [0, 2³²): names this rollout's own random stream. */
  readonly seed: number;
}

export interface Answer {
  /** Generated tokens only, the end token included. Absent where the engine tells none. */
  readonly tokenIds?: readonly number[];
  readonly text: string;
  /** `stop`: an end token or a stop string; `length`: maxTokens or the context ran out. */
  readonly finish: "stop" | "length";
  /** Generated tokens; absent where neither ids nor a count are told. */
  readonly tokens?: number;
  /** Natural logs, one a generated token; of the model as it is, and of the sampler (temperature, cuts, renormalised). Absent where
   * not told, or where the engine left out a single one. */
  readonly rawLogProbs?: readonly number[];
  readonly processedLogProbs?: readonly number[];
}

/** What engines that work in token ids take and give. */
export interface TokenRequest extends SampleRequest {
  readonly prompt: readonly number[];
}
export interface TokenAnswer extends Answer {
  readonly tokenIds: readonly number[];
}

export interface ScoreRequest {
  readonly tokenIds: readonly number[];
  /** Scores begin at this index; the first token of all has no score, so from ≥ 1. */
  readonly from: number;
  /** With a sampler, `processedLogProbs` are told too; a token that it cuts off has −∞. */
  readonly sampler?: Sampler;
}

export interface Score {
  /** log p(token i | tokens before it), i = from …, natural. */
  readonly rawLogProbs: readonly number[];
  readonly processedLogProbs?: readonly number[];
  /** 1 + how many tokens the model as it is finds likelier there; absent where not told of every token. */
  readonly ranks?: readonly number[];
}

export interface Capabilities {
  /** Which server answers, and its version: `vllm 0.11.0`, `crucis-world`. */
  readonly server: string;
  /** Tokens of prompt and answer together; absent where not told. */
  readonly context?: number;
  readonly vocabulary?: number;
  readonly endTokenIds?: readonly number[];
  /** Prompts and answers as token ids, so that prefixes can be continued and answers scored as they were drawn. */
  readonly tokenIds: boolean;
  readonly scores: boolean;
  readonly rawLogProbs: boolean;
  readonly processedLogProbs: boolean;
  /** The same seed gives the same answer, whatever else is asked at the same time. */
  readonly seeds: boolean;
  /** What server, version and weights answer; goes into every record. */
  readonly fingerprint: string;
  /** What it cannot do that Crucis could use, each with what that forbids. */
  readonly lacks: readonly string[];
}

/** One policy's voice. Each request fares for itself: one that fails after every retry is an EngineError in its place. */
export interface Engine {
  readonly name: string;
  capabilities(): Promise<Capabilities>;
  /** The prompt as the policy sees it, chat template included where one is asked for. EngineError where it takes no token ids. */
  encode(text: string): Promise<readonly number[]>;
  decode(tokenIds: readonly number[]): Promise<string>;
  /**
   * In the order of the requests. Rejects with an EngineError where nobody can be reached or the server is not what was declared,
   * with a StudyError where a request makes no sense, with the signal's reason where it was aborted.
   */
  sample(requests: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly (Answer | EngineError)[]>;
  score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly (Score | EngineError)[]>;
  /** Lets go of sockets, threads and memory. */
  close?(): Promise<void>;
}

/** In this process, in token ids throughout: nothing can fail on the way. */
export interface LocalEngine extends Engine {
  capabilities(): Promise<LocalCapabilities>;
  sample(requests: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly TokenAnswer[]>;
  score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly Score[]>;
}
export type LocalCapabilities = Capabilities & Required<Pick<Capabilities, "context" | "vocabulary" | "endTokenIds">>;

/** How an engine of one kind is opened for a policy. */
export interface EngineKind {
  /** What study.yaml calls it. */
  readonly kind: string;
  /** A noun phrase. */
  readonly what: string;
  /** Fields of the declaration that it needs besides name and engine; others that it uses. */
  readonly needs: readonly (keyof PolicyDeclared)[];
  readonly takes: readonly (keyof PolicyDeclared)[];
  /** It answers in text alone: no token ids are continued or scored. What only a server itself knows is asked of it by `capabilities`. */
  readonly onlyTexts?: true;
  /** StudyError where a field is missing or makes no sense; the server is asked first by `capabilities`. */
  open(policy: PolicyDeclared, watch?: EngineWatch): Promise<Engine>;
}

/** What a terminal shows of an engine at work. */
export interface EngineWatch {
  /** A request failed and will be tried again. */
  retried?(why: string, waitSeconds: number): void;
}
