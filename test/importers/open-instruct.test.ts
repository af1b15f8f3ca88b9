// The fixture is made for this project in the shape of shared/FORMATS.md, B8: no real file was at hand.
import { describe, expect, test } from "vitest";
import { openInstruct } from "../../src/importers/open-instruct.ts";
import { readEvidence } from "../../src/importers/read.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { conforms } from "../conformance/importer.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/open-instruct.jsonl";
conforms({ importer: openInstruct, fixtures: [fixture] });

describe("open-instruct", () => {
  test("a problem is its prompt, whose number counts anew at every step; the file is selected", async () => {
    const { problems, selected } = await readEvidence(fixture, { policy: "base" });
    expect(problems.map(({ family, n, right, ungradable }) => [family, n, right, ungradable])).toEqual([
      ["sums", 2, 1, {}],
      ["words", 2, 1, { "cut off": 1 }],
    ]);
    expect(selected).toMatch(/^open-instruct drops prompts whose answers all have the same reward/);
  });

  test("token ids and log-probabilities are handed on, and none is invented", async () => {
    const all: Rollout[] = [];
    const { problems } = await readEvidence(fixture, { policy: "base", onRollout: (_, rollout) => all.push(rollout) });
    expect(all.map(({ tokenIds, logProbs }) => [tokenIds, logProbs])).toEqual([
      [
        [8, 9],
        [-0.25, -0.5],
      ],
      [
        [8, 10],
        [-0.25, -1.5],
      ],
      [[11, 12, 13], undefined],
      [[11, 9], undefined],
    ]);
    expect(problems[0]?.rollouts?.[0]).toEqual({ verdict: { kind: "right" }, tokens: 2, cutOff: false });
  });

  test.each([
    ["log-probabilities of another length", { logprobs: [-1] }, /1 log-probabilities stand beside 2 generated tokens/],
    [
      "tokens that are text",
      { response_tokens: "8 9" },
      /field response_tokens: the string "8 9" stands where a list of token ids/,
    ],
    [
      "a finish reason that is a number",
      { finish_reason: 1 },
      /field finish_reason: the number 1 stands where a finish reason/,
    ],
  ])("%s are refused where they stand", async (_, fields, message) => {
    const row = { prompt_tokens: [1], response_tokens: [8, 9], reward: 1, ...fields };
    expect((await refusal(readText(lines(row)))).message).toMatch(message);
  });
});
