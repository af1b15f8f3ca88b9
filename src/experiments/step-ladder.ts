// experiments/ · Step ladder: problems of 1, 2, 4 … 64 steps; reliability compounds along it, a choice does not.
import type { Experiment } from "./experiment.ts";

const RUNGS = 7;
const PROBLEMS_A_RUNG = 100;
const ROLLOUTS = 16;

export const stepLadder: Experiment = {
  name: "step-ladder",
  asks: "both policies on problems with 1, 2, 4 \u2026 64 steps",
  finds: "reliability per step, hazards, and p1/p0 against the number of steps",
  needs: "both policies behind an engine, and a task whose number of steps can be set",
  sees: [["slips"], ["repairs"], ["joins"], ["strategy-share", "strategy-reach"]],
  price: () => ({ generatedRollouts: 2 * RUNGS * PROBLEMS_A_RUNG * ROLLOUTS, scoredRollouts: 0 }),
};
