// test/maths · Block bootstrap: first-order autoregressions, whose autocorrelation φ^t, inefficiency and best block length are known.
import { describe, expect, test } from "vitest";
import {
  automaticBlockLength,
  blockBootstrap,
  knownBlocksBootstrap,
  statisticalInefficiency,
} from "../../src/maths/block-bootstrap.ts";
import { stream } from "../../src/maths/random.ts";

/** x_t = φ x_{t−1} + e_t from its stationary law, e_t ~ N(0, 1): var x = 1/(1 − φ²), var of the mean ≈ 1/(1 − φ)²/n. */
function autoregression(phi: number, n: number, name: string, index = 0): Float64Array {
  const draws = stream(71, name, index);
  const series = draws.normals(new Float64Array(n));
  series[0] = series[0]! / Math.sqrt(1 - phi * phi);
  for (let t = 1; t < n; t++) series[t] = series[t]! + phi * series[t - 1]!;
  return series;
}

function meanAndSd(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))];
}

const mean = (series: Float64Array): number => series.reduce((sum, x) => sum + x, 0) / series.length;

describe("the statistical inefficiency", () => {
  test.each([-0.5, 0, 0.5, 0.9])("of an autoregression is (1 + φ)/(1 − φ): φ = %d", (phi) => {
    const truth = (1 + phi) / (1 - phi);
    const [found] = meanAndSd(
      Array.from({ length: 40 }, (_, i) => statisticalInefficiency(autoregression(phi, 20_000, "g", i))!),
    );
    // A mean of 40 at φ = 0.9 is known to 2 %; cutting off at the first negative pair adds about 1 %.
    expect(Math.abs(found / truth - 1)).toBeLessThan(0.06);
  });

  test("of every entry g times is g times as large, less what the cut-off leaves", () => {
    const white = stream(72, "white").normals(new Float64Array(5000));
    const thrice = Float64Array.from({ length: 15_000 }, (_, i) => white[Math.floor(i / 3)]!);
    expect(Math.abs(statisticalInefficiency(thrice)! / (3 * statisticalInefficiency(white)!) - 1)).toBeLessThan(0.1);
  });

  test("of a series that swings every step is least, and of a constant one nothing", () => {
    const swing = Float64Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : -1));
    const g = statisticalInefficiency(swing)!;
    expect(g).toBeGreaterThan(0);
    expect(g).toBeLessThan(0.1);
    expect(statisticalInefficiency(new Float64Array(50).fill(3))).toBeUndefined();
    expect(() => statisticalInefficiency([1, 2, 3])).toThrow(/4 entries or more, got 3/);
  });
});

describe("the automatic block length", () => {
  test.each([0.3, 0.6, 0.8])("of an autoregression is near (2φ/(1 − φ²))^⅔ n^⅓: φ = %d", (phi) => {
    const n = 20_000;
    const truth = ((2 * phi) / (1 - phi * phi)) ** (2 / 3) * n ** (1 / 3);
    const [found] = meanAndSd(
      Array.from({ length: 60 }, (_, i) => automaticBlockLength(autoregression(phi, n, "b", i))!),
    );
    expect(Math.abs(found / truth - 1)).toBeLessThan(0.1);
  });

  test("of white noise is a few entries at most, and of a constant series nothing", () => {
    const [found] = meanAndSd(
      Array.from({ length: 60 }, (_, i) => automaticBlockLength(autoregression(0, 2000, "white", i))!),
    );
    expect(found).toBeLessThan(4);
    expect(automaticBlockLength(new Float64Array(50))).toBeUndefined();
    expect(() => automaticBlockLength([1, 2])).toThrow(/10 entries or more/);
  });
});

