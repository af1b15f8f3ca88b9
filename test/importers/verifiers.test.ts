// Fixtures are made for this project in the shape of the real run in shared/data/logs, which is read too where it is at hand.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { verifiers } from "../../src/importers/verifiers.ts";
import { conforms } from "../conformance/importer.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const [old, fixture] = ["test/fixtures/importers/verifiers-old.jsonl", "test/fixtures/importers/verifiers.jsonl"];
conforms({ importer: verifiers, fixtures: [old, fixture] });

const row = (fields: object) => ({
  example_id: 0,
  prompt: [{ role: "user", content: "1+2?" }],
  completion: [{ role: "assistant", content: "3" }],
  reward: 1,
  timing: {},
  is_completed: true,
  ...fields,
});

describe("verifiers", () => {
  test("the first generation's id joins different problems, so the question itself names them", async () => {
    const { problems, rightAbove } = await readEvidence(old, { policy: "base" });
    expect(problems.map(({ family, gold, n, right }) => ({ family, gold, n, right }))).toEqual([
      { family: "sums", gold: "3", n: 2, right: 1 },
      { family: "words", gold: "Ada", n: 2, right: 1 },
    ]);
    expect(problems[0]?.prompt).toBe("[system]\nBe brief.\n\n[user]\n1+2?");
    expect(rightAbove).toBe(0.5);
  });

  test("a failed rollout is an engine error, a truncated one is cut off, and a right one stays right", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base" });
    expect(problems.map(({ id, right, ungradable }) => ({ id, right, ungradable }))).toEqual([
      { id: "0", right: 1, ungradable: { "cut off": 1 } },
      { id: "1", right: 1, ungradable: { "engine error": 1 } },
    ]);
    expect((await readText(lines(row({ is_truncated: true })))).problems[0]?.right).toBe(1);
    expect((await readText(lines(row({ reward: null })))).problems[0]?.ungradable).toEqual({ "no verdict": 1 });
  });

  test("the answer is what the assistant said, thoughts and all turns, without what tools said", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base" });
    expect(problems.flatMap(({ rollouts }) => rollouts?.map(({ text, tokens }) => ({ text, tokens })))).toEqual([
      { text: "3", tokens: 2 },
      { text: "Let me", tokens: 64 },
      {},
      { text: "Who?\nAda", tokens: 2 },
    ]);
  });

  test("a metric can be the verdict instead of the reward; one that no row has is refused", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base", scorer: "correct" });
    expect(problems.map(({ right, ungradable }) => [right, ungradable])).toEqual([
      [1, { "cut off": 1 }],
      [1, { "engine error": 1 }],
    ]);
    const { message } = await refusal(readEvidence(fixture, { policy: "base", scorer: "style" }));
    expect(message).toContain(`${fixture} has no value of "style" in any row`);
  });

  test.each([
    [
      "a reward that is text",
      { reward: "1" },
      /line 1, field reward: the string "1" stands where a finite number belongs/,
    ],
    ["a flag that is a number", { is_truncated: 1 }, /field is_truncated: the number 1 stands where true or false/],
    ["a prompt that is a number", { prompt: 3 }, /field prompt: the number 3 stands where text or a list of messages/],
    [
      "a message that is text",
      { completion: ["3"] },
      /field completion: the string "3" stands where a message belongs/,
    ],
    ["an id that is a list", { example_id: [] }, /field example_id: the list \[\] stands where an id belongs/],
  ])("%s is refused where it stands", async (_, fields, message) => {
    expect((await refusal(readText(lines(row(fields))))).message).toMatch(message);
  });

  test("one example asked two ways is refused", async () => {
    const other = row({ prompt: "1+3?" });
    expect((await refusal(readText(lines(row({}), other)))).code).toBe("prompt-differs");
  });

  const real = "/work/shared/data/logs/verifiers/math-python--gpt-5-nano/cb7a1799";
  test.skipIf(!existsSync(real))(
    "a real run has the examples, rollouts and mean reward that its metadata says",
    async () => {
      const metadata = JSON.parse(readFileSync(`${real}/metadata.json`, "utf8")) as Record<string, number>;
      const { problems } = await readEvidence(`${real}/results.jsonl`, { policy: "base" });
      expect(problems).toHaveLength(metadata["num_examples"] as number);
      expect(problems.map(({ n }) => n)).toEqual(problems.map(() => metadata["rollouts_per_example"]));
      const rate = problems.reduce((sum, { right, n }) => sum + right / n, 0) / problems.length;
      expect(rate).toBe(metadata["avg_reward"]);
    },
  );
});
