// test/ · Wager: a lower bound of a mean that holds as often as it says, for any law of non-negative draws.
import { describe, expect, it } from "vitest";
import { markovLowerBound } from "../../src/maths/empirical-bernstein.ts";
import { stream } from "../../src/maths/random.ts";
import { wagerLowerBound } from "../../src/maths/wager.ts";

const bound = (draws: readonly number[], delta: number): number => {
  const log = wagerLowerBound([draws.map(Math.log)], delta);
  return log === undefined ? 0 : Math.exp(log);
};

describe("a bet that the mean is higher", () => {
  it("on draws that are all alike ends at W δ^(1/n), but for the stakes that lost", () => {
    const [delta, n] = [0.01, 8];
    const best = 1e-9 * delta ** (1 / n);
    // A tenth of the stake is on λ = 1.
    expect(
      bound(
        Array.from({ length: n }, () => 1e-9),
        delta,
      ),
    ).toBeGreaterThanOrEqual(1e-9 * (delta / 10) ** (1 / n));
    expect(
      bound(
        Array.from({ length: n }, () => 1e-9),
        delta,
      ),
    ).toBeLessThanOrEqual(best);
  });

  it("is never above the truth more often than δ, from even draws to one in a thousand", () => {
    const random = stream(1, "wager");
    const laws: readonly { readonly mean: number; readonly draw: () => number }[] = [
      { mean: 0.7, draw: () => (random.uniform() < 0.7 ? 1 : 0) },
      { mean: 0.05, draw: () => (random.uniform() < 0.05 ? 1 : 0) },
      { mean: 1, draw: () => (random.uniform() < 0.001 ? 1000 : 0) },
      { mean: Math.exp(2), draw: () => Math.exp(2 * random.normal()) },
      { mean: 1, draw: () => 1 },
    ];
    for (const n of [4, 64])
      for (const { mean, draw } of laws) {
        const above = Array.from({ length: 500 }, () =>
          bound(
            Array.from({ length: n }, () => draw()),
            0.05,
          ),
        ).filter((one) => one > mean).length;
        // δ and four standard errors.
        expect(above).toBeLessThan(25 + 4 * 5);
      }
  });

  it("gives half of a mean that 64 draws show plainly, where Markov's inequality gives δ of it", () => {
    const draws = Array.from({ length: 64 }, (_, i) => (i % 10 < 7 ? 1e-12 : 0) as number);
    const mean = draws.reduce((a, b) => a + b, 0) / 64;
    expect(bound(draws, 0.01)).toBeGreaterThan(0.6 * mean);
    expect(Math.exp(markovLowerBound(Math.log(mean), 0.01))).toBeLessThan(0.011 * mean);
  });

  it("of several groups is hardly less than of the best one alone, and holds where groups hang on each other", () => {
    const good = Array.from({ length: 8 }, () => -20);
    const none = Array.from({ length: 64 }, () => Number.NEGATIVE_INFINITY);
    const alone = wagerLowerBound([good], 0.01)!;
    // Half of the stake is lost with the other group.
    expect(wagerLowerBound([good, none], 0.01)!).toBeGreaterThan(alone - Math.log(2) / 4);
    const random = stream(2, "wager");
    const above = Array.from({ length: 1000 }, () => {
      const logs = Array.from({ length: 8 }, () => Math.log(random.uniform() < 0.3 ? 1 : 0));
      const mean = Math.log(logs.filter((log) => log === 0).length / 8);
      return wagerLowerBound([logs, [mean]], 0.05) ?? Number.NEGATIVE_INFINITY;
    }).filter((log) => log > Math.log(0.3)).length;
    expect(above).toBeLessThan(50 + 4 * 7);
  });

  it("works down to 1e-300, and does not hang on the order of draws", () => {
    const logs = [-700, -690, Number.NEGATIVE_INFINITY, -695];
    const found = wagerLowerBound([logs], 0.05)!;
    expect(found).toBeLessThan(-690);
    expect(found).toBeGreaterThan(-720);
    expect(wagerLowerBound([logs.toReversed()], 0.05)).toBe(found);
    expect(wagerLowerBound([[Number.NEGATIVE_INFINITY], []], 0.05)).toBeUndefined();
    expect(wagerLowerBound([], 0.05)).toBeUndefined();
    expect(() => wagerLowerBound([[Number.NaN]], 0.05)).toThrow(RangeError);
    expect(() => wagerLowerBound([[0]], 1)).toThrow(RangeError);
  });
});
