// experiments/ · Rare mass: how much probability the base gives to what the tuned policy does, as an interval.
import type { Experiment } from "./experiment.ts";

const PROBLEMS = 100;
const CHECKPOINTS = 8;
/** Suffix regenerations a problem and checkpoint; one is half a rollout long in the mean. */
const MOVES = 64;

export const rareMass: Experiment = {
  name: "rare-mass",
  asks: "an annealed chain of checkpoints from tuned-right rollouts down to the base, with fork-only proposals and direct samples beside it",
  finds: "the mass bracket of a behaviour under the base, against the yardstick",
  needs: "the checkpoints behind engines that score token ids",
  sees: [["strategy-reach"], ["strategy-share"]],
  price: ({ problems }) => {
    const moves = Math.min(problems, PROBLEMS) * CHECKPOINTS * MOVES;
    return { generatedRollouts: moves / 2, scoredRollouts: 2 * moves };
  },
};
