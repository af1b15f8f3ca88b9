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

test("a study without it says nothing of it", () => {
  expect(told([])).toBeUndefined();
});
