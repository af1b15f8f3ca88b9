import { describe, expect, it } from "vitest";
import { SCATTER, simulate, TRUTH } from "../../bench/simulate.ts";
import { kernelBoard } from "../../src/maths/kernel-board.ts";
import { standardErrors } from "../../src/maths/kernel-errors.ts";
import { fitKernel, profileAt } from "../../src/maths/kernel-fit.ts";
import { lostInterval, lostProblems } from "../../src/maths/kernel-lost.ts";
import { SHAPES } from "../../src/maths/kernel-shapes.ts";

const shape = (name: string) => SHAPES.find((one) => one.name === name)!;

describe("fitting a shape", () => {
  it("has the gradient of its own profile likelihood", () => {
    const board = kernelBoard(simulate("tilt-and-sharpened", 120, 32, 1), 60);
    for (const name of ["tilt-and-sharpened", "steadier-steps", "strategy-mixture"]) {
      const fit = fitKernel(board, shape(name));
      const x = fit.search.x.map((value, k) => value + 0.1 * (k + 1));
      const slope = profileAt(board, shape(name), x, fit).gradient;
      const value = (at: Float64Array): number => profileAt(board, shape(name), at, fit).value;
      const h = 0.02;
      for (const k of x.keys()) {
        const difference = (value(x.with(k, x[k]! + h)) - value(x.with(k, x[k]! - h))) / (2 * h);
        expect(Math.abs(slope[k]! - difference)).toBeLessThan(0.15 + 0.02 * Math.abs(difference));
      }
    }
  });

  it("never fits worse with a parameter more", () => {
    const board = kernelBoard(simulate("reward-tilt", 200, 32, 2));
    const log = (name: string): number => fitKernel(board, shape(name)).logLikelihood;
    const [none, tilt, sharp, both] = ["nothing-changed", "reward-tilt", "sharpened", "tilt-and-sharpened"].map(
      log,
    ) as [number, number, number, number];
    expect(tilt).toBeGreaterThan(none - 0.01);
    expect(both).toBeGreaterThan(Math.max(tilt, sharp) - 0.01);
  });

  it("recovers planted parameters without bias, with errors of the size it states", () => {
    const studies = 12;
    for (const name of ["reward-tilt", "sharpened", "steadier-steps"]) {
      const z = Array.from({ length: studies }, (_, seed) => {
        const board = kernelBoard(simulate(name, 300, 64, 100 + seed));
        const fit = fitKernel(board, shape(name));
        return (fit.theta[0]! - TRUTH[name]![0]!) / standardErrors(board, fit, 0.95)[0]!.se;
      });
      const mean = z.reduce((a, b) => a + b) / studies;
      const spread = Math.sqrt(z.reduce((sum, v) => sum + v * v, 0) / studies);
      // The mean of 12 z-scores has standard error 0.29; their root mean square is within 0.5–1.6 with 99.9 %.
      expect(Math.abs(mean)).toBeLessThan(1);
      expect(spread).toBeGreaterThan(0.5);
      expect(spread).toBeLessThan(1.6);
    }
  });

  it("finds the planted scatter and the planted share of lost problems", () => {
    const board = kernelBoard(simulate("reward-tilt", 800, 64, 7));
    const fit = fitKernel(board, shape("reward-tilt"));
    const errors = standardErrors(board, fit, 0.95);
    expect(Math.abs(fit.theta[1]! - SCATTER)).toBeLessThan(4 * errors[1]!.se);
    const interval = lostInterval(board, fit, 0.95);
    // 2 % of 800 are 16; the interval must hold the expectation and the estimate, and not be everything.
    expect(interval.low).toBeLessThan(lostProblems(board, fit));
    expect(interval.high).toBeGreaterThan(lostProblems(board, fit));
    expect(interval.low).toBeLessThan(16);
    expect(interval.high).toBeGreaterThan(16);
    expect(interval.high).toBeLessThan(40);
  });

  it("states no interval for a parameter at the edge of its range", () => {
    const n = new Array<number>(200).fill(64);
    const cells = simulate("nothing-changed", 200, 64, 3);
    const kept = { ...cells, c1: cells.c0, n1: Int32Array.from(n.slice(0, cells.c0.length)) };
    const board = kernelBoard(kept);
    const fit = fitKernel(board, shape("reward-tilt"));
    const [delta, scatter, lost] = standardErrors(board, fit, 0.95);
    expect(Math.abs(fit.theta[0]!)).toBeLessThan(0.05);
    expect(delta).toBeDefined();
    expect(scatter === undefined || scatter.high < 0.3).toBe(true);
    expect(lost === undefined || lost.high < 0.05).toBe(true);
  });
});
