// test/report/ · How rare success is in the base, told: counted, split by levels, or only between limits.
import { expect, test } from "vitest";
import { mass } from "../../src/report/telling/mass.ts";
import { Story } from "../../src/report/telling/story.ts";
import type { Finding } from "../../src/terms/finding.ts";
import { live } from "../fixtures/report/sample.ts";

const told = (findings: readonly Finding[]): string | undefined => {
  const { document } = live;
  const section = mass(new Story({ ...document, findings: [...findings] }));
  // Numbers and their units are held together by spaces that do not break.
  return section?.pieces
    .map((piece) => (piece.kind === "prose" ? piece.text.replaceAll(/\s+/g, " ") : piece.kind))
    .join(" ");
};
const measured = (name: string, value: number): Finding => ({
  name,
  estimate: { kind: "measured", value, method: "made up" },
});
const NOTHING: Finding = {
  name: "mass/agreed",
  estimate: { kind: "refused", why: "every problem is solved often enough", mend: "nothing is to be mended" },
};

test("what is counted is said to be counted, and that nothing is rare is no refusal", () => {
  const said = told([measured("mass/bits", 1.14), measured("mass/rare", 0), NOTHING]);
  expect(said).toBe(
    "To be right, base lacks 1.14 bits a problem (1 bit: right every second time). It solves every problem often enough to be counted.",
  );
});

test("what is rare says how much of it two methods agree on; limits are limits", () => {
  const bits: Finding = {
    name: "mass/bits",
    estimate: { kind: "bounded", low: 5, high: 30, level: 0.95, method: "made up" },
  };
  const said = told([bits, measured("mass/rare", 0.5), measured("mass/agreed", 0.75)]);
  expect(said).toMatch(/lacks .*5.* 30.* bits a problem/);
  expect(said).toContain("On 50 % of the problems it is right less than ten times");
  expect(said).toContain("two methods agree on 75 % of them");
});

test("where it is seldom, it is said how seldom; where the sampler cuts, also what the model as it is would do", () => {
  expect(told([measured("mass/bits", 20), measured("mass/rare", 1)])).toContain(
    "On such a problem one answer in 1.05 million is right.",
  );
  expect(told([measured("mass/bits", 100), measured("mass/rare", 1)])).toContain("one answer in 10^30 is right");
  const full = { kind: "bounded", low: 2, high: 40, level: 0.95, method: "with all tokens kept" } as const;
  expect(told([measured("mass/bits", 20), { name: "mass/full/bits", estimate: full }])).toMatch(
    /With all tokens kept it lacks 2 to 40 bits, by the answers that were scored/,
  );
  const same = { kind: "measured", value: 20, method: "made up" } as const;
  expect(told([measured("mass/bits", 20), { name: "mass/full/bits", estimate: same }])).not.toContain("all tokens");
});

test("what is guaranteed is said, and on which side of the yardstick problems lie where training's rollouts are known", () => {
  const base: Finding = {
    name: "mass/base",
    estimate: { kind: "bounded", low: 1e-9, high: 3e-4, level: 0.95, method: "made up" },
  };
  const samples = (diagnostic: Record<string, number>): Finding => ({
    name: "mass/samples",
    estimate: { kind: "bounded", low: 3000, high: 1e9, method: "made up", diagnostic },
  });
  const sides = { rlRollouts: 1_600_000, above: 30, below: 1, across: 2, estimatedAbove: 1, estimatedBelow: 0 };
  const said = told([measured("mass/bits", 20), base, samples({ problems: 33, ...sides })]);
  expect(said).toContain(
    "its chance of a right answer lies between 1.0e-9 and 0.000300 (geometric mean over problems)",
  );
  expect(said).toContain(
    "Training drew 1.6 million rollouts: of 33 problems 30 certainly have a right answer in that many or more often, 1 certainly not, and on 2 it is not certain (by what two methods agree on, 1 of these lie above and 0 below).",
  );
  expect(told([measured("mass/bits", 20), base, samples({ problems: 33 })])).not.toContain("Training drew");
  const open: Finding = { name: "mass/base", estimate: { kind: "bounded", high: 0.03, method: "made up" } };
  expect(told([measured("mass/bits", 20), open])).toContain("is at most 0.0300 (geometric mean");
});

test("a study without it says nothing of it", () => {
  expect(told([])).toBeUndefined();
});
