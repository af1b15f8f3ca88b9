// terms/ · Behaviour: a paper model of how one policy acts on one problem. Rivals move parts of it; experiments see parts of it.

/** DESIGN §3: p success, π(s) strategy shares, ε slips and ρ repairs per step, a readable, c cut-offs, m recalled, g lucky hits. */
export const PARTS = {
  "strategy-reach": "the mass of a strategy the base does not reach within the yardstick",
  "strategy-share": "π(s), how often a strategy the base already has is chosen",
  slips: "ε, the chance of an error per step",
  repairs: "ρ, the chance that an error is noticed and mended",
  joins: "the chance of joining two known parts",
  odds: "the odds of a right answer, by one factor on every problem",
  temperature: "α, the power to which the base's distribution is raised",
  readable: "a, the chance that a right answer is in a form the grader reads",
  "cut-offs": "c, the chance of running out of tokens",
  baseline: "p0 as measured: prompt, temperature and top-p of the base",
  recall: "m, the chance that the answer is recalled, not worked out",
  luck: "g, the chance of a right answer without a right chain",
  grader: "the chance that a wrong answer is passed by the grader",
} as const satisfies Record<string, string>;

export type Part = keyof typeof PARTS;

/** One way of solving, on paper. */
export interface Way {
  readonly name: string;
  /** π(s), in [0, 1]; shares of all ways add up to 1. */
  readonly share: number;
  /** Steps of the problem that it does at a time: 1 is stepwise, ∞ says the answer at once. It makes max(1, ⌈L / pace⌉) steps. */
  readonly pace: number;
  /** ε, the chance that a step goes wrong, in [0, 1]. */
  readonly slip: number;
  /** Of each step in turn, the log-odds by which it goes wrong more often than that; 0 for steps that are not in the list. */
  readonly harder?: readonly number[];
  /** ρ, the chance that a step that went wrong is mended before the next, in [0, 1]. */
  readonly repair: number;
  /** Different steps that are wrong, all as likely, 1 … 8; 1 where not said. A lower temperature helps against many where it does not against one. */
  readonly wrongs?: number;
}

/**
 * A policy on a problem of L steps writes: how it goes about it, its steps, the mark of the answer, the answer. Every chance that it
 * has there is one of these; all but two are probabilities.
 */
export interface Behaviour {
  /** At least one; the same names in the same order for all policies on a problem. */
  readonly ways: readonly Way[];
  /** With L ≥ 2, the chance to go on after the first step and not to state the answer there. */
  readonly joins: number;
  readonly readable: number;
  /** c, at the place where the answer would be stated. */
  readonly cutOffs: number;
  /** The text ends this often before its work is done, and says no answer: before any step as likely as before any other. Not at all where not said. */
  readonly breaksOff?: number;
  /** m, at the place where a way is chosen: the answer is stated without any work, and is right. */
  readonly recall: number;
  /** g: an answer after wrong work is right all the same. */
  readonly luck: number;
  /** Behind steps that are done and right another answer is stated this often. */
  readonly misstated: number;
  /** What is said at once, without steps, is wrong this often: a guess, at the place where it is stated. 0 where not said. */
  readonly misguessed?: number;
  /** An answer that is wrong is put in words that fool the grader. */
  readonly grader: number;
  /** Nats by which the odds of a right answer are raised: π ∝ π_before · e^{odds · right}, on whole texts. 0 leaves them. */
  readonly odds: number;
  /** α: every chance of a token is raised to this power and renormalised, before the odds. 1 leaves them; a positive number. */
  readonly temperature: number;
  /** The prompt it was measured with leads it astray this often: it answers something else, and wrong. With a good prompt it is 0. */
  readonly astray: number;
}
