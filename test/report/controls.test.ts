// test/report/ · Controls, told: settings that were tried, guesses, twins.
import { expect, test } from "vitest";
import { controls } from "../../src/report/telling/controls.ts";
import { Story } from "../../src/report/telling/story.ts";
import type { Finding } from "../../src/terms/finding.ts";
import { live } from "../fixtures/report/sample.ts";

const told = (findings: readonly Finding[]) => controls(new Story({ ...live.document, findings: [...findings] }));
const words = (findings: readonly Finding[]): string => JSON.stringify(told(findings)).replaceAll(/\s+/g, " ");
const measured = (name: string, value: number, low?: number, high?: number): Finding => ({
  name,
  estimate: {
    kind: "measured",
    value,
    ...(low === undefined ? {} : { low }),
    ...(high === undefined ? {} : { high }),
    method: "made up",
  },
});

test("says what is left of the gain when both are asked in their best ways, with a row for every setting", () => {
  const said = words([
    measured("sweep/variant/shots/base", 0.5),
    measured("sweep/variant/shots/tuned", 0.6),
    measured("sweep/best/base", 0.5),
    measured("sweep/best/tuned", 0.61),
    measured("sweep/share", 0.45, 0.3, 0.6),
  ]);
  expect(said).toContain("Asked in their best ways: base 0.50");
  expect(said).toMatch(/Of the gain 0\.45 .* is gone then/);
  expect(said).toContain('"shots"');
});

test("says how far guesses reach, and what is missing on twins", () => {
  const said = words([
    measured("guess/bare/base", 0.1),
    measured("guess/bare/tuned", 0.12),
    measured("guess/floor/base", 0.09),
    measured("recall/gain/twins", 0.3, 0.2, 0.4),
    measured("recall/share", 0.05, -0.1, 0.2),
  ]);
  expect(said).toContain("Bare answers are right as often as this: base 0.10");
  expect(said).toContain("Answers that lost their problem would pass as often as this: base 0.09");
  expect(said).toMatch(/On fresh twins of the problems the gain is \+0\.30/);
});

test("a study without them says nothing of them", () => {
  expect(told([])).toBeUndefined();
});

test("says what samples of a sharper base reach, and what that shows", () => {
  const success = measured("power/success", 0.8, 0.75, 0.85);
  const said = words([
    { ...success, estimate: { ...success.estimate, diagnostic: { alpha: 1.436 } } as Finding["estimate"] },
    measured("power/share", 0.9, 0.8, 1),
  ]);
  expect(said).toContain("raised to the power 1.44 are right as often as this: 0.80");
  expect(said).toContain("of the gain");
});
