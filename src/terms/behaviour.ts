// terms/ · Behaviour: the parts of what a policy does that training may move. Rivals move parts; experiments see parts.

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
