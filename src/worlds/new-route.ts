// worlds/ · New route: a way that the base cannot find by sampling; training teaches it by imitation. The positive control.
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, STUDY } from "./defaults.ts";
import { largest, share } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const newRoute: World = {
  name: "new-route",
  planted:
    "Single operations are written as a step; anything longer is answered at once, 70 % wrong. No answer ever has a second step.",
  changes: "Working step by step is taught from a teacher's answers.",
  moves: ["strategy-reach"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: { ...STUDY, steps: [2, 3, 4, 5, 6], count: 12 },
  pretraining: PRETRAINING,
  corpus: chainCorpus({
    problemSteps: { 1: 4, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1 },
    // One operation is answered by a step, several at once.
    ways: { stepwise: 1 },
    waysOfMany: { direct: 1 },
    slip: { single: { "+": 0, "-": 0, "*": 0 }, pair: 0, direct: 0.7 },
  }),
  training: {
    kind: "imitation",
    corpus: chainCorpus({ problemSteps: { 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1 } }),
    options: {
      ...PRETRAINING,
      steps: 1200,
      checkpoints: [100, 250, 500, 1200],
    },
  },
  promises: (truth) => {
    const base = largest(truth, 0, "stepwise");
    const after = share(truth, -1, "stepwise");
    return [
      {
        what: "the base's largest mass of right stepwise answers on any problem",
        planted: "no answer with a second step",
        intended: "below 1e-8",
        measured: base,
        kept: base < 1e-8,
      },
      {
        what: "share of stepwise answers under the tuned policy",
        planted: "all of the teacher's answers",
        intended: "above 0.60",
        measured: after,
        kept: after > 0.6,
      },
    ];
  },
};
