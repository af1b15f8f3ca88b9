// test/ · Imagined controls: studies on paper in which the base was badly asked, answers recalled or guessed, or the grader fooled.
import { describe, expect, it } from "vitest";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { stream } from "../../src/maths/random.ts";
import { explain } from "../../src/study/explain.ts";
import { drawFrom, lawOf } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";

const STEPS = [2, 3, 4, 6];
/** Sixty twins do not tell all of the gain from 0.8 of it in every draw. */
const PROBLEMS = 120;
const EXPERIMENTS = [
  "handoff",
  "step-ladder",
  "strategy-census",
  "cross-scoring",
  "decoder-sweep",
  "guess-control",
  "contamination-control",
];

function judged(rival: string, seed: number) {
  const random = stream(seed, `imagined-controls/${rival}`);
  const rivals = EXPLANATIONS.filter(({ name }) => name === rival);
  const law = lawOf(rivals, { steps: STEPS, base: 0.3, gain: 0.3 }, random);
  const problems = drawFrom(
    law,
    Array.from({ length: PROBLEMS }, (_, i) => STEPS[i % STEPS.length]!),
    random,
  );
  const study = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 64,
    scored: 8,
    experiments: EXPERIMENTS,
    seed,
  });
  return explain(study.evidence, { seen: study.seen, seed, draws: 500, rlRollouts: 1_000_000, rough: true }).document;
}

describe("studies on paper", () => {
  it.each(["weak-baseline", "contaminated", "lucky-guess", "verifier-exploit"])(
    "where %s is the cause it alone is sufficient, and its entry is nearly all of the gain",
    { timeout: 120_000 },
    (rival) => {
      const { explanations, ledger } = judged(rival, 8);
      const named = explanations.filter(
        ({ standing }) => standing === "alone sufficient" || standing === "contributes",
      );
      expect(named.map(({ name }) => name)).toEqual([rival]);
      const entry = ledger.find(({ cause }) => cause === rival)!.share;
      if (entry.kind !== "measured") throw new Error(`the entry is ${entry.kind}`);
      expect(entry.low!).toBeGreaterThan(0.8);
      expect(entry.low!).toBeLessThan(1.1);
      const sum = ledger.reduce((total, { share }) => total + (share.kind === "measured" ? share.value : 0), 0);
      expect(sum).toBeCloseTo(1, 9);
    },
  );

  it("where steps slip less none of the four has a part", { timeout: 120_000 }, () => {
    const { explanations } = judged("steadier-steps", 9);
    const standings = Object.fromEntries(explanations.map(({ name, standing }) => [name, standing]));
    expect(standings["steadier-steps"]).toBe("alone sufficient");
    for (const rival of ["weak-baseline", "contaminated", "lucky-guess", "verifier-exploit"])
      expect(["not needed", "cannot be told"]).toContain(standings[rival]);
  });
});
