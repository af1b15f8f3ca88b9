// test/maths · Weights: diagnostics worked out by hand, the law of Kish's size for log-normal weights, and the mean-one test's level.
import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { meanOneTest, weightDiagnostics } from "../../src/maths/weights.ts";

const never = Number.NEGATIVE_INFINITY;

describe("the diagnostics", () => {
  test("of 1, 2, 3, 0 by hand", () => {
    const found = weightDiagnostics([0, Math.log(2), Math.log(3), never])!;
    expect(found.logMean).toBeCloseTo(Math.log(6 / 4), 14);
    expect(found.effective).toBeCloseTo(36 / 14, 13);
    expect(found.largestShare).toBeCloseTo(1 / 2, 14);
    // Variance of 1, 2, 3, 0 is 5/3.
    expect(found.relativeError).toBeCloseTo(Math.sqrt(5 / 3 / 4) / 1.5, 14);
    expect(found.zeros).toBe(1);
  });

  test("do not depend on the scale, at e^±2000", () => {
    const logs = Float64Array.from({ length: 50 }, (_, i) => Math.sin(i));
    const here = weightDiagnostics(logs)!;
    for (const shift of [-2000, 2000]) {
      const there = weightDiagnostics(logs.map((own) => own + shift))!;
      expect(there.logMean - shift).toBeCloseTo(here.logMean, 10);
      for (const key of ["effective", "largestShare", "relativeError"] as const)
        expect(there[key]).toBeCloseTo(here[key]!, 10);
    }
  });

  test("Kish's size of log-normal weights is n e^{−s²}", () => {
    const draws = stream(41, "kish");
    const logs = draws.normals(new Float64Array(200_000)).map((z) => 0.7 * z);
    // Its relative error over 200,000 draws: the relative spread of w² is √(e^{4 · 0.49} − 1) = 2.5, hence about 0.6 %.
    expect(Math.abs(weightDiagnostics(logs)!.effective / (200_000 * Math.exp(-0.49)) - 1)).toBeLessThan(0.02);
  });

  test("nothing from nothing", () => {
    expect(weightDiagnostics([never, never])).toBeUndefined();
    expect(weightDiagnostics([3])).toEqual({ logMean: 3, effective: 1, largestShare: 1, zeros: 0 });
    expect(() => weightDiagnostics([])).toThrow(/need a weight/);
    expect(() => weightDiagnostics([0, Number.NaN])).toThrow(/number 1 is NaN/);
  });
});

describe("the mean-one test", () => {
  test("rejects true weights at its level, and wrong ones nearly always", () => {
    const studies = 2000;
    let [right, wrong] = [0, 0];
    for (let study = 0; study < studies; study++) {
      const draws = stream(42, "mean one", study);
      // log p/q of two unit normals 0.2 apart: log-normal with mean 1.
      const logs = draws.normals(new Float64Array(400)).map((z) => 0.2 * z - 0.02);
      if (meanOneTest(logs)!.p < 0.1) right++;
      if (meanOneTest(logs.map((own) => own + 0.05))!.p < 0.1) wrong++;
    }
    expect(Math.abs(right / studies - 0.1)).toBeLessThan(3 * Math.sqrt((0.1 * 0.9) / studies));
    // A mean of e^{0.05} is 5 standard errors away.
    expect(wrong / studies).toBeGreaterThan(0.98);
  });

  test("by hand, and at scales where 1 is out of sight", () => {
    // 1.5 ± √(5/12)
    const { z, p } = meanOneTest([0, Math.log(2), Math.log(3), never])!;
    expect(z).toBeCloseTo(0.5 / Math.sqrt(5 / 12), 13);
    expect(p).toBeCloseTo(0.4386, 4);
    const tiny = meanOneTest([-1000, -1001])!;
    expect(tiny.z).toBeLessThan(-1e290);
    expect(Number.isFinite(tiny.z)).toBe(true);
    expect(tiny.p).toBe(0);
    expect(meanOneTest([1000, 1001])!.z).toBeCloseTo((1 + Math.exp(-1)) / (1 - Math.exp(-1)), 10);
    expect(meanOneTest([0.3, 0.3])).toBeUndefined();
    expect(meanOneTest([0])).toBeUndefined();
    expect(meanOneTest([never, never])).toBeUndefined();
  });
});
