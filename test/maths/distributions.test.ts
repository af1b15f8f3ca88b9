// test/maths · Laws of counts against exact rational values, and against the sums they must obey.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  betaBinomialAtLeast,
  betaBinomialAtMost,
  betaBinomialLogPmf,
  binomialAtLeast,
  binomialAtMost,
  binomialLogPmf,
  binomialLogPmfLogit,
  hypergeometricAtLeast,
  hypergeometricAtMost,
  hypergeometricLogPmf,
  logChooseWhole,
  logFactorial,
} from "../../src/maths/distributions.ts";
import { expit } from "../../src/maths/logspace.ts";
import { choose, off, quotient } from "./exact.ts";

const INF = Number.POSITIVE_INFINITY;

/** C(n, c) j^c (64 − j)^{n−c} over 64^n: the binomial pmf at p = j/64, a double. */
const exactBinomial = (c: number, n: number, j: number): bigint =>
  choose(n, c) * BigInt(j) ** BigInt(c) * BigInt(64 - j) ** BigInt(n - c);

describe("the binomial law", () => {
  it.each([1, 2, 7, 64, 128, 700])("has its exact probabilities and tails at n = %i", (n) => {
    const whole = 64n ** BigInt(n);
    for (const j of [1, 19, 32, 63]) {
      let below = 0n;
      for (let c = 0; c <= n; c++) {
        const exact = exactBinomial(c, n, j);
        const above = whole - below;
        below += exact;
        if (n > 200 && c % 23 !== 0) continue;
        const truth = quotient(exact, whole);
        if (truth < 1e-290) continue;
        expect(off(Math.exp(binomialLogPmf(c, n, j / 64)), truth)).toBeLessThan(1e-12);
        expect(off(Math.exp(binomialLogPmfLogit(c, n, Math.log(j / (64 - j)))), truth)).toBeLessThan(4e-12);
        expect(off(binomialAtMost(c, n, j / 64), quotient(below, whole))).toBeLessThan(1e-12);
        expect(off(binomialAtLeast(c, n, j / 64), quotient(above, whole))).toBeLessThan(1e-12);
      }
    }
  });

  it("is certain at p = 0 and p = 1, and an impossible count has no probability", () => {
    expect([
      binomialLogPmf(0, 5, 0),
      binomialLogPmf(1, 5, 0),
      binomialLogPmf(5, 5, 1),
      binomialLogPmf(4, 5, 1),
    ]).toEqual([0, -INF, 0, -INF]);
    expect([
      binomialLogPmfLogit(0, 5, -INF),
      binomialLogPmfLogit(1, 5, -INF),
      binomialLogPmfLogit(5, 5, INF),
      binomialLogPmfLogit(4, 5, INF),
    ]).toEqual([0, -INF, 0, -INF]);
    expect([binomialLogPmf(6, 5, 0.5), binomialLogPmf(-1, 5, 0.5), binomialLogPmf(0, 0, 0.5)]).toEqual([-INF, -INF, 0]);
    expect([
      binomialAtMost(-1, 5, 0.5),
      binomialAtMost(5, 5, 0.5),
      binomialAtLeast(0, 5, 0.5),
      binomialAtLeast(6, 5, 0.5),
    ]).toEqual([0, 1, 1, 0]);
    expect([
      binomialAtMost(2, 5, 0),
      binomialAtMost(2, 5, 1),
      binomialAtLeast(2, 5, 0),
      binomialAtLeast(2, 5, 1),
    ]).toEqual([1, 0, 0, 1]);
    expect(() => binomialLogPmf(1, 2, 1.5)).toThrow("got 1.5");
  });

  it("told by its logit keeps failures whose probability is below the spacing of doubles at 1", () => {
    // 1 − p = e^−50: log P(127 of 128) = log 128 − 50, up to 127 e^−50.
    expect(binomialLogPmfLogit(127, 128, 50)).toBeCloseTo(Math.log(128) - 50, 11);
    expect(binomialLogPmfLogit(1, 128, -900)).toBeCloseTo(Math.log(128) - 900, 11);
  });

  it("adds up to one for a million rollouts", () => {
    let sum = 0;
    for (let c = 295_000; c <= 305_000; c++) sum += Math.exp(binomialLogPmf(c, 1_000_000, 0.3));
    expect(sum).toBeCloseTo(1, 12);
  });

  it("has tails that are its probabilities summed", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: -12, max: 12, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, z, share) => {
          const c = Math.floor(share * n);
          let sum = 0;
          for (let i = 0; i <= c; i++) sum += Math.exp(binomialLogPmfLogit(i, n, z));
          expect(off(binomialAtMost(c, n, expit(z)), sum)).toBeLessThan(1e-10);
        },
      ),
    );
  });
});

