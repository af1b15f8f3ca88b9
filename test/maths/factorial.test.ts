// test/maths · Factorial: shares of games whose solution is known, adding up, and errors that cover.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CELLS, factorial, splitCells } from "../../src/maths/factorial.ts";
import { type Stream, stream } from "../../src/maths/random.ts";
import { shapley } from "../../src/maths/shapley.ts";

const bit = (mask: number, i: number): number => (mask >> i) & 1;
const cellsBy = (value: (mask: number) => number): number[] => Array.from({ length: CELLS }, (_, mask) => value(mask));
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const values = (effects: readonly { readonly value: number }[]): number[] => effects.map(({ value }) => value);

describe("a split of known cells", () => {
  test("that add up gives each segment its own addend, and no interactions", () => {
    const { shares, dividends, gain } = splitCells(
      cellsBy((m) => 0.2 + 0.1 * bit(m, 0) + 0.3 * bit(m, 1) + 0.05 * bit(m, 2)),
    );
    expect(gain).toBeCloseTo(0.45, 14);
    [0.1, 0.3, 0.05].forEach((value, i) => {
      expect(shares[i]).toBeCloseTo(value, 14);
    });
    [0.1, 0.3, 0, 0.05, 0, 0, 0].forEach((value, at) => {
      expect(dividends[at]).toBeCloseTo(value, 14);
    });
  });

  test("that multiply gives each segment its own factor in bits, and no interactions there", () => {
    const cells = cellsBy((m) => 0.05 * 2 ** bit(m, 0) * 4 ** bit(m, 1) * 1.5 ** bit(m, 2));
    const { bits } = factorial({ problems: [cells, cells.map((v) => v * 1.1)], level: 0.5 });
    if ("refused" in bits) throw new Error("no cell is near 0");
    [1, 2, Math.log2(1.5)].forEach((value, i) => {
      expect(bits.shares[i]!.value).toBeCloseTo(value, 12);
    });
    for (const at of [2, 4, 5, 6]) expect(bits.dividends[at]!.value).toBeCloseTo(0, 12);
  });

  test("of the glove game (one left, two right) is 2/3, 1/6, 1/6", () => {
    const { shares } = splitCells(cellsBy((m) => (bit(m, 0) && (bit(m, 1) || bit(m, 2)) ? 1 : 0)));
    [2 / 3, 1 / 6, 1 / 6].forEach((value, i) => {
      expect(shares[i]).toBeCloseTo(value, 14);
    });
  });

  test("where only all three together do anything is a third each, and all of it one triple interaction", () => {
    const { shares, dividends } = splitCells(cellsBy((m) => (m === 7 ? 0.6 : 0.1)));
    for (const share of shares) expect(share).toBeCloseTo(0.5 / 3, 14);
    [0, 0, 0, 0, 0, 0, 0.5].forEach((value, at) => {
      expect(dividends[at]).toBeCloseTo(value, 14);
    });
  });

  test("agrees with shapley, and shares and dividends both add up to v(111) − v(000), for any cells", () => {
    const cell = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(cell, { minLength: CELLS, maxLength: CELLS }), (cells) => {
        const { shares, dividends, gain } = splitCells(cells);
        const known = shapley(3, (mask) => cells[mask]!);
        known.forEach((value, i) => {
          expect(shares[i]).toBeCloseTo(value, 12);
        });
        expect(gain).toBe(cells[7]! - cells[0]!);
        expect(sum(shares)).toBeCloseTo(gain, 12);
        expect(sum(dividends)).toBeCloseTo(gain, 12);
      }),
    );
  });
});

/** Problems with chances of their own in each cell, and as many rollouts as the draw says: from 4 to 32 a cell. */
function study(draws: Stream, problems: number): number[][] {
  return Array.from({ length: problems }, () => {
    const ease = draws.beta(4, 4);
    return cellsBy((mask) => {
      const n = 4 + draws.integer(29);
      return draws.binomial(n, chance(ease, mask)) / n;
    });
  });
}
const chance = (ease: number, mask: number): number =>
  ease * (0.2 + 0.3 * bit(mask, 0) + 0.2 * bit(mask, 1) * (1 + bit(mask, 0)) + 0.1 * bit(mask, 2));

