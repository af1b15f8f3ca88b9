// terms/ · Study: what is declared before anything is asked. Read from study.yaml by study/declare.
import type { StrategyDeclared } from "./judge.ts";
import type { Sampler } from "./sampler.ts";
import type { HandoffSizes } from "./seen.ts";
import type { VariantDeclared } from "./variant.ts";
import type { Verdict } from "./verdict.ts";

/** One policy and who answers for it. What a kind of engine needs of these, it says itself. */
export interface PolicyDeclared {
  /** Unique in the study; letters, digits, dots, dashes. */
  readonly name: string;
  /** A member of engines/all.ts, or `world`. */
  readonly engine: string;
  /** Of a server, with /v1 where it has one. */
  readonly url?: string;
  /** As the server knows it; a checkpoint of a world. */
  readonly model?: string;
  /** A GGUF file (llama), a folder of a study (replay). */
  readonly path?: string;
  /** Of a planted world; its seed. */
  readonly world?: string;
  readonly worldSeed?: number;
  /** Prompts go through the server's chat template as one message of the user. */
  readonly chat?: boolean;
  /** How its prompts are written: `{problem}` in it stands for the problem's own text; that text alone where not said. */
  readonly prompt?: string;
  /** Name of the environment variable that holds the key. The key itself is nowhere. */
  readonly apiKeyEnv?: string;
  /** Requests in flight at most; the limit below it adapts to the server. */
  readonly maxInFlight?: number;
  /** One request may take so long before it counts as hung. */
  readonly deadlineSeconds?: number;
  /** Money per million tokens, for the cost that is shown. */
  readonly price?: { readonly generated: number; readonly scored: number };
}

/** Problems and who judges answers to them. */
export type TaskDeclared =
  | {
      /** A member of tasks/. */
      readonly task: string;
      readonly steps: readonly number[];
      /** Problems, spread evenly over `steps`. */
      readonly problems: number;
      readonly seed: number;
      readonly grading: "process" | "lenient" | "outcome";
    }
  | {
      /** A JSON-lines file of the user: id, prompt, answer. */
      readonly questions: string;
      /** How the answer is found in a rollout. */
      readonly answerIn: "boxed" | "tag" | "mark" | "last-number" | "whole";
      /** All of them where not said; else the first so many. */
      readonly problems?: number;
      /** A file of the same kind: fresh problems like these, that nobody can have trained on. */
      readonly twins?: string;
    }
  | {
      /** A study in TypeScript brings its own. */
      readonly name: string;
      readonly problems: readonly { readonly id: string; readonly prompt: string; readonly steps?: number }[];
      readonly verify: (prompt: string, text: string) => Verdict | Promise<Verdict>;
      /** A stricter judge, to look again at what `verify` passed; it must not throw. */
      readonly strict?: (prompt: string, text: string) => boolean;
      /** How an answer begins, so that a bare one can be begun for a policy. */
      readonly opening?: string;
      /** Goes up when `verify` changes. */
      readonly version: string;
    };

/** A model that says which strategy a rollout follows. */
export interface JudgeDeclared {
  /** Who answers; its name is `judge`. */
  readonly policy: PolicyDeclared;
  /** Two or more; every attempt follows one of them. */
  readonly strategies: readonly StrategyDeclared[];
  /** A JSON-lines file of the user: text, strategy, and where known problem and right. */
  readonly examples: string;
  /** Labelled rollouts of each problem and policy, at most. */
  readonly rollouts: number;
  readonly sampler: Sampler;
}

export interface Study {
  readonly title: string;
  /** Names every random stream of the study; a whole number in [0, 2³²). */
  readonly seed: number;
  /** Training order: the first is the base, the last is the tuned one. At least two. */
  readonly policies: readonly PolicyDeclared[];
  readonly sampler: Sampler;
  readonly tasks: readonly TaskDeclared[];
  /** Rollouts a problem and policy, ≥ 1. */
  readonly rollouts: number;
  /** Rollouts of each problem and policy that the base and the tuned policy both score; 0 for none. */
  readonly scored: number;
  /** Experiments that plan as they go; all that the engines can carry where not said. */
  readonly experiments?: readonly string[];
  /** How much hand-overs ask for; as usual where not said. */
  readonly handoff?: HandoffSizes;
  /** Other prompts and samplers for the base, which decoder-sweep tries. */
  readonly variants?: readonly VariantDeclared[];
  /** Requests that are asked, kept and, after a crash, repeated together. */
  readonly chunk: number;
  readonly yardstick?: { readonly rlRollouts: number };
  /** Generated and scored tokens together. */
  readonly budget?: { readonly tokens: number };
  /** Studies on paper of each rival, whose findings are sealed before the first answer; 0 where nothing is foretold. */
  readonly registration: { readonly studies: number };
  /** Says which strategy a rollout follows. */
  readonly judge?: JudgeDeclared;
  /** How often the evidence is judged on the way, more and more problems each time, so that a study that is decided ends; 1 where not said. */
  readonly looks?: number;
}
