// worlds/ · Same again: the later policies are the base. What looks like a gain here is noise. Exact by construction.
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, STUDY } from "./defaults.ts";
import { policyOf, probability } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const sameAgain: World = {
  name: "same-again",
  planted: "Every answer is worked out step by step, 15 % of the steps are wrong; one answer in ten is not marked.",
  changes: "Nothing.",
  moves: [],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: STUDY,
  pretraining: PRETRAINING,
  corpus: chainCorpus({
    slip: { single: { "+": 0.15, "-": 0.15, "*": 0.15 }, pair: 0, direct: 0 },
    marks: { asked: 0.9, missing: 0.1, other: 0 },
  }),
  training: {
    kind: "transform",
    policies: ["again-1", "again-2", "again-3", "tuned"].map((name) => ({ name, transform: { kind: "none" } })),
  },
  promises: (truth) => {
    const most = Math.max(
      ...truth.problems.map((problem) =>
        Math.abs(probability(policyOf(problem, -1).right) - probability(policyOf(problem, 0).right)),
      ),
    );
    return [
      {
        what: "largest change of success on any problem",
        planted: "the same weights",
        intended: "0",
        measured: most,
        kept: most === 0,
      },
    ];
  },
};
