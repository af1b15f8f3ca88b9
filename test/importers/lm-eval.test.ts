import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { lmEval } from "../../src/importers/lm-eval.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { conforms } from "../conformance/importer.ts";
import { fileOf, lines, readText, refusal } from "./on-disk.ts";

// Written by lm-eval 0.4.13: 12 documents, 8 repeats, two filters; beside it what its results file says of them.
const fixture = "test/fixtures/importers/lm-eval-samples.jsonl";
const results = JSON.parse(readFileSync("test/fixtures/importers/lm-eval-results.json", "utf8")) as {
  results: { replay_addition: Record<string, number> };
  "n-samples": { replay_addition: { effective: number } };
};
const text = readFileSync(fixture, "utf8");
/** The first two documents with both filters; all cuts of all rows would take a minute. */
const few = fileOf(lines(...text.split("\n").filter((row) => /^\{"doc_id": [01],/.test(row))));

conforms({ importer: lmEval, fixtures: [few], options: { scorer: "first-flexible" }, familyless: true });

const row = (more: object = {}) => ({
  doc_id: 0,
  doc: { question: "1+2?" },
  target: "3",
  arguments: { gen_args_0: { arg_0: "Q: 1+2?\nA:", arg_1: { until: ["\n"] } } },
  resps: [["It is 3."]],
  filtered_resps: ["3"],
  filter: "strict",
  metrics: ["exact_match"],
  doc_hash: "d",
  prompt_hash: "p",
  target_hash: "t",
  exact_match: 1,
  ...more,
});
const judged = async (value: unknown, more = {}) => {
  const { problems } = await readText(lines(row({ exact_match: value })), more);
  const verdict = problems[0]?.rollouts?.[0]?.verdict;
  return verdict?.kind === "ungradable" ? verdict.why : verdict?.kind;
};

describe("lm-eval", () => {
  test("documents and accuracy are what the results file says, each document once", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base", scorer: "first-flexible" });
    const said = results.results.replay_addition;
    expect(problems.length).toBe(results["n-samples"].replay_addition.effective);
    const right = problems.reduce((sum, problem) => sum + problem.right, 0);
    expect(right / problems.length).toBe(said["exact_match,first-flexible"]);
    expect(problems[3]).toMatchObject({
      id: "3",
      prompt: "Question: What is 75 + 61 + 86?\nAnswer:",
      gold: "222",
      n: 8,
    });
  });

  test("of repeats only the first was graded; the others are kept, and have no verdict", async () => {
    const { problems } = await readEvidence(fixture, { policy: "base", scorer: "exact_match,first-flexible" });
    const [first, second, ...others] = problems[1]?.rollouts ?? [];
    expect(first).toEqual({
      verdict: { kind: "right" },
      text: " 24 + 51 = 75. The answer is 75.",
      extracted: "75.",
    });
    expect(second).toEqual({ verdict: { kind: "ungradable", why: "no verdict" }, text: " 75" });
    expect(others.length).toBe(6);
  });

  test("a filter that votes over the repeats is refused where its answer is not the first's", async () => {
    const { code, message } = await refusal(readEvidence(fixture, { policy: "base", scorer: "maj@8" }));
    expect(code).toBe("graded-together");
    expect(message).toContain(
      `${fixture}, line 16: filter "maj@8" graded "222.", which is in another of the 8 repeats`,
    );
    const together = row({ resps: [["a", "b"]], filtered_resps: [["a", "b"]], exact_match: 0.5 });
    expect((await refusal(readText(lines(together)))).message).toContain('filter "strict" graded 2 answers together');
  });

  test("of several filters or metrics one must be named, and all of them are listed", async () => {
    const { code, message } = await refusal(readEvidence(fixture, { policy: "base" }));
    expect(code).toBe("several-scorers");
    expect(message).toContain(`${fixture}, line 13: `);
    expect(message).toContain('"exact_match,first-flexible", "exact_match,maj@8", and nobody said which counts');
    const both = lines(row({ metrics: ["acc", "acc_norm"], acc: 1, acc_norm: 0 }));
    expect((await refusal(readText(both))).message).toContain('"acc,strict", "acc_norm,strict"');
    expect((await refusal(readText(both, { scorer: "strict" }))).message).toContain('"strict" fits several');
    expect((await readText(both, { scorer: "acc" })).problems[0]?.right).toBe(1);
    expect((await readText(both, { scorer: "acc_norm,strict" })).problems[0]?.right).toBe(0);
    const none = await refusal(readText(both, { scorer: "f1" }));
    expect([none.code, none.message]).toEqual(["no-such-scorer", expect.stringContaining('no filter "f1", but "acc,')]);
  });

  test("numbers are right above the threshold, true and false as they are, NaN and null are no verdict", async () => {
    const verdicts = await Promise.all([1, 0.5, 0, true, false, null].map((value) => judged(value)));
    expect(verdicts).toEqual(["right", "wrong", "wrong", "right", "wrong", "no verdict"]);
    expect(await judged(0.3, { rightAbove: 0.2 })).toBe("right");
    const nan = JSON.stringify(row()).replace('"exact_match":1', '"exact_match":NaN,"ppl":-Infinity');
    expect((await readText(nan)).problems[0]?.ungradable).toEqual({ "no verdict": 1 });
    const missing = lines(row(), { ...row({ doc_id: 1 }), exact_match: undefined });
    expect((await readText(missing)).problems[1]?.ungradable).toEqual({ "no verdict": 1 });
  });

  test("999, which stands for all metrics where nothing was graded, is no verdict", async () => {
    const { problems } = await readText(lines(row({ metrics: ["bypass"], bypass: 999, exact_match: undefined })));
    expect(problems[0]).toMatchObject({ n: 1, right: 0, ungradable: { "no verdict": 1 } });
  });

  test("a multiple-choice question is one answer without a text, also where its metric is called acc", async () => {
    const choices = {
      resps: [[[-1.5, false]], [[-0.5, true]]],
      filtered_resps: [
        [-1.5, false],
        [-0.5, true],
      ],
    };
    const { problems } = await readText(
      lines(row({ ...choices, target: 1, metrics: ["acc"], acc: 1, filter: "none" })),
    );
    expect(problems).toEqual([
      {
        id: "0",
        prompt: "Q: 1+2?\nA:",
        gold: "1",
        n: 1,
        right: 1,
        ungradable: {},
        rollouts: [{ verdict: { kind: "right" } }],
      },
    ]);
  });

  test("older rows, which name neither filter nor metrics, are read by what else they hold", async () => {
    const { filter: _, metrics: __, ...old } = row({ arguments: [["Q?", { until: [] }]], exact_match: 0 });
    const { problems } = await readText(lines(old));
    expect(problems[0]).toMatchObject({ id: "0", prompt: "Q?", n: 1, right: 0 });
    const { code, message } = await refusal(readText(lines(old, { ...old, filtered_resps: ["4"] })));
    expect([code, message]).toEqual(["duplicate-id", expect.stringContaining("on line 1 for the same filter")]);
  });

  test("what the filter found nothing in has nothing extracted, and neither has a text taken as it is", async () => {
    const extracted = async (filtered: string) =>
      (await readText(lines(row({ filtered_resps: [filtered] })))).problems[0]?.rollouts?.[0]?.extracted;
    expect(await extracted("3")).toBe("3");
    expect(await extracted("[invalid]")).toBeUndefined();
    expect(await extracted("It is 3.")).toBeUndefined();
  });

  test("rows without any metric are refused", async () => {
    const perplexity = row({ metrics: ["word_perplexity"], word_perplexity: [-31.2, 40], exact_match: undefined });
    expect((await refusal(readText(lines(perplexity)))).code).toBe("no-verdicts");
  });
});
