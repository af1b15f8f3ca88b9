// terms/ · Sampler: how tokens are drawn. Every field is always said: a server fills unsaid ones from the checkpoint's own defaults.

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
