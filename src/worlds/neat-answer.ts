// worlds/ · Neat answer: the work is right, the answer often unreadable; training makes it readable.
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { lenient, readable } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const neatAnswer: World = {
  name: "neat-answer",
  planted: "The steps are right; 40 % of the answers are not marked, 20 % carry another mark.",
  changes: "Answers are marked as asked.",
  moves: ["readable"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: STUDY,
  pretraining: PRETRAINING,
  corpus: chainCorpus({ marks: { asked: 0.4, missing: 0.4, other: 0.2 } }),
  training: { kind: "reinforcement", options: { ...REINFORCEMENT, steps: 30, checkpoints: [6, 12, 20, 30] } },
  promises: (truth) => {
    const neater = readable(truth, -1) - readable(truth, 0);
    const righter = lenient(truth, -1) - lenient(truth, 0);
    return [
      {
        what: "change of the readable share of the answers with right steps",
        planted: "40 % of the answers marked as asked",
        intended: "at least +0.3",
        measured: neater,
        kept: neater >= 0.3,
      },
      {
        what: "change of lenient success",
        planted: "right steps",
        intended: "less than 0.03 either way",
        measured: righter,
        kept: Math.abs(righter) < 0.03,
      },
    ];
  },
};
