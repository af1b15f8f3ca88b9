// test/maths · Empirical Bernstein: never above the truth too often, whatever the tail; near it where weights are tame.
import { describe, expect, test } from "vitest";
import { markovLowerBound, meanLowerBound, WIDE_GRID } from "../../src/maths/empirical-bernstein.ts";
import { type Stream, stream } from "../../src/maths/random.ts";

/** Log weights with a known log mean. */
interface Law {
  readonly logMean: number;
  draw(draws: Stream): number;
}

/** And in what share of data sets the plain mean is above the truth, at least: few where huge, rare weights make it. */
const laws: [string, Law, number][] = [
  ["log-normal of spread 2", { logMean: 2, draw: (draws) => 2 * draws.normal() }, 0.3],
  ["Pareto of k = 0.9", { logMean: Math.log(10), draw: (draws) => -0.9 * Math.log(draws.open()) }, 0.04],
  [
    "1e−30 times a rare, heavy event",
    {
      logMean: -30 * Math.LN10 + Math.log(0.2 / 0.4),
      draw: (draws) =>
        draws.uniform() < 0.2 ? -30 * Math.LN10 - 0.6 * Math.log(draws.open()) : Number.NEGATIVE_INFINITY,
    },
    0.3,
  ],
];
const DELTA = 0.1;

describe("the empirical Bernstein bound", () => {
  test.each(laws)("is above the truth in at most δ of data sets: %s", (name, { logMean, draw }, plain) => {
    const studies = 300;
    let [above, meanAbove, told] = [0, 0, 0];
    for (let study = 0; study < studies; study++) {
      const draws = stream(51, name, study);
      const logs = Float64Array.from({ length: 1000 }, () => draw(draws));
      const bound = meanLowerBound(logs, DELTA);
      if (bound === undefined) continue;
      told++;
      if (bound.logBound > logMean) above++;
      const mean = logs.reduce((sum, own) => sum + Math.exp(own - logMean), 0) / logs.length;
      if (mean > 1) meanAbove++;
    }
    expect(told).toBe(studies);
    // A rate of δ would give 30 ± 5.2; the plain mean, not held down, is above the truth more often.
    expect(above).toBeLessThan(30 + 3 * 5.2);
    expect(meanAbove / studies).toBeGreaterThan(plain);
  });

  test("is Theorem 4 where the level is known, worked out by hand", () => {
    const level = { low: Math.log(4), high: Math.log(4), levels: 1 };
    const clipped = Array.from({ length: 200 }, (_, i) => Math.min(1, (i % 9) / 4));
    const mean = clipped.reduce((sum, y) => sum + y, 0) / 200;
    const variance = clipped.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 199;
    const price = Math.log(2 / 0.05);
    const byHand = 4 * (mean - Math.sqrt((2 * variance * price) / 200) - (7 * price) / (3 * 199));
    const logs = Float64Array.from({ length: 200 }, (_, i) => Math.log(i % 9));
    expect(Math.exp(meanLowerBound(logs, 0.05, level)!.logBound)).toBeCloseTo(byHand, 12);
  });

  test("gives the best of its levels, each at δ/K", () => {
    const draws = stream(57, "best");
    const logs = Float64Array.from({ length: 800 }, () => -0.5 * Math.log(draws.open()) - 3);
    const grid = { low: -6, high: 6, levels: 25 };
    const alone = Array.from({ length: 25 }, (_, k) => {
      const at = -6 + 0.5 * k;
      return meanLowerBound(logs, 0.05 / 25, { low: at, high: at, levels: 1 })?.logBound ?? Number.NEGATIVE_INFINITY;
    });
    expect(meanLowerBound(logs, 0.05, grid)!.logBound).toBeCloseTo(Math.max(...alone), 12);
  });

  test("is above the truth less often than δ at small n too: weights 0 and 1", () => {
    const studies = 4000;
    let above = 0;
    const level = { low: 0, high: 0, levels: 1 };
    for (let study = 0; study < studies; study++) {
      const successes = stream(52, "binary", study).binomial(60, 0.3);
      const logs = Float64Array.from({ length: 60 }, (_, i) => (i < successes ? 0 : Number.NEGATIVE_INFINITY));
      const bound = meanLowerBound(logs, 0.4, level);
      if (bound !== undefined && bound.logBound > Math.log(0.3)) above++;
    }
    expect(above / studies).toBeLessThan(0.4);
  });

  test.each([
    [2000, 0.6],
    [20_000, 0.85],
    [200_000, 0.95],
  ])("comes near the truth with n: log-normal weights of spread 1, n = %d", (n, share) => {
    const draws = stream(53, "near", n);
    const logs = draws.normals(new Float64Array(n)).map((z) => z - 0.5 - 25);
    const { logBound, logLevel } = meanLowerBound(logs, 0.05)!;
    expect(logBound).toBeLessThan(-25);
    expect(Math.exp(logBound + 25)).toBeGreaterThan(share);
    // Clipped somewhere in the tail, not at its end.
    expect(logLevel).toBeGreaterThan(-25);
    expect(logLevel).toBeLessThan(-20);
  });

  test("is the same at any scale its grid moves with", () => {
    const draws = stream(54, "scale");
    const logs = draws.normals(new Float64Array(3000));
    const here = meanLowerBound(logs, 0.05)!;
    const { low, high, levels } = WIDE_GRID;
    const there = meanLowerBound(
      logs.map((own) => own - 900),
      0.05,
      { low: low - 900, high: high - 900, levels },
    )!;
    expect(there.logBound + 900).toBeCloseTo(here.logBound, 9);
  });

  test("is nothing where the weights do not tell the mean from 0", () => {
    const one = Float64Array.from({ length: 1000 }, (_, i) => (i === 0 ? 0 : Number.NEGATIVE_INFINITY));
    expect(meanLowerBound(one, 0.05)).toBeUndefined();
    expect(meanLowerBound([0, 0], 0.05)).toBeUndefined();
  });

  test("refuses what it is not meant for", () => {
    expect(() => meanLowerBound([0], 0.05)).toThrow(/2 weights or more, got 1/);
    expect(() => meanLowerBound([0, Number.NaN], 0.05)).toThrow(/number 1 is NaN/);
    expect(() => meanLowerBound([0, 0], 1)).toThrow(/δ lies in \(0, 1\), got 1/);
    expect(() => meanLowerBound([0, 0], 0.5, { low: 0, high: 1, levels: 0 })).toThrow(/a level, got 0, 1 and 0/);
  });
});

