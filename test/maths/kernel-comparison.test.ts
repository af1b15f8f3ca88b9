import { describe, expect, it } from "vitest";
import { NONE, simulate, TRUTH } from "../../bench/simulate.ts";
import { compareKernels } from "../../src/maths/kernel-comparison.ts";
import { SHAPES } from "../../src/maths/kernel-shapes.ts";
import { stream } from "../../src/maths/random.ts";
import { LIMITS } from "../../src/terms/limits.ts";

const compare = (truth: string, problems = 400) =>
  compareKernels(simulate(truth, problems, 64, 11), { stream: stream(11, "test/kernel-comparison"), folds: 5 });

describe("comparing shapes on held-out problems (bench/results/kernel.md has the long run)", () => {
  for (const truth of Object.keys(TRUTH)) {
    it(`chooses ${truth} where it made the data, and finds it adequate`, () => {
      const { chosen, problems } = compare(truth);
      expect(chosen.shape.name).toBe(truth);
      expect(chosen.distance.value / problems).toBeLessThan(LIMITS.adequateNats);
    });
  }

  it("finds no listed shape adequate where half of the problems gain 3 logits and half lose 1", () => {
    const { shapes, problems } = compare(NONE);
    for (const { distance } of shapes) expect(distance.value / problems).toBeGreaterThan(5 * LIMITS.adequateNats);
  });

  it("measures gaps that add up", () => {
    const { gap, shapes } = compare("reward-tilt", 120);
    const [a, b, c] = SHAPES as unknown as [(typeof SHAPES)[0], (typeof SHAPES)[0], (typeof SHAPES)[0]];
    expect(gap(a, b).value + gap(b, c).value).toBeCloseTo(gap(a, c).value, 6);
    expect(Math.max(...shapes.map(({ behind }) => behind.value))).toBe(0);
  });

  it("refuses fewer problems than folds", () => {
    expect(() => compare("reward-tilt", 3)).toThrow(/3 problems cannot be split into 5 folds/);
  });
});
