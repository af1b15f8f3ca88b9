// worlds/ · Defaults: the sizes that worlds share, and the one place where to make them all smaller or larger.
import type { PretrainingOptions } from "./pretraining.ts";
import type { ReinforcementOptions } from "./reinforcement.ts";

export const PRETRAINING: PretrainingOptions = {
  steps: 1200,
  batchSize: 32,
  learningRate: 4e-3,
  warmupSteps: 50,
  finalRate: 0.02,
  weightDecay: 0.01,
  maxGradientNorm: 1,
};

export const REINFORCEMENT: ReinforcementOptions = {
  steps: 80,
  prompts: 16,
  groupSize: 16,
  problemSteps: [1, 2, 3, 4, 5, 6],
  temperature: 1,
  clipLow: 0.2,
  clipHigh: 0.2,
  klCoefficient: 0.01,
  lengthNormalisation: "token",
  scaleRewards: true,
  innerSteps: 1,
  checkpoints: [20, 40, 60, 80],
  learningRate: 5e-4,
  warmupSteps: 5,
  finalRate: 0.2,
  weightDecay: 0,
  maxGradientNorm: 1,
};

/** Answers to six steps have 39 tokens stepwise; what is longer has gone astray. */
export const MAX_TOKENS = 48;

export const STUDY = { seed: 7, steps: [1, 2, 3, 4, 5, 6], count: 10 } as const;
