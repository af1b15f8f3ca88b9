// worlds/ · Steady hand: one way of working, many slips; training makes the same steps more reliable.
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { longest, share, success } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const steadyHand: World = {
  name: "steady-hand",
  planted:
    "Every answer is worked out step by step; 10 % of the sums, 15 % of the differences and 20 % of the products are wrong.",
  changes: "Fewer slips a step; the way of working stays.",
  moves: ["slips"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: STUDY,
  pretraining: PRETRAINING,
  corpus: chainCorpus({ slip: { single: { "+": 0.1, "-": 0.15, "*": 0.2 }, pair: 0, direct: 0 } }),
  training: { kind: "reinforcement", options: { ...REINFORCEMENT, steps: 60, checkpoints: [6, 15, 30, 60] } },
  promises: (truth) => {
    const most = longest(truth);
    const ratio = success(truth, -1, most) / success(truth, 0, most);
    const moved = ["stepwise", "pairwise", "direct"].map((way) =>
      Math.abs(share(truth, -1, way) - share(truth, 0, way)),
    );
    return [
      {
        what: `success at L = ${most}, tuned over base`,
        planted: "slips of 10 to 20 % a step",
        intended: "at least 2",
        measured: ratio,
        kept: ratio >= 2,
      },
      {
        what: "largest move of a strategy's share",
        planted: "stepwise only",
        intended: "below 0.05",
        measured: Math.max(...moved),
        kept: Math.max(...moved) < 0.05,
      },
    ];
  },
};
