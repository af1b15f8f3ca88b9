// terms/ · Rollout: one sampled answer, as far as it was kept. What was not kept is absent, never empty or zero.
import type { Verdict } from "./verdict.ts";

export interface Rollout {
  /** The official verdict: what the user's own verifier said. */
  readonly verdict: Verdict;
  /** The answer as decoded, chain of thought included. */
  readonly text?: string;
  /** What the official grader took out of the text; absent where it found nothing or where it was not kept. */
  readonly extracted?: string;
  /** Generated tokens. */
  readonly tokens?: number;
  /** True where the sampler stopped it at its limit; absent where the log does not say. */
  readonly cutOff?: boolean;
  /** Of the generated tokens, one each; only where asked for (`keepTokens`). Natural logs, of the sampler as it drew unless `raw`. */
  readonly tokenIds?: readonly number[];
  readonly logProbs?: readonly number[];
}
