// test/ · Mass full: under a cut sampler nothing that the model as it is gives to an answer is a floor of what is sampled, and the reverse.
import { describe, expect, it } from "vitest";
import { bracketsOf } from "../../src/experiments/mass-brackets.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { exactBase, rareLadder } from "../support/paper-ladder.ts";

const problems = rareLadder({ steps: [4, 12], problems: 6, repair: 0 });
const { seen } = imaginedStudy(problems, {
  policies: ["base", "tuned"],
  rollouts: 32,
  scored: 8,
  experiments: ["rare-mass"],
  seed: 2,
});
const OPTIONS = { seed: 1, level: 0.95, clusterByFamily: false, draws: 100 };
const found = (of: Seen, name: string) =>
  rareMass.live!.estimate(of, OPTIONS).findings.find((one) => one.name === name)!.estimate;

/** As if top-p had left the base none of the tuned policy's right answers: its model gives them what it gives, its sampler nothing. */
const cut: Seen = {
  ...seen,
  rollouts: seen.rollouts.map((one) => ({ ...one, sampler: { ...one.sampler!, topP: 0.9 } })),
  scores: seen.scores.map(({ rawLogProbs, ...score }) => ({
    ...score,
    sampler: { ...score.sampler!, topP: 0.9 },
    rawLogProbs: rawLogProbs!,
    processedLogProbs: rawLogProbs!.map(() => (score.policy === "base" ? Number.NEGATIVE_INFINITY : 0)),
  })),
};

describe("what the base lacks", () => {
  it("is the same with all tokens kept where the sampler cuts none", () => {
    expect(found(seen, "mass/full/bits")).toEqual(found(seen, "mass/bits"));
  });

  it("under a cut has no floor from what the cut leaves out; with all tokens kept it has that floor", () => {
    const floors = new Map(bracketsOf(seen, 0.95).map(({ problem, texts }) => [problem, texts.logFloor]));
    expect([...floors.values()].some((floor) => floor !== undefined)).toBe(true);
    for (const { texts } of bracketsOf(cut, 0.95)) expect(texts.logFloor).toBeUndefined();
    const full = found(cut, "mass/full/bits");
    expect(full.kind).toBe("bounded");
    const { low, high } = full as { low: number; high: number };
    // One right text a problem here, so its chance is the floor wherever it was seen right.
    const truth = problems.reduce((sum, one) => sum - Math.log2(exactBase(one)), 0) / problems.length;
    expect(low).toBeLessThanOrEqual(truth);
    expect(high).toBeCloseTo(truth, 6);
  });

  it("is refused where nobody told what the model as it is gives", () => {
    const mute: Seen = {
      ...cut,
      scores: cut.scores.map(({ rawLogProbs: _raw, ...score }) => score),
    };
    expect(found(mute, "mass/full/bits").kind).toBe("refused");
  });
});
