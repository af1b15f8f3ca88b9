// McNemar: the exact test and its interval agree, its power is what enumeration gives, and totals leave open what they leave open.
import { describe, expect, test } from "vitest";
import { binomialAtMost, binomialLogPmf } from "../../src/maths/distributions.ts";
import {
  fewestDiscordant,
  mcnemarExact,
  mcnemarPower,
  pairedDifference,
  pairings,
  problemsForPower,
} from "../../src/maths/mcnemar.ts";

/** Chance of (only0, only1) on n problems, for all of them. */
function* outcomes(n: number, chance0: number, chance1: number): Generator<[number, number, number]> {
  for (let only0 = 0; only0 <= n; only0++)
    for (let only1 = 0; only0 + only1 <= n; only1++) {
      const within = binomialLogPmf(only1, n - only0, chance1 / (1 - chance0));
      yield [only0, only1, Math.exp(binomialLogPmf(only0, n, chance0) + within)];
    }
}

describe("the exact test", () => {
  test.each([
    [4, 0, 0.125],
    [3, 0, 0.25],
    [4, 1, 0.375],
    [5, 0, 0.0625],
    [6, 0, 0.03125],
    [0, 0, 1],
    [7, 7, 1],
    // Twice the sum of C(23, i) for i = 0 … 5, over 2^23.
    [18, 5, (2 * (1 + 23 + 253 + 1771 + 8855 + 33649)) / 2 ** 23],
  ])("%i against %i", (only0, only1, p) => {
    expect(mcnemarExact({ only0, only1 })).toBe(p);
    expect(mcnemarExact({ only0: only1, only1: only0 })).toBe(p);
  });

  test("fewer than six differing problems never come below a twentieth", () => {
    expect(fewestDiscordant(0.05)).toBe(6);
    expect(mcnemarExact({ only0: 5, only1: 0 })).toBeGreaterThan(0.05);
    expect(mcnemarExact({ only0: 6, only1: 0 })).toBeLessThan(0.05);
  });

  test("what is no count is refused", () => {
    expect(() => mcnemarExact({ only0: -1, only1: 0 })).toThrow(RangeError);
    expect(() => mcnemarExact({ only0: 0.5, only1: 0 })).toThrow(RangeError);
    expect(() => pairedDifference({ only0: 3, only1: 3 }, 5, 0.95)).toThrow(RangeError);
    expect(() => pairedDifference({ only0: 0, only1: 0 }, 0, 0.95)).toThrow(RangeError);
  });
});

describe("the interval of the difference", () => {
  test("covers at least 95 % of outcomes, whatever the truth, on 30 problems", () => {
    for (const [chance0, chance1] of [
      [0.13, 0.01],
      [0.1, 0.1],
      [0.3, 0.1],
      [0.02, 0.02],
      [0.45, 0.45],
    ] as const) {
      let covered = 0;
      for (const [only0, only1, mass] of outcomes(30, chance0, chance1)) {
        const { low, high } = pairedDifference({ only0, only1 }, 30, 0.95);
        if (low <= chance1 - chance0 && chance1 - chance0 <= high) covered += mass;
      }
      expect(covered).toBeGreaterThan(0.95);
    }
  });

  test("excludes 0 only where the exact test rejects, holds the estimate, and turns round with the sides", () => {
    for (let only0 = 0; only0 <= 12; only0++)
      for (let only1 = 0; only1 <= 12; only1++) {
        const { low, high } = pairedDifference({ only0, only1 }, 40, 0.95);
        const turned = pairedDifference({ only0: only1, only1: only0 }, 40, 0.95);
        expect((low > 0 || high < 0) && mcnemarExact({ only0, only1 }) >= 0.05).toBe(false);
        expect(low).toBeLessThanOrEqual((only1 - only0) / 40);
        expect(high).toBeGreaterThanOrEqual((only1 - only0) / 40);
        expect(turned.low).toBeCloseTo(-high, 9);
        expect(low).toBeGreaterThanOrEqual(-1);
      }
  });

  test("no difference seen on few problems is no proof that there is none", () => {
    const few = pairedDifference({ only0: 0, only1: 0 }, 10, 0.95);
    expect(few.low).toBeLessThan(-0.2);
    expect(few.high).toBeGreaterThan(0.2);
  });
});

describe("power", () => {
  test("is the mass of the outcomes that reject", () => {
    for (const [n, chance0, chance1] of [
      [30, 4 / 30, 0],
      [51, 4 / 51, 1 / 51],
      [60, 0.2, 0.2],
      [12, 0.8, 0.1],
    ] as const) {
      let rejected = 0;
      for (const [only0, only1, mass] of outcomes(n, chance0, chance1))
        if (mcnemarExact({ only0, only1 }) < 0.05) rejected += mass;
      expect(mcnemarPower(n, chance0, chance1, 0.05)).toBeCloseTo(rejected, 8);
    }
  });

  test("with all on one side it takes six differing problems", () => {
    const problems = problemsForPower(4 / 30, 0, { power: 0.9, alpha: 0.05, most: 1e6 })!;
    expect(1 - binomialAtMost(5, problems, 4 / 30)).toBeGreaterThanOrEqual(0.9);
    expect(1 - binomialAtMost(5, problems - 1, 4 / 30)).toBeLessThan(0.9);
  });

  test("of equal chances is never more than the level, however many problems", () => {
    expect(mcnemarPower(5000, 0.1, 0.1, 0.05)).toBeLessThanOrEqual(0.05);
    expect(problemsForPower(0.1, 0.1, { power: 0.9, alpha: 0.05, most: 4096 })).toBeUndefined();
  });

  test("chances that are none are refused", () => {
    expect(() => mcnemarPower(10, 0, 0, 0.05)).toThrow(RangeError);
    expect(() => mcnemarPower(10, 0.7, 0.7, 0.05)).toThrow(RangeError);
  });
});

describe("two totals", () => {
  test("leave open every pairing between one set within the other and the most that differ", () => {
    expect(pairings([28, 25], 30)).toEqual({
      nested: { only0: 3, only1: 0 },
      independent: { only0: 5, only1: 2 },
      opposed: { only0: 5, only1: 2 },
    });
    expect(pairings([567, 525], 821)).toEqual({
      nested: { only0: 42, only1: 0 },
      independent: { only0: 204, only1: 162 },
      opposed: { only0: 296, only1: 254 },
    });
  });

  test("keep both totals in each pairing, and never need more problems than there are", () => {
    for (const [a, b, n] of [
      [0, 0, 5],
      [5, 5, 5],
      [2, 9, 10],
      [7, 1, 8],
    ] as const)
      for (const { only0, only1 } of Object.values(pairings([a, b], n))) {
        expect(only0 - only1).toBe(a - b);
        expect(Math.min(only0, only1)).toBeGreaterThanOrEqual(0);
        expect(b + only0).toBeLessThanOrEqual(n);
        expect(only1).toBeLessThanOrEqual(b);
      }
    expect(() => pairings([6, 1], 5)).toThrow(RangeError);
  });
});
