// test/ · Mass samples: what a chance is in answers to be drawn, and on which side of the yardstick problems certainly lie.
import { describe, expect, it } from "vitest";
import { bracketsOf } from "../../src/experiments/mass-brackets.ts";
import { healthOf } from "../../src/experiments/mass-health.ts";
import { againstYardstick, answersOf, chanceOf } from "../../src/experiments/mass-samples.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { explain } from "../../src/study/explain.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import type { Estimate } from "../../src/terms/estimate.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { exactBase, rareLadder } from "../support/paper-ladder.ts";

describe("the base's chance", () => {
  const one = { problem: "a", low: 1e-8, high: 1e-2 };
  const other = { problem: "b", low: 1e-2, high: 1 };

  it("is a geometric mean between guaranteed limits", () => {
    const found = chanceOf([one, other], 0.95);
    expect(found.low).toBeCloseTo(1e-5, 12);
    expect(found.high).toBeCloseTo(1e-1, 12);
    expect(found.diagnostic).toEqual({ problems: 2, floorless: 0, rarest: "a: 1.0e-8 to 1.0e-2" });
  });

  it("has no lower limit, and not 0, where one problem has none", () => {
    const found = chanceOf([one, { ...other, low: 0 }], 0.95);
    expect(found).not.toHaveProperty("low");
    expect(found.method).toContain("on 1 of 2 nothing bounds it from below");
  });
});

describe("answers for a right one", () => {
  const measured = { kind: "measured", value: 20, low: 18, high: 22, level: 0.95, method: "bits" } as const;

  it("are 2 to the bits, limits and all, and never less than one", () => {
    expect(answersOf(measured, {})).toMatchObject({ kind: "measured", value: 2 ** 20, low: 2 ** 18, high: 2 ** 22 });
    expect(answersOf({ ...measured, value: 0.5, low: -1 }, {})).toMatchObject({ low: 1 });
    expect(answersOf({ kind: "bounded", low: 3, level: 0.95, method: "bits" }, {})).toEqual({
      kind: "bounded",
      low: 8,
      level: 0.95,
      method: expect.any(String),
      diagnostic: {},
    });
  });

  it("are no number where no double holds them, and refused where the bits are", () => {
    const beyond = answersOf({ ...measured, value: 1030, low: 1000, high: 1060 }, {});
    expect(beyond).toMatchObject({ kind: "bounded", low: Number.MAX_VALUE });
    expect(beyond).not.toHaveProperty("high");
    const high = answersOf({ ...measured, value: 1000, low: 900, high: 1060 }, {});
    expect(high).toMatchObject({ kind: "measured", value: 2 ** 1000, low: 2 ** 900 });
    expect(high).not.toHaveProperty("high");
    const none: Estimate = { kind: "refused", why: "w", mend: "m" };
    expect(answersOf(none, {})).toBe(none);
  });

  it("are held against the yardstick problem by problem: certainly above, certainly below, across", () => {
    const limits = (low: number, high: number, mass?: { low: number; high: number }) => ({
      problem: "p",
      low,
      high,
      ...(mass === undefined ? {} : { mass }),
    });
    const problems = [
      limits(1e-5, 1e-3),
      limits(1e-9, 1e-7),
      limits(1e-9, 1e-3),
      limits(1e-9, 1e-3, { low: 1e-8, high: 1e-7 }),
      limits(1e-9, 1e-3, { low: 1e-5, high: 1e-4 }),
      limits(1e-9, 1e-3, { low: 1e-7, high: 1e-4 }),
      // What lies on it lies on neither side.
      limits(1e-6, 1e-3),
    ];
    expect(againstYardstick(problems, 1e6)).toEqual({
      problems: 7,
      rlRollouts: 1e6,
      above: 1,
      below: 1,
      across: 5,
      estimatedAbove: 1,
      estimatedBelow: 1,
    });
    expect(againstYardstick(problems, undefined)).toEqual({ problems: 7 });
  });
});

