// engines/ · The contract: what answers prompts, continues prefixes, and scores tokens. One engine speaks for one policy.

/** Every field is always sent: a server fills unsent ones from the checkpoint's own defaults. */
export interface Sampler {
  /** > 0. */
  readonly temperature: number;
  /** In (0, 1]; 1 keeps all. */
  readonly topP: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** In [0, 1]; 0 keeps all. */
  readonly minP: number;
  /** Generated tokens at most, ≥ 1. */
  readonly maxTokens: number;
  /** Strings at whose first appearance the answer ends, the string included. */
  readonly stop: readonly string[];
}

export interface SampleRequest {
  /** Token ids of the prompt; to continue from a prefix, the prefix's ids stand behind it. Never empty. */
  readonly prompt: readonly number[];
  readonly sampler: Sampler;
  /** Whole, in [0, 2³²): names this rollout's own random stream. */
  readonly seed: number;
}

export interface Answer {
  /** Generated tokens only, the end token included. */
  readonly tokenIds: readonly number[];
  readonly text: string;
  /** `stop`: an end token or a stop string; `length`: maxTokens or the context ran out. */
  readonly finish: "stop" | "length";
  /** Natural logs, one a generated token; of the model as it is, and of the sampler (temperature, cuts, renormalised). Absent where not told. */
  readonly rawLogProbs?: readonly number[];
  readonly processedLogProbs?: readonly number[];
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
}

export interface Capabilities {
  /** Tokens of prompt and answer together. */
  readonly context: number;
  readonly vocabulary: number;
  readonly endTokenIds: readonly number[];
  readonly scores: boolean;
  readonly rawLogProbs: boolean;
  readonly processedLogProbs: boolean;
  /** The same seed gives the same answer, whatever else is asked at the same time. */
  readonly seeds: boolean;
  /** What server, version and weights answer; goes into every record. */
  readonly fingerprint: string;
}

export interface Engine {
  readonly name: string;
  capabilities(): Promise<Capabilities>;
  encode(text: string): Promise<readonly number[]>;
  decode(tokenIds: readonly number[]): Promise<string>;
  /** Answers in the order of the requests. EngineError or StudyError; an abort rejects with the signal's reason. */
  sample(requests: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly Answer[]>;
  score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly Score[]>;
}
