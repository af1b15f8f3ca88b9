// test/maths · Intervals against published limits, and by exact coverage: every outcome of the binomial counted.
import { describe, expect, it } from "vitest";
import { binomialLogPmf } from "../../src/maths/distributions.ts";
import { clopperPearson, jeffreys, type Limits, oneSidedUpper } from "../../src/maths/intervals.ts";
import { normalCdf } from "../../src/maths/special.ts";

const grid = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000);

/** P(the limits of C hold p), C binomial(n, p): no simulation. */
function coverage(limits: readonly Limits[], p: number): number {
  const n = limits.length - 1;
  let covered = 0;
  limits.forEach(({ low, high }, c) => {
    if (low <= p && p <= high) covered += Math.exp(binomialLogPmf(c, n, p));
  });
  return covered;
}

describe("Clopper–Pearson limits", () => {
  it("are those of Newcombe (1998), Table I, method 5", () => {
    const published: [number, number, number, number][] = [
      [81, 263, 0.2527, 0.3676],
      [15, 148, 0.0578, 0.1617],
      [0, 20, 0, 0.1684],
      [1, 29, 0.0009, 0.1776],
    ];
    for (const [c, n, low, high] of published) {
      const limits = clopperPearson(c, n, 0.95);
      expect([limits.low.toFixed(4), limits.high.toFixed(4)]).toEqual([low.toFixed(4), high.toFixed(4)]);
    }
  });

  it("are those of R's binom.test, to its printed digits", () => {
    expect(clopperPearson(1, 10, 0.95).low).toBeCloseTo(0.002528579, 9);
    expect(clopperPearson(1, 10, 0.95).high).toBeCloseTo(0.445016117, 9);
    expect(clopperPearson(5, 10, 0.95).low).toBeCloseTo(0.187086, 6);
    expect(clopperPearson(682, 925, 0.95).low).toBeCloseTo(0.7076683, 7);
  });

  it.each([1, 5, 20, 128])("cover at least their level whatever the rate, n = %i", (n) => {
    for (const level of [0.8, 0.95]) {
      const limits = Array.from({ length: n + 1 }, (_, c) => clopperPearson(c, n, level));
      for (const p of grid) expect(coverage(limits, p)).toBeGreaterThanOrEqual(level - 1e-12);
    }
  });
});

describe("Jeffreys limits", () => {
  it("cover their level on average, though not everywhere", () => {
    for (const n of [20, 50, 128]) {
      const limits = Array.from({ length: n + 1 }, (_, c) => jeffreys(c, n, 0.95));
      const covered = grid.map((p) => coverage(limits, p));
      const mean = covered.reduce((sum, x) => sum + x, 0) / covered.length;
      expect(Math.abs(mean - 0.95)).toBeLessThan(0.004);
      expect(Math.min(...covered)).toBeLessThan(0.95);
    }
  });

  it("are the beta quantiles, and reach 0 and 1 where all rollouts agree", () => {
    // scipy.stats.beta.ppf([0.025, 0.975], 81.5, 182.5)
    expect(jeffreys(81, 263, 0.95).low).toBeCloseTo(0.25452193, 8);
    expect(jeffreys(81, 263, 0.95).high).toBeCloseTo(0.3656475, 7);
    expect(jeffreys(0, 30, 0.95).low).toBe(0);
    expect(jeffreys(30, 30, 0.95).high).toBe(1);
    expect(jeffreys(30, 30, 0.95).low).toBeCloseTo(1 - jeffreys(0, 30, 0.95).high, 14);
  });

  it("tend to the normal limits for many rollouts", () => {
    const { low, high } = jeffreys(500_000, 1_000_000, 0.9);
    expect(normalCdf((high - low) * 1000) - normalCdf((low - high) * 1000)).toBeCloseTo(0.9, 4);
  });
});

describe("the one-sided upper limit", () => {
  it("zero successes bound the rate from above", () => {
    for (const n of [1, 16, 128, 1_000_000]) {
      for (const level of [0.5, 0.95, 0.999]) {
        const closed = -Math.expm1(Math.log(1 - level) / n);
        expect(Math.abs(oneSidedUpper(0, n, level) / closed - 1)).toBeLessThan(1e-10);
      }
    }
  });

  it.each([1, 7, 128])("lies below the rate at most as often as it may, n = %i", (n) => {
    const limits = Array.from({ length: n + 1 }, (_, c) => ({ low: 0, high: oneSidedUpper(c, n, 0.9) }));
    for (const p of grid) expect(coverage(limits, p)).toBeGreaterThanOrEqual(0.9 - 1e-12);
    expect(oneSidedUpper(n, n, 0.9)).toBe(1);
  });
});

describe("limits of nothing", () => {
  it("no rollouts leave the rate anywhere", () => {
    expect(clopperPearson(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
    expect(jeffreys(0, 0, 0.95)).toEqual({ low: 0, high: 1 });
    expect(oneSidedUpper(0, 0, 0.95)).toBe(1);
  });

  it("counts and levels that cannot be are errors that name them", () => {
    expect(() => clopperPearson(5, 4, 0.95)).toThrow("c = 5 and n = 4");
    expect(() => jeffreys(1.5, 4, 0.95)).toThrow("c = 1.5");
    expect(() => oneSidedUpper(1, 4, 95)).toThrow("got 95");
  });
});
