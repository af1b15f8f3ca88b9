import { expect, test } from "vitest";
import { fared, predictionsOf, rangeLevel } from "../../src/attribution/registration.ts";
import type { Played } from "../../src/attribution/rehearsal.ts";
import { stream } from "../../src/maths/random.ts";
import { Findings } from "../../src/terms/finding.ts";

const played = (truth: string, values: Record<string, number>): Played => ({
  truth: [truth],
  seed: 1,
  standings: {},
  halfWidths: {},
  values,
  price: {},
});
const measured = (name: string, value: number) => ({
  name,
  estimate: { kind: "measured", value, method: "made up" } as const,
});

test("a rival foretells from the smallest to the largest value of its studies, and what half of them measured", () => {
  const { byRival, studies } = predictionsOf([
    played("a", { "ledger/a": 0.9, "ledger/b": 0.1 }),
    played("a", { "ledger/a": 1.1 }),
    played("a", { "ledger/a": 1 }),
  ]);
  expect(studies).toBe(3);
  expect(byRival["a"]).toEqual([{ finding: "ledger/a", low: 0.9, median: 1, high: 1.1 }]);
});

test("a value drawn like those on paper lies between n of them with chance (n − 1) / (n + 1)", () => {
  const random = stream(4, "test/registration");
  for (const n of [2, 5, 9]) {
    let inside = 0;
    const times = 4000;
    for (let i = 0; i < times; i++) {
      const drawn = Array.from({ length: n }, () => random.normal());
      const next = random.normal();
      if (next >= Math.min(...drawn) && next <= Math.max(...drawn)) inside++;
    }
    const share = rangeLevel(n);
    expect(Math.abs(inside / times - share) / Math.sqrt((share * (1 - share)) / times)).toBeLessThan(3.5);
  }
});

test("the rival that foretold what was seen comes first, and what lies outside is named with both values", () => {
  const predictions = predictionsOf([
    played("a", { "ledger/a": 0.95, "ledger/b": 0, "pass@1/base": 0.3 }),
    played("a", { "ledger/a": 1.02, "ledger/b": 0.01, "pass@1/base": 0.31 }),
    played("b", { "ledger/a": 0, "ledger/b": 1 }),
    played("b", { "ledger/a": 0, "ledger/b": 1 }),
  ]);
  const seen = new Findings([measured("ledger/a", 0.98), measured("ledger/b", 0), measured("pass@1/base", 0.7)]);
  const [first, second] = fared(predictions, seen);
  // How good the base is was foretold by nobody, and is not held against anybody.
  expect(first).toMatchObject({ name: "a", findings: 2, inside: 2, off: [] });
  expect(second).toMatchObject({ name: "b", findings: 2, inside: 0 });
  expect(second!.off.map(({ finding, observed }) => [finding, observed])).toEqual([
    ["ledger/b", 0],
    ["ledger/a", 0.98],
  ]);
});
