// What every world must keep, whatever is planted in it.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { PARTS } from "../../src/terms/behaviour.ts";
import { WORLDS } from "../../src/worlds/all.ts";
import { buildWorld } from "../../src/worlds/build.ts";
import { recipeOf } from "../../src/worlds/recipe.ts";
import { truthOf } from "../../src/worlds/truth.ts";
import { encode } from "../../src/worlds/vocabulary.ts";
import type { World } from "../../src/worlds/world.ts";
import { small, STEPS } from "../support/small-world.ts";

const LINES = 300;

export function conforms(world: World): void {
  const { name, training, study, task } = world;
  const corpora = [
    { phase: "pretraining", corpus: world.corpus },
    ...(training.kind === "imitation" ? [{ phase: "imitation", corpus: training.corpus }] : []),
  ];
  const problems = study.steps.flatMap((steps) => task.problems({ seed: study.seed, steps, count: 2 }));

  describe(`${name} keeps the worlds' contract`, () => {
    const cache = mkdtempSync(join(tmpdir(), "crucis-world-"));
    afterAll(() => rmSync(cache, { recursive: true, force: true }));

    test("it is listed once, is a file of its name, and says in sentences what it plants and changes", () => {
      expect(WORLDS.filter((one) => one.name === name)).toEqual([world]);
      expect(existsSync(`src/worlds/${name}.ts`)).toBe(true);
      for (const sentence of [world.planted, world.changes]) expect(sentence).toMatch(/^[A-Z0-9].*\.$/);
      expect(world.moves.every((part) => part in PARTS)).toBe(true);
    });

    test.each(corpora)("the $phase corpus is of prompts of the task, and answers that fit", ({ phase, corpus }) => {
      for (let i = 0; i < LINES; i++) {
        const { prompt, answer } = corpus(stream(1, `worlds/${phase}`, i));
        // A prompt of another task is refused by this.
        task.signature(prompt, answer);
        expect(encode(prompt + answer).length).toBeGreaterThan(prompt.length);
        expect(answer.length).toBeLessThanOrEqual(world.maxTokens);
      }
    });

    test("prompts of the study leave room for the longest answer that is asked for", () => {
      for (const { prompt } of problems) {
        const lengths = task.accepted(prompt, world.grading).map(({ text }) => text.length);
        expect(Math.min(...lengths)).toBeLessThanOrEqual(world.maxTokens);
        expect(prompt.length + Math.min(...lengths)).toBeLessThanOrEqual(world.shape.context);
      }
    });

    test("what it names beside is made of tokens, and fits", () => {
      for (const problem of problems)
        for (const strings of Object.values(world.asides?.(problem) ?? {}))
          for (const text of strings) expect(encode(text).length).toBeLessThanOrEqual(world.maxTokens);
    });

    test("the last checkpoint is at the last step, and all are ascending", () => {
      const { checkpoints, steps } = training.kind === "transform" ? { checkpoints: [0], steps: 0 } : training.options;
      expect(checkpoints.at(-1)).toBe(steps);
      expect(checkpoints.toSorted((a, b) => a - b)).toEqual(checkpoints);
    });

    test("its recipe is its own, and the seed's", () => {
      const others = WORLDS.filter((one) => one !== world).map((one) => recipeOf(one, 1));
      expect(others).not.toContain(recipeOf(world, 1));
      expect(recipeOf(world, 1)).not.toBe(recipeOf(world, 2));
      expect(recipeOf(world, 1)).toBe(recipeOf({ ...world }, 1));
    });

    test("a small one builds, opens again from the cache, and has a truth in which every sum adds up", async () => {
      const tiny = small(world);
      const built = await buildWorld(tiny, { seed: 3, cache, threads: 1 });
      expect(built.policies[0]?.name).toBe("base");
      expect(built.policies.at(-1)?.name).toBe("tuned");
      const made = training.kind === "transform" ? training.policies.map(() => 0) : [2, STEPS];
      expect(built.policies.map(({ card }) => card.step)).toEqual([STEPS, ...made]);
      // Reinforcement so small may see no reward at all, and then rightly learns nothing.
      const different = new Set(built.policies.map(({ card }) => card.weights.sha256)).size;
      expect(different).toBeGreaterThanOrEqual(training.kind === "imitation" ? 3 : 1);
      const again = await buildWorld(tiny, { seed: 3, cache, threads: 1 });
      expect(again.policies.map(({ card }) => card)).toEqual(built.policies.map(({ card }) => card));
      const truth = await truthOf({ world: tiny, seed: 3, policies: built.policies, crucis: "test" });
      expect(truth.promises.length).toBeGreaterThan(0);
      expect(truth.kept).toBe(truth.promises.every(({ kept }) => kept));
      for (const { policies } of truth.problems)
        for (const { right, lenient, strategies } of policies) {
          const mass = (of: typeof right) => (of.kind === "zero" ? 0 : Math.exp(of.log));
          const summed = Object.values(strategies).reduce((sum, one) => sum + mass(one), 0);
          expect(summed).toBeCloseTo(mass(right), 12);
          expect(mass(right)).toBeLessThanOrEqual(1 + 1e-9);
          expect(mass(right)).toBeLessThanOrEqual(world.grading === "process" ? mass(lenient) * (1 + 1e-12) : 1);
        }
    }, 120_000);

    test("its page says what is planted and what was measured", () => {
      const page = readFileSync(`docs/worlds/${name}.md`, "utf8");
      expect(page).toContain(world.planted);
      expect(page).toContain(world.changes);
    });
  });
}
