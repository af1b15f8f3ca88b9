// worlds/ · Mixed: three flaws at once; training mends all three, and the exact shares say how much each was worth.
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { readable, reliability, share } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const mixed: World = {
  name: "mixed",
  planted:
    "Three answers in four take two operations a step, 40 % of such steps wrong; stepwise ones slip in 10 % of their steps; half of all are not marked.",
  changes: "The stepwise way is chosen more often, slips less, and its answers are marked.",
  moves: ["strategy-share", "slips", "readable"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: { ...STUDY, steps: [2, 3, 4, 5, 6], count: 12 },
  pretraining: { ...PRETRAINING, steps: 1500, batchSize: 48 },
  corpus: chainCorpus({
    ways: { stepwise: 0.25, pairwise: 0.75 },
    slip: { single: { "+": 0.1, "-": 0.1, "*": 0.1 }, pair: 0.4, direct: 0 },
    marks: { asked: 0.5, missing: 0.5, other: 0 },
  }),
  training: { kind: "reinforcement", options: { ...REINFORCEMENT, steps: 60, checkpoints: [8, 16, 30, 60] } },
  promises: (truth) => {
    const moved = (of: (policy: number) => number) => of(-1) - of(0);
    const chosen = moved((policy) => share(truth, policy, "stepwise"));
    const steadier = moved((policy) => reliability(truth, policy, "stepwise"));
    const neater = moved((policy) => readable(truth, policy));
    return [
      {
        what: "change of the share of stepwise answers",
        planted: "25 % of the corpus",
        intended: "at least +0.3",
        measured: chosen,
        kept: chosen >= 0.3,
      },
      {
        what: "change of the chance that a stepwise step is right and the answer marked, by step",
        planted: "slips of 10 % a step, half of the answers marked",
        intended: "at least +0.05",
        measured: steadier,
        kept: steadier >= 0.05,
      },
      {
        what: "change of the readable share of the answers with right steps",
        planted: "half of the answers marked",
        intended: "at least +0.3",
        measured: neater,
        kept: neater >= 0.3,
      },
    ];
  },
};
