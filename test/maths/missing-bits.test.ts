// test/maths · Missing bits against exact V on simulated chains: even slips, uneven slips, a fork, slips that are repaired.
import { describe, expect, test } from "vitest";
import { type MissingBits, missingBits } from "../../src/maths/missing-bits.ts";
import { countsOf, type Design, evenSlips, fork, type Kind, repairs, truthOf, unevenSlips } from "./chains.ts";

const kinds: [string, Kind][] = [
  ["even slips", evenSlips],
  ["uneven slips", unevenSlips],
  ["a fork", fork],
  ["repaired slips", repairs],
];

function estimate(kind: Kind, design: Design, study: number, replicates: number): MissingBits {
  const { steps: places } = design;
  return missingBits({
    problems: countsOf(kind, design, study),
    places,
    level: 0.9,
    replicates,
    seed: study,
    name: "t",
  })!;
}

describe("200 rollouts, 5 of each of 40 problems, 32 continuations at each of 7 cuts", () => {
  const design = { problems: 40, rollouts: 5, steps: 8, continuations: 32, start: 256 };
  for (const [name, kind] of kinds) {
    test(`of ${name}: total, every place and N_eff within 3 standard errors of exact V`, () => {
      const truth = truthOf(kind, 8);
      const { total, bits, neff, dips, shapeBy, unseen } = estimate(kind, design, 0, 100);
      expect(Math.abs(total!.value - truth.total) / total!.se).toBeLessThan(3);
      truth.bits.forEach((known, place) => {
        expect(Math.abs(bits[place]!.value - known) / bits[place]!.se).toBeLessThan(3);
      });
      expect(Math.abs(neff!.value - truth.neff) / neff!.se).toBeLessThan(3);
      expect(bits.reduce((sum, bit) => sum + bit!.value, 0)).toBeCloseTo(total!.value, 10);
      expect(unseen).toEqual([]);
      // Only where V really falls on the way are dips seen.
      expect(shapeBy).toBe(kind === repairs ? "extrapolation" : "profiles");
      expect(dips > 4).toBe(kind === repairs);
    });
  }

  test("tells steps from a fork, which the bare counts blur", () => {
    const steps = estimate(evenSlips, design, 1, 50);
    const choice = estimate(fork, design, 1, 50);
    expect(steps.neff!.low).toBeGreaterThan(6);
    expect(choice.neff!.high).toBeLessThan(1.6);
  });
});

describe("many small studies", () => {
  const design = { problems: 24, rollouts: 3, steps: 6, continuations: 24, start: 128 };
  const studies = 10;
  for (const [name, kind] of kinds.slice(1, 3)) {
    test(`of ${name}: 90 % intervals cover in 85 to 95 %, and the mean estimate is near the truth`, () => {
      const truth = truthOf(kind, 6);
      let [covered, intervals] = [0, 0];
      const neffs: number[] = [];
      for (let study = 0; study < studies; study++) {
        const { total, bits, neff } = estimate(kind, design, 10 + study, 60);
        neffs.push(neff!.value / truth.neff);
        for (const [entry, known] of [
          [total, truth.total],
          [neff, truth.neff],
          ...bits.map((bit, place) => [bit, truth.bits[place]!] as const),
        ] as const) {
          intervals++;
          if (entry!.low <= known && known <= entry!.high) covered++;
        }
      }
      // 80 intervals: a standard error of about 3 %.
      expect(covered / intervals).toBeGreaterThan(0.85 - 0.03);
      expect(covered / intervals).toBeLessThan(0.95 + 0.03);
      // Over 40 studies the forks' mean is 1 % too high, the uneven slips' 0.7 % too low; a mean of 10 adds 1.4 % of noise.
      expect(Math.abs(neffs.reduce((sum, ratio) => sum + ratio, 0) / studies - 1)).toBeLessThan(0.04);
    });
  }
});

