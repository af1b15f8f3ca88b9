import { describe, expect, it } from "vitest";
import { blendGain, scoreDifference, splitFolds } from "../../src/maths/held-out.ts";
import { pairedCells } from "../../src/maths/paired-cells.ts";
import { stream } from "../../src/maths/random.ts";

const c = Array.from({ length: 53 }, (_, i) => i % 7);
const n = c.map(() => 8);
const cells = pairedCells({ c0: c, n0: n, c1: c.map((v) => Math.min(8, v + 1)), n1: n });
const folds = splitFolds(cells, 5, stream(1, "test/held-out"));
const scores = (value: (cell: number, fold: number) => number) =>
  folds.held.map((held, fold) => held.map((_, cell) => value(cell, fold)));

describe("folds", () => {
  it("hold every problem out exactly once, in parts that differ by one at most", () => {
    const sizes = folds.held.map((held) => held.reduce((a, b) => a + b));
    expect(sizes.reduce((a, b) => a + b)).toBe(53);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    cells.multiplicity.forEach((m, cell) => {
      expect(folds.held.reduce((sum, held) => sum + held[cell]!, 0)).toBe(m);
      folds.fitted.forEach((fitted, fold) => expect(fitted[cell]! + folds.held[fold]![cell]!).toBe(m));
    });
  });
});

describe("score differences", () => {
  it("are the sum and √M times the standard deviation over problems", () => {
    const a = scores((cell, fold) => -1 - 0.1 * cell + 0.03 * fold);
    const b = scores((cell) => -1.2 - 0.05 * cell);
    const differences: number[] = [];
    folds.held.forEach((held, fold) =>
      held.forEach((m, cell) => differences.push(...new Array<number>(m).fill(a[fold]![cell]! - b[fold]![cell]!))),
    );
    const sum = differences.reduce((x, y) => x + y, 0);
    const variance = differences.reduce((s, d) => s + (d - sum / 53) ** 2, 0) / 52;
    const found = scoreDifference(folds, a, b);
    expect(found.value).toBeCloseTo(sum, 10);
    expect(found.se).toBeCloseTo(Math.sqrt(53 * variance), 10);
  });
});

describe("the blend gain", () => {
  const model = scores(() => Math.log(0.25));
  it("is zero where the richer model is nowhere better", () => {
    expect(
      blendGain(
        folds,
        model,
        scores(() => Math.log(0.2)),
      ),
    ).toEqual({ value: 0, se: 0, weight: 0 });
  });
  it("is the whole difference where the richer model is everywhere better", () => {
    const gain = blendGain(
      folds,
      model,
      scores(() => Math.log(0.5)),
    );
    expect(gain.value).toBeCloseTo(53 * Math.log(2), 8);
    expect(gain.weight).toBe(1);
  });
  it("finds what a richer model sees although it is worse as a whole", () => {
    const richer = scores((cell) => Math.log(cell === 0 ? 0.9 : 0.19));
    expect(scoreDifference(folds, richer, model).value).toBeLessThan(0);
    const gain = blendGain(folds, model, richer);
    expect(gain.value).toBeGreaterThan(0);
    expect(gain.weight).toBeLessThan(1);
  });
});
