// test/ · Census, unseen: beginnings that nobody showed yet, against laws that are known.
import { expect, it } from "vitest";
import { unseenKinds } from "../../src/experiments/census-unseen.ts";
import { stream } from "../../src/maths/random.ts";
import { Findings } from "../../src/terms/finding.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

const PROBLEMS = problemsOf([2], 50);
const ROLLOUTS = 40;
/** Sixty beginnings, the i-th with a chance in proportion to 1 / (i + 1). */
const KINDS = 60;
const weights = Array.from({ length: KINDS }, (_, i) => 1 / (i + 1));
const total = weights.reduce((a, b) => a + b, 0);

function drawn(seed: number) {
  const random = stream(seed, "census-unseen");
  const kind = (): number => {
    let left = random.uniform() * total;
    return Math.max(
      0,
      weights.findIndex((weight) => (left -= weight) < 0),
    );
  };
  return madeSeen({
    policies: ["base"],
    problems: PROBLEMS,
    rollouts: ROLLOUTS,
    draw: (): Partial<RolloutRecord> => ({ text: `${String(kind()).padStart(2, "0")} and so on ${random.uniform()}` }),
    reader: { segments: () => ({ planEnd: 2 }) },
  });
}

it("the chance of a new beginning is told as it is, over studies", () => {
  const off = Array.from({ length: 60 }, (_, i) => {
    const seen = drawn(i);
    const found = new Findings(unseenKinds(seen, "base", seen.rollouts, OPTIONS)).measured("census/unseen/base")!;
    const missing = PROBLEMS.map(({ id }) => {
      const met = new Set(
        seen.rollouts.filter(({ problem }) => problem === id).map(({ text }) => Number(text!.slice(0, 2))),
      );
      return weights.reduce((sum, weight, kind) => sum + (met.has(kind) ? 0 : weight / total), 0);
    });
    return found.value - missing.reduce((a, b) => a + b, 0) / missing.length;
  });
  const mean = off.reduce((a, b) => a + b, 0) / off.length;
  const error = Math.sqrt(off.reduce((sum, one) => sum + (one - mean) ** 2, 0) / off.length / (off.length - 1));
  // Good and Turing's bias is within 1/n of one rollout more: here below 0.005.
  expect(Math.abs(mean)).toBeLessThan(0.005 + 3 * error);
});

it("of beginnings at least as many are told as there are at least, and no more than there are", () => {
  const seen = drawn(3);
  const { value } = new Findings(unseenKinds(seen, "base", seen.rollouts, OPTIONS)).measured("census/kinds/base")!;
  expect(value).toBeGreaterThan(20);
  expect(value).toBeLessThan(KINDS);
});

it("where the task tells no commitments nothing is told", () => {
  const seen = drawn(1);
  expect(unseenKinds({ ...seen, reader: { tokensWithin: () => 0 } }, "base", seen.rollouts, OPTIONS)).toEqual([]);
});
