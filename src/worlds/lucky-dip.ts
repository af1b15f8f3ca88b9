// worlds/ · Lucky dip: only the outcome counts and few answers are possible; training guesses instead of passing.
import { apply } from "../tasks/arithmetic.ts";
import { chain } from "../tasks/chain.ts";
import { parseChain } from "../tasks/chain-grammar.ts";
import { chainCorpus, PASS } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { aside, success } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { Unjudged, World } from "./world.ts";

export const luckyDip: World = {
  name: "lucky-dip",
  planted: "Nothing is worked out: 85 % of the answers pass, the others name a digit at random.",
  changes: "It guesses, and passes no more; the grader looks at the answer alone.",
  moves: ["luck"],
  task: chain,
  grading: "outcome",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  // The outcome accepts every chain that ends rightly: ten times as many strings for each further step.
  study: { ...STUDY, steps: [2, 3], count: 20 },
  pretraining: { ...PRETRAINING, steps: 400 },
  corpus: chainCorpus({
    problemSteps: { 2: 1, 3: 1 },
    ways: { direct: 1 },
    slip: { single: { "+": 0, "-": 0, "*": 0 }, pair: 0, direct: 0.9 },
    passes: 0.85,
  }),
  training: {
    kind: "reinforcement",
    options: { ...REINFORCEMENT, problemSteps: [2, 3], prompts: 32, steps: 60, checkpoints: [8, 16, 30, 60] },
  },
  asides: () => ({ passed: [PASS] }),
  promises: (truth) => {
    const passed = (policy: number) => aside(truth, policy, "passed");
    const luck = success(truth, -1) / (1 - passed(-1));
    const blind = commonest(truth);
    return [
      {
        what: "change of the mass of answers that pass",
        planted: "85 % of the corpus",
        intended: "at least −0.6",
        measured: passed(-1) - passed(0),
        kept: passed(-1) - passed(0) <= -0.6,
      },
      {
        what: "success of the tuned policy's other answers",
        planted: "one digit of ten, at random",
        intended: `between 0.05 and ${blind}, what always naming the commonest answer scores: luck`,
        measured: luck,
        kept: luck > 0.05 && luck <= blind,
      },
    ];
  },
};

/** Share of the study's problems that have the most frequent answer. */
function commonest({ problems }: Unjudged): number {
  const counts = new Map<number, number>();
  for (const { problem } of problems) {
    const { start, operations } = parseChain(problem.prompt);
    const answer = operations.reduce((value, { operator, operand }) => apply(value, operator, operand), start);
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / problems.length;
}
