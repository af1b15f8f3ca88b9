// experiments/ · Cross scoring: each policy reads the other's rollouts token by token; a choice shows as a few tokens, reliability as a thousand cuts.
import type { Experiment } from "./experiment.ts";

/** Rollouts per problem and policy worth scoring: profiles average over problems, not over rollouts. */
const SCORED = 16;

export const crossScoring: Experiment = {
  name: "cross-scoring",
  asks: "each policy scores the rollouts of both, token by token",
  finds: "where along a rollout the log-ratio of tuned to base lies, and what the base's own sampler excludes",
  needs: "both policies behind an engine that scores token ids",
  sees: [["strategy-share", "strategy-reach"], ["slips"], ["temperature"], ["odds"], ["readable"]],
  price: ({ problems }) => ({ generatedRollouts: 2 * problems * SCORED, scoredRollouts: 4 * problems * SCORED }),
};
