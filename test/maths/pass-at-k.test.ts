// test/maths · pass@k against exact rationals, and unbiased by counting every outcome.
import { describe, expect, it } from "vitest";
import { binomialLogPmf } from "../../src/maths/distributions.ts";
import { passAtK, passAtKCurve } from "../../src/maths/pass-at-k.ts";
import { choose, off, quotient } from "./exact.ts";

describe("pass@k", () => {
  it("is 1 − C(n−c, k)/C(n, k), to the last digits", () => {
    for (const n of [1, 2, 10, 64, 128]) {
      for (let c = 0; c <= n; c++) {
        const curve = passAtKCurve(c, n, n);
        for (let k = 1; k <= n; k++) {
          const all = choose(n, k);
          const exact = quotient(all - choose(n - c, k), all);
          expect(off(passAtK(c, n, k), exact)).toBeLessThan(1e-13);
          expect(off(curve[k - 1]!, exact)).toBeLessThan(1e-13);
        }
      }
    }
  });

  it("is unbiased: averaged over all outcomes it is 1 − (1−p)^k", () => {
    for (const [n, k, p] of [
      [8, 3, 0.2],
      [16, 16, 0.05],
      [128, 1, 0.37],
      [128, 64, 0.01],
      [128, 100, 0.5],
      [128, 10, 1e-4],
    ] as const) {
      let mean = 0;
      for (let c = 0; c <= n; c++) mean += Math.exp(binomialLogPmf(c, n, p)) * passAtK(c, n, k);
      expect(Math.abs(mean + Math.expm1(k * Math.log1p(-p)))).toBeLessThan(1e-12);
    }
  });

  it("is the success rate at k = 1, and certain once the wrong ones cannot fill k places", () => {
    expect(passAtK(32, 128, 1)).toBe(0.25);
    expect(passAtK(0, 128, 128)).toBe(0);
    expect(passAtK(1, 128, 128)).toBe(1);
    expect(passAtK(100, 128, 29)).toBe(1);
    expect(passAtK(100, 128, 28)).toBeLessThanOrEqual(1);
    expect(passAtK(3, 10, 7)).toBeLessThan(1);
  });

  it("rises with k, and is written where it is asked to be", () => {
    const out = new Float64Array(64);
    expect(passAtKCurve(5, 128, 64, out)).toBe(out);
    for (let k = 1; k < 64; k++) expect(out[k]!).toBeGreaterThan(out[k - 1]!);
  });

  it("refuses to look further than it has rollouts, naming both", () => {
    expect(() => passAtK(3, 16, 17)).toThrow(
      new RangeError("pass@k has no unbiased estimate for k above n, got k = 17 and n = 16"),
    );
    expect(() => passAtKCurve(3, 16, 32)).toThrow("got k = 32 and n = 16");
    expect(() => passAtK(3, 16, 0)).toThrow("got k = 0");
    expect(() => passAtK(17, 16, 1)).toThrow("c = 17 and n = 16");
    expect(() => passAtK(1.5, 16, 1)).toThrow(RangeError);
  });
});
