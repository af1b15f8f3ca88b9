// test/maths · Shapley shares against games whose solution is known, and against the average over all orders of joining.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { MOST_PLAYERS, shapley } from "../../src/maths/shapley.ts";

const has = (coalition: number, player: number) => ((coalition >> player) & 1) === 1;
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);

/** A game without any structure: as many numbers as coalitions. */
const games = fc.integer({ min: 1, max: 6 }).chain((players) =>
  fc.record({
    players: fc.constant(players),
    values: fc.array(fc.double({ min: -10, max: 10, noNaN: true }), {
      minLength: 2 ** players,
      maxLength: 2 ** players,
    }),
  }),
);

function orders(players: number): number[][] {
  if (players === 0) return [[]];
  return orders(players - 1).flatMap((order) =>
    Array.from({ length: players }, (_, at) => order.toSpliced(at, 0, players - 1)),
  );
}

/** Mean of what a player adds, over all orders in which the players may come. */
function overAllOrders(players: number, values: readonly number[]): number[] {
  const shares = Array.from({ length: players }, () => 0);
  const all = orders(players);
  for (const order of all) {
    let coalition = 0;
    for (const player of order) {
      const joined = coalition | (1 << player);
      shares[player] = shares[player]! + (values[joined]! - values[coalition]!) / all.length;
      coalition = joined;
    }
  }
  return shares;
}

/** The largest distance of a share from what it must be. */
function off(shares: ArrayLike<number>, wanted: readonly number[]): number {
  expect(shares.length).toBe(wanted.length);
  return Math.max(...wanted.map((share, i) => Math.abs(shares[i]! - share)));
}
const CLOSE = 1e-12;

describe("Shapley shares of known games", () => {
  test("in an additive game everybody gets what he brings", () => {
    const worth = [3, -1, 0.25, 7];
    expect(
      off(
        shapley(4, (coalition) => sum(worth.filter((_, i) => has(coalition, i)))),
        worth,
      ),
    ).toBeLessThan(CLOSE);
  });

  test("in a unanimity game those who are needed share evenly", () => {
    const needed = 0b10110;
    expect(
      off(
        shapley(5, (coalition) => ((coalition & needed) === needed ? 1 : 0)),
        [0, 1 / 3, 1 / 3, 0, 1 / 3],
      ),
    ).toBeLessThan(CLOSE);
  });

  test("with one left glove and two right ones, the left one is worth two thirds", () => {
    const pairs = (coalition: number) => (has(coalition, 0) && (has(coalition, 1) || has(coalition, 2)) ? 1 : 0);
    expect(off(shapley(3, pairs), [2 / 3, 1 / 6, 1 / 6])).toBeLessThan(CLOSE);
  });

  test("of a runway, each piece is paid for evenly by those who need it", () => {
    // S. C. Littlechild & G. Owen (1973): φ_i = Σ_{k ≤ i} (c_k − c_{k−1}) / (n − k + 1), costs ascending.
    const costs = [1, 2, 2, 5, 9, 14, 14.5, 20];
    let paid = 0;
    const wanted = costs.map((cost, i) => (paid += (cost - (costs[i - 1] ?? 0)) / (costs.length - i)));
    const runway = (coalition: number) => Math.max(0, ...costs.filter((_, i) => has(coalition, i)));
    expect(off(shapley(costs.length, runway), wanted)).toBeLessThan(CLOSE);
  });

  test("sixteen voters with a majority of nine are worth a sixteenth each", () => {
    const votes = (coalition: number) => coalition.toString(2).replaceAll("0", "").length;
    expect(
      off(
        shapley(MOST_PLAYERS, (coalition) => (votes(coalition) >= 9 ? 1 : 0)),
        Array.from({ length: 16 }, () => 1 / 16),
      ),
    ).toBeLessThan(CLOSE);
  });
});

describe("Shapley shares of any game", () => {
  test("are the mean of what a player adds, over all orders of joining", () => {
    fc.assert(
      fc.property(games, ({ players, values }) => {
        expect(
          off(
            shapley(players, (coalition) => values[coalition]!),
            overAllOrders(players, values),
          ),
        ).toBeLessThan(CLOSE);
      }),
      { seed: 1, numRuns: 60 },
    );
  });

  test("add up to what all have more than none", () => {
    fc.assert(
      fc.property(games, ({ players, values }) => {
        const shares = shapley(players, (coalition) => values[coalition]!);
        expect(Math.abs(sum(shares) - (values.at(-1)! - values[0]!))).toBeLessThan(1e-12);
      }),
      { seed: 2 },
    );
    const random = stream(3, "test/shapley");
    const values = Float64Array.from({ length: 2 ** MOST_PLAYERS }, () => random.uniform());
    const shares = shapley(MOST_PLAYERS, (coalition) => values[coalition]!);
    expect(Math.abs(sum(shares) - (values.at(-1)! - values[0]!))).toBeLessThan(1e-11);
  });

  test("are equal for two players who can stand in for each other", () => {
    fc.assert(
      fc.property(games, ({ players, values }) => {
        if (players < 2) return;
        // A game that only counts how many of the first two are there.
        const value = (coalition: number) => values[(coalition & 3) === 2 ? coalition ^ 3 : coalition]!;
        const shares = shapley(players, value);
        expect(Math.abs(shares[0]! - shares[1]!)).toBeLessThan(1e-12);
      }),
      { seed: 4 },
    );
  });

  test("are exactly zero for a player who never changes anything, and the others' do not notice him", () => {
    fc.assert(
      fc.property(games, ({ players, values }) => {
        const shares = shapley(players + 1, (coalition) => values[coalition & (2 ** players - 1)]!);
        expect(shares[players]).toBe(0);
        expect(off(shares.subarray(0, players), [...shapley(players, (coalition) => values[coalition]!)])).toBeLessThan(
          CLOSE,
        );
      }),
      { seed: 5 },
    );
  });

  test("ask for each coalition once, none of the players first", () => {
    const asked: number[] = [];
    shapley(3, (coalition) => asked.push(coalition));
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test.each([0, -1, 2.5, MOST_PLAYERS + 1, Number.NaN])("%s players are refused", (players) => {
    expect(() => shapley(players, () => 0)).toThrow(`need 1 to 16 players, got ${players}`);
  });
});
