// test/maths · The self-null against every possible arrangement of small studies, and on the DeepScaleR counts.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { binomialAtLeast, binomialLogPmf } from "../../src/maths/distributions.ts";
import { stream } from "../../src/maths/random.ts";
import { oneSidedChance, selfNull } from "../../src/maths/self-null.ts";
import { choose, off, quotient } from "./exact.ts";

type Row = readonly [c0: number, n0: number, c1: number, n1: number];

const columns = (rows: readonly Row[]): { c0: number[]; n0: number[]; c1: number[]; n1: number[] } => ({
  c0: rows.map((row) => row[0]),
  n0: rows.map((row) => row[1]),
  c1: rows.map((row) => row[2]),
  n1: rows.map((row) => row[3]),
});

const total = (law: Float64Array): number => law.reduce((sum, x) => sum + x, 0);

/** The law of "solved only by side 0", by dealing each problem's successes to its rollouts in every possible way. */
function byHand(rows: readonly Row[]): number[] {
  let law = [1];
  for (const [c0, n0, c1, n1] of rows) {
    let [ways, only] = [0, 0];
    for (let dealt = 0; dealt < 2 ** (n0 + n1); dealt++) {
      const right = Array.from({ length: n0 + n1 }, (_, i) => (dealt >> i) & 1);
      if (right.reduce((sum, x) => sum + x, 0) !== c0 + c1) continue;
      ways++;
      if (c0 + c1 > 0 && !right.slice(n0).includes(1)) only++;
    }
    const p = only / ways;
    law = Array.from({ length: law.length + 1 }, (_, i) => (law[i] ?? 0) * (1 - p) + (law[i - 1] ?? 0) * p);
  }
  return law;
}

const small: readonly Row[] = [
  [1, 2, 0, 3],
  [0, 2, 2, 3],
  [2, 4, 1, 2],
  [0, 3, 0, 3],
  [1, 1, 0, 1],
  [3, 3, 0, 4],
  [2, 5, 5, 5],
  [1, 4, 0, 3],
];

