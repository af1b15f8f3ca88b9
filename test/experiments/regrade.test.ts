import { expect, it } from "vitest";
import { regrade } from "../../src/experiments/regrade.ts";
import { Findings } from "../../src/terms/finding.ts";
import { OPTIONS } from "../conformance/experiment.ts";
import { counted, pairOf, record } from "../support/evidence.ts";

const PROBLEMS = 60;
const each = (verdicts: (i: number) => string, text: (mark: string, i: number) => string) =>
  Array.from({ length: PROBLEMS }, (_, i) =>
    record(`p${i}`, verdicts(i), (k) => ({ text: text([...verdicts(i)][k]!, i) }), "7"),
  );
const run = (base: ReturnType<typeof each>, tuned: ReturnType<typeof each>) => {
  const evidence = pairOf(base, tuned);
  expect(regrade.onEvidence!.refuse(evidence)).toBeUndefined();
  return new Findings(regrade.onEvidence!.estimate(evidence, OPTIONS).findings);
};
const marked = (mark: string) => (mark === "+" ? "<answer>7</answer>" : "<answer>8</answer>");

it("a gain that is only the missing tag is all format", () => {
  // The base knows the answer on the same problems but never marks it.
  const found = run(
    each(
      () => "--",
      (_, i) => (i % 10 < 9 ? "7" : "8"),
    ),
    each((i) => (i % 10 < 9 ? "++" : "--"), marked),
  );
  expect(found.measured("regrade/gain/official")!.value).toBeCloseTo(0.9, 12);
  expect(found.measured("regrade/gain/lenient")!.value).toBeCloseTo(0, 12);
  expect(found.measured("regrade/share")).toMatchObject({ value: expect.closeTo(1, 12) });
});

it("a gain in substance keeps its size under every reading", () => {
  const found = run(
    each((i) => (i % 4 === 0 ? "+-" : "--"), marked),
    each((i) => (i % 4 < 3 ? "++" : "--"), marked),
  );
  for (const reading of ["strict", "official", "lenient"])
    expect(found.measured(`regrade/gain/${reading}`)!.value).toBeCloseTo(0.625, 12);
  expect(found.measured("regrade/share")!.value).toBeCloseTo(0, 12);
});

it("what the grader passed stays right when read leniently, but strict reading wants it marked", () => {
  const found = run(
    each(
      () => "-",
      () => "8",
    ),
    each(
      () => "+",
      () => "The answer is 7.",
    ),
  );
  expect(found.measured("regrade/strict/tuned")!.value).toBe(0);
  expect(found.measured("regrade/lenient/tuned")!.value).toBe(1);
});

it("refuses the share where the grader passes answers that are not the reference, and says how many", () => {
  const found = run(
    each(
      () => "-",
      () => "8",
    ),
    each(
      () => "+",
      (_, i) => (i < 6 ? "<answer>9</answer>" : "<answer>7</answer>"),
    ),
  );
  expect(found.get("regrade/share")).toMatchObject({ kind: "refused", why: expect.stringContaining("10.0 %") });
  expect(found.measured("regrade/unmatched/tuned")).toMatchObject({ value: 0.1, diagnostic: { count: 6, of: 60 } });
});

it("refuses to share out a gain that is not there", () => {
  const same = each((i) => (i % 2 === 0 ? "+" : "-"), marked);
  expect(run(same, same).get("regrade/share")).toMatchObject({ kind: "refused" });
});

it("refuses counts, half the texts, and missing reference answers, each by name", () => {
  const why = (base: ReturnType<typeof each>) => regrade.onEvidence!.refuse(pairOf(base, base))?.why;
  expect(why([counted("a", 1, 2), counted("b", 1, 2)])).toBe("no rollout has its text");
  expect(
    why([
      record("a", "++", (i) => (i === 0 ? { text: "7" } : {}), "7"),
      record("b", "--", (i) => (i === 0 ? { text: "7" } : {}), "7"),
    ]),
  ).toMatch(/only 4 of 8 rollouts have a text/);
  expect(why([record("a", "+", () => ({ text: "7" })), record("b", "+", () => ({ text: "7" }))])).toMatch(
    /only 0 of 2 problems/,
  );
});
