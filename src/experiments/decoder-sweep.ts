// experiments/ · Decoder sweep: the base under other prompts, temperatures and top-p; its best is the fair baseline.
import type { Experiment } from "./experiment.ts";

/** Three prompts by four temperature and top-p settings. */
const SETTINGS = 12;
const ROLLOUTS = 16;

export const decoderSweep: Experiment = {
  name: "decoder-sweep",
  asks: "the base under several prompts, temperatures and top-p",
  finds: "the base's envelope, chosen on one half of the problems and measured on the other",
  needs: "the base behind an engine",
  sees: [["baseline"], ["temperature"]],
  price: ({ problems }) => ({ generatedRollouts: SETTINGS * problems * ROLLOUTS, scoredRollouts: 0 }),
};
