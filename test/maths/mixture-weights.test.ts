import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mixtureWeights } from "../../src/maths/mixture-weights.ts";

/** Plain EM on a dense likelihood matrix: slow and certain. */
function plainEm(columns: readonly Float64Array[], mult: Float64Array, iterations: number): number {
  const cells = mult.length;
  const total = mult.reduce((a, b) => a + b);
  let w = columns.map(() => 1 / columns.length);
  let logLikelihood = 0;
  for (let t = 0; t < iterations; t++) {
    const f = Float64Array.from({ length: cells }, (_, i) =>
      columns.reduce((sum, column, j) => sum + w[j]! * column[i]!, 0),
    );
    w = w.map(
      (weight, j) => (weight * columns[j]!.reduce((sum, value, i) => sum + (mult[i]! * value) / f[i]!, 0)) / total,
    );
    logLikelihood = f.reduce((sum, value, i) => sum + mult[i]! * Math.log(value), 0);
  }
  return logLikelihood;
}

function solve(columns: readonly Float64Array[], mult: Float64Array) {
  const total = mult.reduce((a, b) => a + b);
  const background = Float64Array.from(mult, (_, i) =>
    columns.reduce((sum, column) => sum + column[i]! / columns.length, 0),
  );
  return mixtureWeights({
    multiplicity: mult,
    background,
    tolerance: 1e-6,
    oracle: {
      column: (j) => columns[j]!,
      propose: (ratio) => {
        const d = columns.map((column) => column.reduce((sum, value, i) => sum + value * ratio[i]!, 0));
        return { atoms: d.flatMap((value, j) => (value > total ? [j] : [])), largest: Math.max(...d) };
      },
    },
  });
}

const studies = fc
  .record({ cells: fc.integer({ min: 2, max: 12 }), atoms: fc.integer({ min: 1, max: 10 }) })
  .chain(({ cells, atoms }) =>
    fc.record({
      columns: fc.array(
        fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: cells, maxLength: cells }),
        {
          minLength: atoms,
          maxLength: atoms,
        },
      ),
      mult: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: cells, maxLength: cells }),
    }),
  );

describe("mixture weights", () => {
  it("reach at least what plain EM reaches, with a certificate that nothing more is to be had", () => {
    fc.assert(
      fc.property(studies, ({ columns, mult }) => {
        const dense = columns.map((column) => Float64Array.from(column));
        const multiplicity = Float64Array.from(mult);
        const fit = solve(dense, multiplicity);
        const em = plainEm(dense, multiplicity, 2000);
        expect(fit.logLikelihood).toBeGreaterThanOrEqual(em - 1e-6);
        // The climb also ends where no step gains 1e-11 any more; the certificate is linear in what is left while the gain is
        // quadratic, so it may stay far above the 1e-6 asked for, but says little then.
        expect(fit.gap).toBeLessThan(0.01);
        expect(fit.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
      }),
      { numRuns: 60 },
    );
  });

  it("a fit started from itself stays where it is", () => {
    const columns = [Float64Array.from([0.9, 0.1, 0.3]), Float64Array.from([0.2, 0.7, 0.4])];
    const fit = solve(columns, Float64Array.from([3, 5, 2]));
    const again = mixtureWeights({
      multiplicity: Float64Array.from([3, 5, 2]),
      background: Float64Array.from([0.5, 0.5, 0.5]),
      start: fit,
      oracle: { column: (j) => columns[j]!, propose: () => ({ atoms: [0, 1], largest: 10 }) },
    });
    expect(again.logLikelihood).toBeCloseTo(fit.logLikelihood, 2);
    expect(again.iterations).toBe(0);
  });

  it("cells that no problem shows do not matter", () => {
    const columns = [Float64Array.from([0.9, 0.1, 1e-9]), Float64Array.from([0.2, 0.7, 1e-9])];
    const [with3, with2] = [
      solve(columns, Float64Array.from([3, 5, 0])),
      solve(
        columns.map((c) => c.subarray(0, 2)),
        Float64Array.from([3, 5]),
      ),
    ];
    expect(with3.logLikelihood).toBeCloseTo(with2.logLikelihood, 9);
  });
});
