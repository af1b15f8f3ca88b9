// test/ · Rare mass: chances down to 1e-10 are bracketed, and estimated where two methods agree.
import { describe, expect, it } from "vitest";
import { separates } from "../../src/attribution/separation.ts";
import { bracketsOf } from "../../src/experiments/mass-brackets.ts";
import { lengthsApart, spreadOf, weightedSpread } from "../../src/experiments/mass-lengths.ts";
import { levelEnds, splitting } from "../../src/experiments/mass-splitting.ts";
import { textMass } from "../../src/experiments/mass-texts.ts";
import { rareMass } from "../../src/experiments/rare-mass.ts";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { novelStrategy } from "../../src/explanations/novel-strategy.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { type ImaginedProblem, matchedPair } from "../../src/study/imagined.ts";
import { exactBase, rareLadder } from "../support/paper-ladder.ts";

const DESIGN = { policies: ["base", "tuned"], rollouts: 32, scored: 8, experiments: ["rare-mass"] };
const OPTIONS = { seed: 1, level: 0.95, clusterByFamily: false, draws: 100 };

it("parts novel-strategy from amplified-strategy, but not steadier-steps from recovery", () => {
  expect(separates(rareMass, novelStrategy, amplifiedStrategy)).toBe(true);
  expect(separates(rareMass, steadierSteps, recovery)).toBe(false);
});

it("costs steps times particles, not one answer in so many", () => {
  expect(rareMass.price({ problems: 100, rolloutsPerProblem: 64 })).toEqual({
    // Splitting; draws and moves of the annealed chain; fresh answers of the base; and proposals that part at forks only.
    generatedRollouts: 25600 + 6000 + 1200 + 9600,
    scoredRollouts: 7200 + 1600,
  });
  // Two checkpoints more: chains and fresh answers of theirs, and all that any wrote is scored by all.
  expect(rareMass.price({ problems: 100, rolloutsPerProblem: 64, policies: 4 })).toEqual({
    generatedRollouts: 25600 + 15600 + 3600 + 9600,
    scoredRollouts: 4 * (1200 + 3 * 2400) + 1600,
  });
});

describe("a base that slips at every second step", { timeout: 120_000 }, () => {
  const problems = rareLadder({ steps: [4, 12, 20, 32], problems: 32, repair: 0 });
  const { seen, tokens } = imaginedStudy(problems, { ...DESIGN, seed: 5 });
  const brackets = bracketsOf(seen, 0.95);
  const exact = new Map(problems.map((one) => [one.id, exactBase(one)]));

  it("is bracketed on every problem, from 6e-2 to 2e-10", () => {
    expect(brackets.length).toBe(problems.length);
    const held = brackets.filter(({ problem, low, high }) => {
      const p = exact.get(problem)!;
      return low <= p * (1 + 1e-9) && p <= high;
    });
    // Guaranteed at 95 %: two of 32 may be out.
    expect(held.length).toBeGreaterThanOrEqual(30);
  });

  it("is estimated within a factor of three at 1e-6 and below, by a thousandth of the answers that counting would take", () => {
    const rare = brackets.filter(({ problem }) => exact.get(problem)! < 1e-5);
    const near = rare.filter(({ problem, mass }) => {
      const ratio = (mass?.value ?? 0) / exact.get(problem)!;
      return ratio > 1 / 3 && ratio < 3;
    });
    expect(rare.length).toBe(16);
    expect(near.length).toBeGreaterThanOrEqual(13);
    // Tokens of one problem against one right answer's worth of the base's own, at 1e-6.
    expect(tokens["rare-mass"]!.generated / problems.length).toBeLessThan(1e6 / 50);
  });

  it("has its bits told, as the mean over problems", () => {
    const found = rareMass.live!.estimate(seen, OPTIONS).findings;
    const bits = found.find(({ name }) => name === "mass/bits")!.estimate;
    const truth = [...exact.values()].reduce((sum, p) => sum - Math.log2(p), 0) / exact.size;
    const { low, high } = bits as { low: number; high: number };
    expect(low).toBeLessThan(truth);
    // Where two methods part the floor stands in, which is all there is here: one right text.
    expect(high).toBeGreaterThan(truth - 1e-9);
  });
});

