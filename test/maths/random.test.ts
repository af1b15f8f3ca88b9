// test/maths · Streams against Philox's published answers, and draws against their exact laws at fixed seeds.
import { describe, expect, it } from "vitest";
import { binomialLogPmf } from "../../src/maths/distributions.ts";
import { philox, type Stream, stream } from "../../src/maths/random.ts";
import { betaCdf, normalCdf } from "../../src/maths/special.ts";

/** z score of a chi-squared statistic of observed against expected counts; cells expecting fewer than 10 are put together. */
function chiSquaredZ(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [statistic, cells, restObserved, restExpected] = [0, 0, 0, 0];
  const add = (o: number, e: number): void => {
    statistic += (o - e) ** 2 / e;
    cells++;
  };
  for (let i = 0; i < observed.length; i++) {
    if (expected[i]! >= 10) add(observed[i]!, expected[i]!);
    else {
      restObserved += observed[i]!;
      restExpected += expected[i]!;
    }
  }
  if (restExpected > 1) add(restObserved, restExpected);
  else if (restObserved > 10) return Number.POSITIVE_INFINITY;
  // Wilson & Hilferty (1931)
  const d = cells - 1;
  return (Math.cbrt(statistic / d) - (1 - 2 / (9 * d))) / Math.sqrt(2 / (9 * d));
}

/** Counts of u in `cells` equal cells of [0, 1], against equal expectations. */
function uniformZ(draws: number, cells: number, u: () => number): number {
  const counts = new Float64Array(cells);
  for (let i = 0; i < draws; i++) {
    const cell = Math.min(cells - 1, Math.floor(u() * cells));
    counts[cell] = counts[cell]! + 1;
  }
  return chiSquaredZ(counts, new Float64Array(cells).fill(draws / cells));
}

const first = (draws: Stream, count: number): number[] => Array.from({ length: count }, () => draws.uint32());

