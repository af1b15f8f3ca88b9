import { expect, it } from "vitest";
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { experimentConformance } from "../conformance/experiment.ts";

for (const experiment of EXPERIMENTS) experimentConformance(experiment);

it("twelve experiments, each once", () => {
  expect(EXPERIMENTS.length).toBe(12);
  expect(new Set(EXPERIMENTS.map(({ name }) => name)).size).toBe(12);
});