describe("Markov's bound", () => {
  test("is above the truth with chance δ at worst, and reaches that", () => {
    // Ẑ is Z/0.0999 with chance 0.0999, else 0: the bound Ẑ/10 is just above Z whenever Ẑ is not 0.
    const studies = 20_000;
    const draws = stream(55, "markov");
    const logZ = -30 * Math.LN10;
    let above = 0;
    for (let study = 0; study < studies; study++) {
      const logEstimate = draws.uniform() < 0.0999 ? logZ - Math.log(0.0999) : Number.NEGATIVE_INFINITY;
      if (markovLowerBound(logEstimate, 0.1) > logZ) above++;
    }
    expect(Math.abs(above / studies - 0.0999)).toBeLessThan(3 * Math.sqrt((0.1 * 0.9) / studies));
  });

  test("holds for the mean of a few heavy weights", () => {
    const studies = 4000;
    let above = 0;
    for (let study = 0; study < studies; study++) {
      const draws = stream(56, "markov mean", study);
      const estimate = Array.from({ length: 10 }, () => draws.open() ** -0.9).reduce((sum, w) => sum + w / 10, 0);
      if (markovLowerBound(Math.log(estimate), 0.5) > Math.log(10)) above++;
    }
    expect(above / studies).toBeLessThan(0.5);
    expect(above).toBeGreaterThan(0);
    expect(() => markovLowerBound(Number.NaN, 0.5)).toThrow(/got NaN/);
  });
});
