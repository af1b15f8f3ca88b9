// test/maths · Unseen mass: known populations, in which the unseen can be counted.
import { describe, expect, test } from "vitest";
import { type Stream, stream } from "../../src/maths/random.ts";
import { chao1, frequenciesOf, labelCounts, unseenMass } from "../../src/maths/unseen-mass.ts";

const normalised = (weights: readonly number[]): number[] => {
  const sum = weights.reduce((adding, w) => adding + w, 0);
  return weights.map((w) => w / sum);
};
const populations: [string, number[]][] = [
  ["uniform on 200", normalised(Array.from({ length: 200 }, () => 1))],
  ["geometric", normalised(Array.from({ length: 400 }, (_, k) => 0.97 ** k))],
  ["Zipf on 2,000", normalised(Array.from({ length: 2000 }, (_, k) => 1 / (k + 1)))],
];

/** n draws, by inverting the distribution; and the mass of what was not drawn. */
function drawn(law: readonly number[], n: number, draws: Stream): { counts: Float64Array; unseen: number } {
  const below: number[] = [];
  law.reduce((sum, p, k) => (below[k] = sum + p), 0);
  const counts = new Float64Array(law.length);
  for (let i = 0; i < n; i++) {
    const u = draws.uniform();
    let [low, high] = [0, law.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (below[middle]! > u) high = middle;
      else low = middle + 1;
    }
    counts[low] = counts[low]! + 1;
  }
  return { counts, unseen: law.reduce((sum, p, k) => (counts[k] === 0 ? sum + p : sum), 0) };
}

function meanAndSd(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))];
}

describe("Good–Turing's unseen mass", () => {
  test.each(populations)("is nearly unbiased, with honest normal errors and bounds that hold: %s", (name, law) => {
    const studies = 600;
    const n = 300;
    const errors: number[] = [];
    const z: number[] = [];
    let outside = 0;
    for (let study = 0; study < studies; study++) {
      const { counts, unseen } = drawn(law, n, stream(81, name, study));
      const { mass, se, upper, lower } = unseenMass(frequenciesOf(counts), 0.1);
      errors.push(mass - unseen);
      z.push((mass - unseen) / se!);
      if (unseen > upper || unseen < lower) outside++;
    }
    const [bias, spread] = meanAndSd(errors);
    const [zMean, zSd] = meanAndSd(z);
    // E T − E M = Σ p² (1 − p)^{n−1}, known here.
    const known = law.reduce((sum, p) => sum + p * p * (1 - p) ** (n - 1), 0);
    expect(Math.abs(bias - known)).toBeLessThan((3 * spread) / Math.sqrt(studies));
    expect(Math.abs(zMean)).toBeLessThan(0.2);
    expect(zSd).toBeGreaterThan(0.88);
    expect(zSd).toBeLessThan(1.12);
    // 2 δ of 600 would be 120; the bounds are for the worst law, and these are milder.
    expect(outside).toBeLessThan(120);
  });

  test("bounds come down as 1/√n, and are the formula", () => {
    const { mass, se, upper, lower } = unseenMass({ samples: 10_000, kinds: 500, once: 100, twice: 50 }, 0.05);
    const price = Math.log(40) / 10_000;
    expect(mass).toBe(0.01);
    expect(se).toBeCloseTo(Math.sqrt(100 * 0.99 + 100) / 10_000, 15);
    expect(upper).toBeCloseTo(0.01 + (1 + Math.SQRT2) * Math.sqrt(price), 14);
    expect(lower).toBe(0);
    // Sharper than McAllester & Schapire's: T + (2√2 + √3) √(log(3/δ)/n).
    expect(upper).toBeLessThan(0.01 + (2 * Math.SQRT2 + Math.sqrt(3)) * Math.sqrt(Math.log(60) / 10_000));
    expect(unseenMass({ samples: 100_000, kinds: 9e4, once: 8e4, twice: 1e4 }, 0.05).lower).toBeGreaterThan(0.77);
  });

  test("all seen once: all may be unseen; none seen once: no error can be told", () => {
    const all = unseenMass(frequenciesOf([1, 1, 1]), 0.1);
    expect([all.mass, all.upper, all.se]).toEqual([1, 1, undefined]);
    const none = unseenMass(frequenciesOf([5, 0, 7]), 0.1);
    expect([none.mass, none.lower, none.se]).toEqual([0, 0, undefined]);
    expect(none.upper).toBeGreaterThan(0.5);
  });
});