describe("the stationary bootstrap", () => {
  test("of a mean has the variance that Politis & Romano's Lemma 1 computes without drawing", () => {
    const n = 60;
    const series = autoregression(0.7, n, "lemma");
    const p = 1 / 6;
    const centred = series.map((x) => x - mean(series));
    let variance = 0;
    for (let lag = 0; lag < n; lag++) {
      const gamma = centred.reduce((sum, x, i) => sum + (i + lag < n ? x * centred[i + lag]! : 0), 0) / n;
      const weight = (1 - lag / n) * (1 - p) ** lag + (lag / n) * (1 - p) ** (n - lag);
      variance += ((lag === 0 ? 1 : 2) * weight * gamma) / n;
    }
    const found = blockBootstrap({
      series,
      statistic: mean,
      blockLength: 6,
      replicates: 20_000,
      seed: 1,
      name: "lemma",
    })!;
    // A standard deviation of 20,000 is known to 0.5 %.
    expect(Math.abs(found.se / Math.sqrt(variance) - 1)).toBeLessThan(0.015);
    expect(found.blockLength).toBe(6);
  });

  test("covers an autoregression's mean as its known shortfall says; single entries drawn do not", () => {
    const [phi, n, studies] = [0.5, 500, 300];
    let [blocks, singles] = [0, 0];
    for (let study = 0; study < studies; study++) {
      const series = autoregression(phi, n, "coverage", study);
      const of = (blockLength?: number) =>
        blockBootstrap({
          series,
          statistic: mean,
          replicates: 150,
          seed: study,
          name: "coverage",
          ...(blockLength !== undefined && { blockLength }),
        })!;
      const [block, single] = [of(), of(1)];
      if (Math.abs(block.value) < 1.645 * block.se) blocks++;
      if (Math.abs(single.value) < 1.645 * single.se) singles++;
    }
    // b = 9.6 keeps 87 % of the variance: (1 + φq)/(1 − φq) over (1 + φ)/(1 − φ), q = 1 − 1/b. So 90 % comes to 87.6 %.
    expect(Math.abs(blocks / studies - 0.876)).toBeLessThan(3 * Math.sqrt((0.876 * 0.124) / studies));
    // Without blocks errors are short by √3: 65.8 %.
    expect(Math.abs(singles / studies - 0.658)).toBeLessThan(3 * Math.sqrt((0.658 * 0.342) / studies));
  });

  test("draws the same again, counts what cannot be computed, and refuses what it must", () => {
    const series = autoregression(0.5, 40, "again");
    const input = { series, statistic: mean, replicates: 30, seed: 4, name: "again" };
    expect(blockBootstrap(input)).toEqual(blockBootstrap(input));
    const least = series.toSorted()[10]!;
    const some = blockBootstrap({
      ...input,
      series: series.toSorted().toReversed(),
      replicates: 100,
      statistic: (x) => (x[0]! < least ? undefined : x[0]!),
    })!;
    expect(some.failed + some.replicates.length).toBe(100);
    // Ten of forty are too small.
    expect(Math.abs(some.failed - 25)).toBeLessThan(3 * Math.sqrt(100 * 0.25 * 0.75));
    expect(blockBootstrap({ ...input, statistic: () => undefined })).toBeUndefined();
    expect(blockBootstrap({ ...input, series: new Float64Array(20) })).toBeUndefined();
    expect(() => blockBootstrap({ ...input, replicates: 5 })).toThrow(/20 replicates or more, got 5/);
    expect(() => blockBootstrap({ ...input, blockLength: 0.5 })).toThrow(/1 or more, got 0.5/);
    expect(() => blockBootstrap({ ...input, series: [Number.NaN, ...series] })).toThrow(/number 0 is NaN/);
  });
});

describe("the bootstrap of known blocks", () => {
  const of = (blocks: readonly number[], replicates = 4000, seed = 5) =>
    knownBlocksBootstrap({
      groups: [blocks.length],
      statistic: ([chosen]) => [chosen!.reduce((sum, i) => sum + blocks[i]!, 0) / chosen!.length],
      replicates,
      seed,
      name: "blocks",
    });

  test("gives a mean its unbiased standard error s/√n, of two blocks as of twenty", () => {
    for (const n of [2, 5, 20]) {
      const blocks = [...stream(81, "blocks", n).normals(new Float64Array(n))];
      const [, sd] = meanAndSd(blocks);
      // 4,000 resamples tell a standard deviation to 1.1 %.
      expect(Math.abs(of(blocks)!.se[0]! / (sd / Math.sqrt(n)) - 1)).toBeLessThan(0.05);
    }
  });

  test("draws groups apart: variances of their means add up, and a group of one block has no say", () => {
    const [ones, others] = [
      [1, 4, 2, 9],
      [3, -1, 5],
    ] as const;
    const average = (chosen: readonly number[], list: readonly number[]): number =>
      chosen.reduce((sum, i) => sum + list[i]!, 0) / chosen.length;
    const found = knownBlocksBootstrap({
      groups: [4, 3, 1],
      statistic: ([a, b, c]) => [average(a!, ones), average(a!, ones) + average(b!, others) + c!.length],
      replicates: 4000,
      seed: 6,
      name: "groups",
    })!;
    const [x, y] = [meanAndSd(ones)[1] ** 2 / 4, meanAndSd(others)[1] ** 2 / 3];
    expect(found.se[0]! ** 2 / x).toBeCloseTo(1, 1);
    expect(found.se[1]! ** 2 / (x + y)).toBeCloseTo(1, 1);
  });

  test("says nothing where most resamples cannot be computed, and is the same again for the same seed", () => {
    const rarely = knownBlocksBootstrap({
      groups: [3],
      statistic: ([chosen]) => (chosen![0] === 0 ? [1] : undefined),
      replicates: 300,
      seed: 7,
      name: "rarely",
    });
    expect(rarely).toBeUndefined();
    expect(of([1, 2, 4], 50)).toEqual(of([1, 2, 4], 50));
    expect(of([1, 2, 4], 50)).not.toEqual(of([1, 2, 4], 50, 6));
    expect(() => of([], 50)).toThrow(/one or more, got 0/);
    expect(() => of([1, 2], 5)).toThrow(/20 replicates or more, got 5/);
  });
});
