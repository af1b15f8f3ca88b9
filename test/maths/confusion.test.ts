// test/maths · Confusion: shares recovered through known labellers at the stated coverage, and silence where labels tell nothing.
import { describe, expect, test } from "vitest";
import { binaryPrevalence, type ClassPrevalence, classPrevalence } from "../../src/maths/confusion.ts";
import { type Stream, stream } from "../../src/maths/random.ts";

function multinomial(n: number, law: readonly number[], draws: Stream): number[] {
  let [left, mass] = [n, 1];
  return law.map((p, k) => {
    const count = k === law.length - 1 ? left : draws.binomial(left, Math.min(1, Math.max(0, p / mass)));
    left -= count;
    mass -= p;
    return count;
  });
}

const coverageOf = (inside: number, studies: number, level: number): void =>
  expect(Math.abs(inside / studies - level)).toBeLessThan(3 * Math.sqrt((level * (1 - level)) / studies));

describe("two classes", () => {
  test.each([
    ["a fair labeller", 0.3, 0.8, 0.9, [500, 80, 120]],
    ["a rare class", 0.05, 0.9, 0.95, [600, 60, 200]],
    ["small calibrations", 0.4, 0.75, 0.8, [300, 40, 40]],
  ] as [string, number, number, number, [number, number, number]][])(
    "the interval covers: %s",
    (name, prevalence, se, sp, [n, nSe, nSp]) => {
      const studies = 2000;
      let [inside, plain, sum] = [0, 0, 0];
      for (let study = 0; study < studies; study++) {
        const draws = stream(91, name, study);
        const positive = draws.binomial(n, prevalence * se + (1 - prevalence) * (1 - sp));
        const found = binaryPrevalence(
          { positive, labelled: n },
          { right: draws.binomial(nSe, se), of: nSe },
          { right: draws.binomial(nSp, sp), of: nSp },
          0.95,
        );
        expect(found.kind).toBe("measured");
        if (found.kind === "refused") continue;
        if (found.low <= prevalence && prevalence <= found.high) inside++;
        // The labels' error alone.
        const p = positive / n;
        if (Math.abs(found.unconstrained - prevalence) * found.youden < 1.96 * Math.sqrt((p * (1 - p)) / n)) plain++;
        sum += found.unconstrained;
      }
      coverageOf(inside, studies, 0.95);
      expect(plain / studies).toBeLessThan(0.9);
    },
  );

  test("by hand: 40 of 100 labelled, sensitivity 18/20, specificity 24/30", () => {
    const found = binaryPrevalence({ positive: 40, labelled: 100 }, { right: 18, of: 20 }, { right: 24, of: 30 }, 0.95);
    expect(found).toMatchObject({ kind: "measured" });
    expect(found).toHaveProperty("value", expect.closeTo(0.2 / 0.7, 14));
    expect(found).toHaveProperty("youden", expect.closeTo(0.7, 14));
  });

  test("fewer labels than errors: the value is 0, and what it was is told", () => {
    const found = binaryPrevalence(
      { positive: 5, labelled: 100 },
      { right: 90, of: 100 },
      { right: 90, of: 100 },
      0.95,
    );
    expect(found).toMatchObject({ kind: "measured", value: 0, low: 0 });
    expect(found).toHaveProperty("unconstrained", expect.closeTo(-0.05 / 0.8, 12));
  });

  test("a labeller not told from a coin is refused, and so is none", () => {
    const labels = { positive: 40, labelled: 100 };
    const of = (se: number, sp: number, n: number) =>
      binaryPrevalence(labels, { right: se, of: n }, { right: sp, of: n }, 0.95);
    expect(of(10, 9, 20)).toMatchObject({ kind: "refused", why: expect.stringMatching(/not told from a coin/) });
    // 0.2 above 1 is not enough from 20 each, and is from 200 each.
    expect(of(12, 12, 20).kind).toBe("refused");
    expect(of(120, 120, 200).kind).toBe("measured");
    expect(of(2, 2, 20).kind).toBe("refused");
    expect(of(0, 0, 0)).toMatchObject({ kind: "refused", why: expect.stringMatching(/must each have been counted/) });
    expect(() => of(3, 0, 2)).toThrow(/got 3 of 2/);
  });
});

const theta = [
  [0.85, 0.1, 0.05],
  [0.1, 0.8, 0.1],
  [0.05, 0.15, 0.8],
];
const labelLaw = (shares: readonly number[]): number[] =>
  shares.map((_, j) => shares.reduce((sum, share, i) => sum + share * theta[i]![j]!, 0));
const measured = (found: ReturnType<typeof classPrevalence>): ClassPrevalence => {
  if (found.kind === "refused") throw new Error(found.why);
  return found;
};

