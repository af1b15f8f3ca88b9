import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { rollouts } from "../../src/importers/rollouts.ts";
import { conforms } from "../conformance/importer.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/rollouts.jsonl";
conforms({ importer: rollouts, fixtures: [fixture] });

/** The verdict of one row. */
const judge = async (row: object, options = {}) => {
  const { problems } = await readText(lines({ id: "a", ...row }), options);
  const verdict = problems[0]?.rollouts?.[0]?.verdict;
  return verdict?.kind === "ungradable" ? verdict.why : verdict?.kind;
};

describe("rollouts", () => {
  test("rows of one problem are gathered wherever they stand, in the order in which problems first appear", async () => {
    const { problems, rightAbove } = await readEvidence(fixture, { policy: "base" });
    expect(rightAbove).toBe(0.5);
    expect(problems.map(({ id, n, right, ungradable }) => ({ id, n, right, ungradable }))).toEqual([
      { id: "sum-1", n: 2, right: 1, ungradable: { "cut off": 1 } },
      { id: "sum-2", n: 3, right: 0, ungradable: { "no verdict": 1, "engine error": 1 } },
      { id: "7", n: 1, right: 1, ungradable: {} },
    ]);
    expect(problems[0]).toMatchObject({ family: "sums", prompt: "1+2?", gold: "3" });
  });

  test("what was not kept is absent; an empty answer is a text, nothing extracted is not", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base" });
    expect(problems[0]?.rollouts).toEqual([
      { verdict: { kind: "right" }, text: "1+2=3", extracted: "3", tokens: 6, cutOff: false },
      { verdict: { kind: "ungradable", why: "cut off" }, text: "1+2 is", tokens: 4, cutOff: true },
    ]);
    expect(problems[1]?.rollouts?.slice(1)).toEqual([
      { verdict: { kind: "ungradable", why: "no verdict" }, text: "", tokens: 0 },
      { verdict: { kind: "ungradable", why: "engine error" } },
    ]);
  });

  test.each([
    [{ verdict: "right" }, "right"],
    [{ verdict: "wrong" }, "wrong"],
    [{ verdict: "ungradable" }, "no verdict"],
    [{ verdict: { kind: "ungradable", why: "grader crash" } }, "grader crash"],
    [{ verdict: { kind: "right" } }, "right"],
    [{ correct: true }, "right"],
    [{ acc: false }, "wrong"],
    [{ passed: true, reward: 0 }, "right"],
    [{ verdict: "wrong", reward: 1 }, "wrong"],
    [{ verdict: null, reward: 1 }, "right"],
    [{ reward: null, score: 1 }, "right"],
    [{ reward: 0.5 }, "wrong"],
    [{ reward: 0.51 }, "right"],
    [{ reward: null }, "no verdict"],
    [{ reward: 0, finish_reason: "length" }, "cut off"],
    [{ reward: 0, stop_reason: "max_tokens" }, "cut off"],
    [{ reward: null, finish: "model_length" }, "cut off"],
    [{ reward: 1, finish_reason: "length" }, "right"],
    [{ reward: 0, finish_reason: "stop" }, "wrong"],
    [{ reward: 1, error: "timeout" }, "engine error"],
    [{ error: { kind: "timeout" } }, "engine error"],
    [{ reward: 1, error: "" }, "right"],
    [{ reward: 1, error: [] }, "right"],
    [{ reward: 1, error: null }, "right"],
  ])("%j is %s", async (row, verdict) => {
    expect(await judge(row)).toBe(verdict);
  });

  test("the threshold is recorded where rewards became verdicts, and only there", async () => {
    expect(await judge({ reward: 0 }, { rightAbove: -1 })).toBe("right");
    expect((await readText(lines({ id: "a", reward: 0 }), { rightAbove: -1 })).rightAbove).toBe(-1);
    expect("rightAbove" in (await readText(lines({ id: "a", correct: true, reward: 0 })))).toBe(false);
    expect((await refusal(readText(lines({ id: "a", reward: 0 }), { rightAbove: Number.NaN }))).code).toBe(
      "bad-threshold",
    );
  });

  test("rows may call the same thing by different names", async () => {
    const { problems } = await readText(
      lines(
        { id: "a", reward: 1, text: "x" },
        { task_id: "a", passed: false, completion: "y" },
        { score: 1, output: "z", doc_id: "a" },
      ),
    );
    expect(problems).toHaveLength(1);
    expect(problems[0]?.rollouts?.map(({ text, verdict }) => [text, verdict.kind])).toEqual([
      ["x", "right"],
      ["y", "wrong"],
      ["z", "right"],
    ]);
  });

  test("a first row is recognised however long the text before its id", async () => {
    const text = "long ".repeat(500_000);
    const { problems } = await readText(lines({ text, id: "a", reward: 1 }, { text: "", id: "a", reward: 0 }));
    expect(problems[0]?.rollouts?.map((rollout) => rollout.text?.length)).toEqual([2_500_000, 0]);
  });

  test("a problem's own id goes before an id of the row", async () => {
    const { problems } = await readText(
      lines({ id: "r1", problem_id: "p", reward: 1 }, { id: "r2", problem_id: "p", reward: 0 }),
    );
    expect(problems.map(({ id, n }) => [id, n])).toEqual([["p", 2]]);
  });

  test("answers that are numbers are kept as they are written, where they can be", async () => {
    const { problems } = await readText(lines({ id: "a", gold: 42, pred: 0.25, reward: 1 }));
    expect([problems[0]?.gold, problems[0]?.rollouts?.[0]?.extracted]).toEqual(["42", "0.25"]);
    expect((await refusal(readText(`{"id":"a","gold":12345678901234567890,"reward":1}\n`))).mend).toBe(
      "write it as a string",
    );
  });

  test("without texts the rest is the same", async () => {
    const strip = ({ problems }: Awaited<ReturnType<typeof readEvidence>>) =>
      problems.map((problem) => ({
        ...problem,
        rollouts: problem.rollouts?.map((rollout) => ({ ...rollout, text: undefined })),
      }));
    const bare = await readEvidence(fixture, { policy: "base", keepTexts: false });
    expect(bare.problems.flatMap(({ rollouts: kept }) => kept ?? []).some((rollout) => "text" in rollout)).toBe(false);
    expect(strip(bare)).toEqual(strip(await readEvidence(fixture, { policy: "base" })));
  });

  test("a problem whose rows disagree on prompt, gold or family is refused with both values and lines", async () => {
    const other = (field: object) =>
      lines({ id: "a", reward: 1, prompt: "p", gold: "3", source: "s" }, "", { id: "a", reward: 1, ...field });
    expect((await refusal(readText(other({ gold: "4" })))).message).toMatch(
      /line 3, field gold: problem "a" has "4" here and "3" on line 1/,
    );
    expect((await refusal(readText(other({ prompt: "q" })))).message).toMatch(
      /line 3, field prompt: problem "a" has "q" here and "p" on line 1/,
    );
    expect((await refusal(readText(other({ source: "t" })))).message).toMatch(
      /line 3, field source: problem "a" has "t" here and "s" on line 1/,
    );
    expect((await readText(other({ gold: null }))).problems[0]?.gold).toBe("3");
  });

  test("long prompts that differ late are shown where they differ", async () => {
    const long = "the same beginning ".repeat(50);
    const { message } = await refusal(
      readText(lines({ id: "a", reward: 1, prompt: `${long}one` }, { id: "a", reward: 1, prompt: `${long}two` })),
    );
    expect(message).toMatch(/beginning two" here and "…[a-z ]*one" on line 1/);
  });

  test("a file in which no row ever speaks of a verdict is refused, not read as ungradable", async () => {
    const { code, message } = await refusal(
      readText(lines({ task_id: "t", completion: "x" }, { task_id: "t", completion: "y" })),
    );
    expect(code).toBe("no-verdicts");
    expect(message).toMatch(/has 2 rows and no field verdict, correct, acc, passed, reward, score on any/);
  });

  test("more row shapes than are remembered still read right", async () => {
    const rows = Array.from({ length: 2500 }, (_, i) => ({ id: `p-${i % 5}`, [`extra-${i}`]: 1, reward: i % 2 }));
    const { problems } = await readText(lines(...rows));
    expect(problems.map(({ n, right }) => [n, right])).toEqual(Array.from({ length: 5 }, () => [500, 250]));
  });

  test("token ids and log-probabilities are handed on, and never kept; one that is missing leaves none", async () => {
    const handed: unknown[] = [];
    const rows = [
      { id: "a", reward: 1, token_ids: [5, 0, 7], logprobs: [-0.5, 0, -2] },
      { id: "a", reward: 1, token_ids: [5], logprobs: [null] },
      { id: "a", reward: 1, log_probs: [-1, -2] },
      { id: "a", reward: 1 },
    ];
    const { problems } = await readText(lines(...rows), { onRollout: (_: unknown, one: object) => handed.push(one) });
    const verdict = { kind: "right" };
    expect(handed).toEqual([
      { verdict, tokenIds: [5, 0, 7], logProbs: [-0.5, 0, -2] },
      { verdict, tokenIds: [5] },
      { verdict, logProbs: [-1, -2] },
      { verdict },
    ]);
    expect(problems[0]?.rollouts).toEqual(rows.map(() => ({ verdict })));
    const uneven = lines({ id: "a", reward: 1, token_ids: [5, 6], logprobs: [-1] });
    const { message } = await refusal(readText(uneven, { onRollout: () => {} }));
    expect(message).toContain("line 1, field logprobs: 1 log-probabilities stand beside 2 generated tokens");
  });
});
