// terms/ · Judge: a model that says which strategy an attempt follows, and the attempts labelled by hand from which its mistakes are known.

/** Stands in records where policies' names stand; no policy of a study has it. */
export const JUDGE = "judge";

export interface StrategyDeclared {
  /** Lower-case letters, digits, dashes. */
  readonly name: string;
  /** One sentence by which a reader can tell it from the others. */
  readonly what: string;
}

/** An attempt that a person has labelled. */
export interface JudgeExample {
  readonly text: string;
  /** One of the judge's. */
  readonly strategy: string;
  /** What was attempted, in words. */
  readonly problem?: string;
  /** Whether the attempt is right. */
  readonly right?: boolean;
}

/** As experiments see it. */
export interface SeenJudge {
  /** Variant of its rollouts. What it means never changes: it holds a hash of model, sampler and strategies. */
  readonly key: string;
  readonly strategies: readonly string[];
  readonly rollouts: number;
  readonly examples: readonly JudgeExample[];
  /** Of all examples: labels of others are not theirs. */
  readonly examplesKey: string;
}

/** What is shown to the judge. */
export interface Shown {
  readonly text: string;
  /** What was attempted, where no problem of the study; empty where nobody knows. */
  readonly problem?: string;
}
