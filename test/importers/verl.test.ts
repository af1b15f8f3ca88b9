// The fixture is made for this project in the shape of shared/FORMATS.md, B4: no real file was at hand.
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { verl } from "../../src/importers/verl.ts";
import { conforms } from "../conformance/importer.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/verl.jsonl";
conforms({ importer: verl, fixtures: [fixture], familyless: true });

const row = (fields: object = {}) => ({
  input: "1+2?",
  output: "3",
  gts: "3",
  score: 1,
  step: 5,
  reward: 1,
  ...fields,
});

describe("verl", () => {
  test("rows are gathered by input and reference answer, and acc goes before score", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base" });
    expect(problems.map(({ prompt, gold, n, right }) => [prompt, gold, n, right])).toEqual([
      ["user\n1+2?\nassistant\n", "3", 2, 1],
      ["user\ntea?\nassistant\n", '["Ada","Grace"]', 2, 1],
    ]);
    expect(problems[1]?.rollouts).toEqual([
      { verdict: { kind: "right" }, text: "Ada", extracted: "Ada" },
      { verdict: { kind: "wrong" }, text: "" },
    ]);
  });

  test("without acc the score decides, by the threshold that is recorded", async () => {
    const { problems, rightAbove } = await readText(lines(row({ score: -1 }), row()), { rightAbove: 0 });
    expect([problems[0]?.right, problems[0]?.n, rightAbove]).toEqual([1, 2, 0]);
    expect((await readText(lines(row({ acc: true })))).rightAbove).toBe(undefined);
    expect((await readText(lines(row({ acc: 1, score: 0 })))).problems[0]?.right).toBe(1);
    expect((await readText(lines(row({ format: 0 })), { scorer: "format" })).problems[0]?.right).toBe(0);
  });

  test("the same question with other answers is another problem", async () => {
    const { problems } = await readText(lines(row(), row({ gts: "4" })));
    expect(problems.map(({ n, gold }) => [n, gold])).toEqual([
      [1, "3"],
      [1, "4"],
    ]);
  });

  test("a training dump is selected, a validation is not, unless it is of several steps", async () => {
    expect((await readEvidence(fixture, { policy: "base" })).selected).toBe(undefined);
    expect((await readText(lines(row({ reward: undefined })))).selected).toMatch(/it is a training dump/);
    expect((await readText(lines(row(), row({ step: 10 })))).selected).toMatch(/several training steps, 5 to 10/);
  });

  test("a score of NaN, as Python writes it, is no verdict", async () => {
    const content = lines(row({ score: "@" })).replace('"@"', "NaN");
    expect((await readText(content)).problems[0]?.ungradable).toEqual({ "no verdict": 1 });
  });

  test.each([
    [
      "a score that is text",
      { score: "1" },
      /line 1, field score: the string "1" stands where a finite number belongs/,
    ],
    ["a step that is text", { step: "5" }, /field step: the string "5" stands where a training step belongs/],
    ["an input that is a list", { input: [] }, /field input: the list \[\] stands where text belongs/],
  ])("%s is refused where it stands", async (_, fields, message) => {
    expect((await refusal(readText(lines(row(fields))))).message).toMatch(message);
  });
});
