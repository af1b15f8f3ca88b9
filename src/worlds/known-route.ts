// worlds/ · Known route: a clean way that the base rarely takes; training takes it more often, and makes it hardly better.
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { reliability, share } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const knownRoute: World = {
  name: "known-route",
  planted:
    "93 % of the answers take two operations a step, 40 % of such steps wrong, or give the bare answer, 70 % wrong; 7 % are clean and stepwise.",
  changes: "The stepwise way is chosen more often.",
  moves: ["strategy-share"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  // With one operation there is no pair to take: the ways part from two operations on.
  study: { ...STUDY, steps: [2, 3, 4, 5, 6], count: 12 },
  pretraining: { ...PRETRAINING, steps: 1800, batchSize: 64 },
  corpus: chainCorpus({
    problemSteps: { 1: 2, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1 },
    ways: { stepwise: 0.07, pairwise: 0.88, direct: 0.05 },
    slip: { single: { "+": 0.003, "-": 0.003, "*": 0.003 }, pair: 0.4, direct: 0.7 },
  }),
  // Slower than the others: at the usual rate the steps of one seed in three lose 2 % of their reliability on the way.
  training: {
    kind: "reinforcement",
    options: { ...REINFORCEMENT, learningRate: 3e-4, steps: 60, checkpoints: [12, 20, 34, 60] },
  },
  promises: (truth) => {
    const before = share(truth, 0, "stepwise");
    const after = share(truth, -1, "stepwise");
    const steadier = reliability(truth, -1, "stepwise") - reliability(truth, 0, "stepwise");
    return [
      {
        what: "share of stepwise answers under the base",
        planted: "7 % of the corpus",
        intended: "below 0.10",
        measured: before,
        kept: before < 0.1,
      },
      {
        what: "share of stepwise answers under the tuned policy",
        planted: "the way that is nearly always right",
        intended: "above 0.60",
        measured: after,
        kept: after > 0.6,
      },
      {
        what: "change of the chance that a stepwise step is right",
        planted: "slips of 0.3 % a step",
        intended: "less than 0.02 either way",
        measured: steadier,
        kept: Math.abs(steadier) < 0.02,
      },
    ];
  },
};