test("a last place that lacks nothing does not make the others look fewer", () => {
  // Even slips at five steps, and behind the last cut an answer that is next to never lost.
  const design = { problems: 40, rollouts: 5, steps: 6, continuations: 16, start: 256 };
  const slipping: Kind = (draws) => {
    const path = evenSlips(draws, 5)();
    return () => [...path.slice(0, -1).map((v) => v * 0.999), 0.999, 1];
  };
  const truth = truthOf(slipping, 6);
  const neffs = [0, 1, 2].map((study) => estimate(slipping, design, study, 20).neff!.value);
  // With one law for all segments it is 16 % too low here.
  expect(Math.abs(neffs.reduce((sum, one) => sum + one, 0) / 3 / truth.neff - 1)).toBeLessThan(0.03);
});

describe("the edges", () => {
  const some = { problems: 6, rollouts: 2, steps: 4, continuations: 16, start: 64 };
  const run = (problems: Parameters<typeof missingBits>[0]["problems"]): MissingBits | undefined =>
    missingBits({ problems, places: 4, level: 0.9, replicates: 40, seed: 1, name: "edges" });

  test("a problem the base never solved is a bound, in none of the means", () => {
    const solved = countsOf(evenSlips, some, 0);
    const never = { ...solved[0]!, right: 0 };
    const [without, with0] = [run(solved)!, run([...solved, never])!];
    expect(with0.unseen).toEqual([6]);
    expect(with0.total).toEqual(without.total);
    // 0 of 64 at 90 %: V ≤ 1 − 0.1^{1/64} = 0.0353, so 4.82 bits or more.
    expect(with0.atLeast).toBeCloseTo((6 * without.total!.value + 4.823) / 7, 3);
    expect(without).not.toHaveProperty("atLeast");
  });

  test("a problem the base always solved lacks nothing: no bits, no share in N_eff", () => {
    const solved = countsOf(evenSlips, some, 0);
    const always = { right: 64, drawn: 64, rollouts: solved[0]!.rollouts };
    const [without, with1] = [run(solved)!, run([...solved, always])!];
    expect(with1.alwaysSolved).toEqual([6]);
    expect(with1.total!.value).toBeCloseTo((without.total!.value * 6) / 7, 1);
    expect(Math.abs(with1.neff!.value - without.neff!.value)).toBeLessThan(0.02);
  });

  test("cuts at which nothing was right are counted", () => {
    const forks = countsOf(fork, { ...some, continuations: 4 }, 0);
    const empty = forks.flatMap(({ rollouts }) => rollouts.flatMap(({ right }) => right)).filter((k) => k === 0).length;
    const { cuts, emptyCuts } = run(forks)!;
    expect(cuts).toBe(36);
    expect(emptyCuts).toBe(empty);
    expect(empty).toBeGreaterThan(0);
  });

  test("is the same again from the same seed, and another from another", () => {
    const problems = countsOf(unevenSlips, some, 0);
    const at = (seed: number): MissingBits =>
      missingBits({ problems, places: 4, level: 0.9, replicates: 40, seed, name: "again" })!;
    expect(at(5)).toEqual(at(5));
    expect(at(5).neff).not.toEqual(at(6).neff);
  });

  test("one solved problem gives nothing", () => {
    expect(run(countsOf(evenSlips, { ...some, problems: 1 }, 0))).toBeUndefined();
  });

  test("broken counts, places or lengths are refused, with where they are", () => {
    const problems = countsOf(evenSlips, { ...some, problems: 2 }, 0);
    const broken = (change: Partial<(typeof problems)[0]["rollouts"][0]>): (() => unknown) => {
      const rollouts = [{ ...problems[1]!.rollouts[0]!, ...change }];
      return () => run([problems[0]!, { ...problems[1]!, rollouts }]);
    };
    expect(broken({ right: [17, 1, 1] })).toThrow(/cut 0 of rollout 0 of problem 1 .* got 17 of 16/);
    expect(broken({ drawn: [16, 16, 3], right: [1, 1, 1] })).toThrow(/drawn ≥ 4, got 1 of 3/);
    expect(broken({ places: [0, 1] })).toThrow(/has 3 cuts, so 4 segments, but 2 places/);
    expect(broken({ places: [0, 1, 2, 4] })).toThrow(/a whole number 0 to 3, got 4/);
    expect(() => run([{ ...problems[0]!, right: 65 }, problems[1]!])).toThrow(/start of problem 0 .* got 65 of 64/);
  });
});
