// test/maths · Cluster bootstrap: the right errors, the stated coverage singly and jointly, the same draws every time.
import { describe, expect, test } from "vitest";
import { clusterBootstrap, jointIntervals, meanOf } from "../../src/maths/cluster-bootstrap.ts";
import { stream } from "../../src/maths/random.ts";

/** G rows of three related, skewed entries with means 1, 2 and 0. */
function rowsOf(study: number, clusters: number): number[][] {
  const draws = stream(21, "rows", study);
  return Array.from({ length: clusters }, () => {
    const shared = draws.gamma(2) / 2;
    return [shared, 2 * shared + 0.3 * draws.normal(), draws.normal()];
  });
}

const TRUTH = [1, 2, 0];

describe("the bootstrap over clusters", () => {
  test("gives a mean the standard error sd / √G", () => {
    const rows = rowsOf(0, 30);
    const drawn = clusterBootstrap({ clusters: 30, replicates: 4000, seed: 1, name: "se", statistic: meanOf(rows) })!;
    const { entries } = jointIntervals(drawn, 0.9);
    for (const k of [0, 1, 2]) {
      const mean = rows.reduce((sum, row) => sum + row[k]!, 0) / 30;
      const sd = Math.sqrt(rows.reduce((sum, row) => sum + (row[k]! - mean) ** 2, 0) / 29);
      expect(entries[k]!.value).toBeCloseTo(mean, 12);
      // 4,000 replicates: a standard deviation is known to 1.1 %.
      expect(Math.abs(entries[k]!.se / (sd / Math.sqrt(30)) - 1)).toBeLessThan(0.045);
    }
  });

  test("covers each entry at 90 % singly, and all three at 90 % jointly", () => {
    const studies = 400;
    let single = 0;
    let joint = 0;
    let allSingle = 0;
    for (let study = 0; study < studies; study++) {
      const statistic = meanOf(rowsOf(study, 60));
      const drawn = clusterBootstrap({ clusters: 60, replicates: 300, seed: study, name: "coverage", statistic })!;
      const entries = jointIntervals(drawn, 0.9).entries.map((entry) => entry!);
      const own = entries.map(({ low, high }, k) => low <= TRUTH[k]! && TRUTH[k]! <= high);
      single += own.filter(Boolean).length;
      if (own.every(Boolean)) allSingle++;
      if (entries.every(({ jointLow, jointHigh }, k) => jointLow <= TRUTH[k]! && TRUTH[k]! <= jointHigh)) joint++;
    }
    // Standard errors over 400 studies: 1.5 % for the joint share, less for the 1,200 single ones.
    expect(single / studies / 3).toBeGreaterThan(0.865);
    expect(single / studies / 3).toBeLessThan(0.935);
    expect(joint / studies).toBeGreaterThan(0.855);
    expect(joint / studies).toBeLessThan(0.945);
    // And single intervals are not enough for the three together.
    expect(allSingle / studies).toBeLessThan(0.85);
  });

  test("draws the same again, whatever the statistic draws for itself", () => {
    const seen = (extra: number): number[][] => {
      const all: number[][] = [];
      clusterBootstrap({
        clusters: 5,
        replicates: 10,
        seed: 3,
        name: "same",
        statistic: (weights, draws) => {
          for (let i = 0; i < extra; i++) draws.uniform();
          all.push([...weights]);
          return [0];
        },
      });
      return all;
    };
    expect(seen(7)).toEqual(seen(0));
    expect(seen(0)[0]).toEqual([1, 1, 1, 1, 1]);
    for (const weights of seen(0)) expect(weights.reduce((sum, w) => sum + w, 0)).toBe(5);
  });

  test("counts the resamples from which nothing could be computed, and leaves them out", () => {
    const drawn = clusterBootstrap({
      clusters: 4,
      replicates: 200,
      seed: 4,
      name: "failing",
      statistic: (weights) => (weights[0] === 0 ? undefined : [weights[0]!]),
    })!;
    expect(drawn.failed + drawn.replicates.length).toBe(200);
    // A cluster is missed with chance (3/4)⁴ = 0.316: 63 of 200 with a standard deviation of 6.6.
    expect(Math.abs(drawn.failed - 63)).toBeLessThan(22);
    expect(drawn.replicates.every(([w]) => w! > 0)).toBe(true);
  });

  test("an entry without spread has no interval, and does not disturb the others", () => {
    const rows = rowsOf(1, 20).map(([a]) => [a!, 5]);
    const with5 = clusterBootstrap({ clusters: 20, replicates: 100, seed: 5, name: "flat", statistic: meanOf(rows) })!;
    const { entries } = jointIntervals(with5, 0.9);
    expect(entries[1]).toBeUndefined();
    expect(entries[0]!.low).toBeLessThan(entries[0]!.value);
  });

  test("one cluster, or a handful of replicates, is refused", () => {
    const statistic = (): number[] => [1];
    expect(() => clusterBootstrap({ clusters: 1, replicates: 9, seed: 1, name: "one", statistic })).toThrow(
      /needs 2 of them or more, got 1/,
    );
    const few = clusterBootstrap({ clusters: 3, replicates: 9, seed: 1, name: "few", statistic })!;
    expect(() => jointIntervals(few, 0.9)).toThrow(/20 bootstrap replicates or more, got 9/);
  });
});
