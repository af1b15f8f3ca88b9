import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { explain } from "../../src/study/explain.ts";
import { fullEvidence } from "../conformance/experiment.ts";
import { policy } from "../support/evidence.ts";

it("every finding is on the page of findings", () => {
  const page = readFileSync(new URL("../../docs/findings.md", import.meta.url), "utf8");
  // A documented name is a pattern: words in capitals stand for what varies.
  const patterns = [...page.matchAll(/`([^`\s]+)`/g)].map(
    ([, name]) => new RegExp(`^${name!.replace(/[A-Z]{4,}|(?<=@)K|(?<==)N/g, "[^/]+")}$`),
  );
  const { problems } = fullEvidence();
  const sides = ([0, 1] as const).map((side) => problems.map((problem) => problem.sides[side]));
  const { document } = explain([policy("base", sides[0]!), policy("mid", sides[0]!), policy("tuned", sides[1]!)]);
  const missing = document.findings
    .map(({ name }) => name)
    .filter((name) => !patterns.some((pattern) => pattern.test(name)));
  expect(document.findings.length).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});
