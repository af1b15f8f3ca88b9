import { describe, expect, it } from "vitest";
import { pairedCells } from "../../src/maths/paired-cells.ts";
import { certifiedRuns, firstLossSet, pairedPassAtK } from "../../src/maths/paired-pass-at-k.ts";
import { passAtK } from "../../src/maths/pass-at-k.ts";
import { stream } from "../../src/maths/random.ts";
import { deepscalerCells } from "../support/deepscaler.ts";

const options = (draws = 40_000) => ({ level: 0.95, draws, stream: stream(1, "test/paired-pass-at-k") });

describe("on the DeepScaleR counts", () => {
  const curves = pairedPassAtK(deepscalerCells(), options());
  const at = (k: number): number => k - 1;

  it("pass@k and the paired standard error equal the published ones", () => {
    expect(Math.abs(curves.base[at(1)]! - 0.6041052476415094)).toBeLessThan(1e-12);
    expect(Math.abs(curves.later[at(1)]! - 0.6800633844339623)).toBeLessThan(1e-12);
    expect(Math.abs(curves.base[at(128)]! - 0.8905660377358491)).toBeLessThan(1e-12);
    expect(Math.abs(curves.later[at(128)]! - 0.870754716981132)).toBeLessThan(1e-12);
    expect(Math.abs(curves.band.se[at(1)]! - 0.004103778183680334)).toBeLessThan(1e-9);
    expect(Math.abs(curves.band.se[at(61)]! - 0.004836309383431604)).toBeLessThan(1e-9);
  });

  it("gains are certified for k = 1–10, losses for k = 61–128, and the first loss lies in [11, 61]", () => {
    // The published critical value, 2.5566, came from 4,000 draws of another stream; ours has ten times as many.
    expect(Math.abs(curves.band.critical - 2.5566)).toBeLessThan(0.03);
    expect(certifiedRuns(curves, 1)).toEqual([[1, 10]]);
    expect(certifiedRuns(curves, -1)).toEqual([[61, 128]]);
    expect(firstLossSet(curves)).toEqual({ low: 11, high: 61 });
  });

  it("clusters of one problem each change nothing", () => {
    const cells = deepscalerCells();
    const own = pairedPassAtK(cells, { ...options(100), clusters: Int32Array.from(cells.cellOf, (_, i) => i) });
    own.band.se.forEach((se, i) => expect(se).toBeCloseTo(curves.band.se[i]!, 12));
    expect(own.units).toBe(1060);
  });
});

describe("paired pass@k", () => {
  const cells = pairedCells({ c0: [0, 1, 3, 4], n0: [4, 4, 5, 4], c1: [2, 1, 6, 4], n1: [4, 8, 6, 4] });

  it("runs up to the smallest n and is the mean of the unbiased estimates", () => {
    const curves = pairedPassAtK(cells, options(100));
    expect([...curves.k]).toEqual([1, 2, 3, 4]);
    for (const k of curves.k) {
      const mean = (passAtK(0, 4, k) + passAtK(1, 4, k) + passAtK(3, 5, k) + passAtK(4, 4, k)) / 4;
      expect(curves.base[k - 1]).toBeCloseTo(mean, 14);
      expect(curves.difference[k - 1]).toBeCloseTo(curves.later[k - 1]! - curves.base[k - 1]!, 14);
    }
  });

  it("thins the grid beyond 512 and keeps the largest k", () => {
    const deep = pairedCells({ c0: [1, 5], n0: [2000, 2000], c1: [3, 1500], n1: [2000, 2000] });
    const { k } = pairedPassAtK(deep, { ...options(100), k: [777, 5000] });
    expect([...k]).toContain(777);
    expect(k.length).toBeLessThanOrEqual(513);
    expect([k[0], k[255], k.at(-1)]).toEqual([1, 256, 2000]);
  });

  it("refuses one sampling unit", () => {
    expect(() => pairedPassAtK(pairedCells({ c0: [1], n0: [2], c1: [2], n1: [2] }), options(10))).toThrow(RangeError);
  });

  it("leaves the first loss open above where none is certified, and undefined where none is possible", () => {
    const curves = pairedPassAtK(cells, options(100));
    const withBand = (low: number[], high: number[]) => ({
      ...curves,
      band: { ...curves.band, low: Float64Array.from(low), high: Float64Array.from(high) },
    });
    expect(firstLossSet(withBand([0.1, -0.1, -0.2, -0.2], [0.3, 0.2, 0.2, 0.1]))).toEqual({ low: 2 });
    expect(firstLossSet(withBand([0.1, 0.1, 0.1, 0.1], [0.3, 0.2, 0.2, 0.2]))).toBeUndefined();
    expect(certifiedRuns(withBand([0.1, -0.1, 0.2, 0.2], [0.3, 0.2, 0.3, 0.3]), 1)).toEqual([
      [1, 1],
      [3, 4],
    ]);
  });
});
