// test/ · Crossing: roots that are known, with few looks, and ends where there is none.
import { expect, test } from "vitest";
import { crossing } from "../../src/maths/crossing.ts";
import { expit } from "../../src/maths/logspace.ts";

const FUNCTIONS: readonly (readonly [string, (x: number) => number, number, number, number])[] = [
  ["a line", (x) => 3 - x, 0, 10, 3],
  ["a cube that is flat where it passes", (x) => -((x - 2) ** 3), -5, 5, 2],
  ["a success that falls from all to none", (x) => expit(-4 * (x - 1.234)) - 0.3, -12, 12, 1.234 + Math.log(7 / 3) / 4],
  ["one that jumps", (x) => (x < 0.75 ? 1 : -1), 0, 1, 0.75],
];

test.each(FUNCTIONS)("%s", (_, of, from, to, is) => {
  let looks = 0;
  const found = crossing(
    (x) => {
      looks++;
      return of(x);
    },
    from,
    to,
  );
  expect(Math.abs(found - is)).toBeLessThanOrEqual(1e-4 * (to - from));
  // Both ends, and one look more than halving takes for ten thousand parts.
  expect(looks).toBeLessThanOrEqual(2 + 1 + Math.ceil(Math.log2(1e4)));
});

test("a smooth one takes little more than half of the looks that halving takes", () => {
  let looks = 0;
  crossing(
    (x) => {
      looks++;
      return expit(-x) - 0.31;
    },
    -12,
    12,
  );
  expect(looks).toBeLessThanOrEqual(2 + 8);
});

test("ends where it does not pass", () => {
  expect(crossing((x) => -1 - x, 0, 1)).toBe(0);
  expect(crossing((x) => 2 - x, 0, 1)).toBe(1);
});
