import { expect, it } from "vitest";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { explanationConformance } from "../conformance/explanation.ts";

for (const explanation of EXPLANATIONS) explanationConformance(explanation);

it("fourteen rivals, each once, and no two move the same parts", () => {
  expect(EXPLANATIONS.length).toBe(14);
  expect(new Set(EXPLANATIONS.map(({ name }) => name)).size).toBe(14);
  expect(new Set(EXPLANATIONS.map(({ moves }) => moves.join())).size).toBe(14);
});
