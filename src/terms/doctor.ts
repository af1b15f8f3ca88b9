// terms/ · Doctor: whether the policies' engines are what they claim to be; the document of `crucis doctor --json`.
import type { Measured } from "./estimate.ts";

export type CheckOutcome =
  | { readonly kind: "passed" /** What was seen, in a few words. */; readonly seen: string }
  | { readonly kind: "failed" /** What disagreed, with both values. */; readonly why: string }
  | { readonly kind: "refused"; readonly why: string; readonly mend: string };

export interface Check {
  /** Stable, lower case: `unit-weight`. */
  readonly name: string;
  /** What is asked, a clause: `the same seed gives the same answer`. */
  readonly asks: string;
  readonly outcome: CheckOutcome;
  /** Experiments that cannot be carried, or not be trusted, until it passes; empty where it passed. */
  readonly forbids: readonly string[];
}

/** What two policies must have in common. */
export interface CheckBetween extends Check {
  readonly policies: readonly [string, string];
}

/** Tokens a second, with as many requests in flight as the examination has. Scored are those that got a score, their prompts not counted. */
export interface Speed {
  readonly generated: number;
  readonly scored?: number;
}

export interface PolicyHealth {
  readonly policy: string;
  /** As declared: `vllm`. */
  readonly engine: string;
  /** The next three as told; absent where it could not be reached. */
  readonly server?: string;
  readonly fingerprint?: string;
  readonly context?: number;
  /** What it says itself that it cannot do, each with what that forbids. */
  readonly lacks: readonly string[];
  readonly checks: readonly Check[];
  /** Mean of exp(score − sampled) over its own rollouts, each one's tokens summed: 1 where both are one density. */
  readonly unitWeight?: Measured;
  /** Nats a token: root mean square of score − sampled, the floor under every log-ratio. */
  readonly mismatch?: Measured;
  /** Of its own rollouts; absent where none came, or nobody looked at a clock. */
  readonly speed?: Speed;
}

export interface DoctorReport {
  readonly crucis: string;
  readonly command: "doctor";
  /** Rollouts asked of each policy. */
  readonly rollouts: number;
  /** Prompts at hand. */
  readonly prompts: number;
  /** In the order of the study. */
  readonly policies: readonly PolicyHealth[];
  /** Each later policy against the first, of those that could be asked. */
  readonly between: readonly CheckBetween[];
}
