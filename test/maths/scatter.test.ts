import { describe, expect, it } from "vitest";
import { scatterWeights } from "../../src/maths/scatter.ts";

const grid = Float64Array.from({ length: 81 }, (_, i) => -8 + 0.2 * i);
const mean = (location: number, sigma: number, f: (z: number) => number): number => {
  const { from, weights } = scatterWeights(grid, location, sigma);
  return weights.reduce((sum, w, b) => sum + w * f(grid[from + b]!), 0);
};
/** E f(Z) for f linear between grid points, by brute force. */
const brute = (location: number, sigma: number, f: (z: number) => number): number => {
  const linear = (z: number): number => {
    const at = Math.min(Math.max((z + 8) / 0.2, 0), 79.999999);
    const b = Math.floor(at);
    return (1 - at + b) * f(grid[b]!) + (at - b) * f(grid[b + 1]!);
  };
  let sum = 0;
  const steps = 20_000;
  for (let i = 0; i < steps; i++) {
    const u = -8 + (16 * (i + 0.5)) / steps;
    sum += (linear(location + sigma * u) * Math.exp(-u * u * 0.5) * 16) / steps / Math.sqrt(2 * Math.PI);
  }
  return sum;
};

describe("scatter weights", () => {
  it("average a function as brute-force integration does, inside the grid and at its ends", () => {
    for (const location of [0, 1.13, -7.9, 7.95, 12, -12]) {
      for (const sigma of [0.02, 0.3, 1.5]) {
        const f = (z: number): number => 1 / (1 + Math.exp(-1.3 * z));
        expect(Math.abs(mean(location, sigma, f) - brute(location, sigma, f))).toBeLessThan(3e-6);
      }
    }
  });

  it("sum to one", () => {
    for (const location of [-9, -8, 0.05, 8]) {
      for (const sigma of [0.02, 0.7, 6]) expect(mean(location, sigma, () => 1)).toBeCloseTo(1, 5);
    }
  });

  it("have the derivatives they say", () => {
    const f = (z: number): number => Math.sin(z);
    for (const location of [0.3, -7.8]) {
      for (const sigma of [0.1, 0.9]) {
        const { from, byLocation, bySigma } = scatterWeights(grid, location, sigma);
        const at = (d: Float64Array): number => d.reduce((sum, w, b) => sum + w * f(grid[from + b]!), 0);
        const h = 1e-5;
        expect(at(byLocation)).toBeCloseTo((mean(location + h, sigma, f) - mean(location - h, sigma, f)) / (2 * h), 4);
        expect(at(bySigma)).toBeCloseTo((mean(location, sigma + h, f) - mean(location, sigma - h, f)) / (2 * h), 4);
      }
    }
  });
});
