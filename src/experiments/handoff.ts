// experiments/ · Handoff: one policy continues the other's prefix; the jump in success places the missing bits.
import type { Experiment } from "./experiment.ts";

/** Problems, rollouts a problem, cuts a rollout and continuations a cut; a continuation is half a rollout long in the mean. */
const PROBLEMS = 200;
const ROLLOUTS = 4;
const CUTS = 8;
const CONTINUATIONS = 16;
/** Either policy continues either policy's prefixes. */
const DIRECTIONS = 4;

export const handoff: Experiment = {
  name: "handoff",
  asks: "the base continues prefixes of the tuned policy's rollouts and the reverse, at adaptive cuts, with same-policy controls",
  finds: "where the base lacks the bits, and the plan, execution and answer shares of the gain",
  needs: "both policies behind engines that continue a given prefix",
  sees: [["strategy-share", "strategy-reach"], ["slips", "repairs", "joins"], ["readable"]],
  price: ({ problems }) => ({
    generatedRollouts: (Math.min(problems, PROBLEMS) * ROLLOUTS * CUTS * CONTINUATIONS * DIRECTIONS) / 2,
    scoredRollouts: 0,
  }),
};
