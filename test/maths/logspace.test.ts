// test/maths · Log-space functions against the mpmath grid, at the infinities, and against plain arithmetic.
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expit, log1mExp, log1pExp, logAddExp, logExpit, logit, logSumExp } from "../../src/maths/logspace.ts";

const grid: Record<string, number[][]> = JSON.parse(
  readFileSync(new URL("../fixtures/special-functions.json", import.meta.url), "utf8"),
);
const INF = Number.POSITIVE_INFINITY;

describe("log-space functions are relatively accurate from 1e−290 to saturation", () => {
  const table: [string, (x: number) => number][] = [
    ["log1mExp", log1mExp],
    ["log1pExp", log1pExp],
    ["logit", logit],
    ["expit", expit],
    ["logExpit", logExpit],
  ];
  it.each(table)("%s", (name, f) => {
    for (const [x, truth] of grid[name] as [number, number][]) {
      const off = truth === 0 ? Math.abs(f(x)) : Math.abs(f(x) / truth - 1);
      expect(off, `${name}(${x}) = ${f(x)}, not ${truth}`).toBeLessThan(2e-15);
    }
  });
});

describe("sums of exponentials", () => {
  it("neither overflow nor vanish", () => {
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp([-1e5, -1e5 - 1])).toBeCloseTo(-1e5 + Math.log1p(Math.exp(-1)), 10);
    expect(logSumExp([0, -50])).toBe(Math.exp(-50));
    expect(logAddExp(0, -50)).toBe(Math.exp(-50));
  });

  it("know that a sum of nothing is zero and that infinities stay infinite", () => {
    expect(logSumExp([])).toBe(-INF);
    expect(logSumExp([-INF, -INF])).toBe(-INF);
    expect(logSumExp([-INF, 3])).toBe(3);
    expect(logSumExp([INF, 3])).toBe(INF);
    expect(logSumExp([INF, 3], [0, 1])).toBe(3);
    expect(logSumExp([1, 2], [0, 0])).toBe(-INF);
    expect([logAddExp(-INF, -INF), logAddExp(-INF, 2), logAddExp(INF, INF), logAddExp(INF, -INF)]).toEqual([
      -INF,
      2,
      INF,
      INF,
    ]);
  });

  it("pass on what is not a number, and reject negative weights", () => {
    expect(logSumExp([INF, Number.NaN])).toBeNaN();
    expect(logAddExp(Number.NaN, 1)).toBeNaN();
    expect(() => logSumExp([1, 2], [1, -0.5])).toThrow("weight 1 is -0.5");
  });

  it("are the plain sum where that can be computed", () => {
    const term = fc.tuple(
      fc.double({ min: -300, max: 300, noNaN: true }),
      fc.double({ min: 1e-3, max: 10, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(term, { minLength: 1, maxLength: 20 }), (terms) => {
        const plain = Math.log(terms.reduce((sum, [x, w]) => sum + w * Math.exp(x), 0));
        const sum = logSumExp(
          terms.map(([x]) => x),
          Float64Array.from(terms, ([, w]) => w),
        );
        expect(sum === plain || Math.abs(sum - plain) < 1e-12).toBe(true);
      }),
    );
  });
});

describe("limits", () => {
  it("are exact at the ends", () => {
    expect([log1mExp(0), log1mExp(-0), log1mExp(-INF)]).toEqual([-INF, -INF, -0]);
    expect([log1pExp(-INF), log1pExp(INF)]).toEqual([0, INF]);
    expect([logit(0), logit(0.5), logit(1)]).toEqual([-INF, 0, INF]);
    expect([expit(-INF), expit(0), expit(INF)]).toEqual([0, 0.5, 1]);
    expect([logExpit(-INF), logExpit(INF), logExpit(-1e4)]).toEqual([-INF, 0, -1e4]);
  });

  it("logarithms of impossible probabilities are errors that name them", () => {
    expect(() => log1mExp(1e-9)).toThrow("needs x ≤ 0, got 1e-9");
    expect(() => logit(1.25)).toThrow("needs 0 ≤ p ≤ 1, got 1.25");
  });

  it("logit undoes expit", () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 30, noNaN: true }), (z) => {
        // For large z the double next to expit(z) is e^z × 1.1e−16 away in logits.
        expect(Math.abs(logit(expit(z)) - z)).toBeLessThan(1e-13 * Math.max(1, Math.abs(z)) + 3e-16 * Math.exp(z));
      }),
    );
  });
});
