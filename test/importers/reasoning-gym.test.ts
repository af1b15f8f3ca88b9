import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { reasoningGym } from "../../src/importers/reasoning-gym.ts";
import { conforms } from "../conformance/importer.ts";
import { readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/reasoning-gym.json";
conforms({
  importer: reasoningGym,
  fixtures: [fixture, "test/fixtures/importers/reasoning-gym-dataset.json"],
  document: true,
});

const dataset = (results: unknown, name: unknown = "sums") => JSON.stringify({ name, results });
const result = (completion: object) => ({ question: "q", expected_answer: "a", completions: [completion] });

describe("reasoning-gym", () => {
  test("a result is a problem named by its dataset and place, with all its completions", async () => {
    const { problems, rightAbove } = await readEvidence(fixture, { policy: "base" });
    expect(rightAbove).toBe(0.5);
    expect(problems.map(({ id, family, prompt, gold }) => [id, family, prompt, gold])).toEqual([
      ["small_sums#0", "small_sums", "1+2?", "3"],
      ["small_sums#1", "small_sums", "7+8?", undefined],
      ["needles#0", "needles", "Who likes tea?", "Ada"],
    ]);
    expect(problems[0]?.rollouts).toEqual([
      { verdict: { kind: "right" }, text: "<answer>3</answer>", extracted: "3" },
      { verdict: { kind: "wrong" }, text: "three" },
    ]);
  });

  test("a completion without a score has no verdict; it is not wrong", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base" });
    expect(problems[1]).toMatchObject({ n: 2, right: 0, ungradable: { "no verdict": 1 } });
    expect(problems[1]?.rollouts?.[1]).toEqual({ verdict: { kind: "ungradable", why: "no verdict" } });
  });

  test("a partial score is right or wrong by the threshold, and equal to it is wrong", async () => {
    const right = async (rightAbove: number) =>
      (await readEvidence(fixture, { policy: "base", rightAbove })).problems[0]?.right;
    expect([await right(0.005), await right(0.01), await right(1)]).toEqual([2, 1, 0]);
  });

  test("texts can be left out", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base", keepTexts: false });
    expect(problems[0]?.rollouts?.[0]).toEqual({ verdict: { kind: "right" }, extracted: "3" });
  });

  test.each([
    [
      "a score that is true",
      dataset([result({ score: true })]),
      /results\[0\]\.completions\[0\]\.score: true stands where a number belongs/,
    ],
    [
      "a score beyond all numbers",
      dataset([result({ score: "x" })]).replace('"x"', "1e999"),
      /score: the number Infinity stands/,
    ],
    [
      "a NaN score",
      dataset([result({ score: "x" })]).replace('"x"', "NaN"),
      /line 1, field score: NaN stands where a number belongs/,
    ],
    [
      "a question that is a list",
      dataset([{ question: ["q"], completions: [] }]),
      /results\[0\]\.question: the list \["q"\] stands where text belongs/,
    ],
    ["no completions", dataset([{ question: "q", completions: [] }]), /results\[0\]\.completions has 0 entries/],
    ["no completions field", dataset([{ question: "q" }]), /completions: nothing stands where a list belongs/],
    ["a result that is a number", dataset([3]), /results\[0\]: the number 3 stands where an object belongs/],
    ["a dataset without a name", dataset([], ""), /name: the string "" stands where a text that is not empty belongs/],
    ["no results", dataset([]), /holds no results/],
    ["two lists of results", '{"name":"a","results":[],"results":[]}', /results stands there twice/],
    [
      "a dataset that is text",
      '{"categories":[{"datasets":["a"]}]}',
      /datasets\[0\]: the string "a" stands where an object/,
    ],
    [
      "a category without datasets",
      '{"categories":[{"name":"a"}]}',
      /categories\[0\]\.datasets: nothing stands where a list/,
    ],
    ["categories that are text", '{"categories":"a"}', /categories: the string "a" stands where a list belongs/],
    [
      "a dataset without results",
      '{"categories":[{"datasets":[{"name":"a"}]}]}',
      /\[0\]\.results: nothing stands where a list/,
    ],
    ["a second name", '{"name":"a","results":[],"name":"b"}', /name stands there twice/],
    ["results that are an object", dataset({}), /results: the object \{\} stands where a list belongs/],
    ["JSON that breaks", '{"name":"a",\n"results":[}', /line 2: "\}" stands where a value or \] belongs/],
  ])("%s is refused where it stands", async (_, content, message) => {
    expect((await refusal(readText(content))).message).toMatch(message);
  });

  test("the name of a dataset may stand behind its results", async () => {
    const results = [result({ score: 1 }), result({ score: 0 })];
    const { problems } = await readText(JSON.stringify({ categories: [{ datasets: [{ results, name: "sums" }] }] }));
    expect(problems.map(({ id, family, n, right }) => [id, family, n, right])).toEqual([
      ["sums#0", "sums", 1, 1],
      ["sums#1", "sums", 1, 0],
    ]);
  });

  test("two datasets of one name would share ids, and are refused with both places", async () => {
    const one = { name: "sums", results: [result({ score: 1 })] };
    const { message } = await refusal(
      readText(JSON.stringify({ categories: [{ datasets: [one] }, { datasets: [one] }] })),
    );
    expect(message).toMatch(
      /categories\[1\].datasets\[0\].results\[0\]: id "sums#0" was already given at categories\[0\].datasets\[0\].results\[0\]/,
    );
  });
});
