// test/ · Small: a study of a handful of problems says what it cannot tell, and never breaks.
import { expect, test } from "vitest";
import { explain } from "../../src/study/explain.ts";
import { imagine } from "../../src/study/rehearse.ts";
import { LIVE, usualDesign } from "../../src/study/rehearse-design.ts";

const LENGTHS = [2, 3, 4, 6, 8];

test.for([1, 2, 3, 4, 5, 6, 7])("%i problems with every experiment", (count) => {
  const steps = Array.from({ length: count }, (_, i) => LENGTHS[i % LENGTHS.length]!);
  for (const rollouts of [1, 8]) {
    const design = { ...usualDesign(), steps, rollouts, scored: Math.min(4, rollouts), experiments: LIVE };
    const { evidence, seen } = imagine({ truth: ["steadier-steps"], seed: 1 }, design);
    const { document } = explain(evidence, { seen, seed: 1, draws: 200, rlRollouts: 1e6, rough: true });
    expect(document.explanations.every(({ reason }) => reason.length > 0)).toBe(true);
    const slope = document.findings.find(({ name }) => name === "ladder/slope-ratio" || name === "step-ladder");
    expect(slope?.estimate.kind).toBe(count < 7 || rollouts === 1 ? "refused" : "measured");
  }
});
