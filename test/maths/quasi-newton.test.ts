import { describe, expect, it } from "vitest";
import { minimise } from "../../src/maths/quasi-newton.ts";

const rosenbrock = (x: Float64Array) => {
  const [a, b] = [x[0]!, x[1]!];
  return {
    value: (1 - a) ** 2 + 100 * (b - a * a) ** 2,
    gradient: Float64Array.from([-2 * (1 - a) - 400 * a * (b - a * a), 200 * (b - a * a)]),
  };
};

describe("the quasi-Newton minimiser", () => {
  it("finds the bottom of Rosenbrock's valley", () => {
    const found = minimise({ start: [-1.2, 1], evaluate: rosenbrock, tolerance: 1e-12, maxIterations: 300 });
    expect(found.x[0]).toBeCloseTo(1, 4);
    expect(found.x[1]).toBeCloseTo(1, 4);
  });

  it("does not stop on a plateau that a fresh start can leave", () => {
    // Steep in x, a thousand times flatter in y: a starved inverse Hessian would call the first bottom the last.
    const evaluate = (x: Float64Array) => ({
      value: 50 * x[0]! ** 2 + 0.05 * (x[1]! - 8) ** 2,
      gradient: Float64Array.from([100 * x[0]!, 0.1 * (x[1]! - 8)]),
    });
    const found = minimise({ start: [1, 0], evaluate, tolerance: 1e-4, restart: true });
    expect(found.value).toBeLessThan(0.01);
  });

  it("returns the start where there is nothing to vary", () => {
    const evaluate = () => ({ value: 3, gradient: new Float64Array(0) });
    expect(minimise({ start: [], evaluate, tolerance: 1e-3 })).toMatchObject({ value: 3, evaluations: 1 });
  });

  it("steps back from where the function is not finite", () => {
    const evaluate = (x: Float64Array) => ({
      value: x[0]! > 0 ? x[0]! - Math.log(x[0]!) : Number.POSITIVE_INFINITY,
      gradient: Float64Array.from([1 - 1 / x[0]!]),
    });
    const found = minimise({ start: [0.3], evaluate, tolerance: 1e-10 });
    expect(found.x[0]).toBeCloseTo(1, 4);
  });
});
