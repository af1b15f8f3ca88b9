// The fixture is made for this project in the shape of shared/FORMATS.md, B17: no real file was at hand.
import { describe, expect, test } from "vitest";
import { openaiBatch } from "../../src/importers/openai-batch.ts";
import { readEvidence } from "../../src/importers/read.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { conforms } from "../conformance/importer.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/openai-batch.jsonl";
conforms({ importer: openaiBatch, fixtures: [fixture], familyless: true });

const row = (custom_id: unknown, choices: unknown, fields: object = {}) => ({
  custom_id,
  response: { status_code: 200, body: { choices } },
  ...fields,
});
const said = (content: string) => ({ message: { role: "assistant", content }, finish_reason: "stop" });

describe("openai-batch", () => {
  test("samples of one problem are gathered by custom_id, in whatever order, and failed requests are engine errors", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base" });
    expect(problems.map(({ id, n, right, ungradable }) => [id, n, right, ungradable])).toEqual([
      ["t1", 2, 1, {}],
      ["t2", 3, 0, { "cut off": 1, "engine error": 2 }],
    ]);
    expect(problems[0]?.rollouts?.[0]).toEqual({ verdict: { kind: "right" }, text: "3", tokens: 2, cutOff: false });
  });

  test("an answer that nobody graded has no verdict, and is not wrong", async () => {
    const { problems } = await readText(lines(row("t1-s0", [said("3")])));
    expect(problems[0]).toMatchObject({ n: 1, right: 0, ungradable: { "no verdict": 1 } });
  });

  test.each([
    ["t12-s3", "t12"],
    ["t12/sample-3", "t12"],
    ["gsm8k-17_s0-seed42", "gsm8k-17"],
    ["gsm8k-17", "gsm8k-17"],
    ["task-s", "task-s"],
  ])("the problem of %s is %s", async (name, id) => {
    expect((await readText(lines(row(name, [said("3")])))).problems[0]?.id).toBe(id);
  });

  test("several answers of one request are several rollouts, and text completions are read too", async () => {
    const { problems } = await readText(lines(row("a", [said("3"), { text: "4", finish_reason: "length" }])));
    expect(problems[0]?.rollouts?.map(({ text, cutOff, tokens }) => [text, cutOff, tokens])).toEqual([
      ["3", false, undefined],
      ["4", true, undefined],
    ]);
  });

  test("log-probabilities and token ids are handed on where the server gave them", async () => {
    const all: Rollout[] = [];
    const onRollout = (_: object, rollout: Rollout) => all.push(rollout);
    await readEvidence(fixture, { policy: "base", onRollout });
    const text = { text: "3", token_ids: [8, 9], logprobs: { token_logprobs: [-0.25, null] } };
    await readText(lines(row("a", [text])), { onRollout });
    expect(all.flatMap(({ logProbs, tokenIds }) => ((logProbs ?? tokenIds) ? [[logProbs, tokenIds]] : []))).toEqual([
      [[-0.25, -0.5], undefined],
      [undefined, [8, 9]],
    ]);
  });

  test.each([
    [
      "the same custom_id twice",
      [row("a", [said("3")]), row("a", [said("4")])],
      /line 2, field custom_id: id "a" was already given on line 1/,
    ],
    [
      "a body without choices",
      [row("a", undefined)],
      /field response.body.choices: nothing stands where a list of choices/,
    ],
    [
      "one grade for two answers",
      [row("a", [said("3"), said("4")], { correct: true })],
      /field correct: one grade stands beside 2 answers/,
    ],
    ["a custom_id that is none", [row(null, [said("3")])], /field custom_id: null stands where an id belongs/],
  ])("%s is refused", async (_, all, message) => {
    expect((await refusal(readText(lines(...all)))).message).toMatch(message);
  });
});
