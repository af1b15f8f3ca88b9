// worlds/ · The contract: what is planted, what training should move, and at what sizes.
import type { Grading, Task } from "../tasks/task.ts";
import type { Part } from "../terms/behaviour.ts";
import type { Problem } from "../terms/problem.ts";
import type { Promised, TruthDocument } from "../terms/truth.ts";
import type { Stream } from "../maths/random.ts";
import type { ImitationOptions } from "./imitation.ts";
import type { PretrainingOptions } from "./pretraining.ts";
import type { Opening, ReinforcementOptions } from "./reinforcement.ts";
import type { Example } from "./run.ts";
import type { Shape } from "./transformer/shape.ts";

/** What a policy does to the network's distribution, exactly: nothing, logits × alpha, or π ∝ π0 · e^{R/beta} with R = 1 where right. */
export type Transform =
  | { readonly kind: "none" }
  | { readonly kind: "power"; readonly alpha: number }
  | { readonly kind: "tilt"; readonly beta: number };

/** How the later policies come about. */
export type Training =
  | { readonly kind: "reinforcement"; readonly options: ReinforcementOptions; readonly opening?: Opening }
  | { readonly kind: "imitation"; readonly options: ImitationOptions; readonly corpus: (random: Stream) => Example }
  | {
      readonly kind: "transform";
      readonly policies: readonly { readonly name: string; readonly transform: Transform }[];
    };

/** The truth before the promises are held against it. */
export type Unjudged = Omit<TruthDocument, "promises" | "kept">;

export interface World {
  /** The file's name. */
  readonly name: string;
  /** One sentence: what is planted in the base. */
  readonly planted: string;
  /** One sentence: what training changes. */
  readonly changes: string;
  /** Parts of behaviour that move; empty where none does. */
  readonly moves: readonly Part[];
  readonly task: Task;
  readonly grading: Grading;
  readonly shape: Shape;
  /** Generated tokens at most, in training and in every study of this world. */
  readonly maxTokens: number;
  /** The problems whose truth is computed and promised: so many of each number of steps. */
  readonly study: { readonly seed: number; readonly steps: readonly number[]; readonly count: number };
  readonly pretraining: PretrainingOptions;
  /** One example of the pretraining corpus, from its own stream. */
  readonly corpus: (random: Stream) => Example;
  readonly training: Training;
  /** Further strings whose exact mass is worth knowing, by name. */
  readonly asides?: (problem: Problem) => Readonly<Record<string, readonly string[]>>;
  /** What shall have moved, and what not, judged by the truth. */
  readonly promises: (truth: Unjudged) => readonly Promised[];
}
