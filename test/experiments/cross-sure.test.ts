// test/ · Cross sure: log-odds of what the base is sure of, where the law is known.
import { expect, test } from "vitest";
import { logOdds } from "../../src/experiments/cross-odds.ts";
import type { Reading } from "../../src/experiments/cross-read.ts";
import { sureSlopeOf } from "../../src/experiments/cross-sure.ts";
import { logSumExp } from "../../src/maths/logspace.ts";
import { stream } from "../../src/maths/random.ts";

/** Chances of a token and of those that compete with it, the token's first. */
const lawOf = (draws: ReturnType<typeof stream>, sure: number): number[] => {
  const rivals = Array.from({ length: 1 + draws.integer(6) }, () => draws.uniform() ** 3);
  const sum = rivals.reduce((a, b) => a + b, 0);
  return [sure, ...rivals.map((one) => ((1 - sure) * one) / sum)];
};

/** Under a lower temperature, and with all log-odds of the token raised. */
const colder = (law: readonly number[], alpha: number, raised = 0): number => {
  const powers = law.map((chance, i) => alpha * Math.log(chance) + (i === 0 ? raised : 0));
  return powers[0]! - logSumExp(powers);
};

function readings(problems: number, later: (law: readonly number[]) => number, sure = 0.9995): Reading[] {
  const draws = stream(3, "sure tokens");
  return Array.from({ length: 4 * problems }, (_, i) => {
    const laws = Array.from({ length: 20 }, (__, t) => lawOf(draws, t % 2 === 0 ? sure : 0.8));
    return {
      rollout: { rollout: `r${i}`, problem: `p${i % problems}` } as Reading["rollout"],
      by: "base",
      right: true,
      base: laws.map(([own]) => Math.log(own!)),
      later: laws.map(later),
    };
  });
}
const clusters = new Map(Array.from({ length: 20 }, (_, i) => [`p${i}`, i]));
const slope = (list: readonly Reading[]) => {
  const found = sureSlopeOf(list, clusters, 0.95);
  if (found.kind !== "measured") throw new Error(JSON.stringify(found));
  return found;
};

test("no temperature takes the log-odds of a token less far than its power, whatever competes with it", () => {
  const draws = stream(4, "any law");
  for (let i = 0; i < 500; i++) {
    const law = lawOf(draws, 0.02 + 0.97 * draws.uniform());
    const alpha = 1 + draws.uniform();
    expect(logOdds(colder(law, alpha))).toBeGreaterThanOrEqual(alpha * logOdds(Math.log(law[0]!)) - 1e-9);
  }
});

test("a temperature shows, alone and beside what raises only unsure tokens", () => {
  expect(slope(readings(10, (law) => colder(law, 1.2))).low).toBeGreaterThan(1.2);
  expect(slope(readings(10, (law) => colder(law, 1.2, law[0]! < 0.9 ? 2 : 0))).low).toBeGreaterThan(1.2);
});

test("what makes only unsure tokens surer does not show", () => {
  const { value, diagnostic } = slope(readings(10, (law) => colder(law, 1, law[0]! < 0.9 ? 2 : 0)));
  expect(value).toBeCloseTo(1, 9);
  expect(diagnostic).toEqual({ tokens: 400, problems: 10 });
});

test("without tokens that the base is sure of, on eight problems, it is refused", () => {
  expect(
    sureSlopeOf(
      readings(10, (law) => colder(law, 2), 0.99),
      clusters,
      0.95,
    ).kind,
  ).toBe("refused");
  expect(
    sureSlopeOf(
      readings(7, (law) => colder(law, 2)),
      clusters,
      0.95,
    ),
  ).toMatchObject({
    why: expect.stringContaining("7 problems"),
  });
});