describe("Philox4x32-10", () => {
  it.each([
    [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [[0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff], "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    [[0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0], "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ] as [[number, number, number, number], [number, number], string][])(
    "gives Random123's known answer for counter %j",
    (counter, key, answer) => {
      const out = new Uint32Array(4);
      philox(...counter, ...key, out);
      expect([...out].map((word) => word.toString(16).padStart(8, "0")).join(" ")).toBe(answer);
    },
  );
});

describe("a stream", () => {
  it("is the same whenever it is asked for, and stays so from version to version", () => {
    expect(first(stream(7, "bootstrap", 3), 9)).toEqual(first(stream(7, "bootstrap", 3), 9));
    expect(first(stream(0, ""), 3)).toEqual([1406274672, 3889043329, 1062091172]);
    expect(first(stream(2 ** 53 - 1, "paired-sampling/band", 2 ** 32 - 1), 3)).toEqual([
      1069768070, 1746144239, 3391341496,
    ]);
  });

  it("differs by seed, name and index, and by every part of the name", () => {
    const names = [
      "",
      "a",
      "b",
      "ab",
      "ba",
      "abc",
      "ab\0",
      "a\0",
      "\0",
      "\0\0",
      "long name, long name, long name 1",
      "long name, long name, long name 2",
    ];
    const keys = [
      ...names.map((name) => [1, name, 0] as const),
      [2, "a", 0],
      [1 + 2 ** 32, "a", 0],
      [2 ** 40, "a", 0],
      [1, "a", 1],
      [1, "a", 2 ** 32 - 1],
    ] as const;
    const beginnings = keys.map(([seed, name, index]) => first(stream(seed, name, index), 2).join());
    expect(new Set(beginnings).size).toBe(keys.length);
  });

  it("has neighbours that know nothing of it", () => {
    let sum = 0;
    const n = 20_000;
    for (let i = 0; i < n; i++)
      sum += (stream(1, "x", i).uniform() - 0.5) * (stream(1, "x", i + 1).uniform() - 0.5) * 12;
    expect(Math.abs(sum / Math.sqrt(n))).toBeLessThan(4);
    let index = 0;
    expect(uniformZ(n, 50, () => stream(index++, "seed").uniform())).toBeLessThan(4);
  });

  it("names a seed or index that cannot be", () => {
    expect(() => stream(-1, "x")).toThrow("got -1");
    expect(() => stream(0.5, "x")).toThrow("got 0.5");
    expect(() => stream(1, "x", 2 ** 32)).toThrow("got 4294967296");
  });
});

describe("uniform draws", () => {
  it("fill their cells evenly, in the high and in the low bits", () => {
    const draws = stream(1, "uniform");
    expect(Math.abs(uniformZ(200_000, 256, () => draws.uniform()))).toBeLessThan(4);
    expect(Math.abs(uniformZ(200_000, 256, () => (draws.uniform() * 2 ** 45) % 1))).toBeLessThan(4);
    expect(Math.abs(uniformZ(200_000, 256, () => draws.open()))).toBeLessThan(4);
  });

  it("are whole multiples of 2⁻⁵³, and open draws are never 0 or 1", () => {
    const draws = stream(2, "uniform");
    let odd = 0;
    for (let i = 0; i < 1000; i++) {
      const whole = draws.uniform() * 2 ** 53;
      expect(Number.isInteger(whole)).toBe(true);
      odd += whole % 2;
    }
    expect(Math.abs(odd - 500)).toBeLessThan(70);
    // The extreme words, through the same arithmetic.
    const open = (high: number, low: number): number => ((high >>> 6) * 2 ** 26 + (low >>> 6) + 0.5) * 2 ** -52;
    expect(open(0xffffffff, 0xffffffff)).toBeLessThan(1);
    expect(open(0, 0)).toBeGreaterThan(0);
  });

  it("whole numbers below n are equally likely, for n that do not divide 2³² too", () => {
    for (const n of [2, 3, 10, 1000]) {
      const draws = stream(n, "integer");
      const counts = new Float64Array(n);
      for (let i = 0; i < 100_000; i++) {
        const k = draws.integer(n);
        counts[k] = counts[k]! + 1;
      }
      expect(Math.abs(chiSquaredZ(counts, new Float64Array(n).fill(100_000 / n)))).toBeLessThan(4);
    }
    // Without the rejection, multiples of three would come twice as often.
    const n = 3 * 2 ** 30;
    const draws = stream(5, "integer");
    let [low, most] = [0, 0];
    for (let i = 0; i < 30_000; i++) {
      const k = draws.integer(n);
      low += k % 3 === 0 ? 1 : 0;
      most = Math.max(most, k);
    }
    expect(Math.abs(low - 10_000) / Math.sqrt(30_000 * (2 / 9))).toBeLessThan(4);
    expect(most).toBeLessThan(n);
    expect(draws.integer(1)).toBe(0);
    expect(() => draws.integer(0)).toThrow("got 0");
  });

  it("shuffles reach every order equally often", () => {
    const draws = stream(3, "shuffle");
    const counts = new Map<string, number>();
    for (let i = 0; i < 48_000; i++) {
      const order = draws.shuffle([0, 1, 2, 3]).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    expect(Math.abs(chiSquaredZ([...counts.values()], new Float64Array(24).fill(2000)))).toBeLessThan(4);
    expect(draws.shuffle(Int32Array.of(5, 6, 7)).sort()).toEqual(Int32Array.of(5, 6, 7));
  });
});

describe("draws from named laws", () => {
  it("normals are normal into the tails, and each pair is independent", () => {
    const z = stream(4, "normal").normals(new Float64Array(400_000));
    let i = 0;
    expect(Math.abs(uniformZ(z.length, 500, () => normalCdf(z[i++]!)))).toBeLessThan(4);
    const beyond = z.filter((x) => Math.abs(x) > 4).length;
    const expected = z.length * 2 * normalCdf(-4);
    expect(Math.abs(beyond - expected) / Math.sqrt(expected)).toBeLessThan(4);
    let product = 0;
    for (let j = 0; j < z.length; j += 2) product += z[j]! * z[j + 1]!;
    expect(Math.abs(product) / Math.sqrt(z.length / 2)).toBeLessThan(4);
  });

  it("normals filled at once are the normals drawn one by one", () => {
    const one = stream(4, "normal");
    expect([...stream(4, "normal").normals(new Float64Array(7))]).toEqual(
      Array.from({ length: 7 }, () => one.normal()),
    );
  });

  it.each([
    [5, 0.3],
    [128, 0.01],
    [128, 0.3],
    [128, 0.93],
    [20, 0.5],
    [1000, 0.0099],
    [3000, 0.45],
    [1_000_000, 0.00002],
    [1_000_000, 0.25],
  ])("binomial(%i, %f) has its exact law", (n, p) => {
    const count = 100_000;
    const draws = stream(6, "binomial", n);
    const spread = 8 * Math.sqrt(n * p * (1 - p)) + 12;
    const low = Math.max(0, Math.floor(n * p - spread));
    const high = Math.min(n, Math.ceil(n * p + spread));
    const observed = new Float64Array(high - low + 1);
    for (let i = 0; i < count; i++) {
      const k = draws.binomial(n, p) - low;
      observed[k] = observed[k]! + 1;
    }
    expect(observed.reduce((sum, x) => sum + x, 0)).toBe(count); // none fell outside
    const expected = observed.map((_, i) => count * Math.exp(binomialLogPmf(low + i, n, p)));
    expect(Math.abs(chiSquaredZ(observed, expected))).toBeLessThan(4);
  });

  it("binomial draws at the ends are certain", () => {
    const draws = stream(6, "binomial");
    expect([draws.binomial(0, 0.5), draws.binomial(9, 0), draws.binomial(9, 1)]).toEqual([0, 0, 9]);
    expect(() => draws.binomial(5, 1.1)).toThrow("got 1.1");
  });

  it.each([
    [0.5, 0.5],
    [1, 1],
    [0.05, 2],
    [3, 0.7],
    [40, 90],
  ])("beta(%f, %f) has its exact law", (a, b) => {
    const draws = stream(8, "beta", Math.round(a * 1000));
    expect(Math.abs(uniformZ(60_000, 100, () => betaCdf(draws.beta(a, b), a, b)))).toBeLessThan(4);
  });

  it("beta draws with tiny shapes fall on 0 and 1 in the proportion b : a", () => {
    const draws = stream(8, "beta");
    let ones = 0;
    for (let i = 0; i < 20_000; i++) ones += draws.beta(0.001, 0.002) > 0.5 ? 1 : 0;
    expect(Math.abs(ones - 20_000 / 3) / Math.sqrt(20_000 * (2 / 9))).toBeLessThan(4);
  });

  it.each([0.2, 1, 2.5, 300])("gamma(%f) has mean and variance equal to its shape, and skewness 2/√shape", (shape) => {
    const draws = stream(9, "gamma", Math.round(shape * 10));
    const n = 200_000;
    const x = Float64Array.from({ length: n }, () => draws.gamma(shape));
    const moment = (power: number): number => x.reduce((sum, value) => sum + (value - shape) ** power, 0) / n;
    // Var of the second central moment about the known mean: μ4 − σ⁴ = 3a² + 6a − a².
    expect(Math.abs(moment(1)) / Math.sqrt(shape / n)).toBeLessThan(4);
    expect(Math.abs(moment(2) - shape) / Math.sqrt((2 * shape * shape + 6 * shape) / n)).toBeLessThan(4);
    expect(Math.abs(moment(3) / shape ** 1.5 - 2 / Math.sqrt(shape))).toBeLessThan(0.35);
    expect(x.every((value) => value >= 0)).toBe(true);
    expect(() => draws.gamma(0)).toThrow("got 0");
  });
});
