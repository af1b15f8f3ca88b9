// test/maths · Group-sequential limits against printed tables, against simulated paths, and against whoever stops when it suits him.
import { describe, expect, test } from "vitest";
import { firstCrossings, powerSpent, spendingLimits } from "../../src/maths/group-sequential.ts";
import { stream } from "../../src/maths/random.ts";
import { normalCdf, normalQuantile } from "../../src/maths/special.ts";
import { studentHalfWidth } from "../../src/maths/student.ts";

const even = (looks: number): number[] => Array.from({ length: looks }, (_, k) => (k + 1) / looks);
/** As studies are judged: each look adds as many problems as there are. */
const doubling = (looks: number): number[] => Array.from({ length: looks }, (_, k) => 2 ** (k + 1 - looks));
const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
const limits = (information: readonly number[], spent: (t: number) => number): number[] =>
  spendingLimits(information, information.map(spent)).map(({ boundary }) => boundary);

/** Limits of one shape whose constant is printed: the constant at which all looks together cross with chance α. */
function constant(looks: number, alpha: number, shape: (k: number) => number): number {
  let [low, high] = [1, 5];
  for (let round = 0; round < 40; round++) {
    const middle = (low + high) / 2;
    const boundaries = even(looks).map((_, k) => middle * shape(k + 1));
    if (sum(firstCrossings(even(looks), boundaries)) > alpha) low = middle;
    else high = middle;
  }
  return low;
}

/** Whether the paths of Z at these looks did something; z-scores of counts are against `expected`. */
function counted(
  name: string,
  information: readonly number[],
  paths: number,
  did: (z: Float64Array) => number | undefined,
): number[] {
  const draws = stream(1, `test/maths/group-sequential/${name}`);
  const steps = information.map((t, k) => Math.sqrt(t - (information[k - 1] ?? 0)));
  const counts = information.map(() => 0);
  const z = new Float64Array(information.length);
  for (let path = 0; path < paths; path++) {
    let b = 0;
    for (let k = 0; k < z.length; k++) {
      b += steps[k]! * draws.normal();
      z[k] = b / Math.sqrt(information[k]!);
    }
    const at = did(z);
    if (at !== undefined) counts[at]!++;
  }
  return counts;
}
const zScore = (count: number, of: number, p: number): number => (count - of * p) / Math.sqrt(of * p * (1 - p));
const firstBeyond = (z: Float64Array, boundaries: readonly number[]): number | undefined => {
  const at = z.findIndex((one, k) => Math.abs(one) >= boundaries[k]!);
  return at < 0 ? undefined : at;
};

describe("limits of looks", () => {
  test("are Pocock's and O'Brien and Fleming's where looks have those shapes (Jennison & Turnbull 2000, tables 2.1 and 2.3)", () => {
    const printed: [number, number, number, number][] = [
      [0.01, 2, 2.772, 2.58],
      [0.01, 3, 2.873, 2.595],
      [0.05, 2, 2.178, 1.977],
      [0.05, 3, 2.289, 2.004],
      [0.05, 5, 2.413, 2.04],
      [0.1, 2, 1.875, 1.678],
      [0.1, 3, 1.992, 1.71],
      [0.1, 5, 2.122, 1.751],
    ];
    for (const [alpha, looks, pocock, fleming] of printed) {
      expect(constant(looks, alpha, () => 1)).toBeCloseTo(pocock, 3);
      expect(constant(looks, alpha, (k) => Math.sqrt(looks / k))).toBeCloseTo(fleming, 3);
    }
  });

  test("are Lan and DeMets' where that is spent (five even looks, α 0.05: their own program's output)", () => {
    const fleming = limits(even(5), (t) => 4 * normalCdf(normalQuantile(0.0125) / Math.sqrt(t)));
    for (const [k, c] of [4.8769, 3.357, 2.6803, 2.2898, 2.031].entries()) expect(fleming[k]).toBeCloseTo(c, 3);
    const pocock = limits(even(5), (t) => 0.05 * Math.log(1 + (Math.E - 1) * t));
    for (const [k, c] of [2.438, 2.4268, 2.4101, 2.3966, 2.3859].entries()) expect(pocock[k]).toBeCloseTo(c, 3);
  });

  test("of two looks are those of the bivariate normal law, integrated without recursion", () => {
    const [t, alpha] = [0.3, 0.1];
    const [first, second] = limits([t, 1], (share) => powerSpent(alpha, 2, share)) as [number, number];
    expect(2 * normalCdf(-first)).toBeCloseTo(alpha * t * t, 12);
    // P(|Z1| < c1, |Z2| ≥ c2) by Simpson's rule over z1, Z2 given z1 being normal with mean √t z1 and variance 1 − t.
    const n = 2000;
    const beyond = (z: number): number =>
      normalCdf((Math.sqrt(t) * z - second) / Math.sqrt(1 - t)) +
      normalCdf((-Math.sqrt(t) * z - second) / Math.sqrt(1 - t));
    let total = 0;
    for (let i = 0; i <= n; i++) {
      const z = -first + (2 * first * i) / n;
      const weight = i === 0 || i === n ? 1 : i % 2 === 1 ? 4 : 2;
      total += (((weight * 2 * first) / n / 3) * Math.exp((-z * z) / 2) * beyond(z)) / Math.sqrt(2 * Math.PI);
    }
    expect(total).toBeCloseTo(alpha * (1 - t * t), 10);
  });

  test("spend at each look what they are told to, on a million simulated paths", () => {
    const paths = 1e6;
    for (const [information, rho] of [
      [doubling(3), 2],
      [[0.2, 0.35, 0.9, 1], 1],
    ] as const) {
      const spent = information.map((t) => powerSpent(0.1, rho, t));
      const boundaries = limits(information, (t) => powerSpent(0.1, rho, t));
      const counts = counted(`spent ${rho}`, information, paths, (z) => firstBeyond(z, boundaries));
      for (const [k, count] of counts.entries())
        expect(Math.abs(zScore(count, paths, spent[k]! - (spent[k - 1] ?? 0)))).toBeLessThan(4);
      expect(Math.abs(zScore(sum(counts), paths, 0.1))).toBeLessThan(4);
    }
  });

  test("add up to α for one look, six looks, and looks that hardly differ", () => {
    for (const information of [[1], [0.4], doubling(6), even(10), [0.5, 0.999, 1], [0.01, 0.9999, 1]]) {
      const boundaries = limits(information, (t) => powerSpent(0.05, 2, t));
      const end = powerSpent(0.05, 2, information.at(-1)!);
      expect(sum(firstCrossings(information, boundaries)) / end).toBeCloseTo(1, 9);
    }
    expect(limits([1], () => 0.05)[0]).toBeCloseTo(normalQuantile(0.975), 10);
  });

  test("are refused where information or spending does not rise", () => {
    expect(() => spendingLimits([0.5, 0.5], [0.01, 0.02])).toThrow(/information rises .* got 0.5, 0.5/);
    expect(() => spendingLimits([0.5, 1.1], [0.01, 0.02])).toThrow(/information rises/);
    expect(() => spendingLimits([0.5, 1], [0.02, 0.02])).toThrow(/spending rises/);
    expect(() => spendingLimits([], [])).toThrow(/information rises/);
    expect(() => spendingLimits([0.5, 1], [0.02])).toThrow(/2 looks spend 2 times, got 1/);
    expect(() => firstCrossings([0.5, 1], [2, 0])).toThrow(/limits above 0, got 2, 0/);
    expect(() => powerSpent(1, 2, 0.5)).toThrow(/in \(0, 1\), got 1/);
    expect(() => powerSpent(0.1, 0, 0.5)).toThrow(/above 0, got 0/);
    expect(() => powerSpent(0.1, 2, 2)).toThrow(/in \[0, 1\], got 2/);
  });
});