describe("the self-null", () => {
  it("is what dealing the successes in every possible way gives", () => {
    const { onlyBase, onlyLater } = selfNull(columns(small));
    const law = byHand(small);
    law.forEach((p, i) => {
      expect(onlyBase.law[i] ?? 0).toBeCloseTo(p, 14);
    });
    expect(onlyBase.observed).toBe(4);
    expect(onlyBase.atLeastObserved).toBeCloseTo(
      law.slice(4).reduce((sum, p) => sum + p, 0),
      14,
    );
    expect(onlyBase.expected).toBeCloseTo(
      law.reduce((sum, p, i) => sum + i * p, 0),
      13,
    );
    expect(onlyBase.variance).toBeCloseTo(
      law.reduce((sum, p, i) => sum + (i - onlyBase.expected) ** 2 * p, 0),
      13,
    );
    const mirrored = byHand(small.map(([c0, n0, c1, n1]) => [c1, n1, c0, n0] as const));
    mirrored.forEach((p, i) => {
      expect(onlyLater.law[i] ?? 0).toBeCloseTo(p, 14);
    });
    expect(onlyLater.observed).toBe(1);
  });

  it("takes cells with multiplicities as so many problems", () => {
    const times = small.map((_, i) => i % 4);
    const repeated = small.flatMap((row, i) => Array.from({ length: times[i]! }, () => row));
    const once = selfNull(columns(repeated)).onlyBase;
    const grouped = selfNull({ ...columns(small), multiplicity: times }).onlyBase;
    expect(grouped.observed).toBe(once.observed);
    expect(grouped.expected).toBeCloseTo(once.expected, 13);
    expect([...grouped.law]).toEqual([...once.law]);
  });

  it("gives a problem the chance C(n0, s)/C(n0 + n1, s)", () => {
    for (const [n0, n1] of [
      [128, 128],
      [16, 200],
      [3, 1],
    ] as const) {
      for (let s = 1; s <= n0; s += 5)
        expect(off(oneSidedChance(n0, n1, s), quotient(choose(n0, s), choose(n0 + n1, s)))).toBeLessThan(1e-13);
      expect(oneSidedChance(n0, n1, n0 + 1)).toBe(0);
    }
  });

  it("is binomial for equal problems, deep into the tail, and sums to one for 100,000 of them", () => {
    const problems = 100_000;
    const observed = 900;
    // s = 5 of 128 + 128 on each problem; `observed` of them with all five on side 0.
    const counts = {
      c0: [5, 3],
      n0: [128, 128],
      c1: [0, 2],
      n1: [128, 128],
      multiplicity: [observed * 5, problems - observed * 5],
    };
    const { onlyBase, onlyLater } = selfNull(counts);
    const p = oneSidedChance(128, 128, 5);
    expect(off(onlyBase.atLeastObserved, binomialAtLeast(observed * 5, problems, p))).toBeLessThan(1e-9);
    expect(onlyBase.atLeastObserved).toBeLessThan(1e-60);
    expect(onlyLater.atLeastObserved).toBe(1);
    expect(Math.abs(total(onlyBase.law) - 1)).toBeLessThan(1.1e-12);
    const middle = Math.round(problems * p);
    expect(off(onlyBase.law[middle]!, Math.exp(binomialLogPmf(middle, problems, p)))).toBeLessThan(1e-12);
  });

  it("handles 100,000 problems of all sizes, and its law has the moments of its parts", () => {
    const draws = stream(1, "self-null");
    const rows = Array.from({ length: 100_000 }, (): Row => {
      const [n0, n1, p] = [1 + draws.integer(150), 1 + draws.integer(150), draws.beta(0.3, 0.5)];
      return [draws.binomial(n0, p), n0, draws.binomial(n1, p), n1];
    });
    for (const side of Object.values(selfNull(columns(rows)))) {
      const mean = side.law.reduce((sum, p, i) => sum + i * p, 0);
      const variance = side.law.reduce((sum, p, i) => sum + (i - side.expected) ** 2 * p, 0);
      expect(Math.abs(total(side.law) - 1)).toBeLessThan(2e-12);
      expect(mean).toBeCloseTo(side.expected, 7);
      expect(off(variance, side.variance)).toBeLessThan(1e-8);
      // The policies are equal here, so the count is a draw from the law.
      expect(Math.abs(side.observed - side.expected) / Math.sqrt(side.variance)).toBeLessThan(4);
    }
  });

  it("has p values no smaller than chance would make them when the policies are equal", () => {
    const draws = stream(2, "self-null");
    const rounds = 2000;
    const below = [0, 0, 0];
    const levels = [0.05, 0.2, 0.5];
    for (let round = 0; round < rounds; round++) {
      const rows = Array.from({ length: 40 }, (): Row => {
        const p = draws.beta(0.3, 2);
        return [draws.binomial(8, p), 8, draws.binomial(12, p), 12];
      });
      const { atLeastObserved } = selfNull(columns(rows)).onlyBase;
      levels.forEach((level, i) => {
        if (atLeastObserved <= level) below[i] = below[i]! + 1;
      });
    }
    levels.forEach((level, i) => {
      expect(below[i]! / rounds).toBeLessThan(level + 4 * Math.sqrt((level * (1 - level)) / rounds));
      expect(below[i]! / rounds).toBeGreaterThan(level / 4);
    });
  });

  it("expects nothing where nothing was solved, and names counts that cannot be", () => {
    const { onlyBase } = selfNull(columns([[0, 8, 0, 8]]));
    expect(onlyBase).toEqual({ observed: 0, expected: 0, variance: 0, law: Float64Array.of(1), atLeastObserved: 1 });
    expect(selfNull(columns([])).onlyLater.law).toEqual(Float64Array.of(1));
    expect(() => selfNull(columns([[9, 8, 0, 8]]))).toThrow("got 9 of 8 and 0 of 8");
  });

  const folder = "/work/shared/data/deepscaler32k";
  it.skipIf(!existsSync(folder))(
    "finds DeepScaleR's shrinkage beyond luck and its expansion within it (skipped: no shared data)",
    () => {
      const read = (file: string): { c: number; n: number }[] =>
        readFileSync(`${folder}/${file}.jsonl`, "utf8")
          .trim()
          .split("\n")
          .map((line) => JSON.parse(line));
      const [base, later] = [read("base"), read("rl")];
      const { onlyBase, onlyLater } = selfNull(
        columns(base.map(({ c, n }, i): Row => [c, n, later[i]!.c, later[i]!.n])),
      );
      expect([onlyBase.observed, onlyLater.observed]).toEqual([33, 12]);
      expect(onlyBase.expected).toBeCloseTo(16.125, 3);
      expect(onlyLater.expected).toBeCloseTo(16.125, 3);
      expect(onlyBase.atLeastObserved).toBeLessThan(1e-6);
      expect(onlyLater.atLeastObserved).toBeGreaterThan(0.9);
    },
  );
});