describe("of a study on paper", { timeout: 120_000 }, () => {
  const problems = rareLadder({ steps: [4, 12, 24], problems: 12, repair: 0 });
  const { seen, evidence } = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 32,
    scored: 8,
    experiments: ["rare-mass"],
    seed: 3,
  });
  const options = { seed: 1, level: 0.95, clusterByFamily: false, draws: 100, rlRollouts: 100_000 };
  const found = (of: Seen, name: string): Estimate =>
    rareMass.live!.estimate(of, options).findings.find((one) => one.name === name)!.estimate;
  const bits = problems.reduce((sum, one) => sum - Math.log2(exactBase(one)), 0) / problems.length;

  it("the limits hold the exact geometric mean, and answers go with the bits", () => {
    const chance = found(seen, "mass/base") as { low: number; high: number };
    // One right text a problem: the floor is the chance itself, to rounding.
    expect(chance.low).toBeLessThanOrEqual(2 ** -bits * (1 + 1e-9));
    expect(chance.high).toBeGreaterThanOrEqual(2 ** -bits);
    const [of, samples] = [found(seen, "mass/bits"), found(seen, "mass/samples")] as { high: number }[];
    expect(samples!.high).toBeCloseTo(2 ** of!.high, 3);
    expect(found(seen, "mass/full/samples")).toEqual(found(seen, "mass/samples"));
  });

  it("problems are told apart by the yardstick as their exact chances are, wherever that is certain", () => {
    const exact = problems.map(exactBase);
    const { diagnostic } = found(seen, "mass/samples") as { diagnostic: Record<string, number> };
    const { above, below, across } = diagnostic;
    expect(above! + below! + across!).toBe(12);
    expect(above).toBeGreaterThanOrEqual(1);
    expect(above).toBeLessThanOrEqual(exact.filter((one) => one > 1e-5).length);
    expect(below).toBeLessThanOrEqual(exact.filter((one) => one < 1e-5).length);
  });

  it("and the study's own rollouts of training are the yardstick", () => {
    const findingOf = (rlRollouts?: number) =>
      explain(evidence, {
        seen,
        draws: 500,
        rough: true,
        ...(rlRollouts === undefined ? {} : { rlRollouts }),
      }).document.findings.find(({ name }) => name === "mass/samples")!.estimate;
    expect(findingOf(100_000)).toEqual(found(seen, "mass/samples"));
    expect(findingOf()).toMatchObject({ diagnostic: { problems: 12 } });
    expect((findingOf() as { diagnostic: object }).diagnostic).not.toHaveProperty("rlRollouts");
  });

  it("tell what methods say of themselves: effective answers, k̂, overlap, the mean weight of own rollouts, the mismatch", () => {
    const health = healthOf(seen, bracketsOf(seen, 0.95)) as Record<string, number>;
    expect(health["rare"]).toBeGreaterThan(5);
    expect(health["chains"]).toBe(health["rare"]);
    expect(health["overlap"]).toBeGreaterThan(0.9);
    expect(health["mixtureEffective"]).toBeGreaterThan(5);
    // Drawn and scored by the same arithmetic.
    expect(health["unitWeight"]).toBeCloseTo(1, 9);
    expect(health["mismatchFloor"]).toBeLessThan(1e-9);
    expect(found(seen, "mass/bits")).toMatchObject({ diagnostic: health });
    const noisy: Seen = {
      ...seen,
      scores: seen.scores.map((one) => ({ ...one, rawLogProbs: one.rawLogProbs!.map((log) => log - 0.05) })),
    };
    const ill = healthOf(noisy, bracketsOf(noisy, 0.95)) as Record<string, number>;
    expect(ill["mismatchFloor"]).toBeCloseTo(0.05, 6);
    expect(ill["unitWeight"]).toBeLessThan(0.9);
    expect(ill["unitWeightZ"]).toBeLessThan(-3);
    const mute = healthOf({ ...seen, scores: [] }, bracketsOf({ ...seen, scores: [] }, 0.95));
    expect(mute).not.toHaveProperty("unitWeight");
    expect(mute).not.toHaveProperty("overlap");
  });
});
