import { expect, test } from "vitest";
import { type Pair, rungsOf } from "../../src/experiments/ladder-rungs.ts";

const pairs = (steps: number, counts: readonly (readonly [number, number])[], trials = 20): Pair[] =>
  counts.map(([base, later], i) => ({
    problem: `${steps}/${i}`,
    steps,
    sides: [
      { events: base, trials },
      { events: later, trials },
    ],
  }));
const labels = (list: readonly Pair[]) => new Map(list.map(({ problem }, i) => [problem, i]));
const only = (list: readonly Pair[]) => rungsOf(list, labels(list), 0.9)[0]!;

test("the ratio is that of the means, and its interval lies around it", () => {
  const { base, later, ratio } = only(
    pairs(4, [
      [4, 9],
      [6, 12],
      [5, 15],
      [9, 18],
    ]),
  );
  expect([base.value, later.value]).toEqual([24 / 80, 54 / 80]);
  if (ratio.kind !== "measured") throw new Error("not measured");
  expect(ratio.value).toBeCloseTo(54 / 24, 12);
  expect(ratio.low).toBeGreaterThan(1);
  expect(ratio.low! * ratio.high!).toBeCloseTo((54 / 24) ** 2, 9);
});

test("problems that are paired share their luck: a ratio alike on all is surer than its two rates", () => {
  const hard = pairs(
    4,
    [
      [2, 4],
      [4, 8],
      [6, 12],
      [8, 16],
      [10, 20],
    ],
    1000,
  );
  const { base, ratio } = only(hard);
  if (ratio.kind !== "measured") throw new Error("not measured");
  expect(base.se / base.value).toBeGreaterThan(0.2);
  // Not surer than independent rollouts can make it.
  expect(ratio.se! / ratio.value).toBeCloseTo(Math.sqrt((1 - 0.006) / 30 + (1 - 0.012) / 60), 9);
});

test("where the base was never right the ratio is a lower bound, where the later one never was an upper one", () => {
  const never = only(
    pairs(6, [
      [0, 3],
      [0, 5],
    ]),
  ).ratio;
  expect(never).toMatchObject({ kind: "bounded" });
  expect("low" in never && never.low! > 0 && !("high" in never)).toBe(true);
  const lost = only(
    pairs(6, [
      [3, 0],
      [5, 0],
      [4, 0],
      [4, 0],
    ]),
  ).ratio;
  expect("high" in lost && lost.high! < 1 && !("low" in lost)).toBe(true);
  expect(
    only(
      pairs(6, [
        [0, 0],
        [0, 0],
      ]),
    ).ratio.kind,
  ).toBe("refused");
});

test("where both are always right the ratio is 1 within what the rollouts can tell", () => {
  const { ratio } = only(
    pairs(1, [
      [20, 20],
      [20, 20],
    ]),
  );
  if (ratio.kind !== "measured") throw new Error("not measured");
  expect(ratio.value).toBe(1);
  expect(ratio.low).toBeGreaterThan(0.9);
  expect(ratio.low).toBeLessThan(1);
  expect(ratio.high).toBeGreaterThan(1);
});

test("rungs come in the order of their steps", () => {
  const list = [...pairs(4, [[1, 2]]), ...pairs(2, [[2, 3]]), ...pairs(8, [[1, 1]])];
  expect(rungsOf(list, labels(list), 0.9).map(({ steps }) => steps)).toEqual([2, 4, 8]);
});