describe("the hypergeometric law", () => {
  it("has its exact probabilities and tails", () => {
    for (const [marked, drawn, total] of [
      [5, 7, 12],
      [30, 128, 256],
      [200, 128, 256],
      [3, 900, 1000],
      [700, 600, 1500],
      [1, 1, 2],
      [90, 4000, 6000],
    ] as const) {
      const all = choose(total, drawn);
      let below = 0n;
      for (let k = 0; k <= Math.min(marked, drawn); k++) {
        const exact = choose(marked, k) * choose(total - marked, drawn - k);
        const above = all - below;
        below += exact;
        const truth = quotient(exact, all);
        if (exact > 0n && truth < 1e-290) continue;
        expect(off(Math.exp(hypergeometricLogPmf(k, marked, drawn, total)), truth)).toBeLessThan(1e-11);
        expect(off(hypergeometricAtMost(k, marked, drawn, total), quotient(below, all))).toBeLessThan(1e-11);
        expect(off(hypergeometricAtLeast(k, marked, drawn, total), quotient(above, all))).toBeLessThan(1e-11);
      }
    }
  });

  it("knows the counts that cannot be", () => {
    expect([
      hypergeometricAtMost(1, 5, 7, 10),
      hypergeometricAtMost(5, 5, 7, 10),
      hypergeometricAtLeast(2, 5, 7, 10),
      hypergeometricAtLeast(6, 5, 7, 10),
    ]).toEqual([0, 1, 1, 0]);
  });
});

describe("the beta-binomial law", () => {
  it("is the rational law of Pólya's urn for whole shapes", () => {
    // P(c of n) = C(c+a−1, c) C(n−c+b−1, n−c) / C(n+a+b−1, n)
    for (const [a, b, n] of [
      [1, 1, 10],
      [3, 8, 40],
      [20, 2, 128],
      [1, 60, 200],
    ] as const) {
      const all = choose(n + a + b - 1, n);
      let below = 0n;
      for (let c = 0; c <= n; c++) {
        const exact = choose(c + a - 1, c) * choose(n - c + b - 1, n - c);
        const above = all - below;
        below += exact;
        expect(off(Math.exp(betaBinomialLogPmf(c, n, a, b)), quotient(exact, all))).toBeLessThan(1e-11);
        expect(off(betaBinomialAtMost(c, n, a, b), quotient(below, all))).toBeLessThan(1e-11);
        expect(off(betaBinomialAtLeast(c, n, a, b), quotient(above, all))).toBeLessThan(1e-11);
      }
    }
  });

  it("has tails that add up to one for shapes of every size", () => {
    const shape = fc.double({ min: -3, max: 5, noNaN: true }).map((e) => 10 ** e);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        shape,
        shape,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, a, b, share) => {
          const c = Math.floor(share * n);
          const pmf = Math.exp(betaBinomialLogPmf(c, n, a, b));
          expect(betaBinomialAtMost(c, n, a, b) + betaBinomialAtLeast(c, n, a, b) - pmf).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it("tends to the binomial where the beta law is narrow", () => {
    expect(betaBinomialLogPmf(40, 128, 3e9, 7e9)).toBeCloseTo(binomialLogPmf(40, 128, 0.3), 5);
  });
});

describe("factorials", () => {
  it("are the sums of logarithms, in the table and beyond it", () => {
    let sum = 0;
    for (let n = 0; n <= 3000; n++) {
      if (n > 1) sum += Math.log(n);
      expect(Math.abs(logFactorial(n) - sum)).toBeLessThan(1e-8);
    }
    expect([logFactorial(0), logFactorial(1)]).toEqual([0, 0]);
    expect(
      off(logChooseWhole(1000, 500), Math.log(quotient(choose(1000, 500), 10n ** 280n)) + 280 * Math.LN10),
    ).toBeLessThan(1e-14);
    expect(off(logChooseWhole(5000, 2), Math.log(12_497_500))).toBeLessThan(1e-14);
  });
});
