// experiments/ · Contamination control: partial prompts and perturbed twins: what is recalled breaks where what is solved holds.
import type { Experiment } from "./experiment.ts";

const ROLLOUTS = 16;

export const contaminationControl: Experiment = {
  name: "contamination-control",
  asks: "both policies on partial prompts and on perturbed or fresh twins of the problems",
  finds: "the share of the gain that is recall",
  needs: "both policies behind an engine, and twins of the problems",
  sees: [["recall"]],
  price: ({ problems }) => ({ generatedRollouts: 4 * problems * ROLLOUTS, scoredRollouts: 0 }),
};
