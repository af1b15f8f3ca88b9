import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SHAPES, type Shape, steadierSteps, strategyMixture } from "../../src/maths/kernel-shapes.ts";
import { expit } from "../../src/maths/logspace.ts";

const shape = (name: string): Shape => SHAPES.find((one) => one.name === name)!;
const only = (name: string, z0: number, theta: number[]): number => shape(name).branches(z0, theta)[0]!.z1;
const logits = fc.double({ min: -12, max: 12, noNaN: true });

describe("kernel shapes", () => {
  it("say what DESIGN §5 says they say", () => {
    fc.assert(
      fc.property(logits, fc.double({ min: 0.1, max: 3, noNaN: true }), (z0, value) => {
        expect(only("nothing-changed", z0, [])).toBe(z0);
        expect(only("reward-tilt", z0, [value])).toBe(z0 + value);
        expect(only("sharpened", z0, [value])).toBe(value * z0);
        expect(only("tilt-and-sharpened", z0, [value, 0.7])).toBeCloseTo(value * z0 + 0.7, 12);
        expect(expit(only("steadier-steps", z0, [value]))).toBeCloseTo(expit(z0) ** value, 12);
      }),
    );
  });

  it("a strategy with success q helps its share of problems and leaves the others", () => {
    fc.assert(
      fc.property(
        logits,
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (z0, f, q) => {
          const [left, helped] = strategyMixture.branches(z0, [f, q]);
          const p0 = expit(z0);
          expect(left).toEqual({ weight: 1 - f, z1: z0 });
          expect(helped!.weight).toBe(f);
          expect(expit(helped!.z1)).toBeCloseTo(p0 + (1 - p0) * q, 12);
        },
      ),
    );
  });

  it("keep p = 1, and keep p = 0 unless a new way of solving opens it", () => {
    for (const { name, branches, parameters } of SHAPES) {
      const theta = parameters.map(({ start }) => start);
      for (const { z1 } of branches(Number.POSITIVE_INFINITY, theta)) expect(z1).toBe(Number.POSITIVE_INFINITY);
      const opened = branches(Number.NEGATIVE_INFINITY, theta).filter(({ z1 }) => z1 !== Number.NEGATIVE_INFINITY);
      expect(opened.length).toBe(name === "strategy-mixture" ? 1 : 0);
    }
  });

  it("reliability stays accurate where p is within rounding of 1", () => {
    const { z1 } = steadierSteps.branches(40, [0.5])[0]!;
    expect(z1).toBeCloseTo(40 + Math.log(2), 9);
  });

  it("start where their parameters are admissible", () => {
    for (const { parameters } of SHAPES) {
      for (const { start, range } of parameters) {
        expect(start).toBeGreaterThan(range[0]);
        expect(start).toBeLessThan(range[1]);
      }
    }
  });
});
