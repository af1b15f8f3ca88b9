import { expect, it } from "vitest";
import { budget } from "../../src/experiments/budget.ts";
import { Findings } from "../../src/terms/finding.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { counted, pairOf, record } from "../support/evidence.ts";

const side = (verdicts: (i: number) => string, tokens: (i: number, k: number) => number) =>
  Array.from({ length: 50 }, (_, i) => record(`p${i}`, verdicts(i), (k) => ({ tokens: tokens(i, k) })));
const run = (base: ReturnType<typeof side>, tuned: ReturnType<typeof side>) => {
  const evidence = pairOf(base, tuned);
  expect(budget.onEvidence!.refuse(evidence)).toBeUndefined();
  const outcome = budget.onEvidence!.estimate(evidence, OPTIONS);
  return { found: new Findings(outcome.findings), exhibit: outcome.exhibits[0]! };
};

it("a gain that needs more tokens than the base uses is gone at equal use", () => {
  // Every rollout of the tuned policy takes 900 tokens, of the base 100: held to 100 it finishes nothing.
  const { found } = run(
    side(
      (i) => (i % 5 === 0 ? "+-" : "--"),
      () => 100,
    ),
    side(
      (i) => (i % 5 < 3 ? "++" : "--"),
      () => 900,
    ),
  );
  expect(found.measured("budget/gain/B=900")!.value).toBeCloseTo(0.5, 12);
  expect(found.measured("budget/gain/matched")!.value).toBeCloseTo(-0.1, 12);
  expect(found.measured("budget/share")!.value).toBeGreaterThan(1);
});

it("a gain without more tokens loses nothing at equal use", () => {
  const { found } = run(
    side(
      (i) => (i % 5 === 0 ? "+-" : "--"),
      () => 100,
    ),
    side(
      (i) => (i % 5 < 3 ? "++" : "--"),
      () => 100,
    ),
  );
  expect(found.measured("budget/share")!.value).toBeCloseTo(0, 12);
});

it("an answer counts from the budget on that it needed", () => {
  const { exhibit } = run(
    side(
      () => "+",
      (i) => (i < 25 ? 16 : 200),
    ),
    side(
      () => "+",
      () => 33,
    ),
  );
  if (exhibit.kind !== "budget") throw new Error("not a budget exhibit");
  const at = (tokens: number) => exhibit.budget.indexOf(tokens);
  expect(exhibit.base[at(16)]).toBe(0.5);
  expect(exhibit.later[at(32)]).toBe(0);
  expect(exhibit.later[at(64)]).toBe(1);
  expect(exhibit.base.at(-1)).toBe(1);
});

it("says how many tokens each side uses", () => {
  const { found } = run(
    side(
      () => "+-",
      (_, k) => 100 + 200 * k,
    ),
    side(
      () => "+-",
      () => 50,
    ),
  );
  expect(found.measured("tokens/base")!.value).toBe(200);
  expect(found.measured("tokens/tuned")!.value).toBe(50);
});

it("refuses evidence without token counts", () => {
  const counts = [counted("a", 1, 2), counted("b", 1, 2)];
  expect(budget.onEvidence!.refuse(pairOf(counts, counts))?.why).toBe("0 of 4 rollouts of base have a token count");
});

it("a rollout whose tokens were not counted weighs neither as none nor as infinitely many", () => {
  const some = side(
    () => "+-",
    (i, k) => (i === 0 && k === 0 ? Number.NaN : 100),
  ).map((one) => ({
    ...one,
    rollouts: one.rollouts!.map(({ tokens, ...rest }) => (Number.isNaN(tokens) ? rest : { ...rest, tokens: tokens! })),
  }));
  const { found } = run(
    some,
    side(
      () => "+-",
      () => 100,
    ),
  );
  expect(found.measured("tokens/base")!.value).toBe(100);
  // Without a limit its answer counts as it does officially.
  expect(found.measured("budget/gain/B=100")!.value).toBe(0);
});
