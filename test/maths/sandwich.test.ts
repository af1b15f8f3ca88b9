// test/maths · Sandwich: matrix inverses against exact ones, clustered errors against the formulas they must come down to.
import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { invertPositive, sandwich, standardErrorsOf } from "../../src/maths/sandwich.ts";

describe("the inverse", () => {
  test("of the 4 × 4 Hilbert matrix is the known matrix of whole numbers", () => {
    const hilbert = Float64Array.from({ length: 16 }, (_, at) => 1 / (Math.floor(at / 4) + (at % 4) + 1));
    const known = [16, -120, 240, -140, -120, 1200, -2700, 1680, 240, -2700, 6480, -4200, -140, 1680, -4200, 2800];
    const inverse = invertPositive(hilbert, 4)!;
    // The matrix has condition number 1.6e4: 11 digits are what doubles leave.
    known.forEach((value, at) => {
      expect(Math.abs(inverse[at]! / value - 1)).toBeLessThan(1e-11);
    });
  });

  test("of a matrix whose columns depend on each other is not given", () => {
    expect(invertPositive(Float64Array.from([1, 2, 2, 4]), 2)).toBeUndefined();
    expect(invertPositive(Float64Array.from([1, 2, 2, 1]), 2)).toBeUndefined();
  });
});

describe("errors by cluster", () => {
  // A mean of n values solves Σ (y − μ) = 0: scores y − μ, information n.
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const mean = values.reduce((sum, y) => sum + y, 0) / values.length;
  const scores = values.map((y) => [y - mean]);
  const bread = Float64Array.of(1 / values.length);

  test("of a mean, each row a cluster, are its standard error sd / √n", () => {
    const variance = values.reduce((sum, y) => sum + (y - mean) ** 2, 0) / (values.length - 1);
    const [se] = standardErrorsOf(sandwich(bread, scores, [0, 1, 2, 3, 4, 5, 6, 7]));
    expect(se).toBeCloseTo(Math.sqrt(variance / values.length), 12);
  });

  test("of rows written twice are those of the rows written once, for a copy is no evidence", () => {
    const once = sandwich(bread, scores, [0, 1, 2, 3, 4, 5, 6, 7]);
    const labels = [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7];
    const twice = sandwich(Float64Array.of(1 / 16), [...scores, ...scores], labels);
    expect(twice[0]).toBeCloseTo(once[0]!, 12);
  });

  test("cover a mean of clustered values where errors by row do not", () => {
    let byCluster = 0;
    let byRow = 0;
    const studies = 400;
    for (let study = 0; study < studies; study++) {
      const draws = stream(11, "clustered mean", study);
      const labels: number[] = [];
      const y: number[] = [];
      for (let g = 0; g < 40; g++) {
        const shared = draws.normal();
        for (let i = 0; i < 5; i++) {
          labels.push(g);
          y.push(shared + 0.5 * draws.normal());
        }
      }
      const centre = y.reduce((sum, v) => sum + v, 0) / y.length;
      const pulls = y.map((v) => [v - centre]);
      const covered = (clusters: number[]): boolean => {
        const [se] = standardErrorsOf(sandwich(Float64Array.of(1 / y.length), pulls, clusters));
        return Math.abs(centre) < 1.96 * se!;
      };
      if (covered(labels)) byCluster++;
      if (covered(y.map((_, i) => i))) byRow++;
    }
    // 400 studies: the share has a standard error of 1.1 %.
    expect(byCluster / studies).toBeGreaterThan(0.915);
    expect(byCluster / studies).toBeLessThan(0.98);
    expect(byRow / studies).toBeLessThan(0.75);
  });

  test("need more clusters than coefficients", () => {
    expect(() => sandwich(bread, scores, [0, 0, 0, 0, 0, 0, 0, 0])).toThrow(
      /errors of 1 coefficients need more clusters than that, got 1/,
    );
  });
});