describe("a split with errors", () => {
  test("is unbiased and covers at 90 %, in probability and in bits, with unequal counts", () => {
    // The mean of ease is ½, so the true cells are chance(½).
    const cells = cellsBy((mask) => chance(0.5, mask));
    const inProbability = splitCells(cells);
    const inBits = splitCells(cells.map((v) => Math.log2(v)));
    const truth = [inProbability, inBits].map(({ gain, shares, dividends }) => [gain, ...shares, ...dividends]);
    const studies = 500;
    const covered = truth.map((t) => t.map(() => 0));
    const errors = truth.map((t) => t.map(() => [] as number[]));
    for (let s = 0; s < studies; s++) {
      const { probability, bits } = factorial({ problems: study(stream(31, "split", s), 40), level: 0.9 });
      if ("refused" in bits) throw new Error(`cells ${bits.refused} near 0`);
      [probability, bits].forEach(({ gain, shares, dividends }, scale) => {
        [gain, ...shares, ...dividends].forEach(({ value, low, high }, at) => {
          const known = truth[scale]![at]!;
          if (low <= known && known <= high) covered[scale]![at]!++;
          errors[scale]![at]!.push(value - known);
        });
      });
    }
    covered.forEach((counts, scale) => {
      counts.forEach((count, at) => {
        // 500 studies: the share has a standard error of 1.3 %; 3.5 of them either side.
        expect(count / studies).toBeGreaterThan(0.855);
        expect(count / studies).toBeLessThan(0.945);
        const own = errors[scale]![at]!;
        const mean = sum(own) / studies;
        const sd = Math.sqrt(own.reduce((total, e) => total + (e - mean) ** 2, 0) / (studies - 1));
        // In bits the log of a mean of 40 problems is short by var/2: a twentieth of a standard error or so.
        expect(Math.abs(mean) / sd).toBeLessThan(scale === 0 ? 3 / Math.sqrt(studies) : 0.2);
      });
    });
  });

  test("adds up to the gain in both scales, to rounding", () => {
    const { probability, bits, cells } = factorial({ problems: study(stream(32, "adding"), 25), level: 0.9 });
    if ("refused" in bits) throw new Error("refused");
    expect(probability.gain.value).toBe(cells[7]!.value - cells[0]!.value);
    for (const split of [probability, bits]) {
      expect(sum(values(split.shares))).toBeCloseTo(split.gain.value, 12);
      expect(sum(values(split.dividends))).toBeCloseTo(split.gain.value, 12);
    }
  });

  test("in bits is refused where a cell's interval reaches 0, and says which", () => {
    const problems = study(stream(33, "empty"), 20).map((row, i) =>
      row.map((v, c) => (c === 0 ? (i === 7 ? 0.25 : 0) : c === 4 ? 0 : v + 0.1)),
    );
    const { bits, probability } = factorial({ problems, level: 0.9 });
    expect(bits).toEqual({ refused: [0, 4] });
    expect(probability.gain.value).toBeGreaterThan(0);
  });

  test("by families is wider than by problems where a family's problems go together", () => {
    const rows = study(stream(34, "families"), 12).flatMap((row) => [row, row, row]);
    const byProblem = factorial({ problems: rows, level: 0.9 });
    const byFamily = factorial({ problems: rows, level: 0.9, clusters: rows.map((_, i) => Math.floor(i / 3)) });
    expect(byFamily.probability.gain.se / byProblem.probability.gain.se).toBeCloseTo(
      Math.sqrt(3 * (12 / 11) * (35 / 36)),
      9,
    );
  });

  test("needs two problems", () => {
    expect(() => factorial({ problems: study(stream(35, "one"), 1), level: 0.9 })).toThrow(/needs 2 problems/);
  });
});
