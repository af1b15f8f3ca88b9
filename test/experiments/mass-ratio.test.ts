// test/ · Mass ratio: how much rarer the base is right, by Bennett's ratios and by MBAR, held against exact chances on paper; and its errors.
import { describe, expect, it } from "vitest";
import { bracketsOf } from "../../src/experiments/mass-brackets.ts";
import { ratiosOf, type Text, type Walks } from "../../src/experiments/mass-ratio.ts";
import { PaperPolicy } from "../../src/experiments/paper-policy.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { bridge } from "../../src/maths/bridge.ts";
import { stream } from "../../src/maths/random.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { cutTo } from "../../src/study/live.ts";
import { mendedLadder } from "../support/paper-ladder.ts";

/**
 * Policies whose right texts are normal about 0, d, 2d … of log mass 0, −2, −4 …: settled chains, each with a mean of its own about it. Those
 * of the first policy below the tuned one may be shifted: they are not of its law then.
 */
function walks(policies: number, seed: number, { d = 0.7, shift = 0, chains = 6, draws = 8 } = {}): Walks {
  const random = stream(seed, "walks");
  const normal = (): number => random.normals(new Float64Array(1))[0]!;
  const at = (x: number): Text => Array.from({ length: policies }, (_, k) => -2 * k - (x - k * d) ** 2 / 2);
  return {
    policies: Array.from({ length: policies }, (_, k) => `p${k}`),
    first: Array.from({ length: draws }, () => at(normal())),
    chains: Array.from({ length: chains }, (_, chain) => ({
      from: chain % draws,
      texts: Array.from({ length: policies - 1 }, (__, k) => {
        const own = normal();
        // Correlated by a half; of variance 1.
        return Array.from({ length: 4 }, () =>
          at((k + 1) * d + (k === 0 ? shift : 0) + Math.SQRT1_2 * own + Math.SQRT1_2 * normal()),
        );
      }),
    })),
    seed,
  };
}

const told = (found: ReturnType<typeof ratiosOf>) => {
  if ("lacks" in found) throw new Error(found.lacks);
  return found;
};

describe("the ratio of two policies' right texts", () => {
  it("is Bennett's, with as many texts of a chain as it has worth one", () => {
    const own = walks(2, 1);
    const found = told(ratiosOf(own));
    const below = own.chains.flatMap(({ texts }) => texts[0]!);
    const alone = bridge({
      forward: own.first.map((text) => text[1]! - text[0]!),
      reverse: below.map((text) => text[0]! - text[1]!),
      inefficiencies: [1, 4],
    })!;
    expect(found.told.value).toBe(alone.logRatio);
    expect(found.overlap).toBe(alone.overlap);
    expect(found.mbar).toBeUndefined();
    // Never below the formula's.
    expect(found.told.error).toBeGreaterThanOrEqual(alone.se);
  });

  it("of three and more is MBAR's; both find it, and their errors cover the truth as often as they say", () => {
    for (const policies of [2, 3, 5]) {
      const truth = -2 * (policies - 1);
      const found = Array.from({ length: 160 }, (_, i) => ratiosOf(walks(policies, 100 + i)));
      const all = found.filter((one) => !("lacks" in one)).map(told);
      expect(all.length).toBeGreaterThanOrEqual(150);
      for (const of of ["told", "bars"] as const) {
        const z = all.map((one) => (one[of].value - truth) / one[of].error);
        // Five degrees of freedom: six chains. 95 %, less three standard errors of a share of 150.
        expect(z.filter((one) => Math.abs(one) < 2.571).length / all.length).toBeGreaterThan(0.95 - 3 * 0.018);
        const off = all.map((one) => one[of].value - truth);
        const mean = off.reduce((a, b) => a + b, 0) / all.length;
        const sd = Math.sqrt(off.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (all.length - 1));
        expect(Math.abs(mean) / (sd / Math.sqrt(all.length))).toBeLessThan(3);
        // Errors are not wide for nothing: in the mean square no more than 1.6 times what they are of.
        const rms = Math.sqrt(all.reduce((sum, one) => sum + one[of].error ** 2, 0) / all.length);
        expect(rms / sd).toBeGreaterThan(0.9);
        expect(rms / sd).toBeLessThan(1.6);
      }
    }
  });
});

