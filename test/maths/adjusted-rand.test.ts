// test/maths · Adjusted Rand: a worked example, and groupings that have nothing to do with each other.
import { expect, it } from "vitest";
import { adjustedRand } from "../../src/maths/adjusted-rand.ts";
import { stream } from "../../src/maths/random.ts";

it("the same groups under other names agree by 1, and items that all lie apart do too", () => {
  expect(adjustedRand(["a", "a", "b", "c"], [3, 3, 1, 2])).toBe(1);
  expect(adjustedRand([1, 2, 3], ["x", "y", "z"])).toBe(1);
});

it("is what it is by hand: of 15 pairs 1 lies together in both, 4 and 3 in one, 0.8 by chance", () => {
  // {0,1,2} {3,4} {5} against {0,1} {2,3} {4,5}.
  expect(adjustedRand([0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2])).toBeCloseTo((1 - 0.8) / (3.5 - 0.8), 12);
});

it("groupings at random agree by 0 in the mean", () => {
  const random = stream(1, "adjusted-rand");
  const draw = () => Array.from({ length: 60 }, () => random.integer(4));
  const found = Array.from({ length: 200 }, () => adjustedRand(draw(), draw()));
  const mean = found.reduce((a, b) => a + b, 0) / found.length;
  expect(Math.abs(mean)).toBeLessThan(0.01);
});

it("lists of two lengths are refused", () => {
  expect(() => adjustedRand([1], [1, 2])).toThrow(RangeError);
});
