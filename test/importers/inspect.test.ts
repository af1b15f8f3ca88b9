import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Archive } from "../../src/importers/archive/zip.ts";
import { inspect } from "../../src/importers/inspect.ts";
import { parsePython } from "../../src/importers/python-json.ts";
import { readEvidence } from "../../src/importers/read.ts";
import type { PolicyEvidence } from "../../src/terms/observation.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { conforms } from "../conformance/importer.ts";
import { fileOf, readText, refusal } from "./on-disk.ts";
import { type Packed, zip } from "./zips.ts";

// Made by hand in the shape of Inspect's own logs, which may not be copied here.
const fixture = "test/fixtures/importers/inspect.json";
interface Made {
  readonly samples: readonly { readonly id: unknown; readonly epoch: number }[];
  readonly [key: string]: unknown;
}
const made = parsePython(readFileSync(fixture, "utf8")) as Made;
const { samples, ...header } = made;

/** The log as the archive that Inspect writes by default. */
const archived = (method: "deflate" | "zstd", rest: object = header): Buffer =>
  zip([
    {
      name: "_journal/start.json",
      bytes: JSON.stringify({ version: 2, eval: header.eval, plan: header.plan }),
      method,
    },
    ...samples.map((sample) => {
      return {
        name: `samples/${sample.id}_epoch_${sample.epoch}.json`,
        bytes: JSON.stringify(sample, null, 2),
        method,
      };
    }),
    { name: "summaries.json", bytes: "[]", method },
    { name: "header.json", bytes: JSON.stringify(rest), method },
  ]);

const headerOf = async (file: string): Promise<string> => {
  const archive = await Archive.open(file);
  let text = "";
  for await (const chunk of archive.members.get("header.json")?.bytes() ?? []) text += chunk.toString();
  archive.close();
  return text;
};

conforms({ importer: inspect, fixtures: [fixture], document: true });
conforms({ importer: inspect, fixtures: [fileOf(archived("zstd"))], document: true, binary: true });

const log = (sample: object, more: object = {}) =>
  readText(
    JSON.stringify({
      version: 2,
      status: "success",
      eval: { task: "t" },
      ...more,
      samples: [{ id: 1, epoch: 1, ...sample }],
    }),
  );
const only = ({ problems }: PolicyEvidence): Rollout | undefined => problems[0]?.rollouts?.[0];
const judged = async (value: unknown, options = {}) => {
  const sample = { id: 1, epoch: 1, scores: { s: { value } } };
  const evidence = await readText(
    JSON.stringify({ version: 2, status: "success", eval: {}, samples: [sample] }),
    options,
  );
  const verdict = only(evidence)?.verdict;
  return verdict?.kind === "ungradable" ? verdict.why : verdict?.kind;
};

