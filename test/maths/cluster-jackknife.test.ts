import { expect, test } from "vitest";
import { clusterJackknife } from "../../src/maths/cluster-jackknife.ts";
import { stream } from "../../src/maths/random.ts";

const meanOf =
  (values: readonly number[]) =>
  (without?: number): number[] => {
    const kept = values.filter((_, i) => i !== without);
    return [kept.reduce((a, b) => a + b, 0) / kept.length];
  };

test("the error of a mean is the textbook's: standard deviation over the root of their number", () => {
  const values = [3, 1, 4, 1, 5, 9, 2, 6];
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  const found = clusterJackknife(values.length, meanOf(values))!;
  expect(found.value[0]).toBeCloseTo(mean, 12);
  expect(found.se[0]).toBeCloseTo(spread / Math.sqrt(values.length), 12);
});

test("of a ratio of means the error is what repeating the study shows", () => {
  const draws = stream(4, "ratio");
  const ratio = (rows: readonly (readonly [number, number])[], without?: number): number[] => {
    const kept = rows.filter((_, i) => i !== without);
    return [kept.reduce((sum, [y]) => sum + y, 0) / kept.reduce((sum, [, x]) => sum + x, 0)];
  };
  const studies = Array.from({ length: 600 }, () => {
    const rows = Array.from({ length: 40 }, (): [number, number] => {
      const x = 1 + draws.uniform();
      return [2 * x + draws.normal(), x];
    });
    return clusterJackknife(rows.length, (without) => ratio(rows, without))!;
  });
  const values = studies.map(({ value }) => value[0]!);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const spread = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1));
  const told = studies.reduce((sum, { se }) => sum + se[0]!, 0) / studies.length;
  // A standard deviation from 600 studies is known to 3 %.
  expect(Math.abs(told / spread - 1)).toBeLessThan(0.1);
});

test("what rests on one cluster has no error, and what cannot be computed is nothing", () => {
  expect(clusterJackknife(3, (without) => (without === 1 ? undefined : [1]))).toBeUndefined();
  expect(clusterJackknife(3, () => undefined)).toBeUndefined();
});

test("refuses a single cluster", () => {
  expect(() => clusterJackknife(1, () => [1])).toThrow(RangeError);
});
