// test/ · Mass floors: floors hold as often as they say, whatever the weights look like, and share out what may go wrong.
import { describe, expect, it } from "vitest";
import { clippingOf, directFloor, weightedFloor } from "../../src/experiments/mass-floors.ts";
import { WIDE_GRID } from "../../src/maths/empirical-bernstein.ts";
import { stream } from "../../src/maths/random.ts";

const DELTA = 0.025;

describe("floors of a small chance", () => {
  // Weight and chance of each kind of draw, the rest 0; the mean is exact.
  // With the share of the truth that the floor is in the mean, at least.
  const laws = [
    { name: "even", least: 0.5, law: [[1e-6, 0.7]] },
    {
      name: "heavy",
      least: 0,
      law: [
        [1e-8, 0.5],
        [1e-3, 0.001],
      ],
    },
    { name: "rare", least: 0, law: [[1e-2, 0.02]] },
  ] as const;
  for (const { name, least, law } of laws)
    it(`are above the truth in no more than their share of cases: ${name} weights`, () => {
      const random = stream(1, `mass-floors/${name}`);
      const truth = law.reduce((sum, [weight, chance]) => sum + weight * chance, 0);
      const clip = { low: Math.log(1e-7), high: Math.log(1e-5), levels: 9 };
      const floors = Array.from({ length: 2000 }, () => {
        const logs = Array.from({ length: 64 }, () => {
          let left = random.uniform();
          for (const [weight, chance] of law) {
            left -= chance;
            if (left < 0) return Math.log(weight);
          }
          return Number.NEGATIVE_INFINITY;
        });
        return weightedFloor([logs], logs, clip, DELTA);
      });
      // Two thirds of δ are these two floors' part; four standard errors above it.
      expect(floors.filter((one) => one > truth).length).toBeLessThan(2000 * ((2 / 3) * DELTA) + 4 * 6);
      expect(floors.reduce((a, b) => a + b, 0) / 2000).toBeGreaterThan(least * truth);
    });

  it("direct samples have their third, and one draw alone is Markov's inequality, but for the stakes on less than all", () => {
    expect(directFloor(3, 64, DELTA)).toBeLessThan(directFloor(3, 64, 3 * DELTA));
    expect(directFloor(0, 64, DELTA)).toBe(0);
    const one = weightedFloor([[Math.log(3e-6)]], [], WIDE_GRID, DELTA);
    expect(one).toBeLessThanOrEqual(3e-6 * (DELTA / 3));
    expect(one).toBeGreaterThan(3e-6 * (DELTA / 3) * 0.4);
    expect(weightedFloor([[Number.NEGATIVE_INFINITY]], [], WIDE_GRID, DELTA)).toBe(0);
    expect(weightedFloor([], [], WIDE_GRID, DELTA)).toBe(0);
  });

  it("weights are clipped by what others look like: their own have no say", () => {
    const clip = clippingOf(
      new Map([
        ["a", [Math.log(1e-3), Number.NEGATIVE_INFINITY]],
        ["b", [Math.log(1e-6), Math.log(1e-6)]],
      ]),
    );
    expect((clip("a").low + clip("a").high) / 2).toBeCloseTo(Math.log(1e-6), 10);
    expect((clip("b").low + clip("b").high) / 2).toBeCloseTo(Math.log(1e-3), 10);
    expect(clippingOf(new Map([["a", [0]]]))("a")).toEqual(WIDE_GRID);
  });
});
