import { describe, expect, it, test } from "vitest";
import { judgeAsks, Labels, labelIn, toLabel, UNREADABLE } from "../../src/experiments/judge-labels.ts";
import type { SeenJudge } from "../../src/terms/judge.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import { madeSeen, problemsOf } from "../support/made-seen.ts";

const WAYS = ["case-split", "split", "other"];

describe("a label in an answer", () => {
  it.each([
    ["split", "split"],
    ["a completion that goes on", " case-split\n\n<attempt>\nsplit"],
    ["marks around it", "It is clear.\n**Split**."],
    ["the field's name before it", "Way: split\nother"],
    ["a last line with one name", "It might be split.\nSo it follows the way case-split here."],
    ["thinking before it", "split? or other?\nother\n</think>\nsplit"],
  ])("%s", (_, answer) => {
    const named = WAYS[labelIn(answer, WAYS)]!;
    expect(named).toBe(/case-split/.test(answer) ? "case-split" : "split");
  });

  it.each(["", "none of these", "split or other", "I would splits it", "it splits-off"])(
    "%j names none, or several",
    (answer) => expect(labelIn(answer, WAYS)).toBe(UNREADABLE),
  );
});

const judge: SeenJudge = {
  key: "judge~1",
  strategies: WAYS,
  rollouts: 2,
  examples: [
    { text: "a", strategy: "split", problem: "What is it?" },
    { text: "b", strategy: "other" },
  ],
  examplesKey: "e1",
};
const seen = {
  ...madeSeen({
    policies: ["base", "tuned"],
    problems: problemsOf([1], 2),
    rollouts: 4,
    draw: (policy, { id }, i) => ({
      verdict: i === 0 ? "wrong" : "right",
      ...(policy === "base" && i === 1 ? {} : { text: `${policy} ${id} ${i}` }),
    }),
  }),
  judge,
};

describe("what a judge is asked", () => {
  test("examples first, each with its problem in words", () => {
    const asks = judgeAsks(seen, judge, 0, 1);
    expect(asks).toMatchObject([
      { kind: "sample", policy: "judge", ask: { problem: "example/0", shown: { text: "a", problem: "What is it?" } } },
      { kind: "sample", policy: "judge", ask: { problem: "example/1", shown: { text: "b", problem: "" } } },
    ]);
    // They are the same whatever was drawn, so that they are asked once.
    expect(judgeAsks({ ...seen, rollouts: [] }, judge, 0, 1)).toEqual(asks);
  });

  test("then so many rollouts of each problem and policy, wrong ones too, in whatever order they come", () => {
    const asks = judgeAsks(seen, judge, 1, 1);
    expect(asks.map(({ ask }) => ("shown" in ask ? ask.shown!.text : ""))).toEqual([
      "base L1/0 0",
      "base L1/1 0",
      "tuned L1/0 0",
      "tuned L1/0 1",
      "tuned L1/1 0",
      "tuned L1/1 1",
    ]);
    expect(judgeAsks({ ...seen, rollouts: seen.rollouts.toReversed() }, judge, 1, 1)).toEqual(asks);
    expect(new Set(asks.map(({ ask }) => ask.rollout)).size).toBe(asks.length);
    expect(judgeAsks(seen, judge, 2, 1)).toEqual([]);
  });
});

test("labels are those of this judge and these examples; what its engine lost is none", () => {
  const answered = [...judgeAsks(seen, judge, 0, 1), ...judgeAsks(seen, judge, 1, 1)].map(
    ({ ask }, i): RolloutRecord => ({
      ...(ask as Omit<RolloutRecord, "chunk">),
      chunk: "",
      policy: "judge",
      engine: "",
      verifier: "",
      verdict: "ungradable",
      ...(i === 2 ? { why: "engine error" } : { why: "no verdict", text: i % 2 === 0 ? "split" : "what?" }),
    }),
  );
  const all = { ...seen, rollouts: [...seen.rollouts, ...answered] };
  const labels = new Labels(all, judge);
  expect([0, 1].map((i) => labels.ofExample(i))).toEqual([1, UNREADABLE]);
  expect(toLabel(all, judge, "base").map((one) => labels.ofRollout(one))).toEqual([undefined, UNREADABLE]);
  for (const other of [
    { ...judge, key: "judge~2" },
    { ...judge, examplesKey: "e2" },
  ])
    expect(new Labels(all, other).ofExample(0)).toBeUndefined();
});