describe("inspect", () => {
  test("samples of one id are a problem's rollouts, one for each epoch", async () => {
    const { problems, selected } = await readEvidence(fixture, { policy: "base" });
    expect(selected).toBeUndefined();
    expect(problems.map((problem) => ({ ...problem, rollouts: undefined }))).toEqual([
      { id: "1", family: "sums", prompt: "1+2?", gold: "3", n: 3, right: 1, ungradable: { "cut off": 1 } },
      {
        id: "two",
        family: "sums",
        prompt: "[system]\nBe brief.\n\n[user]\n3+4?",
        gold: '["7","seven"]',
        n: 3,
        right: 1,
        ungradable: { "no verdict": 1, "engine error": 1 },
      },
    ]);
  });

  test("texts are whole: reasoning, parts, and what was put aside; log-probabilities only where there is one a token", async () => {
    const handed: Rollout[] = [];
    await readEvidence(fixture, { policy: "base", onRollout: (_, rollout) => handed.push(rollout) });
    expect(handed.slice(0, 3)).toEqual([
      {
        verdict: { kind: "right" },
        text: "It is 3.",
        extracted: "3",
        tokens: 2,
        cutOff: false,
        logProbs: [-0.25, -0.5],
      },
      { verdict: { kind: "wrong" }, text: 'One and two.\nSo 4 – "sure".', extracted: "4", tokens: 2, cutOff: false },
      { verdict: { kind: "ungradable", why: "cut off" }, text: "1+2 is", tokens: 4, cutOff: true },
    ]);
    // A limit of time cut it off, and it was right all the same; an empty list of choices has no text at all.
    expect(handed.slice(4)).toEqual([
      { verdict: { kind: "ungradable", why: "engine error" } },
      { verdict: { kind: "right" }, text: "seven", extracted: "seven", cutOff: true },
    ]);
  });

  test.each(["deflate", "zstd"] as const)("the archive says what the document says, members by %s", async (method) => {
    const { problems } = await readEvidence(fixture, { policy: "base" });
    expect((await readText(archived(method))).problems).toEqual(problems);
  });

  test("large samples in pieces say the same, attachments by number included", async () => {
    const pieces = samples.flatMap((sample: Record<string, unknown>): Packed[] => {
      const { attachments, messages: _, events: __, ...shell } = sample;
      const folder = `samples/${shell.id}_epoch_${shell.epoch}`;
      const texts = Object.entries((attachments ?? {}) as Record<string, string>);
      const numbered = texts.reduce(
        (text, [hash], i) => text.replaceAll(`attachment://${hash}`, `attachment://${40 + i}`),
        JSON.stringify({ ...shell, message_refs: [[0, 2]] }),
      );
      return [
        { name: `${folder}/sample.json`, bytes: numbered },
        { name: `${folder}/messages/0.json`, bytes: "[]" },
        { name: `${folder}/events/stats.json`, bytes: "{}" },
        { name: `${folder}/attachments/0.json`, bytes: JSON.stringify(Array.from({ length: 40 }, () => "not this")) },
        { name: `${folder}/attachments/40.json`, bytes: JSON.stringify(texts.map(([, text]) => text)) },
      ];
    });
    const whole = await readEvidence(fixture, { policy: "base" });
    const last = [{ name: "header.json", bytes: JSON.stringify({ ...made, samples: undefined, version: 3 }) }];
    expect((await readText(zip([...pieces, ...last]))).problems).toEqual(whole.problems);
  });

  test("a run that was cut off is read from what it began with, and is marked as selected", async () => {
    const bytes = zip([
      { name: "_journal/start.json", bytes: JSON.stringify({ version: 2, eval: header.eval }) },
      { name: "samples/1_epoch_1.json", bytes: JSON.stringify(samples[0]) },
    ]);
    const { problems, selected } = await readText(bytes);
    expect(problems[0]).toMatchObject({ id: "1", family: "sums", n: 1, right: 1 });
    expect(selected).toBe(
      '1 of 6 samples of a run with the status "started"; those that take longest are the ones missing',
    );
    const cancelled = await log({ scores: { s: { value: "C" } } }, { status: "cancelled" });
    expect(cancelled.selected).toContain("does not say how many samples are missing");
  });

  test("letters, words, numbers and truth are verdicts as Inspect's accuracy counts them", async () => {
    const right = ["C", "yes", "True", "0.75", 1, 0.51, true];
    const wrong = ["I", "N", "P", "no", "false", "0.5", 0, 0.5, -1, false];
    for (const value of right) expect([value, await judged(value)]).toEqual([value, "right"]);
    for (const value of wrong) expect([value, await judged(value)]).toEqual([value, "wrong"]);
    expect(await judged(null)).toBe("no verdict");
    expect(await judged("P", { rightAbove: 0.4 })).toBe("right");
    expect((await log({ scores: { s: { value: "C" } } })).rightAbove).toBeUndefined();
    expect((await log({ scores: { s: { value: 1 } } })).rightAbove).toBe(0.5);
    for (const value of ["GOOD", ["C"], ""]) {
      const { code, message } = await refusal(judged(value));
      expect([code, message]).toEqual(["wrong-type", expect.stringContaining("samples[0], the score: ")]);
    }
  });

  test("of several scores one must be named; the values of one score have names of their own", async () => {
    const scores = { exact: { value: "C" }, grader: { value: { style: 0.2, truth: 1 } } };
    const text = JSON.stringify({ version: 2, status: "success", eval: {}, samples: [{ id: 1, epoch: 1, scores }] });
    const { message } = await refusal(readText(text));
    expect(message).toContain('the samples have several scores: "exact", "grader.style", "grader.truth"');
    expect(only(await readText(text, { scorer: "grader.style" }))?.verdict.kind).toBe("wrong");
    expect(only(await readText(text, { scorer: "grader.truth" }))?.verdict.kind).toBe("right");
    const none = await refusal(readText(text, { scorer: "grader" }));
    expect([none.code, none.message]).toEqual(["no-such-scorer", expect.stringContaining('no score "grader"')]);
  });

  test("what is not there is absent: encrypted reasoning, lost attachments, tokens of several answers, partial log-probabilities", async () => {
    const choice = (content: unknown, logprobs?: unknown) => ({ message: { content }, stop_reason: "stop", logprobs });
    const output = async (choices: unknown[], usage?: object) => only(await log({ output: { choices, usage } }));
    const bare = { verdict: { kind: "ungradable", why: "no verdict" }, cutOff: false };
    expect(
      await output([
        choice([
          { type: "reasoning", redacted: true, reasoning: "x" },
          { type: "text", text: "a" },
        ]),
      ]),
    ).toEqual(bare);
    expect(await output([choice("attachment://gone")])).toEqual(bare);
    expect(await output([choice("a"), choice("b")], { output_tokens: 9 })).toEqual({ ...bare, text: "a" });
    expect(await output([choice("")])).toEqual({ ...bare, text: "" });
    const handed: Rollout[] = [];
    const logprobs = { content: [{ logprob: -1 }, { logprob: -2 }] };
    const sample = { id: 1, epoch: 1, output: { choices: [choice("a", logprobs)], usage: { output_tokens: 3 } } };
    await readText(JSON.stringify({ version: 2, eval: {}, samples: [sample] }), {
      onRollout: (_: unknown, rollout: Rollout) => handed.push(rollout),
    });
    expect(handed).toEqual([{ ...bare, text: "a", tokens: 3 }]);
  });

  test("a sample given twice, one without an id, and a log without samples are refused", async () => {
    const twice = JSON.stringify({ ...made, samples: [samples[0], samples[0]] });
    expect((await refusal(readText(twice))).message).toContain('samples[1]: sample "1" of epoch 1 was already given');
    expect((await refusal(log({ id: null }))).message).toContain("samples[0], id: null stands where");
    expect((await refusal(readText(zip([{ name: "header.json", bytes: JSON.stringify(header) }])))).code).toBe(
      "no-rows",
    );
    const nested = `{"version":2,"eval":{},"samples":[{"id":1,"store":${"[".repeat(900)}${"]".repeat(900)}}]}`;
    expect((await refusal(readText(nested))).message).toContain("stand within each other more than 500 deep");
  });

  const shared = "../shared/data/logs/inspect";
  test.skipIf(!existsSync(shared))("real logs have the counts and accuracies that their own headers say", async () => {
    const said = /"accuracy": \{\s*"name": "accuracy",\s*"value": ([\d.]+)/;
    const found: Record<string, unknown> = {};
    for (const name of readdirSync(shared).filter((one) => /\.(eval|json)$/.test(one))) {
      const { problems, selected } = await readEvidence(join(shared, name), { policy: "base" });
      const [n, right, absent] = problems.reduce(
        ([a, b, c], problem) => [a + problem.n, b + problem.right, c + (problem.ungradable["no verdict"] ?? 0)],
        [0, 0, 0] as [number, number, number],
      );
      found[name.replace(/^2025-(\d\d-\d\dT\d\d-\d\d).*\./, "$1.")] = {
        n,
        right,
        absent,
        selected: selected !== undefined,
      };
      if (absent > 0) continue;
      const text = name.endsWith(".eval")
        ? await headerOf(join(shared, name))
        : readFileSync(join(shared, name), "utf8");
      expect(right / n).toBeCloseTo(Number(said.exec(text)?.[1]), 12);
    }
    expect(found).toEqual({
      // Never scored.
      "02-11T15-17.eval": { n: 10, right: 0, absent: 10, selected: false },
      "02-11T15-18.eval": { n: 10, right: 8, absent: 0, selected: false },
      "05-12T20-28.json": { n: 3, right: 2, absent: 0, selected: false },
      "log_formats.eval": { n: 1, right: 0, absent: 0, selected: false },
      "log_formats.json": { n: 1, right: 0, absent: 0, selected: false },
      "log_streaming.eval": { n: 4, right: 3, absent: 0, selected: false },
      // Trimmed by hand: 1 of its 4 samples, and no score.
      "log_tool_call_error.json": { n: 1, right: 0, absent: 1, selected: true },
    });
  });
});
