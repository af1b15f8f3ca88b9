// test/maths · Student's t against printed tables and against its two simple members.
import { describe, expect, test } from "vitest";
import { normalQuantile } from "../../src/maths/special.ts";
import { studentHalfWidth } from "../../src/maths/student.ts";

describe("Student's t", () => {
  test("agrees with the printed table (Fisher & Yates, table III) to its three decimals", () => {
    const table: [number, number, number][] = [
      [0.95, 1, 12.706],
      [0.95, 4, 2.776],
      [0.95, 10, 2.228],
      [0.9, 5, 2.015],
      [0.9, 30, 1.697],
      [0.99, 20, 2.845],
    ];
    for (const [level, degrees, t] of table) expect(studentHalfWidth(level, degrees)).toBeCloseTo(t, 3);
  });

  test("with one degree is Cauchy's tan(π level / 2), with two 2p − 1 over √(2p(1 − p))", () => {
    for (const level of [0.1, 0.5, 0.9, 0.999]) {
      expect(studentHalfWidth(level, 1) / Math.tan((Math.PI * level) / 2)).toBeCloseTo(1, 10);
      const p = (1 + level) / 2;
      expect((studentHalfWidth(level, 2) * Math.sqrt(2 * p * (1 - p))) / (2 * p - 1)).toBeCloseTo(1, 10);
    }
  });

  test("with many degrees comes down to the normal quantile", () => {
    expect(studentHalfWidth(0.95, 1e7)).toBeCloseTo(normalQuantile(0.975), 6);
    expect(studentHalfWidth(0.95, 50)).toBeGreaterThan(normalQuantile(0.975));
  });

  test("a level outside (0, 1) or no degrees of freedom is refused", () => {
    expect(() => studentHalfWidth(1, 5)).toThrow(/level lies in \(0, 1\), got 1/);
    expect(() => studentHalfWidth(0.9, 0)).toThrow(/degrees of freedom above 0, got 0/);
  });
});
