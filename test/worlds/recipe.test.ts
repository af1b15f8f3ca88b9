import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { buildWorld } from "../../src/worlds/build.ts";
import { joinedParts } from "../../src/worlds/joined-parts.ts";
import { newRoute } from "../../src/worlds/new-route.ts";
import { recipeOf } from "../../src/worlds/recipe.ts";
import { small } from "../support/small-world.ts";

describe("the recipe of a world", () => {
  const cache = mkdtempSync(join(tmpdir(), "crucis-recipe-"));
  afterAll(() => rmSync(cache, { recursive: true, force: true }));

  test("changes with every option that training depends on", () => {
    const recipes = [
      joinedParts,
      { ...joinedParts, maxTokens: 40 },
      { ...joinedParts, shape: { ...joinedParts.shape, hidden: 188 } },
      { ...joinedParts, pretraining: { ...joinedParts.pretraining, learningRate: 1e-3 } },
      { ...joinedParts, corpus: small(joinedParts).corpus, grading: "lenient" as const },
    ].map((world) => recipeOf(world, 1));
    expect(new Set(recipes).size).toBe(recipes.length);
  });

  test("the same recipe gives these very bits; where this fails, training changed and MAKING in recipe.ts goes up", async () => {
    const { policies } = await buildWorld(small(newRoute), { seed: 5, cache, threads: 1 });
    expect(policies.map(({ card }) => card.weights.sha256.slice(0, 16))).toMatchInlineSnapshot(`
      [
        "912a069fcc9e2c78",
        "0ea3d509685e1ffd",
        "a6e528df7ff7069f",
      ]
    `);
  });
});