describe("an interval at each look with that look's level, for a plain mean", () => {
  const information = doubling(3);
  const boundaries = limits(information, (t) => powerSpent(0.1, 2, t));
  const paths = 4e5;

  test("holds 90 % of the time for whoever stops as soon as it misses, and no less for anybody else", () => {
    const missed = counted("adversary", information, paths, (z) => firstBeyond(z, boundaries));
    expect(Math.abs(zScore(sum(missed), paths, 0.1))).toBeLessThan(4);
    // Whoever stops once 0 is excluded where the mean is one standard error of the last look above it.
    const shift = information.map((t) => Math.sqrt(t));
    const significant = counted("significance", information, paths, (z) => {
      const found = z.findIndex((one, k) => one + shift[k]! >= boundaries[k]!);
      const at = found < 0 ? z.length - 1 : found;
      return Math.abs(z[at]!) >= boundaries[at]! ? at : undefined;
    });
    expect(sum(significant) / paths).toBeLessThan(0.1);
    // With one look's interval at every look the first of them would miss far more often.
    const plain = information.map(() => normalQuantile(0.95));
    expect(sum(counted("plain", information, paths, (z) => firstBeyond(z, plain))) / paths).toBeGreaterThan(0.17);
  });

  test("holds where a look comes early, its block not asked to its end, and where an experiment is asked no further", () => {
    // In the middle of the third block; and nothing of it, judged again as of the third look.
    for (const last of [0.75, 0.5 + 1e-9]) {
      const missed = counted(`early ${last}`, [0.25, 0.5, last], paths, (z) => firstBeyond(z, boundaries));
      expect(sum(missed) / paths).toBeLessThan(0.1);
    }
  });

  test("holds for a mean of few problems with Student's limits, to one in a hundred", () => {
    // What the ledger does: 20, 40 and 80 problems, an interval with that look's level and its own standard error, and the worst look counts.
    const draws = stream(2, "test/maths/group-sequential/student");
    const sizes = [20, 40, 80];
    const levels = spendingLimits(
      information,
      information.map((t) => powerSpent(0.1, 2, t)),
    ).map(({ nominal }) => 1 - nominal);
    const widths = sizes.map((size, k) => studentHalfWidth(levels[k]!, size - 1));
    const studies = 2e4;
    let missed = 0;
    for (let study = 0; study < studies; study++) {
      let [n, total, squares] = [0, 0, 0];
      let any = false;
      for (const [k, size] of sizes.entries()) {
        for (; n < size; n++) {
          const one = draws.normal();
          total += one;
          squares += one * one;
        }
        const mean = total / n;
        const se = Math.sqrt((squares / n - mean * mean) / (n - 1));
        any ||= Math.abs(mean) > widths[k]! * se;
      }
      if (any) missed++;
    }
    expect(Math.abs(missed / studies - 0.1)).toBeLessThan(0.01);
  });
});
