// worlds/ · Joined parts: every part is known, joining them is rare; training joins them.
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { longest, success } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const joinedParts: World = {
  name: "joined-parts",
  planted:
    "75 % of the longer chains stop after the first step and give its result as the answer; single operations are answered well.",
  changes: "The first step is gone on from.",
  moves: ["joins"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: STUDY,
  pretraining: { ...PRETRAINING, steps: 1500, batchSize: 48 },
  corpus: chainCorpus({
    stopsAfterOne: 0.75,
    slip: { single: { "+": 0.01, "-": 0.01, "*": 0.01 }, pair: 0, direct: 0 },
  }),
  training: { kind: "reinforcement", options: { ...REINFORCEMENT, steps: 40, checkpoints: [8, 14, 22, 40] } },
  promises: (truth) => {
    const ratio = (steps: number) => success(truth, -1, steps) / success(truth, 0, steps);
    const most = longest(truth);
    const jump = ratio(2) / ratio(1);
    const slope = (ratio(most) / ratio(2)) ** (1 / (most - 2));
    return [
      {
        what: "success tuned over base at L = 2, over that at L = 1",
        planted: "one in four longer chains is gone on with",
        intended: "at least 2.5: a jump",
        measured: jump,
        kept: jump >= 2.5,
      },
      {
        what: `growth of that ratio for each further step, L = 2 to ${most}`,
        planted: "one decision, after the first step",
        intended: "below 1.1 either way: no slope",
        measured: slope,
        kept: slope < 1.1 && slope > 1 / 1.1,
      },
    ];
  },
};
