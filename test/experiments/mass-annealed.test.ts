// test/ · Mass annealed: right answers walked down from the tuned policy to the base, held against exact chances.
import { describe, expect, it } from "vitest";
import { bracketsOf } from "../../src/experiments/mass-brackets.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { type ImaginedProblem, matchedPair } from "../../src/study/imagined.ts";
import { cutTo } from "../../src/study/live.ts";
import type { Seen } from "../../src/terms/seen.ts";
import { exactBase, rareLadder } from "../support/paper-ladder.ts";

const study = (repair: number, seed: number, problems = 32) => {
  const ladder = rareLadder({ steps: [8, 16, 24, 32], problems, repair });
  const { seen } = imaginedStudy(ladder, {
    policies: ["base", "tuned"],
    rollouts: 32,
    scored: 4,
    experiments: ["rare-mass"],
    seed,
  });
  return { ladder, seen };
};

describe("the annealed chain", { timeout: 120_000 }, () => {
  it("comes within a factor of three of chances from 1e-3 to 1e-10 where one text is right, and tells its error", () => {
    const { ladder, seen } = study(0, 3);
    const exact = new Map(ladder.map((one) => [one.id, exactBase(one)]));
    const told = bracketsOf(seen, 0.95).flatMap(({ problem, annealed }) =>
      annealed?.logMass === undefined
        ? []
        : [{ off: annealed.logMass - Math.log(exact.get(problem)!), error: annealed.relativeError! }],
    );
    expect(told.length).toBeGreaterThanOrEqual(30);
    expect(told.filter(({ off }) => Math.abs(off) < Math.log(3)).length).toBeGreaterThanOrEqual(0.8 * told.length);
    const z = told.map(({ off, error }) => off / Math.max(error, 0.02));
    const mean = z.reduce((a, b) => a + b, 0) / z.length;
    expect(Math.abs(mean) * Math.sqrt(z.length)).toBeLessThan(3 * 1.5);
  });

  it("is refused where it still writes what the tuned policy wrote, and the base comes there otherwise", () => {
    const { seen } = study(0.15, 4);
    const rare = bracketsOf(seen, 0.95).filter(({ right }) => right === 0);
    const silent = rare.filter(({ annealed }) => annealed?.logMass === undefined);
    expect(silent.length).toBeGreaterThan(0.7 * rare.length);
    expect(silent.some(({ annealed }) => annealed?.lacks?.includes("has not settled"))).toBe(true);
  });

  it("begins in every way that the tuned policy goes, and is refused where no run ever leaves its own", () => {
    const usual = matchedPair(2, [[0.2, 0.5]], [2]).reliability[0]!.behaviours[0]!;
    const policy = (share: number, slip: number) => ({
      ...usual,
      ways: usual.ways
        .slice(0, 2)
        .map((way, i) => ({ ...way, share: i === 0 ? share : 1 - share, pace: 1, slip, repair: 0 })),
    });
    // The base is right one way a hundred times as often as the other, which nobody who cannot change ways would see.
    const problems = Array.from(
      { length: 8 },
      (_, i): ImaginedProblem => ({
        id: `two ways ${i}`,
        family: "imagined",
        steps: 14,
        behaviours: [policy(0.99, 0.5), policy(0.5, 0.02)],
      }),
    );
    const { seen } = imaginedStudy(problems, {
      policies: ["base", "tuned"],
      rollouts: 32,
      scored: 4,
      experiments: ["rare-mass"],
      seed: 6,
    });
    const brackets = bracketsOf(seen, 0.95);
    const told = brackets.filter(({ annealed }) => annealed?.lacks?.includes("has not mixed"));
    expect(told.length).toBeGreaterThanOrEqual(6);
    expect(told[0]!.annealed!.lacks).toMatch(/began by \S+ and \S+, and none left its way/);
    for (const { annealed } of told) expect(annealed!.logMass).toBeUndefined();
  });

  it("asks the same again when a killed run plans a round a second time, whatever else was scored since", () => {
    const { seen } = study(0.15, 5, 4);
    const before = (round: number): Seen => cutTo(seen, "rare-mass", round);
    for (const round of [0, 1, 4, 17]) {
      const asks = rareMass.live!.plan(before(round), round, 5);
      expect(asks.length).toBeGreaterThan(0);
      // Of this round everything is known by now; it changes nothing.
      expect(rareMass.live!.plan({ ...before(round), scores: seen.scores }, round, 5)).toEqual(asks);
    }
    const scored = rareMass.live!.plan(before(17), 17, 5).filter(({ kind }) => kind === "score");
    expect(new Set(scored.map(({ policy }) => policy))).toEqual(new Set(["base", "tuned"]));
  });
});