describe("Chao1", () => {
  test("covers the number of equally likely kinds, and is nearly unbiased there", () => {
    const studies = 600;
    const [, law] = populations[0]!;
    let inside = 0;
    const kinds: number[] = [];
    const ses: number[] = [];
    for (let study = 0; study < studies; study++) {
      const { counts } = drawn(law, 300, stream(82, "chao", study));
      const found = chao1(frequenciesOf(counts), 0.95);
      kinds.push(found.kinds);
      ses.push(found.se);
      if (found.low <= 200 && 200 <= found.high) inside++;
    }
    expect(Math.abs(meanAndSd(kinds)[0] - 200)).toBeLessThan(3);
    expect(Math.abs(inside / studies - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / studies));
  });

  test.each(populations.slice(1))("is below the number of kinds where some are much rarer: %s", (name, law) => {
    const kinds = Array.from({ length: 200 }, (_, study) => {
      const { counts } = drawn(law, 300, stream(83, name, study));
      return chao1(frequenciesOf(counts), 0.95).kinds;
    });
    const [mean, sd] = meanAndSd(kinds);
    expect(mean).toBeLessThan(law.length - (3 * sd) / Math.sqrt(200));
  });

  test("by hand: f1 = 4, f2 = 2 of 20", () => {
    // 4 once, 2 twice, one 12 times: 7 kinds; a = 0.95; unseen = 0.95 × 12/6 = 1.9.
    const { seen, kinds, se, low, high } = chao1(frequenciesOf([1, 1, 1, 1, 2, 2, 12]), 0.95);
    const variance = 1.9 + (0.9025 * 4 * 49) / 36 + (0.9025 * 16 * 2 * 9) / (4 * 81);
    expect(seen).toBe(7);
    expect(kinds).toBeCloseTo(8.9, 13);
    expect(se).toBeCloseTo(Math.sqrt(variance), 13);
    const spread = Math.exp(1.959963984540054 * Math.sqrt(Math.log(1 + variance / 1.9 ** 2)));
    expect(low).toBeCloseTo(7 + 1.9 / spread, 12);
    expect(high).toBeCloseTo(7 + 1.9 * spread, 11);
  });

  test("with nothing seen twice, or once", () => {
    const bare = chao1(frequenciesOf([1, 1, 1, 5]), 0.9);
    expect(bare.kinds).toBeCloseTo(4 + (7 / 8) * 3, 13);
    expect(bare.se).toBeGreaterThan(0);
    expect(bare.low).toBeGreaterThan(4);
    const full = chao1(frequenciesOf([9, 12, 30]), 0.9);
    expect([full.kinds, full.low]).toEqual([3, 3]);
    expect(full.high).toBeGreaterThan(3);
    expect(full.high).toBeLessThan(3.1);
  });
});

describe("the frequencies", () => {
  test("count labels of any kind, and refuse what is no count", () => {
    expect(labelCounts(["a", "b", "a", 1, "1"])).toEqual([2, 1, 1, 1]);
    expect(frequenciesOf([2, 1, 1, 0, 7])).toEqual({ samples: 11, kinds: 4, once: 2, twice: 1 });
    expect(() => frequenciesOf([0])).toThrow(/got none/);
    expect(() => frequenciesOf([1, 0.5])).toThrow(/got 0.5/);
    expect(() => unseenMass(frequenciesOf([1]), 0)).toThrow(/δ lies in \(0, 1\), got 0/);
    expect(() => chao1(frequenciesOf([1]), 1)).toThrow(/level lies in \(0, 1\), got 1/);
  });
});
