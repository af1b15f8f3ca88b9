// test/maths · Fisher's exact test against R, against exact rationals, and by its size under equal rates.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binomialLogPmf } from "../../src/maths/distributions.ts";
import { fisherExact } from "../../src/maths/exact-test.ts";
import { choose, off, quotient } from "./exact.ts";

/** All three p values in whole numbers; ties are exact here. */
function exact(c0: number, n0: number, c1: number, n1: number): { twoSided: number; less: number; greater: number } {
  const s = c0 + c1;
  const ways = (k: number): bigint => choose(n0, k) * choose(n1, s - k);
  const seen = ways(c0);
  let [less, greater, twoSided] = [0n, 0n, 0n];
  for (let k = Math.max(0, s - n1); k <= Math.min(n0, s); k++) {
    const w = ways(k);
    if (k <= c0) less += w;
    if (k >= c0) greater += w;
    if (w <= seen) twoSided += w;
  }
  const all = choose(n0 + n1, s);
  return { twoSided: quotient(twoSided, all), less: quotient(less, all), greater: quotient(greater, all) };
}

describe("Fisher's exact test", () => {
  it("gives the p values of R's fisher.test (R 3.6.2, as kept in SciPy's test data)", () => {
    // a, b, c, d of the table [[a, b], [c, d]]; two-sided; less
    const fromR: [number, number, number, number, number, number][] = [
      [100, 2, 1000, 5, 0.1300759363430016, 0.1300759363430016],
      [2, 7, 8, 2, 0.02301413756522116, 0.0185217259520665],
      [5, 1, 10, 10, 0.1973244147157191, 0.9782608695652173],
      [5, 15, 20, 20, 0.09580440012477633, 0.05625775074399956],
      [5, 16, 16, 25, 0.2697004098849359, 0.1808979350599346],
      [10, 5, 10, 1, 0.1973244147157192, 0.1652173913043479],
      [10, 5, 10, 0, 0.06126482213438735, 0.0565217391304348],
      [5, 0, 1, 4, 0.04761904761904762, 1],
      [0, 5, 1, 4, 1, 0.5],
      [200, 7, 8, 300, 2.005657880389071e-122, 1],
      [28, 21, 6, 1957, 5.728437460831947e-44, 1],
      [190, 800, 200, 900, 0.574111858126088, 0.7416227010368963],
    ];
    for (const [a, b, c, d, twoSided, less] of fromR) {
      const test = fisherExact(a, a + b, c, c + d);
      expect(off(test.twoSided, twoSided)).toBeLessThan(1e-10);
      expect(off(test.less, less)).toBeLessThan(1e-10);
    }
  });

  it("is the exact sum over the conditional law, ties included", () => {
    const size = fc.integer({ min: 0, max: 60 });
    const side = size.chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
    fc.assert(
      fc.property(side, side, ([c0, n0], [c1, n1]) => {
        const test = fisherExact(c0, n0, c1, n1);
        const truth = exact(c0, n0, c1, n1);
        expect(off(test.twoSided, truth.twoSided)).toBeLessThan(1e-11);
        expect(off(test.less, truth.less)).toBeLessThan(1e-11);
        expect(off(test.greater, truth.greater)).toBeLessThan(1e-11);
      }),
      { numRuns: 400 },
    );
  });

  it("counts ties of equal sides on both ends", () => {
    for (let c0 = 0; c0 <= 128; c0 += 7) {
      for (let c1 = 0; c1 <= 128; c1 += 9)
        expect(off(fisherExact(c0, 128, c1, 128).twoSided, exact(c0, 128, c1, 128).twoSided)).toBeLessThan(1e-11);
    }
  });

  it("does not care which side is called first, nor which verdict is called right", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 1500 }), (c0, c1) => {
        const test = fisherExact(c0, 2000, c1, 1500);
        expect(off(fisherExact(c1, 1500, c0, 2000).twoSided, test.twoSided)).toBeLessThan(1e-9);
        expect(off(fisherExact(2000 - c0, 2000, 1500 - c1, 1500).twoSided, test.twoSided)).toBeLessThan(1e-9);
        expect(off(fisherExact(c1, 1500, c0, 2000).greater, test.less)).toBeLessThan(1e-9);
      }),
    );
  });

  it("rejects equal policies no more often than its level", () => {
    const n = 24;
    const counts = Array.from({ length: n + 1 }, (_, c) => c);
    const p = counts.map((c0) => counts.map((c1) => fisherExact(c0, n, c1, n).twoSided));
    for (const rate of [0.02, 0.1, 0.3, 0.5, 0.9]) {
      let rejected = 0;
      p.forEach((row, c0) => {
        row.forEach((value, c1) => {
          if (value <= 0.05) rejected += Math.exp(binomialLogPmf(c0, n, rate) + binomialLogPmf(c1, n, rate));
        });
      });
      expect(rejected).toBeLessThanOrEqual(0.05);
    }
  });

  it("has nothing to say of no rollouts, and names counts that cannot be", () => {
    expect(fisherExact(0, 0, 3, 5)).toEqual({ twoSided: 1, less: 1, greater: 1 });
    expect(() => fisherExact(5, 4, 0, 4)).toThrow("got 5 of 4 and 0 of 4");
  });
});
