// experiments/ · Strategy census: which ways of solving occur at all, failed rollouts included, and how much mass is unseen.
import type { Experiment } from "./experiment.ts";

const ROLLOUTS = 16;
/** A judge answers in a twentieth of a rollout's tokens. */
const LABEL = 1 / 20;

export const strategyCensus: Experiment = {
  name: "strategy-census",
  asks: "which strategy each stored rollout follows, failed ones included",
  finds: "strategy shares of both policies, unseen mass, and new strategies with bounds",
  needs:
    "the texts of the stored rollouts, and signatures from the task or a judge model with a measured confusion matrix",
  sees: [["strategy-share"], ["strategy-reach"]],
  price: ({ problems }) => ({
    generatedRollouts: 2 * problems * ROLLOUTS * LABEL,
    scoredRollouts: 2 * problems * ROLLOUTS,
  }),
};
