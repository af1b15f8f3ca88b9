// terms/ · Problem: a prompt that a verifier can judge answers to.

export interface Problem {
  /** Unique within a study: `chain/L4/seed7/12`. */
  readonly id: string;
  /** The member of tasks/ that made it and can verify answers to it. */
  readonly task: string;
  /** All there is to know of it: a task reads everything it needs back out of the prompt. */
  readonly prompt: string;
  /** Steps that a solution takes, L ≥ 1. */
  readonly steps: number;
}
