// test/ · Cross surprise: the least likely token of right answers, in bits.
import { expect, it } from "vitest";
import { rankOf, surpriseOf } from "../../src/experiments/cross-surprise.ts";
import type { Reading } from "../../src/experiments/cross-read.ts";

const bits = (...values: number[]): number[] => values.map((one) => -one * Math.LN2);
const reading = (problem: string, by: Reading["by"], right: boolean, base: readonly number[]): Reading =>
  ({ rollout: { problem }, by, right, base, later: base }) as unknown as Reading;
const clusters = new Map([
  ["a", 0],
  ["b", 1],
]);

const READINGS = [
  reading("a", "later", true, bits(0.1, 5, 0.2)),
  reading("a", "later", true, bits(7, 1)),
  reading("b", "later", true, bits(2)),
  reading("b", "later", false, bits(40)),
  reading("b", "later", true, [Number.NEGATIVE_INFINITY]),
  reading("a", "base", true, bits(0.5, 1)),
  reading("b", "base", true, bits(1)),
];

it("is a mean over problems of their rollouts' means; wrong answers and what the base never gives are left out", () => {
  const found = surpriseOf(READINGS, "later", clusters, 0.95);
  expect(found).toMatchObject({ kind: "measured", diagnostic: { rollouts: 3, "left out, probability zero": 1 } });
  expect(found.kind === "measured" ? found.value : undefined).toBeCloseTo((6 + 2) / 2, 12);
});

it("has the base's own right answers beside it", () => {
  expect(surpriseOf(READINGS, "base", clusters, 0.95)).toMatchObject({ kind: "measured", value: 1 });
});

it("refuses where nothing is right, and where nothing is finite", () => {
  const none = READINGS.filter(({ right }) => !right);
  expect(surpriseOf(none, "later", clusters, 0.95)).toMatchObject({ kind: "refused" });
  const never = READINGS.filter(({ base }) => !Number.isFinite(base[0]));
  expect(surpriseOf(never, "later", clusters, 0.95)).toMatchObject({
    kind: "refused",
    why: "every right rollout of the later policy has a token that the base never gives",
  });
});

it("ranks are of the token furthest down the list; an engine that tells none is refused", () => {
  const ranked = (problem: string, by: Reading["by"], baseRanks: readonly number[]): Reading => ({
    ...reading(problem, by, true, bits(1)),
    baseRanks,
  });
  const list = [
    ranked("a", "later", [1, 7, 2]),
    ranked("a", "later", [1, 1]),
    ranked("b", "later", [2]),
    ranked("a", "base", [1]),
  ];
  expect(rankOf(list, "later", clusters, 0.95)).toMatchObject({ kind: "measured", value: (4 + 2) / 2 });
  expect(rankOf(list, "base", clusters, 0.95)).toMatchObject({ kind: "measured", value: 1 });
  expect(rankOf(READINGS, "later", clusters, 0.95)).toMatchObject({
    why: "the base's engine tells no ranks with its scores",
  });
});