describe("a ratio is refused", () => {
  it("with both shown, where Bennett's ratios and MBAR part: texts of a checkpoint that are not of its law", () => {
    const lacking = (shift: number): string[] =>
      Array.from({ length: 60 }, (_, i) => ratiosOf(walks(3, 300 + i, { shift }))).flatMap((found) =>
        "lacks" in found ? [found.lacks] : [],
      );
    const found = lacking(2);
    // By two of its spreads: four of five are found out. Of sound ones it may be one in thirty.
    expect(found.length).toBeGreaterThan(0.6 * 60);
    for (const lacks of found)
      expect(lacks).toMatch(
        /^along the annealed chain Bennett's ratios make the base rarer by [\d.e+-]+, and MBAR by [\d.e+-]+$/,
      );
    expect(lacking(0).length).toBeLessThanOrEqual(5);
  });

  it("where a chain still has a text that its own policy cannot write, and not where another policy cannot", () => {
    const own = walks(3, 4);
    const without = (text: Text, k: number): Text => text.map((log, i) => (i === k ? Number.NEGATIVE_INFINITY : log));
    const [chain, ...others] = own.chains;
    const changed = (stage: number, k: number): Walks => ({
      ...own,
      chains: [
        {
          from: chain!.from!,
          texts: chain!.texts.map((list, i) => (i === stage ? list.map((text) => without(text, k)) : list)),
        },
        ...others,
      ],
    });
    expect(ratiosOf(changed(1, 2))).toEqual({ lacks: "the annealed chain has not left texts that p2 cannot write" });
    expect(Number.isFinite(told(ratiosOf(changed(1, 1))).told.value)).toBe(true);
    expect(Number.isFinite(told(ratiosOf(changed(0, 2))).told.value)).toBe(true);
    // Both that policy and the next: nothing is made of −∞ less −∞.
    const [one] = own.first;
    const first = [without(without(one!, 1), 2), ...own.first.slice(1)];
    expect(Number.isFinite(told(ratiosOf({ ...own, first })).told.value)).toBe(true);
    expect(ratiosOf({ ...own, first: [without(one!, 0), ...own.first.slice(1)] })).toEqual({
      lacks: "p0 cannot write, by its scores, what it wrote",
    });
  });

  it("where nothing was scored, and where texts hardly overlap", () => {
    const own = walks(3, 5);
    expect(ratiosOf({ ...own, first: [] })).toEqual({ lacks: "the annealed chain's texts were not scored" });
    expect(ratiosOf(walks(3, 5, { d: 30 }))).toEqual({ lacks: "right texts of p0 and p1 hardly overlap" });
  });
});

describe("the annealed chain over checkpoints", { timeout: 240_000 }, () => {
  const POLICIES = ["base", "early", "tuned"];
  const study = (problems: number, seed: number) => {
    const ladder = mendedLadder({ steps: [3, 4, 5], slips: [0.6, 0.4, 0.2], problems });
    const { seen } = imaginedStudy(ladder, {
      policies: POLICIES,
      rollouts: 32,
      scored: 4,
      experiments: ["rare-mass"],
      seed,
    });
    return { ladder, seen };
  };

  it("covers the exact ratio where slips are mended, with a small bias that the log owns up to", () => {
    const off = [11, 12, 13].flatMap((seed) => {
      const { ladder, seen } = study(48, seed);
      const byId = new Map(ladder.map((one) => [one.id, one]));
      return bracketsOf(seen, 0.95).flatMap(({ problem, annealed }) => {
        if (annealed?.ratios === undefined) return [];
        const { behaviours, steps } = byId.get(problem)!;
        const [zero, one] = [0, 2].map((k) => Math.log(new PaperPolicy(behaviours[k]!, steps).success));
        const { told: own } = annealed.ratios;
        return [{ off: own.value - (zero! - one!), error: own.error }];
      });
    });
    expect(off.length).toBeGreaterThan(100);
    // 93 % of 229 on other seeds; less three standard errors of a share of 100.
    const covered = off.filter(({ off: own, error }) => Math.abs(own) < 2.571 * error).length / off.length;
    expect(covered).toBeGreaterThan(0.93 - 3 * 0.026);
    const mean = off.reduce((sum, one) => sum + one.off, 0) / off.length;
    expect(Math.abs(mean)).toBeLessThan(0.3);
  });

  it("has each text scored once by every policy, and asks the same again when a killed run comes back", () => {
    const { seen } = study(6, 14);
    const rounds = Array.from({ length: 36 }, (_, round) => {
      const before = cutTo(seen, "rare-mass", round);
      const asks = rareMass.live!.plan(before, round, 14);
      expect(rareMass.live!.plan({ ...before, scores: seen.scores }, round, 14)).toEqual(asks);
      return asks;
    });
    const scored = rounds
      .flat()
      .flatMap((one) => (one.kind === "score" && /\/(drawn|chain)-/.test(one.ask.rollout) ? [one] : []));
    const texts = POLICIES.map((policy) =>
      scored
        .filter((one) => one.policy === policy)
        .map(({ ask }) => `${ask.rollout.split("/").slice(2, -1).join("/")} ${ask.tokenIds.join(" ")}`)
        .sort(),
    );
    expect(rounds.findIndex((asks) => asks.length === 0)).toBe(34);
    expect(texts[0]!.length).toBeGreaterThan(20);
    expect(new Set(texts[0]).size).toBe(texts[0]!.length);
    expect(texts[1]).toEqual(texts[0]);
    expect(texts[2]).toEqual(texts[0]);
  });

  it("goes on where the texts of one policy were all scored before", () => {
    const ladder = mendedLadder({ steps: [6], slips: [0.6, 0.4, 0.1], problems: 3, repair: 0 });
    const { seen } = imaginedStudy(ladder, {
      policies: POLICIES,
      rollouts: 32,
      scored: 4,
      experiments: ["rare-mass"],
      seed: 16,
    });
    // One text is right: after the first round nothing is new.
    const asks = [17, 18].map((round) => rareMass.live!.plan(cutTo(seen, "rare-mass", round), round, 16));
    for (const own of asks) expect(own.some(({ kind, policy }) => kind === "sample" && policy === "base")).toBe(true);
    expect(asks[0]!.filter(({ kind }) => kind === "score")).toEqual([]);
  });

  it("is not asked to score where policies are asked in other words", () => {
    const { seen } = study(6, 15);
    const otherwise = {
      ...seen,
      rollouts: seen.rollouts.map((one) => (one.policy === "early" ? { ...one, promptTokenIds: [7, 7] } : one)),
    };
    for (const round of [1, 17, 33]) {
      const asks = rareMass.live!.plan(cutTo(otherwise, "rare-mass", round), round, 15);
      expect(asks.filter(({ kind }) => kind === "score")).toEqual([]);
    }
  });
});
