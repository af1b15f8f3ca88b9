// test/maths · Pareto: known tails found, an independent program's fits, and means that smoothing makes better.
import { describe, expect, test } from "vitest";
import { logSumExp } from "../../src/maths/logspace.ts";
import { leastSampleSize, paretoSmooth, paretoTail, paretoThreshold, tailLength } from "../../src/maths/pareto.ts";
import { stream } from "../../src/maths/random.ts";
import { normalQuantile } from "../../src/maths/special.ts";

function meanAndSd(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))];
}

const REPEATS = 200;
const N = 4000;
/** ⌈3 √4000⌉. */
const M = 190;

const shapes = (name: string, logWeight: (draws: ReturnType<typeof stream>) => number): number[] =>
  Array.from({ length: REPEATS }, (_, repeat) => {
    const draws = stream(31, name, repeat);
    return paretoSmooth(Float64Array.from({ length: N }, () => logWeight(draws))).k!;
  });

describe("the fitted tail", () => {
  test.each([
    ["heavy", (i: number) => 2 * ((i / 41) ** -0.6 - 1), 0.4855125779696742, 1.2516699387149925],
    ["bounded", (i: number) => Math.sin(i) ** 2 + 0.01 * i, -0.6900947316253688, 1.3660712037016771],
    ["exponential", (i: number) => -Math.log(i / 41), 0.07136338636618357, 0.98741232515662],
  ] as [string, (i: number) => number, number, number][])("agrees with numpy's: %s", (_, x, k, sigma) => {
    const found = paretoTail(Float64Array.from({ length: 40 }, (_unused, i) => x(i + 1)).sort())!;
    expect(found.k).toBeCloseTo(k, 12);
    expect(found.sigma).toBeCloseTo(sigma, 12);
  });

  test.each([0.2, 0.5, 0.7, 1])("of exact Pareto weights has their k = %d, drawn to ½ as by 10 more of 190", (k) => {
    const [mean, sd] = meanAndSd(shapes(`pareto ${k}`, (draws) => -k * Math.log(draws.open())));
    const predicted = (M * k + 10 * 0.5) / (M + 10);
    expect(Math.abs(mean - predicted)).toBeLessThan((3 * sd) / Math.sqrt(REPEATS));
    // Maximum likelihood's spread, (1 + k)/√M (R. L. Smith 1987), drawn in likewise.
    const spread = ((1 + k) / Math.sqrt(M)) * (M / (M + 10));
    expect(Math.abs(sd / spread - 1)).toBeLessThan(0.15);
  });

  test.each([0.3, 0.5, 0.8])(
    "of a normal's ratio to one of variance v = %d is what the law's own quantiles give",
    (v) => {
      // w = exp(x² (1/v − 1)/2) of x ~ N(0, v): far out k = 1 − v; what 4,000 weights reach is a little lighter.
      const ratio = (1 / v - 1) / 2;
      const at = (p: number): number => Math.exp(ratio * v * normalQuantile(p / 2) ** 2);
      const excesses = Float64Array.from({ length: M }, (_, i) => at((M / N) * ((i + 0.5) / M)) - at(M / N)).sort();
      const { k } = paretoTail(excesses)!;
      const [mean, sd] = meanAndSd(shapes(`normal ${v}`, (draws) => ratio * v * draws.normal() ** 2));
      expect(Math.abs(mean - k)).toBeLessThan((4 * sd) / Math.sqrt(REPEATS));
    },
  );

  test("of bounded weights is far below ½: a wider normal's ratios", () => {
    const [mean] = meanAndSd(shapes("bounded", (draws) => -0.5 * draws.normal() ** 2));
    expect(mean).toBeLessThan(0);
  });
});

describe("smoothed weights", () => {
  test("have a mean nearer the truth than raw ones of k = 0.7, and keep the order and the largest", () => {
    const raw: number[] = [];
    const smooth: number[] = [];
    for (let repeat = 0; repeat < 400; repeat++) {
      const draws = stream(32, "smoothing", repeat);
      const logWeights = Float64Array.from({ length: 1000 }, () => -0.7 * Math.log(draws.open()));
      const { logWeights: smoothed, tail } = paretoSmooth(logWeights);
      expect(tail).toBe(95);
      raw.push(Math.exp(logSumExp(logWeights)) / 1000 - 1 / 0.3);
      smooth.push(Math.exp(logSumExp(smoothed)) / 1000 - 1 / 0.3);
      if (repeat > 20) continue;
      const order = [...logWeights.keys()].sort((a, b) => logWeights[a]! - logWeights[b]!);
      for (let i = 1; i < 1000; i++) expect(smoothed[order[i]!]!).toBeGreaterThanOrEqual(smoothed[order[i - 1]!]!);
      for (const i of order.slice(0, 905)) expect(smoothed[i]).toBe(logWeights[i]);
      expect(Math.max(...smoothed)).toBeLessThanOrEqual(Math.max(...logWeights));
    }
    const rmse = (errors: readonly number[]): number =>
      Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length);
    expect(rmse(smooth)).toBeLessThan(0.9 * rmse(raw));
  });

  test("do not depend on the weights' scale, down to e^−800 and up", () => {
    const draws = stream(33, "scale");
    const logWeights = Float64Array.from({ length: 500 }, () => -0.6 * Math.log(draws.open()));
    const here = paretoSmooth(logWeights);
    for (const shift of [-800, 900]) {
      const there = paretoSmooth(logWeights.map((own) => own + shift));
      expect(there.k).toBeCloseTo(here.k!, 9);
      there.logWeights.forEach((own, i) => expect(own - shift).toBeCloseTo(here.logWeights[i]!, 9));
    }
  });

  test("are the raw ones where there is no tail to fit", () => {
    for (const weights of [new Float64Array(400), Float64Array.from({ length: 12 }, (_, i) => i)]) {
      const found = paretoSmooth(weights);
      expect(found.logWeights).toEqual(weights);
      expect([found.k, found.trusted, found.enough, found.tail]).toEqual([undefined, undefined, undefined, 0]);
    }
  });

  test("may be 0, but not all of them, nor NaN", () => {
    const never = Number.NEGATIVE_INFINITY;
    const draws = stream(34, "zeros");
    const mostlyZero = Float64Array.from({ length: 1000 }, (_, i) => (i < 950 ? never : -Math.log(draws.open())));
    const { logWeights, tail, k } = paretoSmooth(mostlyZero);
    // The tail begins at 0: 95 places, 50 weights.
    expect(tail).toBe(50);
    expect(k).toBeGreaterThan(0);
    expect(logWeights.filter((own) => own === never)).toHaveLength(950);
    expect(() => paretoSmooth([never, never])).toThrow(/largest of -Infinity/);
    expect(() => paretoSmooth([0, Number.NaN])).toThrow(/largest of NaN/);
    expect(() => paretoSmooth([0])).toThrow(/2 weights or more, got 1/);
  });

  test("are trusted by the paper's rules", () => {
    expect([tailLength(100), tailLength(225), tailLength(4000), tailLength(4000, 4)]).toEqual([20, 45, 190, 380]);
    expect(paretoThreshold(100)).toBeCloseTo(0.5, 14);
    expect(paretoThreshold(1000)).toBeCloseTo(2 / 3, 14);
    expect(paretoThreshold(2200)).toBe(0.7);
    expect(leastSampleSize(-1)).toBe(10);
    expect(leastSampleSize(0.5)).toBeCloseTo(100, 10);
    expect(leastSampleSize(0.7)).toBeCloseTo(10 ** (1 / 0.3), 8);
    expect(leastSampleSize(1)).toBeUndefined();
  });
});