describe("K classes", () => {
  test.each([
    ["even", [0.5, 0.3, 0.2], [80, 80, 80]],
    ["one class absent", [0.7, 0.3, 0], [100, 100, 60]],
    ["few calibrated", [0.6, 0.3, 0.1], [30, 30, 30]],
  ] as [string, number[], number[]][])("the intervals cover the true shares: %s", (name, shares, rows) => {
    const studies = 300;
    const inside = shares.map(() => 0);
    const plain = shares.map(() => 0);
    for (let study = 0; study < studies; study++) {
      const draws = stream(92, name, study);
      const labels = multinomial(400, labelLaw(shares), draws);
      const calibration = theta.map((row, i) => multinomial(rows[i]!, row, draws));
      const input = { labels, calibration, level: 0.9, replicates: 200, seed: study, name };
      // Calibrated without error, which it was not.
      const certain = { ...input, calibration: calibration.map((row) => row.map((count) => 10_000 * count)) };
      measured(classPrevalence(input)).classes.forEach(({ low, high }, i) => {
        if (low <= shares[i]! && shares[i]! <= high) inside[i]!++;
      });
      measured(classPrevalence(certain)).classes.forEach(({ low, high }, i) => {
        if (low <= shares[i]! && shares[i]! <= high) plain[i]!++;
      });
    }
    // With a class absent the others' intervals cover 88.5 % (of 1,500 studies): resampling is a little short at the simplex's edge.
    for (const i of [0, 1]) coverageOf(inside[i]!, studies, shares[2] === 0 ? 0.885 : 0.9);
    expect(inside[2]! / studies).toBeGreaterThan(0.9 - 3 * Math.sqrt(0.09 / studies));
    expect(plain[0]! / studies).toBeLessThan(0.85);
  });

  test("of two is Rogan & Gladen's, and at the edge its nearest possible", () => {
    for (const positive of [5, 40]) {
      const found = measured(
        classPrevalence({
          labels: [positive, 100 - positive],
          calibration: [
            [90, 10],
            [15, 85],
          ],
          level: 0.95,
          replicates: 400,
          seed: 1,
          name: "two",
        }),
      );
      const binary = binaryPrevalence(
        { positive, labelled: 100 },
        { right: 90, of: 100 },
        { right: 85, of: 100 },
        0.95,
      );
      expect(found.classes[0]!.value).toBeCloseTo(binary.kind === "measured" ? binary.value : Number.NaN, 9);
      expect(found.determinant).toBeCloseTo(0.75, 12);
      expect(found.classes[0]!.value + found.classes[1]!.value).toBeCloseTo(1, 12);
    }
  });

  test("is the most likely point of the simplex where no shares give the labels exactly", () => {
    const labels = [70, 29, 1];
    const calibration = theta.map((row) => row.map((p) => Math.round(100 * p)));
    const input = { labels, calibration, level: 0.9, replicates: 200, seed: 2, name: "edge" };
    const { classes } = measured(classPrevalence(input));
    const logLikelihood = (shares: readonly number[]): number =>
      labels.reduce((sum, count, j) => sum + count * Math.log(labelLaw(shares)[j]!), 0);
    const best = logLikelihood(classes.map(({ value }) => value));
    for (let a = 0; a <= 200; a++)
      for (let b = 0; a + b <= 200; b++)
        expect(logLikelihood([a / 200, b / 200, (200 - a - b) / 200])).toBeLessThanOrEqual(best + 1e-6);
    expect(classes[2]!.value).toBe(0);
    expect(classPrevalence(input)).toEqual(classPrevalence(input));
  });

  test("refuses a labeller that mixes two classes up, and what was not calibrated", () => {
    const of = (calibration: number[][], labels = [50, 30, 20]) =>
      classPrevalence({ labels, calibration, level: 0.95, replicates: 200, seed: 3, name: "refused" });
    const why = (pattern: RegExp) => ({ kind: "refused", why: expect.stringMatching(pattern) });
    expect(
      of([
        [90, 5, 5],
        [10, 45, 45],
        [10, 44, 46],
      ]),
    ).toMatchObject(why(/not told from ones that mix classes up/));
    expect(
      of([
        [9, 1, 0],
        [0, 0, 0],
        [0, 1, 9],
      ]),
    ).toMatchObject(why(/class 1 was never calibrated/));
    expect(
      of([
        [9, 1, 0],
        [1, 9, 0],
        [1, 9, 0],
      ]),
    ).toMatchObject(why(/label 2 was given, but never in calibration/));
    expect(
      of(
        [
          [9, 1, 0],
          [1, 9, 0],
          [0, 1, 9],
        ],
        [0, 0, 0],
      ),
    ).toMatchObject(why(/nothing was labelled/));
    expect(() =>
      of([
        [9, 1],
        [1, 9],
      ]),
    ).toThrow(/3 labels need a calibration of 3 rows of 3/);
    expect(() =>
      of([
        [9, 1, 0],
        [1, 9.5, 0],
        [0, 1, 9],
      ]),
    ).toThrow(/whole counts/);
  });
});
