// worlds/ · Imitation: the later policies learn a teacher's answers by heart, as supervised fine-tuning does; nothing is sampled.
import { learnFrom, type PretrainingOptions, type Supervised } from "./pretraining.ts";
import type { RunState } from "./run.ts";

export interface ImitationOptions extends PretrainingOptions {
  /** Steps after which a policy is kept; the last is the tuned one. */
  readonly checkpoints: readonly number[];
}

/** Goes on from `state`, which begins at the base's weights, to options.steps. */
export function imitate(state: RunState, teacher: Omit<Supervised, "phase">): RunState {
  return learnFrom(state, { ...teacher, phase: "imitation" });
}