it("a way that the tuned policy never goes makes two methods differ: refused, both shown, and the bracket holds", () => {
  // The base is right two steps at a time, now and then; the tuned policy only step by step, which the base hardly ever is.
  const usual = matchedPair(2, [[0.2, 0.5]], [2]).reliability[0]!.behaviours[0]!;
  const policy = (share: number, slip: number) => ({
    ...usual,
    ways: [
      { ...usual.ways[0]!, share, slip, repair: 0 },
      { ...usual.ways[1]!, share: 1 - share, pace: 2, slip: 0.5, repair: 0 },
    ],
  });
  const problems = Array.from({ length: 12 }, (_, i): ImaginedProblem => {
    const behaviours = [policy(0.5, 0.7), policy(1, 0.02)];
    return { id: `p${i}`, family: "on paper", steps: 12, behaviours };
  });
  const { seen } = imaginedStudy(problems, { ...DESIGN, seed: 9 });
  const brackets = bracketsOf(seen, 0.95).filter(
    ({ right, splitting: split }) => right === 0 && split?.logMass !== undefined,
  );
  expect(brackets.length).toBeGreaterThan(3);
  const truth = exactBase(problems[0]!);
  for (const { low, high } of brackets) expect(low <= truth && truth <= high).toBe(true);
  // Splitting sees the base's own way at 8e-3; weighted answers of the tuned policy see 3e-7.
  const seenIt = brackets.filter(({ splitting: split }) => split!.logMass! > Math.log(1e-4));
  expect(seenIt.length).toBeGreaterThan(0);
  for (const { mass, refused } of seenIt) {
    expect(mass).toBeUndefined();
    expect(refused).toMatch(/^splitting gives .* and right answers of all policies, weighted, /);
  }
});

describe("the parts", () => {
  it("levels end where the work is right again; what follows a slip that stands is none", () => {
    const step = (to: number, right: boolean, repairs = false) => ({ from: to - 1, to, right, repairs });
    const ends = (steps: ReturnType<typeof step>[]) =>
      levelEnds({ steps: () => steps, tokensWithin: () => 0 }, { problem: "p", text: "" } as never);
    expect(ends([step(1, true), step(2, false), step(3, true, true), step(4, true)])).toEqual([1, 3, 4]);
    expect(ends([step(1, true), step(2, false), step(3, true), step(4, true)])).toEqual([1]);
    // Right work that is done again gets nowhere.
    expect(ends([step(1, true), step(2, true, true), step(3, true)])).toEqual([1, 3]);
  });

  it("splitting is the mean of the islands' products; where all died there is no number", () => {
    const island = (...shares: number[]) => ({ survived: shares.map((share) => ({ share, of: 10 })), waiting: [] });
    const found = splitting([island(0.5, 0.2), island(0.5, 0.4), island(0.1, 0), island(0.5, 0.2)]);
    expect(Math.exp(found.logMass!)).toBeCloseTo(0.1, 12);
    expect(found.islands).toEqual([0.1, 0.2, 0, 0.1]);
    expect(splitting([island(0), island(0.5, 0)]).logMass).toBeUndefined();
  });

  it("lengths are apart by three errors, and not by rounding", () => {
    const alike = weightedSpread([0.1, 0.7, 0.3].map((weight) => ({ tokens: 11, logWeight: Math.log(weight) })));
    expect(lengthsApart(alike, spreadOf([[11], [11, 11]]))).toBeUndefined();
    expect(lengthsApart(alike, spreadOf([[12], [12, 12]]))?.map(Math.round)).toEqual([11, 12]);
    expect(lengthsApart(alike, spreadOf([[9], [13], [14]]))).toBeUndefined();
    expect(lengthsApart(alike, spreadOf([[], []]))).toBeUndefined();
  });

  it("different right texts add up, the same one twice does not", () => {
    const reading = (by: "base" | "later", right: boolean, ids: readonly number[], base: number, later: number) =>
      ({ rollout: { tokenIds: ids }, by, right, base: [base], later: [later] }) as never;
    const found = textMass([
      reading("later", true, [1], Math.log(0.01), Math.log(0.6)),
      reading("later", true, [1], Math.log(0.01), Math.log(0.6)),
      reading("base", true, [2], Math.log(0.02), Math.log(0.3)),
      reading("base", false, [3], Math.log(0.9), Math.log(0.1)),
    ]);
    expect(Math.exp(found.logFloor!)).toBeCloseTo(0.03, 12);
    expect(found.texts).toBe(2);
    expect(textMass([reading("base", false, [3], 0, 0)])).toEqual({ texts: 0 });
  });
});
