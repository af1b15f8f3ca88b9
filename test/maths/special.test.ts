// test/maths · Special functions against the mpmath grid, and against each other.
import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as special from "../../src/maths/special.ts";

const grid: Record<string, number[][]> = JSON.parse(
  readFileSync(new URL("../fixtures/special-functions.json", import.meta.url), "utf8"),
);

/** The worst relative error of f over a table whose rows are arguments, then the value at `column` from the end. */
function worst(
  table: string,
  f: (...args: number[]) => number,
  inputs: number,
  output: (row: number[]) => number,
): { error: number; at: string } {
  let found = { error: 0, at: "" };
  expect(grid[table]!.length).toBeGreaterThan(40);
  for (const row of grid[table]!) {
    const truth = output(row);
    const value = f(...row.slice(0, inputs));
    const error = truth === 0 ? Math.abs(value) : Math.abs(value - truth) / Math.abs(truth);
    if (!(error <= found.error)) found = { error, at: `${row.join(" ")} → ${value}` };
  }
  return found;
}

describe("special functions agree with fifty digits of mpmath", () => {
  const tolerances: [string, (...args: number[]) => number, number][] = [
    ["logGamma", special.logGamma, 1],
    ["logBeta", special.logBeta, 2],
    ["logChoose", special.logChoose, 2],
    ["digamma", special.digamma, 1],
    ["erf", special.erf, 1],
    ["erfc", special.erfc, 1],
    ["normalCdf", special.normalCdf, 1],
    ["normalQuantile", special.normalQuantile, 1],
    ["betaCdf", special.betaCdf, 3],
  ];
  it.each(tolerances)("%s", (name, f, inputs) => {
    const found = worst(name, f, inputs, (row) => row[inputs]!);
    expect({ ...found, close: found.error < 1e-10 }).toMatchObject({ close: true });
  });

  it("betaCdfUpper keeps the digits of the upper tail", () => {
    const found = worst("betaCdf", special.betaCdfUpper, 3, (row) => row[4]!);
    expect({ ...found, close: found.error < 1e-10 }).toMatchObject({ close: true });
  });

  it("betaQuantile finds the argument again from the smaller tail", () => {
    const found = worst(
      "betaCdf",
      (_x, a, b, lower, upper) =>
        lower! <= 0.5 ? special.betaQuantile(lower!, a!, b!) : special.betaQuantileUpper(upper!, a!, b!),
      5,
      (row) => row[0]!,
    );
    expect({ ...found, close: found.error < 1e-10 }).toMatchObject({ close: true });
  });
});

describe("special functions hold to their identities where the grid has no point", () => {
  const shape = fc.double({ min: -3, max: 6, noNaN: true }).map((e) => 10 ** e);
  const probability = fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true });

  it("the two tails of a beta law add up to one", () => {
    fc.assert(
      fc.property(probability, shape, shape, (x, a, b) => {
        expect(special.betaCdf(x, a, b) + special.betaCdfUpper(x, a, b)).toBeCloseTo(1, 12);
      }),
    );
  });

  it("a beta quantile has the probability it was asked for, or sits next to an end of [0, 1]", () => {
    fc.assert(
      fc.property(probability, shape, shape, (p, a, b) => {
        const x = special.betaQuantile(p, a, b);
        if (x < 1e-307 || x > 1 - 1e-12) return;
        // x is a double: p can be met no better than its spacing allows.
        const spacing = Math.exp(special.logBetaPower(x, 1 - x, a, b)) * (2 ** -51 / Math.min(1, 1 - x));
        expect(Math.abs(special.betaCdf(x, a, b) - p)).toBeLessThanOrEqual(1e-10 * p + spacing);
      }),
      { numRuns: 1000 },
    );
  });

  it("a normal quantile has the probability it was asked for", () => {
    fc.assert(
      fc.property(fc.double({ min: -280, max: -0.31, noNaN: true }), (e) => {
        const p = 10 ** e;
        expect(Math.abs(special.normalCdf(special.normalQuantile(p)) / p - 1)).toBeLessThan(1e-12);
      }),
    );
  });

  it("Pascal's rule holds for log C(n, k)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1e6 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, share) => {
        const k = Math.max(1, Math.floor(n * share));
        const whole = special.logChoose(n, k);
        const parts = Math.exp(special.logChoose(n - 1, k - 1) - whole) + Math.exp(special.logChoose(n - 1, k) - whole);
        expect(parts).toBeCloseTo(1, 8);
      }),
    );
  });
});

describe("special functions at the ends of their range", () => {
  it("limits are exact", () => {
    expect(special.logGamma(1)).toBe(0);
    expect(special.logGamma(2)).toBe(0);
    expect(special.logGamma(Number.POSITIVE_INFINITY)).toBe(Number.POSITIVE_INFINITY);
    expect([special.erf(Number.POSITIVE_INFINITY), special.erfc(Number.NEGATIVE_INFINITY)]).toEqual([1, 2]);
    expect([special.normalCdf(Number.NEGATIVE_INFINITY), special.normalCdf(Number.POSITIVE_INFINITY)]).toEqual([0, 1]);
    expect([special.normalQuantile(0), special.normalQuantile(1)]).toEqual([
      Number.NEGATIVE_INFINITY,
      Number.POSITIVE_INFINITY,
    ]);
    expect([
      special.betaCdf(0, 2, 3),
      special.betaCdf(1, 2, 3),
      special.betaCdfUpper(0, 2, 3),
      special.betaCdfUpper(1, 2, 3),
    ]).toEqual([0, 1, 1, 0]);
    expect([special.betaQuantile(0, 2, 3), special.betaQuantile(1, 2, 3), special.betaQuantileUpper(0, 2, 3)]).toEqual([
      0, 1, 1,
    ]);
    expect([special.logChoose(7, 8), special.logChoose(7, 7), special.logChoose(0, 0)]).toEqual([
      Number.NEGATIVE_INFINITY,
      0,
      0,
    ]);
  });

  it("an argument out of range is an error that names it, never NaN", () => {
    expect(() => special.logGamma(-1)).toThrow("logGamma needs x > 0, got -1");
    expect(() => special.logBeta(0, 20)).toThrow(RangeError);
    expect(() => special.logBeta(2, -20)).toThrow(RangeError);
    expect(() => special.digamma(0)).toThrow(RangeError);
    expect(() => special.normalQuantile(1.5)).toThrow("got 1.5");
    expect(() => special.betaCdf(Number.NaN, 1, 1)).toThrow(RangeError);
    expect(() => special.betaQuantile(0.5, 0, 1)).toThrow("a > 0 and b > 0, got 0 and 1");
  });
});
