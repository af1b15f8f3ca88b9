// worlds/ · Cold sampler: the later policies are the base at a lower temperature, and nothing else. Exact by construction.
import { countdown } from "../tasks/countdown.ts";
import { countdownCorpus } from "./countdown-corpus.ts";
import { PRETRAINING, STUDY } from "./defaults.ts";
import { policyOf, probability, success } from "./measures.ts";
import { DEFAULT_SHAPE } from "./transformer/shape.ts";
import type { World } from "./world.ts";

const ALPHAS = [1.25, 1.6, 2, 3];

export const coldSampler: World = {
  name: "cold-sampler",
  planted:
    "Solutions of countdown are found by chance; some facts of arithmetic are believed wrong more often than right.",
  changes: "Nothing is trained: logits times α.",
  moves: ["temperature"],
  task: countdown,
  grading: "process",
  shape: DEFAULT_SHAPE,
  maxTokens: 24,
  study: { ...STUDY, steps: [1, 2, 3], count: 15 },
  pretraining: { ...PRETRAINING, steps: 1500, batchSize: 48 },
  corpus: countdownCorpus({ slip: 0.05, misbelieved: ["7*8", "8*7", "6+7", "7+6", "9-4", "3*4", "4*3"], chance: 0.7 }),
  training: {
    kind: "transform",
    policies: ALPHAS.map((alpha, i) => ({
      name: i === ALPHAS.length - 1 ? "tuned" : `colder-${i + 1}`,
      transform: { kind: "power", alpha },
    })),
  },
  promises: (truth) => {
    const worse = truth.problems.filter(
      (problem) => probability(policyOf(problem, -1).right) < probability(policyOf(problem, 0).right),
    ).length;
    const gain = success(truth, -1) - success(truth, 0);
    return [
      {
        what: "change of success, tuned − base",
        planted: `logits × ${ALPHAS.at(-1)}`,
        intended: "above 0.02",
        measured: gain,
        kept: gain > 0.02,
      },
      {
        what: `problems of ${truth.problems.length} that get worse`,
        planted: "beliefs wrong more often than right",
        intended: "at least 3",
        measured: worse,
        kept: worse >= 3,
      },
    ];
  },
};
