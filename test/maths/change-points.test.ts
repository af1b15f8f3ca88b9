// test/maths · Change points: planted jumps found, constant series left alone as often as promised, the best of all segmentations.
import { describe, expect, test } from "vitest";
import { changePoints, chiSquareAbove, penaltyFor } from "../../src/maths/change-points.ts";
import { stream } from "../../src/maths/random.ts";

const falseAlarm = 0.05;

describe("the tail of χ²", () => {
  test("agrees with the printed 5 % and 1 % points to their three decimals", () => {
    const points: [number, number, number][] = [
      [3.841, 1, 0.05],
      [5.991, 2, 0.05],
      [7.815, 3, 0.05],
      [9.488, 4, 0.05],
      [18.307, 10, 0.05],
      [6.635, 1, 0.01],
      [21.666, 9, 0.01],
    ];
    for (const [x, k, p] of points) expect(Math.abs(chiSquareAbove(x, k) / p - 1)).toBeLessThan(5e-4);
  });
});

describe("a series of checkpoints", () => {
  test("with one jump gives that jump, its means and its z", () => {
    const { changes } = changePoints({ values: [1, 1, 1, 3, 3], errors: [0.3, 0.3, 0.3, 0.3, 0.3], falseAlarm });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({ at: 3, before: expect.closeTo(1, 12), after: expect.closeTo(3, 12) });
    expect(changes[0]!.z).toBeCloseTo(2 / (0.3 * Math.sqrt(1 / 3 + 1 / 2)), 12);
  });

  test("that rises and falls again gives both", () => {
    const values = [0.2, 0.22, 0.6, 0.58, 0.61, 0.3, 0.31];
    const { changes } = changePoints({ values, errors: values.map(() => 0.05), falseAlarm });
    expect(changes.map(({ at }) => at)).toEqual([2, 5]);
    expect(changes[0]!.z).toBeGreaterThan(0);
    expect(changes[1]!.z).toBeLessThan(0);
  });

  test("weighs values by their errors: a wild value that is badly known is no change", () => {
    const values = [0.5, 0.5, 0.9, 0.5, 0.5];
    expect(changePoints({ values, errors: [0.05, 0.05, 0.5, 0.05, 0.05], falseAlarm }).changes).toEqual([]);
    expect(changePoints({ values, errors: [0.05, 0.05, 0.05, 0.05, 0.05], falseAlarm }).changes).toHaveLength(2);
  });

  test("of one value, or of none, has no change", () => {
    expect(changePoints({ values: [1], errors: [0.1], falseAlarm }).changes).toEqual([]);
    expect(changePoints({ values: [], errors: [], falseAlarm }).changes).toEqual([]);
  });

  test("does not depend on where 0 is, however far off", () => {
    const values = [1, 1.1, 0.9, 3, 3.1].map((v) => v + 1e7);
    expect(changePoints({ values, errors: values.map(() => 0.2), falseAlarm }).changes.map(({ at }) => at)).toEqual([
      3,
    ]);
  });

  test("gets the cheapest of all its segmentations", () => {
    for (let study = 0; study < 50; study++) {
      const draws = stream(61, "brute", study);
      const values = Array.from({ length: 8 }, () => 2 * draws.normal());
      const errors = values.map(() => 0.5 + draws.uniform());
      const { changes, penalty } = changePoints({ values, errors, falseAlarm });
      const price = (bounds: readonly number[]): number =>
        bounds.slice(1).reduce((total, to, i) => {
          const part = values.slice(bounds[i], to);
          const w = errors.slice(bounds[i], to).map((se) => se ** -2);
          const mean = part.reduce((s, y, j) => s + w[j]! * y, 0) / w.reduce((s, v) => s + v, 0);
          return total + part.reduce((s, y, j) => s + w[j]! * (y - mean) ** 2, 0) + penalty;
        }, 0);
      const found = price([0, ...changes.map(({ at }) => at), 8]);
      for (let mask = 0; mask < 128; mask++) {
        const inside = [1, 2, 3, 4, 5, 6, 7].filter((at) => (mask >> (at - 1)) & 1);
        expect(price([0, ...inside, 8])).toBeGreaterThan(found - 1e-9);
      }
    }
  });
});

describe("false alarms", () => {
  test("come in at most 5 % of constant series, short or long, errors equal or not", () => {
    for (const size of [3, 6, 12]) {
      const studies = 4000;
      let alarms = 0;
      for (let study = 0; study < studies; study++) {
        const draws = stream(62, `constant of ${size}`, study);
        const errors = Array.from({ length: size }, () => 0.2 + draws.uniform());
        const values = errors.map((se) => 0.4 + se * draws.normal());
        if (changePoints({ values, errors, falseAlarm }).changes.length > 0) alarms++;
      }
      // The bound is a bound; and no idle one: half of it and more is used. 4,000 studies: a standard error of 0.34 %.
      expect(alarms / studies).toBeLessThan(0.05 + 3 * 0.0034);
      expect(alarms / studies).toBeGreaterThan(0.02);
    }
  });

  test("of two values are exactly a two-sided test: β is the square of the normal quantile", () => {
    expect(penaltyFor(2, 0.05)).toBeCloseTo(1.959964 ** 2, 5);
  });
});

test("lengths that differ, an error of 0, or a chance outside (0, 1) are refused", () => {
  expect(() => changePoints({ values: [1, 2], errors: [1], falseAlarm })).toThrow(/2 values came with 1 errors/);
  expect(() => changePoints({ values: [1, 2], errors: [1, 0], falseAlarm })).toThrow(/error 1 must be above 0, got 0/);
  expect(() => changePoints({ values: [1], errors: [1], falseAlarm: 1 })).toThrow(/lies in \(0, 1\), got 1/);
});
