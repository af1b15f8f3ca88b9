// test/maths · Confusion: shares recovered through known labellers at the stated coverage, and silence where labels tell nothing.
import { describe, expect, test } from "vitest";
import { type ClassPrevalence, classPrevalence } from "../../src/maths/confusion.ts";
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

/** Items that have nothing to do with each other. */
const each = (counts: readonly number[]): number[][] =>
  counts.flatMap((count, j) => Array.from({ length: count }, () => counts.map((_, i) => (i === j ? 1 : 0))));
const holds = ({ low, high }: { low: number; high: number }, truth: number): boolean => low <= truth && truth <= high;

const theta = [
  [0.85, 0.1, 0.05],
  [0.1, 0.8, 0.1],
  [0.05, 0.15, 0.8],
];
const labelLaw = (shares: readonly number[], law: readonly (readonly number[])[] = theta): number[] =>
  law[0]!.map((_, j) => shares.reduce((sum, share, i) => sum + share * law[i]![j]!, 0));
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
      const labels = each(multinomial(400, labelLaw(shares), draws));
      const calibration = theta.map((row, i) => multinomial(rows[i]!, row, draws));
      const input = { groups: [{ labels, calibration }], level: 0.9, replicates: 200, seed: study, name };
      // Calibrated without error, which it was not.
      const sure = calibration.map((row) => row.map((count) => 10_000 * count));
      const certain = { ...input, groups: [{ labels, calibration: sure }] };
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

  test.each([
    ["thirty problems", 30],
    ["ten problems", 10],
  ] as [string, number][])(
    "problems differ, and some labels name nothing: shares, and right ones of a class, are covered: %s",
    (name, problems) => {
      const [drawn, level, studies] = [16, 0.9, 300];
      // The labeller is worse on wrong work, and then says nothing more often.
      const laws = [
        [
          [0.9, 0.06, 0.04],
          [0.1, 0.85, 0.05],
        ],
        [
          [0.7, 0.15, 0.15],
          [0.1, 0.65, 0.25],
        ],
      ];
      // A problem's share of the first way is Beta(1.5, 3.5), 0.3 on average; that way is right in 0.8, the other in 0.4.
      const truth = { share: 0.3, right: [0.8, 0.4] };
      const inside = { share: 0, first: 0, second: 0 };
      for (let study = 0; study < studies; study++) {
        const draws = stream(93, name, study);
        const [right, wrong]: [number[][], number[][]] = [[], []];
        for (let problem = 0; problem < problems; problem++) {
          const share = draws.beta(1.5, 3.5);
          const ways = multinomial(drawn, [share, 1 - share], draws);
          const rights = ways.map((of, i) => draws.binomial(of, truth.right[i]!));
          const labelled = (of: readonly number[], law: readonly (readonly number[])[]): number[] =>
            of
              .map((count, i) => multinomial(count, law[i]!, draws))
              .reduce((sum, row) => sum.map((own, j) => own + row[j]!));
          right.push(labelled(rights, laws[0]!));
          wrong.push(
            labelled(
              ways.map((of, i) => of - rights[i]!),
              laws[1]!,
            ),
          );
        }
        const groups = [right, wrong].map((labels, g) => ({
          labels,
          calibration: laws[g]!.map((row) => multinomial(50, row, draws)),
        }));
        const { classes } = measured(classPrevalence({ groups, level, replicates: 200, seed: study, name }));
        if (holds(classes[0]!, truth.share)) inside.share++;
        if (holds(classes[0]!.ofFirst!, truth.right[0]!)) inside.first++;
        if (holds(classes[1]!.ofFirst!, truth.right[1]!)) inside.second++;
      }
      for (const count of Object.values(inside))
        expect(Math.abs(count / studies - level)).toBeLessThan(3 * Math.sqrt((level * (1 - level)) / studies));
    },
  );

  test("of two is Rogan & Gladen's: (p + Sp − 1) / (Se + Sp − 1), moved into [0, 1]", () => {
    for (const positive of [5, 40]) {
      const labels = each([positive, 100 - positive]);
      const calibration = [
        [90, 10],
        [15, 85],
      ];
      const groups = [{ labels, calibration }];
      const found = measured(classPrevalence({ groups, level: 0.95, replicates: 400, seed: 1, name: "two" }));
      expect(found.classes[0]!.value).toBeCloseTo(Math.max(0, (positive / 100 + 0.85 - 1) / 0.75), 9);
      expect(found.determinant).toBeCloseTo(0.75, 12);
      expect(found.classes[0]!.value + found.classes[1]!.value).toBeCloseTo(1, 12);
    }
  });

  test("is the most likely point of the simplex where no shares give the labels exactly", () => {
    const labels = [70, 29, 1];
    const calibration = theta.map((row) => row.map((p) => Math.round(100 * p)));
    const groups = [{ labels: each(labels), calibration }];
    const input = { groups, level: 0.9, replicates: 200, seed: 2, name: "edge" };
    const { classes } = measured(classPrevalence(input));
    const logLikelihood = (shares: readonly number[]): number =>
      labels.reduce((sum, count, j) => sum + count * Math.log(labelLaw(shares)[j]!), 0);
    const best = logLikelihood(classes.map(({ value }) => value));
    for (let a = 0; a <= 200; a++)
      for (let b = 0; a + b <= 200; b++)
        expect(logLikelihood([a / 200, b / 200, (200 - a - b) / 200])).toBeLessThanOrEqual(best + 1e-6);
    expect(classes[2]!.value).toBe(0);
    expect(classPrevalence(input)).toEqual(classPrevalence(input));
    const turned = [{ labels: groups[0]!.labels.toReversed(), calibration }];
    expect(classPrevalence({ ...input, groups: turned })).toEqual(classPrevalence(input));
  });

  const of = (calibration: number[][], labels: number[][] = each([50, 30, 20])) =>
    classPrevalence({ groups: [{ labels, calibration }], level: 0.95, replicates: 200, seed: 3, name: "refused" });
  const why = (pattern: RegExp) => ({ kind: "refused", why: expect.stringMatching(pattern) });
  const GOOD = [
    [9, 1, 0],
    [1, 9, 0],
    [0, 1, 9],
  ];

  test("refuses a labeller that mixes two classes up, and what was not calibrated", () => {
    expect(
      of([
        [90, 5, 5],
        [10, 45, 45],
        [10, 44, 46],
      ]),
    ).toMatchObject(why(/not told from ones that mix classes up/));
    // Names that are exchanged tell classes apart, and are nobody's.
    expect(
      of(
        [
          [1, 29],
          [29, 1],
        ],
        each([50, 50]),
      ),
    ).toMatchObject(why(/not told from ones that mix classes up/));
    expect(of([[9, 1, 0], [0, 0, 0], GOOD[2]!])).toMatchObject(why(/class 1 was never calibrated/));
    expect(of([GOOD[0]!, GOOD[1]!, [1, 9, 0]])).toMatchObject(why(/label 2 was given, but never in calibration/));
    expect(of(GOOD, [[0, 0, 0]])).toMatchObject(why(/nothing was labelled/));
    expect(of(GOOD, [[50, 30, 20]])).toMatchObject(why(/in 1 clusters, too few/));
    expect(() =>
      of([
        [9, 1],
        [1, 9],
      ]),
    ).toThrow(/every row needs 2 labels/);
    expect(() => of([...GOOD.slice(1), [1, 9.5, 0]])).toThrow(/whole counts/);
    expect(() => of([[1], [2]], [[1]])).toThrow(/1 labels need a calibration/);
  });

  test("labels that name nothing count as little as the calibration says; such as it never saw are left out where they are few", () => {
    const two = [
      [24, 2, 4],
      [2, 24, 4],
    ];
    // Both classes are as often unreadable, so this says nothing of them.
    const [few, many] = [0, 40].map((none) => measured(of(two, each([60, 40, none]))));
    expect(many!.classes[0]!.value).toBeCloseTo(few!.classes[0]!.value, 6);
    expect(many!.determinant).toBeCloseTo((26 / 30) ** 2 - (4 / 30) ** 2, 12);
    const never = two.map(([a, b]) => [a!, b!, 0]);
    expect(measured(of(never, each([60, 40, 5]))).classes).toEqual(measured(of(never, each([60, 40, 0]))).classes);
    expect(of(never, each([60, 40, 9]))).toMatchObject(why(/label 2 was given, but never in calibration/));
  });
});
