// A world at a size that is built in a second: everything as it is, but few steps of a small transformer.
import type { World } from "../../src/worlds/world.ts";

export const STEPS = 6;

export function small(world: World): World {
  const { pretraining, training } = world;
  const few = { steps: STEPS, checkpoints: [2, STEPS], warmupSteps: 2 };
  return {
    ...world,
    shape: { ...world.shape, width: 16, heads: 2, hidden: 24, layers: 1 },
    study: { ...world.study, steps: world.study.steps.slice(0, 3), count: 2 },
    pretraining: { ...pretraining, steps: STEPS, batchSize: 10, warmupSteps: 2 },
    training:
      training.kind === "transform"
        ? training
        : training.kind === "imitation"
          ? { ...training, options: { ...training.options, ...few, batchSize: 10 } }
          : { ...training, options: { ...training.options, ...few, prompts: 3, groupSize: 4 } },
  };
}
