import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { solveNonNegative } from "../../src/maths/nonnegative.ts";

describe("the non-negative quadratic program", () => {
  it("meets the optimality conditions on random positive definite problems", () => {
    const problem = fc.integer({ min: 1, max: 8 }).chain((m) =>
      fc.record({
        root: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: m * m, maxLength: m * m }),
        linear: fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: m, maxLength: m }),
        start: fc.array(fc.constantFrom(0, 0, 0.1, 0.5), { minLength: m, maxLength: m }),
      }),
    );
    fc.assert(
      fc.property(problem, ({ root, linear, start }) => {
        const m = linear.length;
        const gram = new Float64Array(m * m);
        for (let a = 0; a < m; a++) {
          for (let b = 0; b < m; b++) {
            for (let k = 0; k < m; k++) gram[a * m + b] = gram[a * m + b]! + root[a * m + k]! * root[b * m + k]!;
            if (a === b) gram[a * m + b] = gram[a * m + b]! + 0.1;
          }
        }
        const x = solveNonNegative(gram, Float64Array.from(linear), Float64Array.from(start));
        for (let a = 0; a < m; a++) {
          let slope = -linear[a]!;
          for (let b = 0; b < m; b++) slope += gram[a * m + b]! * x[b]!;
          expect(x[a]).toBeGreaterThanOrEqual(0);
          expect(slope).toBeGreaterThan(-1e-6);
          // Where x is in the interior the slope is 0; complementary slackness says it as one product.
          expect(Math.abs(slope) * Math.min(1, x[a]! * 1e9)).toBeLessThan(1e-5);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("clips a negative free solution to zero", () => {
    expect([
      ...solveNonNegative(Float64Array.from([1, 0, 0, 1]), Float64Array.from([-1, 2]), new Float64Array(2)),
    ]).toEqual([0, expect.closeTo(2, 6)]);
  });
});
