// worlds/ · Plain tilt: the later policies are the base with right answers weighted up, and nothing else. Exact by construction.
import { logit } from "../maths/logspace.ts";
import { chain } from "../tasks/chain.ts";
import { chainCorpus } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, STUDY } from "./defaults.ts";
import { policyOf, probability } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

const BETAS = [2, 1, 0.75, 0.5];

export const plainTilt: World = {
  name: "plain-tilt",
  planted:
    "Every answer is worked out step by step; 10 % of the sums, 20 % of the differences and 40 % of the products are wrong.",
  changes: "Nothing is trained: every right answer's weight times e^(1/β).",
  moves: ["odds"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: STUDY,
  pretraining: PRETRAINING,
  corpus: chainCorpus({ slip: { single: { "+": 0.1, "-": 0.2, "*": 0.4 }, pair: 0, direct: 0 } }),
  training: {
    kind: "transform",
    policies: BETAS.map((beta, i) => ({
      name: i === BETAS.length - 1 ? "tuned" : `tilted-${i + 1}`,
      transform: { kind: "tilt", beta },
    })),
  },
  promises: (truth) => {
    const odds = (problem: (typeof truth.problems)[number], policy: number) =>
      logit(probability(policyOf(problem, policy).right));
    const beta = BETAS.at(-1)!;
    const worst = Math.max(
      ...truth.problems.map((problem) => Math.abs(odds(problem, -1) - odds(problem, 0) - 1 / beta)),
    );
    return [
      {
        what: "largest distance of logit p1 − logit p0 from 1/β on any problem",
        planted: `β = ${beta}`,
        intended: "below 1e-6",
        measured: worst,
        kept: worst < 1e-6,
      },
    ];
  },
};
