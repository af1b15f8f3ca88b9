import { describe, expect, it } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { fieller } from "../../src/maths/ratio.ts";

describe("Fieller's interval", () => {
  it("ends where the ratio's residual is z standard errors from 0", () => {
    const { interval } = fieller([2, 1], [0.04, 0.01, 0.09], 1.96);
    for (const r of interval!) {
      const residual = 1 - r * 2;
      expect(residual ** 2).toBeCloseTo(1.96 ** 2 * (0.09 - 2 * r * 0.01 + r * r * 0.04), 10);
    }
  });

  it("is withheld where the denominator may be 0", () => {
    expect(fieller([0.1, 1], [0.04, 0, 0.01], 1.96).interval).toBeUndefined();
  });

  it("holds the true ratio in 95 % of studies, also where the denominator is only four standard errors from 0", () => {
    const random = stream(3, "test/ratio");
    let inside = 0;
    const studies = 4000;
    for (let i = 0; i < studies; i++) {
      const [u, v] = [random.normal(), random.normal()];
      const x = 1 + 0.25 * u;
      const y = 0.6 + 0.2 * (0.5 * u + Math.sqrt(0.75) * v);
      const { interval } = fieller([x, y], [0.0625, 0.025, 0.04], 1.959963984540054);
      if (interval !== undefined && interval[0] <= 0.6 && 0.6 <= interval[1]) inside += 1;
      // A withheld interval is the whole line and holds everything.
      if (interval === undefined) inside += 1;
    }
    expect(Math.abs(inside / studies - 0.95)).toBeLessThan(4 * Math.sqrt((0.95 * 0.05) / studies));
  });
});
