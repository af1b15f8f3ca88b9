// test/ · Lattice: every part of the square has its share of the points.
import { expect, test } from "vitest";
import { latticePoint } from "../../src/maths/lattice.ts";

test("any rectangle from the corner has its share of the points, to a few", () => {
  for (const count of [16, 60, 500]) {
    const points = Array.from({ length: count }, (_, i) => latticePoint(i, count));
    for (const [x, y] of [
      [0.25, 0.25],
      [0.5, 0.9],
      [1, 0.3],
      [0.7, 0.6],
    ] as const) {
      const within = points.filter(([a, b]) => a < x && b < y).length;
      // Discrepancy of the golden ratio's lattice grows with the logarithm of the count alone.
      expect(Math.abs(within - count * x * y)).toBeLessThan(1 + Math.log(count) / 2);
    }
    expect(points.flat().every((one) => one > 0 && one < 1)).toBe(true);
  }
});
