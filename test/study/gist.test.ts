import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { evidenceOf } from "../../src/cli/explain.ts";
import { extractAnswer } from "../../src/experiments/answer-forms.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { explain } from "../../src/study/explain.ts";
import { gistOf } from "../../src/study/gist.ts";
import type { PolicyEvidence } from "../../src/terms/observation.ts";

const folder = mkdtempSync(join(tmpdir(), "crucis-gist-"));
afterAll(() => rmSync(folder, { recursive: true }));

const LONG = "We add the terms, carry one, and check.\n".repeat(50);

describe("the gist of an answer", () => {
  test.each([
    [`${LONG}So it is \\boxed{12}.`, "\\boxed{12}"],
    [`${LONG}<answer>\n12\n</answer> I am sure.`, "\\boxed{12}"],
    [`${LONG}#### 12`, "\\boxed{12}"],
    [`${LONG}<answer>a } b</answer>`, "<answer>a } b</answer>"],
    [`${LONG}<answer>{ and </answer></answer>`, "<answer>{ and </answer></answer>"],
    [`${LONG}The final answer is 12.5. I am sure.`, "the answer is 12.5"],
    [`${LONG}It must be 12`, "It must be 12"],
    [`<think>${LONG}\\boxed{12}`, "\\boxed{12}"],
    [`<think>${LONG}</think>`, ""],
    ["", ""],
  ])("of %j is what is read from it, in its form", (text, gist) => {
    expect(gistOf(text)).toBe(gist);
  });

  test("says what the text says, whatever the text", () => {
    const piece = fc.constantFrom(
      "\\boxed{",
      "}",
      "{",
      "<answer>",
      "</answer>",
      "#### ",
      "<think>",
      "</think>",
      "the answer is ",
      "final answer: ",
      "12",
      "3.5",
      ". ",
      ".",
      "\n",
      " ",
      "x",
      "ſ",
      "\ud800",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = pieces.join("");
        const gist = gistOf(text);
        expect(extractAnswer(gist)).toEqual(extractAnswer(text));
        expect(gist.length).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 2000 },
    );
  });

  const shared = "/work/shared/data/reasoning-gym";
  const made = (name: string, wordy: number): string => {
    const forms = ["\\boxed{12}", "12", "<answer>x = 12</answer>", "so 12.0", "the answer is 12", "\\boxed{13}"];
    const rows = Array.from({ length: 240 }, (_, i) => {
      const text = `${LONG}${forms[(i * 7 + (i % wordy)) % forms.length]}`;
      const right = /boxed\{12|answer is 12/.test(text);
      return {
        id: `p${i % 30}`,
        text,
        reward: right ? 1 : 0,
        gold: "12",
        tokens: 300 + (i % 90),
        question: LONG + (i % 30),
      };
    });
    const file = join(folder, name);
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return file;
  };
  /** Explained from what `crucis explain` keeps, and from all of the texts. */
  async function bothWays(files: readonly string[], families: readonly string[]) {
    const policies = files.map((file, i) => ({ policy: ["base", "tuned"][i]!, file }));
    const short = policies.map((named) => evidenceOf(named, { family: families, rightAbove: 0.5 }));
    const whole = policies.map(({ policy, file }) =>
      readEvidence(file, { policy, ...(families.length === 0 ? {} : { families }) }),
    );
    return [await Promise.all(short), await Promise.all(whole)] as const;
  }
  const size = (policies: readonly PolicyEvidence[]): number => JSON.stringify(policies).length;

  test("is all that explain needs of texts", async () => {
    const [short, whole] = await bothWays([made("base", 5), made("tuned", 2)], []);
    const told = explain(short, { draws: 200 });
    const { document } = told;
    expect(told).toEqual(explain(whole, { draws: 200 }));
    expect(document.findings.find(({ name }) => name === "regrade/share")?.estimate.kind).toBe("measured");
    expect(size(short)).toBeLessThan(0.2 * size(whole));
  });

  test.skipIf(!existsSync(shared))("is all that explain needs of real texts too", async () => {
    const files = ["base", "games500"].map((name) => `${shared}/${name}_algebra.json`);
    const [short, whole] = await bothWays(files, ["simple_equations"]);
    expect(explain(short, { draws: 200 })).toEqual(explain(whole, { draws: 200 }));
    expect(size(short)).toBeLessThan(0.7 * size(whole));
  });
});
