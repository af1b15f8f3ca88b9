// The fixture is made for this project in the shape of shared/FORMATS.md, B6: no real file was at hand.
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { traces } from "../../src/importers/traces.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { conforms } from "../conformance/importer.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/traces.jsonl";
conforms({ importer: traces, fixtures: [fixture] });

const node = (fields: object = {}) => ({
  message: { role: "assistant", content: "3" },
  sampled: true,
  token_ids: [7, 8],
  mask: [false, true],
  logprobs: [-0.5],
  ...fields,
});
const episode = (trace: object, fields: object = {}) => ({
  env: { id: "sums" },
  task: { key: "17", data: {} },
  ok: true,
  traces: [{ nodes: [node()], calls: [], rewards: { correct: { score: 1, weight: 1 } }, ...trace }],
  ...fields,
});
const verdictOf = async (row: object, options = {}) => {
  const { problems } = await readText(lines(row), options);
  const verdict = problems[0]?.rollouts?.[0]?.verdict;
  return verdict?.kind === "ungradable" ? verdict.why : verdict?.kind;
};
const handed = async (content: string): Promise<Rollout[]> => {
  const all: Rollout[] = [];
  await readText(content, { onRollout: (_: object, rollout: Rollout) => all.push(rollout) });
  return all;
};

describe("traces", () => {
  test("an episode is a rollout of its task, named by environment and key; a judge's trace is none", async () => {
    const { problems, selected } = await readEvidence(fixture, { policy: "base" });
    expect(selected).toBe(undefined);
    expect(
      problems.map(({ id, family, prompt, gold, n, right, ungradable }) => [
        id,
        family,
        prompt,
        gold,
        n,
        right,
        ungradable,
      ]),
    ).toEqual([
      ["sums/17", "sums", "1+2?", "3", 3, 1, { "cut off": 1, "engine error": 1 }],
      ["words/17", "words", "tea?", "Ada", 1, 1, {}],
    ]);
  });

  test("token ids and log-probabilities are those that the model drew; what was not kept stays absent", async () => {
    const all: Rollout[] = [];
    await readEvidence(fixture, { policy: "base", onRollout: (_, rollout) => all.push(rollout) });
    expect(all.map(({ tokens, tokenIds, logProbs }) => ({ tokens, tokenIds, logProbs }))).toEqual([
      { tokens: 2, tokenIds: [8, 9], logProbs: [-0.25, -0.5] },
      { tokens: 2, tokenIds: [8, 10], logProbs: undefined },
      { tokens: undefined, tokenIds: undefined, logProbs: undefined },
      { tokens: 4, tokenIds: undefined, logProbs: undefined },
    ]);
    expect(
      all.flatMap((rollout) => Object.keys(rollout).filter((key) => rollout[key as keyof Rollout] === undefined)),
    ).toEqual([]);
  });

  test("a log-probability that is missing takes the others of its answer with it", async () => {
    const two = { token_ids: [7, 8, 9], mask: [false, true, true] };
    const text = lines(episode({ nodes: [node({ ...two, logprobs: [-0.5, "@"] })] })).replace('"@"', "NaN");
    expect((await handed(text))[0]).toMatchObject({ tokenIds: [8, 9] });
    expect((await handed(text))[0]).not.toHaveProperty("logProbs");
    const infinite = lines(episode({ nodes: [node({ logprobs: ["@"] })] })).replace('"@"', "-Infinity");
    expect((await handed(infinite))[0]?.logProbs).toEqual([Number.NEGATIVE_INFINITY]);
  });

  test("the reward is the sum of scores by their weights, and one of them can be asked for", async () => {
    const rewards = { correct: { score: 0, weight: 1 }, format: { score: 1, weight: 0.6 } };
    expect(await verdictOf(episode({ rewards }))).toBe("right");
    expect(await verdictOf(episode({ rewards }), { rightAbove: 0.6 })).toBe("wrong");
    expect(await verdictOf(episode({ rewards }), { scorer: "correct" })).toBe("wrong");
    expect(await verdictOf(episode({ rewards: {} }))).toBe("no verdict");
    expect(await verdictOf(episode({ rewards: { ...rewards, correct: null } }))).toBe("no verdict");
  });

  test("what failed has no verdict, whatever its reward; errors of attempts that were repeated are none", async () => {
    const errors = [{ type: "ProviderError", message: "503" }];
    expect(await verdictOf(episode({ ok: false }))).toBe("engine error");
    expect(await verdictOf(episode({}, { ok: false }))).toBe("engine error");
    expect(await verdictOf(episode({ ok: true }, { errors }))).toBe("right");
    expect(await verdictOf(episode({ errors }, { ok: undefined }))).toBe("engine error");
    const rewards = { correct: { score: 0 } };
    expect(await verdictOf(episode({ rewards, stop_condition: "max_turns" }))).toBe("cut off");
    expect(await verdictOf(episode({ rewards, calls: [{ finish_reason: "length" }] }))).toBe("cut off");
    expect(await verdictOf(episode({ rewards, calls: [{ finish_reason: "length" }, { finish_reason: "stop" }] }))).toBe(
      "wrong",
    );
  });

  test("episodes of training are selected, and so are evaluations of several steps", async () => {
    const work = (type: string, step: number) => episode({}, { run: { type: "train", work: { type, step } } });
    expect((await readText(lines(work("train", 5)))).selected).toMatch(/episodes of training/);
    expect((await readText(lines(work("eval", 5), work("eval", 5)))).selected).toBe(undefined);
    expect((await readText(lines(work("eval", 5), work("eval", 10)))).selected).toMatch(
      /several training steps, 5 to 10/,
    );
  });

  test.each([
    [
      "a mask of another length",
      { nodes: [node({ mask: [true] })] },
      /traces.nodes.mask: 1 entries beside 2 token ids/,
    ],
    [
      "too many log-probabilities",
      { nodes: [node({ logprobs: [-1, -1] })] },
      /2 log-probabilities stand beside 1 generated tokens/,
    ],
    [
      "a positive log-probability",
      { nodes: [node({ logprobs: [0.5] })] },
      /the number 0.5 stands where a log-probability belongs/,
    ],
    [
      "a token id that is none",
      { nodes: [node({ token_ids: [7, -1] })] },
      /the number -1 stands where a token id belongs/,
    ],
    ["a score that is text", { rewards: { correct: { score: "1" } } }, /stands where a score and its weight belongs/],
    ["nodes that are an object", { nodes: {} }, /traces.nodes: the object \{\} stands where a list of objects belongs/],
  ])("%s is refused where it stands", async (_, trace, message) => {
    expect((await refusal(readText(lines(episode(trace))))).message).toMatch(message);
  });

  test("two agents that both train are refused by name", async () => {
    const two = { traces: [{ agent: { name: "solver" } }, { agent: { name: "proposer" } }] };
    expect((await refusal(readText(lines(episode({}, two))))).message).toMatch(
      /agents "solver" and "proposer" both train/,
    );
  });
});
