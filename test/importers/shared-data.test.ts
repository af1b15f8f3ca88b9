// Real files where they are at hand (never copied into this repository): what is read is what their authors reported.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { faults } from "../conformance/importer.ts";

const shared = "../shared/data";
const there = existsSync(shared);
const read = (file: string) => readEvidence(join(shared, file), { policy: "base" });
const meanRate = (problems: readonly { right: number; n: number }[]) =>
  problems.reduce((sum, { right, n }) => sum + right / n, 0) / problems.length;

describe("real files", () => {
  beforeEach(({ skip }) => skip(!there, "skipped: no shared data"));

  test("the DeepScaleR counts have the published pass@1, and the same ids in the same order", async () => {
    const [base, rl] = [await read("deepscaler32k/base.jsonl"), await read("deepscaler32k/rl.jsonl")];
    expect(meanRate(base.problems)).toBeCloseTo(0.6041052476415094, 12);
    expect(meanRate(rl.problems)).toBeCloseTo(0.6800633844339623, 12);
    expect(base.problems.map(({ id }) => id)).toEqual(rl.problems.map(({ id }) => id));
    const families = Map.groupBy(base.problems, ({ family }) => family);
    expect(Object.fromEntries([...families].map(([name, list]) => [name, list.length]))).toEqual({
      olympiadbench: 633,
      gaokao2023en: 358,
      amc23: 39,
      aime24: 30,
    });
  });

  test("Reasoning Gym files have the reported mean scores, and sums that hold", async () => {
    const rate = async (file: string, family: string) => {
      const { problems } = await readEvidence(join(shared, "reasoning-gym", file), {
        policy: "base",
        families: [family],
      });
      expect(problems.flatMap(faults)).toEqual([]);
      expect(
        problems.every(
          ({ n, prompt, gold, rollouts }) => n === 3 && prompt && gold && rollouts?.every(({ text }) => text),
        ),
      ).toBe(true);
      return meanRate(problems);
    };
    expect(await rate("base_algebra.json", "simple_equations")).toBeCloseTo(0.2233, 4);
    expect(await rate("games500_algebra.json", "simple_equations")).toBeCloseTo(0.8867, 4);
    expect(await rate("base_cognition.json", "needle_haystack")).toBe(0);
    expect(await rate("games500_cognition.json", "needle_haystack")).toBeCloseTo(0.9167, 4);
  });

  test("every single-dataset file is read too", async () => {
    const folder = "reasoning-gym/chain_sum";
    for (const file of readdirSync(join(shared, folder))) {
      const { problems, format } = await read(join(folder, file));
      expect([format, problems.length, problems[0]?.family]).toEqual(["reasoning-gym", 50, "chain_sum"]);
    }
  });
});
