// test/maths · Bit profiles: the law behind many rollouts is learned, and posterior draws agree with the counts and with each other.
import { describe, expect, test } from "vitest";
import { LAWS, profileModel } from "../../src/maths/bit-profiles.ts";
import { effectivePlaces } from "../../src/maths/bit-shapes.ts";
import { type Stream, stream } from "../../src/maths/random.ts";

/** Rollouts of 6 segments and 3 bits whose shares are Dirichlet(concentration); their counts, and their true bits to come. */
function rollouts(draws: Stream, size: number, concentration: number, m: number) {
  return Array.from({ length: size }, () => {
    const gammas = Array.from({ length: 6 }, () => draws.gamma(concentration));
    const sum = gammas.reduce((total, g) => total + g, 0);
    const missing = gammas.map((_, t) => (3 * gammas.slice(t).reduce((total, g) => total + g, 0)) / sum);
    const drawn = missing.map((_, t) => (t === 0 ? 400 : m));
    return { missing, counts: { right: missing.map((b, t) => draws.binomial(drawn[t]!, 2 ** -b)), drawn } };
  });
}
const bitsOf = (missing: ArrayLike<number>): number[] =>
  Array.from({ length: missing.length }, (_, t) => missing[t]! - (missing[t + 1] ?? 0));
const meanOf = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;

describe("the law of the profiles", () => {
  test("is learned from all rollouts: lumps from lumps, even steps from even steps", () => {
    for (const [concentration, low, high] of [
      [0.1, 0, 0.4],
      [1.6, 0.8, 6.4],
      [100, 12.8, 400],
    ] as const) {
      const made = rollouts(stream(96, "laws", Math.round(10 * concentration)), 120, concentration, 32);
      const { weights } = profileModel(
        made.map(({ counts }) => counts),
        stream(96, "library"),
      );
      expect(meanOf([...weights]) * LAWS.length).toBeCloseTo(1, 10);
      const near = LAWS.reduce(
        (sum, law, g) => sum + (law.concentration >= low && law.concentration <= high ? weights[g]! : 0),
        0,
      );
      expect(near).toBeGreaterThan(0.8);
    }
  });

  test("does not hang on which profiles were drawn, where all rollouts have their lump in one place", () => {
    // Next to nothing before the last cut, and 1.3 bits behind it. Of the bits next to nothing is even, then.
    const draws = stream(96, "stated wrongly");
    const drawn = [400, 32, 32, 32, 32, 32];
    const counts = Array.from({ length: 120 }, () => ({ right: drawn.map((m) => draws.binomial(m, 0.4)), drawn }));
    for (const library of [0, 1, 2, 3]) {
      const { weights } = profileModel(counts, stream(library, "library"));
      // Of four libraries, their places and the even laws' lumps left to chance, three say 0.05 to 0.1.
      expect(LAWS.reduce((sum, law, g) => sum + law.even * weights[g]!, 0)).toBeLessThan(0.02);
    }
  });

  test("learned anew from the same rollouts is itself, from some of them another", () => {
    const lumps = rollouts(stream(96, "half", 0), 40, 0.1, 32);
    const even = rollouts(stream(96, "half", 1), 40, 50, 32);
    const model = profileModel(
      [...lumps, ...even].map(({ counts }) => counts),
      stream(96, "library"),
    );
    model.relearn(new Array<number>(80).fill(1)).forEach((weight, g) => {
      expect(Math.abs(weight - model.weights[g]!)).toBeLessThan(0.02);
    });
    const onlyEven = model.relearn(Array.from({ length: 80 }, (_, i) => (i < 40 ? 0 : 2)));
    const lumped = (weights: Float64Array): number =>
      LAWS.reduce((s, l, g) => s + (l.concentration < 1 ? weights[g]! : 0), 0);
    expect(lumped(model.weights)).toBeGreaterThan(0.4);
    expect(lumped(onlyEven)).toBeLessThan(0.1);
  });
});

describe("posterior draws", () => {
  const made = rollouts(stream(97, "draws"), 150, 1, 48);
  const model = profileModel(
    made.map(({ counts }) => counts),
    stream(97, "library"),
  );
  const drawn = made.map((_, i) => {
    const draws = stream(97, "posterior", i);
    return Array.from({ length: 9 }, () => model.draw(i, draws).bits);
  });

  test("never rise along the rollout, and end above 0", () => {
    for (const bits of drawn.flat()) {
      expect(bits.every((value, t) => value > 0 && value <= (bits[t - 1] ?? Number.POSITIVE_INFINITY))).toBe(true);
    }
  });

  test("are calibrated: the truth's rank among them is uniform, for the bits to come and for N_eff", () => {
    for (const of of [
      (missing: ArrayLike<number>) => missing[3]!,
      (missing: ArrayLike<number>) => effectivePlaces(bitsOf(missing)),
    ]) {
      const ranks = made.map(({ missing }, i) => drawn[i]!.filter((bits) => of(bits) < of(missing)).length);
      // Ranks 0 … 9 in five pairs of 30 expected each: χ² of 4 degrees is above 18.5 once in a thousand.
      const counts = [0, 1, 2, 3, 4].map((pair) => ranks.filter((rank) => rank >> 1 === pair).length);
      expect(counts.reduce((sum, n) => sum + (n - 30) ** 2 / 30, 0)).toBeLessThan(18.5);
    }
  });

  test("come closer to the truth than the counts do", () => {
    const error = (of: (i: number) => number): number =>
      meanOf(made.map(({ missing }, i) => (of(i) - missing[3]!) ** 2));
    const byCounts = error((i) => -Math.log2((made[i]!.counts.right[3]! + 0.5) / (made[i]!.counts.drawn[3]! + 0.5)));
    const byDraws = error((i) => meanOf(drawn[i]!.map((bits) => bits[3]!)));
    expect(byDraws).toBeLessThan(0.9 * byCounts);
  });
});
