import { afterAll, describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { chain } from "../../src/tasks/chain.ts";
import type { Task } from "../../src/tasks/task.ts";
import { RIGHT, WRONG } from "../../src/terms/verdict.ts";
import { REINFORCEMENT } from "../../src/worlds/defaults.ts";
import { reinforce, type ReinforcementOptions } from "../../src/worlds/reinforcement.ts";
import { beginRun, type CurvePoint } from "../../src/worlds/run.ts";
import { Crew } from "../../src/worlds/transformer/crew.ts";
import { initialWeights } from "../../src/worlds/transformer/reference.ts";
import { DEFAULT_SHAPE } from "../../src/worlds/transformer/shape.ts";
import { END_TOKEN } from "../../src/worlds/vocabulary.ts";

const shape = { ...DEFAULT_SHAPE, width: 16, heads: 2, hidden: 24, layers: 1 };
const base = Float32Array.from(initialWeights(shape, stream(1, "test/reinforcement")));

/** Right is what begins with a digit: a third of what an untrained network writes. */
const easy: Task = { ...chain, verify: (_, answer) => (/^\d/.test(answer) ? RIGHT : WRONG) };

describe("reinforcement", () => {
  const crew = new Crew(shape, 1, 128, END_TOKEN);
  afterAll(() => crew.close());

  function run(options: Partial<ReinforcementOptions>, more: { task?: Task; trained?: number } = {}) {
    const points: CurvePoint[] = [];
    const state = reinforce(beginRun(base), {
      crew,
      seed: 3,
      task: more.task ?? easy,
      grading: "process",
      maxTokens: 8,
      base,
      ...(more.trained === undefined ? {} : { opening: { begin: () => "3", trainedTokens: more.trained } }),
      options: { ...REINFORCEMENT, steps: 25, prompts: 8, groupSize: 8, learningRate: 5e-3, ...options },
      watch: { stepped: (_, point) => points.push(point) },
    });
    return { points, state, reward: points.map(({ reward }) => reward!) };
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test.each(["sequence", "token", "constant"] as const)("raises the reward, lengths divided by %s", (how) => {
    const { reward } = run({ lengthNormalisation: how, steps: 80 });
    expect(mean(reward.slice(0, 3))).toBeLessThan(0.6);
    expect(mean(reward.slice(-3))).toBeGreaterThan(0.9);
  });

  test("several updates from the same answers raise it as well, and unscaled advantages too", () => {
    for (const options of [
      { innerSteps: 3, steps: 80 },
      { scaleRewards: false, steps: 80 },
    ])
      expect(mean(run(options).reward.slice(-3))).toBeGreaterThan(0.85);
  });

  test("a strong pull towards the base keeps the policy near it", () => {
    const [free, held] = [run({ klCoefficient: 0 }), run({ klCoefficient: 5 })];
    expect(free.points[0]).not.toHaveProperty("kl");
    expect(held.points[0]?.kl).toBe(0);
    expect(mean(held.reward.slice(-3))).toBeLessThan(mean(free.reward.slice(-3)) - 0.2);
    expect(Math.max(...held.points.map(({ kl }) => kl!))).toBeLessThan(0.1);
  });

  test("where all answers of a group earn the same, there is nothing to learn", () => {
    for (const verdict of [RIGHT, WRONG]) {
      const { state } = run({ klCoefficient: 0, steps: 2 }, { task: { ...chain, verify: () => verdict } });
      expect(state.weights).toEqual(base);
    }
  });

  test("a ratio beyond the clip is not pushed further", () => {
    // A clip of nothing lets only the first of several updates through where the advantage is positive.
    const clipped = run({ innerSteps: 4, clipLow: 0, clipHigh: 0, klCoefficient: 0, steps: 6 });
    const open = run({ innerSteps: 4, clipLow: 1, clipHigh: 9, klCoefficient: 0, steps: 6 });
    const moved = (weights: Float32Array) => Math.hypot(...weights.map((w, i) => w - base[i]!));
    expect(moved(clipped.state.weights)).toBeLessThan(moved(open.state.weights));
  });

  test("an opening is not trained on, and of what follows only as many tokens as it says", () => {
    // Right by its opening always: so nothing is learnt, though the policy writes on.
    expect(run({ steps: 2, klCoefficient: 0 }, { trained: 1 }).state.weights).toEqual(base);
    // One end token right after the opening is right: one trained token is enough to learn it.
    const short: Task = { ...chain, verify: (_, answer) => (answer.length === 2 ? RIGHT : WRONG) };
    const { reward } = run({ steps: 60, prompts: 16, learningRate: 1e-2 }, { task: short, trained: 1 });
    expect(mean(reward.slice(-3))).toBeGreaterThan(mean(reward.slice(0, 3)) + 0.5);
  });

  test("the same seed gives the same weights, and another learning rate others", () => {
    expect(run({ steps: 3 }).state.weights).toEqual(run({ steps: 3 }).state.weights);
    expect(run({ steps: 3 }).state.weights).not.toEqual(run({ steps: 3, learningRate: 1e-3 }).state.weights);
  });
});
