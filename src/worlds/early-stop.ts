// worlds/ · Early stop: the work is right as far as it goes, but it breaks off or runs over the limit; training finishes it.
import { chain } from "../tasks/chain.ts";
import { chainCorpus, cleanSteps, FILLER } from "./chain-corpus.ts";
import { MAX_TOKENS, PRETRAINING, REINFORCEMENT, STUDY } from "./defaults.ts";
import { aside, success } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

export const earlyStop: World = {
  name: "early-stop",
  planted: "30 % of the answers break off after some right steps, 25 % are filler until the tokens run out.",
  changes: "Answers are finished.",
  moves: ["cut-offs"],
  task: chain,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: MAX_TOKENS,
  study: STUDY,
  pretraining: PRETRAINING,
  corpus: chainCorpus({ breaksOff: 0.3, runsOver: 0.25 }),
  training: { kind: "reinforcement", options: { ...REINFORCEMENT, steps: 30, checkpoints: [6, 12, 20, 30] } },
  asides: ({ prompt }) => {
    const steps = cleanSteps(prompt);
    return {
      "broken off": steps.map((_, i) => `${steps.slice(0, i).join("")}.`),
      "run over": [FILLER.repeat(MAX_TOKENS)],
    };
  },
  promises: (truth) => {
    const lost = (policy: number) => aside(truth, policy, "broken off") + aside(truth, policy, "run over");
    const others = (policy: number) => success(truth, policy) / (1 - lost(policy));
    const finished = others(-1) - others(0);
    return [
      {
        what: "change of the mass of answers that break off or run over",
        planted: "47 % of the corpus",
        intended: "at least −0.3",
        measured: lost(-1) - lost(0),
        kept: lost(-1) - lost(0) <= -0.3,
      },
      {
        what: "change of the success of the others",
        planted: "right steps",
        intended: "less than 0.03 either way",
        measured: finished,
        kept: Math.abs(finished) < 0.03,
      },
    ];
  },
};
