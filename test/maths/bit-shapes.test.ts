// test/maths · Bit shapes: known profiles, the size of the bias of logged counts, and extrapolation from thinned ones.
import { describe, expect, test } from "vitest";
import { effectivePlaces, extrapolatedShape, missingAt, shapeOf } from "../../src/maths/bit-shapes.ts";
import { binomialLogPmf } from "../../src/maths/distributions.ts";
import { stream } from "../../src/maths/random.ts";

describe("the effective number of places", () => {
  test("of even bits is their number, of one fork 1, and falling bits count for nothing", () => {
    expect(effectivePlaces([0.3, 0.3, 0.3, 0.3, 0.3])).toBeCloseTo(5, 12);
    expect(effectivePlaces([0, 4.2, 0])).toBe(1);
    expect(effectivePlaces([2, -1, 2])).toBeCloseTo(2, 12);
    // Shares ½, ¼, ¼: entropy 1.5 bits.
    expect(effectivePlaces([2, 1, 1])).toBeCloseTo(2 ** 1.5, 12);
  });
});

describe("the shape of exact values", () => {
  test("puts bits and shares in their places, and sums what falls", () => {
    // V = 1/16, 1/4, 1/8, 1: bits 2, −1, 3; the outer two in place 0.
    const { values, fall } = shapeOf([4, 2, 3], [0, 1, 0], 2);
    expect(values[0]).toBeCloseTo(2 ** (-(0.4 * Math.log2(0.4)) - 0.6 * Math.log2(0.6)), 12);
    expect(values.slice(1)).toEqual(Float64Array.of(5, -1, 1, 0));
    expect(fall).toBe(1);
  });
});

test("the log of a count is biased by less than 0.01 bits from 10 expected successes on", () => {
  for (const [m, v] of [
    [16, 0.7],
    [32, 0.4],
    [64, 0.16],
    [200, 0.05],
  ] as const) {
    let mean = 0;
    for (let k = 0; k <= m; k++) mean += Math.exp(binomialLogPmf(k, m, v)) * missingAt({ right: [k], drawn: [m] })[0]!;
    expect(Math.abs(mean + Math.log2(v))).toBeLessThan(0.01);
  }
});

describe("extrapolation", () => {
  test("leaves counts without noise where they are", () => {
    // Always right at the cuts: every thinned count is, too.
    const counts = { right: [16, 32, 32], drawn: [256, 32, 32] };
    const draws = stream(95, "certain");
    const { values } = extrapolatedShape(counts, [0, 1, 2], 3, draws);
    const plain = shapeOf(missingAt(counts), [0, 1, 2], 3).values;
    values.forEach((value, k) => {
      expect(value).toBeCloseTo(plain[k]!, 10);
    });
  });

  test("takes away most of the bias that noise brings to N_eff, and leaves the bits alone", () => {
    const truth = Array.from({ length: 9 }, (_, t) => 0.9 ** (8 - t));
    const places = [0, 1, 2, 3, 4, 5, 6, 7];
    let [plain, better] = [0, 0];
    const studies = 600;
    for (let study = 0; study < studies; study++) {
      const draws = stream(95, "steps", study);
      const right = truth.slice(0, -1).map((v, t) => draws.binomial(t === 0 ? 1024 : 64, v));
      const counts = { right, drawn: right.map((_, t) => (t === 0 ? 1024 : 64)) };
      const own = shapeOf(missingAt(counts), places, 8).values;
      const far = extrapolatedShape(counts, places, 8, draws).values;
      expect(far.slice(1, 9)).toEqual(own.slice(1, 9));
      plain += own[0]! / studies;
      better += far[0]! / studies;
    }
    expect(8 - plain).toBeGreaterThan(2);
    expect(Math.abs(8 - better)).toBeLessThan((8 - plain) / 2);
  });
});
