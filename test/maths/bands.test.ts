import { describe, expect, it } from "vitest";
import { meanCovariance, supTBand } from "../../src/maths/bands.ts";
import { stream } from "../../src/maths/random.ts";
import { normalQuantile } from "../../src/maths/special.ts";

const identity = (n: number): Float64Array => Float64Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0));
const band = (covariance: Float64Array, columns: number, draws = 100_000) =>
  supTBand({
    mean: new Float64Array(columns),
    covariance,
    level: 0.95,
    draws,
    stream: stream(1, "test/bands"),
    support: [-1, 1],
  });

describe("the simultaneous band", () => {
  it("has the critical value of the largest of K independent normals", () => {
    for (const columns of [1, 5, 20]) {
      const exact = normalQuantile((1 + 0.95 ** (1 / columns)) / 2);
      // The standard error of the 0.95 quantile of 100,000 draws is below 0.006 at these densities.
      expect(Math.abs(band(identity(columns), columns).critical - exact)).toBeLessThan(0.02);
    }
  });

  it("is the pointwise one when all columns are the same", () => {
    const { critical } = band(new Float64Array(49).fill(1), 7);
    expect(Math.abs(critical - normalQuantile(0.975))).toBeLessThan(0.02);
  });

  it("gives a column without spread its whole known support", () => {
    const covariance = Float64Array.from([0.01, 0, 0, 0]);
    const { low, high, degenerate } = band(covariance, 2);
    expect(degenerate).toEqual([1]);
    expect([low[1], high[1]]).toEqual([-1, 1]);
    expect(high[0]).toBeLessThan(0.25);
  });

  it("draws the same band from the same stream", () => {
    expect(band(identity(3), 3, 500)).toEqual(band(identity(3), 3, 500));
  });
});

describe("the covariance of a mean", () => {
  it("is sd²/n with the n − 1 divisor when every problem is its own unit", () => {
    const values = [1, 4, 4, 7, 9];
    const mean = values.reduce((a, b) => a + b) / 5;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 4;
    const [found] = meanCovariance(
      Float64Array.from(values, (v) => v - mean),
      new Float64Array(5).fill(1),
      1,
      5,
    );
    expect(found).toBeCloseTo(variance / 5, 14);
  });

  it("counts a row with multiplicity as that many equal units", () => {
    const rows = Float64Array.from([-1, 2, 0.5, -1]);
    const once = meanCovariance(Float64Array.from([...rows, ...rows]), new Float64Array(4).fill(1), 2, 4);
    const twice = meanCovariance(rows, Float64Array.from([2, 2]), 2, 4);
    twice.forEach((value, i) => expect(value).toBeCloseTo(once[i]!, 14));
  });
});
