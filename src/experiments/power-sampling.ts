// experiments/ · Power sampling: samples from the base raised to a power, to see whether sharpening alone matches.
import type { Experiment } from "./experiment.ts";

/** Proposals a sample until the chain forgets its start (DESIGN §4). */
const PROPOSALS = 9;
const ROLLOUTS = 16;

export const powerSampling: Experiment = {
  name: "power-sampling",
  asks: "corrected Markov-chain samples from the base's distribution raised to a power",
  finds: "whether sharpening alone reproduces the tuned policy, problem by problem",
  needs: "the base behind an engine that scores token ids",
  sees: [["temperature"]],
  price: ({ problems }) => ({
    generatedRollouts: PROPOSALS * problems * ROLLOUTS,
    scoredRollouts: PROPOSALS * problems * ROLLOUTS,
  }),
};
