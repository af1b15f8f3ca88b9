import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import {
  allBut,
  explainedShares,
  pooled,
  variationLeft,
  withinBlock,
  withinFit,
} from "../../src/maths/within-regression.ts";

const draws = stream(7, "within");
/** y = 3 a − 2 b + the block's own level + noise; a goes with the level, so that without block means it would be read wrong. */
const made = (noise: number) =>
  Array.from({ length: 12 }, () => {
    const level = 10 * draws.normal();
    return Array.from({ length: 6 }, () => {
      const [a, b] = [draws.normal() + level, draws.normal()];
      return [a, b, 3 * a - 2 * b - 5 * level + noise * draws.normal()];
    });
  });

describe("least squares within blocks", () => {
  test("finds an exact law whatever the blocks' levels are, and leaves nothing", () => {
    const { coefficients, residual, total } = withinFit(
      pooled(
        made(0).map((rows) => withinBlock(rows, 2)),
        2,
      ),
    );
    expect(coefficients[0]).toBeCloseTo(3, 10);
    expect(coefficients[1]).toBeCloseTo(-2, 10);
    expect(residual / total).toBeLessThan(1e-12);
  });

  test("any weights of the blocks leave an exact law exact", () => {
    const blocks = made(0).map((rows) => withinBlock(rows, 2));
    const weights = blocks.map((_, i) => 1 / (1 + i));
    expect(withinFit(pooled(blocks, 2, weights)).coefficients[1]).toBeCloseTo(-2, 10);
  });

  test("agrees with the normal equations written out with a dummy for every block", () => {
    const rows = [
      [1, 2],
      [2, 3],
      [4, 9],
    ];
    const others = [
      [0, 5],
      [3, 6],
    ];
    // Within: x − x̄ = (−4/3, −1/3, 5/3) and ±3/2; y − ȳ = (−8/3, −5/3, 13/3) and ±1/2.
    const fit = withinFit(pooled([withinBlock(rows, 1), withinBlock(others, 1)], 1));
    const products = (32 + 5 + 65) / 9 + 1.5;
    const squares = (16 + 1 + 25) / 9 + 4.5;
    expect(fit.coefficients[0]).toBeCloseTo(products / squares, 12);
  });

  test("a column made of those before it gets no coefficient and changes none", () => {
    const rows = made(0.5).map((block) => block.map(([a, b, y]) => [a!, b!, a! + b!, y!]));
    const whole = pooled(
      rows.map((block) => withinBlock(block, 3)),
      3,
    );
    const { coefficients } = withinFit(whole);
    expect(coefficients[2]).toBeUndefined();
    expect(coefficients[0]).toBeCloseTo(withinFit(whole, new Set([0, 1])).coefficients[0]!, 10);
  });

  test("a column that is alike within every block has no variation at all, however large its values", () => {
    const rows = [0.1, 1e6 / 3, -7.3].map((value) => [0, 1, 2].map((i) => [value, i]));
    expect(
      pooled(
        rows.map((block) => withinBlock(block, 1)),
        1,
      ).products[0],
    ).toBe(0);
  });
});

test("all blocks but one are those blocks pooled, and what varies in that one alone is gone", () => {
  const blocks = made(1).map((rows) => withinBlock(rows, 2));
  const lone = blocks.map((block, i) =>
    i === 4
      ? block
      : { ...block, products: block.products.map((value, at) => (at % 3 === 1 || (at > 2 && at < 6) ? 0 : value)) },
  );
  const rest = allBut(lone, 2);
  expect(rest(4).products[4]).toBe(0);
  expect(withinFit(rest(4)).coefficients[1]).toBeUndefined();
  expect([...rest().products]).toEqual([...pooled(lone, 2).products]);
  const others = pooled(
    lone.filter((_, i) => i !== 7),
    2,
  ).products;
  rest(7).products.forEach((value, at) => expect(value).toBeCloseTo(others[at]!, 9));
});

describe("shares of the explained variation", () => {
  const squares = (a: number, b: number, both: number, ya: number, yb: number, yy: number) => ({
    columns: 2,
    products: Float64Array.of(a, both, ya, both, b, yb, ya, yb, yy),
  });

  test("columns at right angles get what each explains alone", () => {
    // y = 2a + b, a and b of variance 1.
    const shares = explainedShares(squares(1, 1, 0, 2, 1, 5), [[0], [1]])!;
    expect(shares[0]).toBeCloseTo(0.8, 12);
    expect(shares[1]).toBeCloseTo(0.2, 12);
  });

  test("of two alike ones each gets half, and they add up to R²", () => {
    const shares = explainedShares(squares(1, 1, 0.6, 1.6, 1.6, 4), [[0], [1]])!;
    expect(shares[0]).toBeCloseTo(shares[1]!, 12);
    expect(shares[0]! + shares[1]!).toBeCloseTo((2 * 1.6) / 4, 12);
  });

  test("a group of columns is one player", () => {
    const shares = explainedShares(squares(1, 1, 0, 2, 1, 5), [[0, 1]])!;
    expect(shares[0]).toBeCloseTo(1, 12);
  });

  test("without variation there is nothing to share", () => {
    expect(explainedShares(squares(1, 1, 0, 0, 0, 0), [[0], [1]])).toBeUndefined();
  });
});

test("what a coefficient rests on is the column's variation that the others leave, block by block", () => {
  // In the first block b follows a, in the second it goes its own way.
  const first = [-1, 0, 1].map((a) => [a, a, 0]);
  const second = [
    [1, 1, 0],
    [1, -1, 0],
    [-1, 1, 0],
    [-1, -1, 0],
  ];
  const blocks = [withinBlock(first, 2), withinBlock(second, 2)];
  const left = variationLeft(blocks, 2, 1)!;
  // b on a: 2 of 6, so the rest is ⅔ a in the first block and b − ⅓ a in the second.
  expect(left[0]).toBeCloseTo((4 / 9) * 2, 12);
  expect(left[1]).toBeCloseTo(4 + 4 / 9, 12);
  expect(variationLeft([blocks[0]!], 2, 1)).toBeUndefined();
});
