import { describe, expect, test } from "vitest";
import { benchOf } from "../../src/study/bench.ts";
import { chain } from "../../src/tasks/chain.ts";
import type { TaskDeclared } from "../../src/terms/study.ts";
import { RIGHT, ungradable, type Verdict, WRONG } from "../../src/terms/verdict.ts";

const noFile = (path: string): string => {
  throw new Error(`nobody should read ${path}`);
};
const CHAIN: TaskDeclared = { task: "chain", steps: [1, 3], problems: 5, seed: 7, grading: "process" };
const own = (verify: (prompt: string, text: string) => Verdict | Promise<Verdict>): TaskDeclared => ({
  name: "own",
  problems: [{ id: "a", prompt: "1+1?", steps: 1 }],
  verify,
  version: "3",
});
const QUESTIONS: TaskDeclared = { questions: "data/sums.jsonl", answerIn: "boxed" };
const SUMS =
  '{"id": "a", "prompt": "1+1?", "answer": "2"}\n\n{"id": "b", "prompt": "2+2?", "answer": 4, "family": "easy"}\n';

describe("a task that Crucis brings", () => {
  const bench = benchOf({ tasks: [CHAIN] }, noFile);

  test("is posed as the task poses it, spread over the steps, the first of them one more", () => {
    const ids = [3, 2].flatMap((count, i) =>
      chain
        .problems({ seed: 7, steps: [1, 3][i]!, count })
        .map(({ id, prompt, steps }) => ({ id, prompt, steps, family: "chain" })),
    );
    expect(bench.problems).toEqual(ids);
    expect(bench.promptOf(ids[4]!.id)).toBe(ids[4]!.prompt);
  });

  test("judges as the grading says, and its verifier is named with its version", async () => {
    const { id, prompt } = bench.problems[0]!;
    const [right] = chain.accepted(prompt, "process");
    expect(await bench.verify(id, right!.text)).toEqual({ verdict: RIGHT });
    expect(await bench.verify(id, "#.")).toEqual({ verdict: WRONG });
    expect(await bench.verify(id, "#")).toEqual({ verdict: ungradable("cut off") });
    expect(bench.verifierOf(id)).toMatch(/^chain\/process@\d+\.\d+\.\d+$/);
  });

  test("can be read: strategies, steps and segments", () => {
    const reader = bench.readerOf!(() => []);
    const { id, prompt } = bench.problems[0]!;
    const [right] = chain.accepted(prompt, "process");
    expect(reader.strategy!(id, right!.text)).toBe(chain.signature(prompt, right!.text));
  });
});

describe("questions", () => {
  test("are read from the file that the study names, blank lines passed over", async () => {
    const bench = benchOf({ tasks: [QUESTIONS] }, (path) =>
      path === "data/sums.jsonl" ? `\uFEFF${SUMS}` : noFile(path),
    );
    expect(bench.problems).toEqual([
      { id: "a", prompt: "1+1?", gold: "2", family: "sums" },
      { id: "b", prompt: "2+2?", gold: "4", family: "easy" },
    ]);
    expect(await bench.verify("b", "\\boxed{4}")).toEqual({ verdict: RIGHT });
    expect(await bench.verify("b", "4")).toEqual({ verdict: WRONG });
    expect(bench.verifierOf("a")).toBe("questions/boxed@1");
  });

  test("may be the first so many of the file, never more than it holds", () => {
    expect(benchOf({ tasks: [{ ...QUESTIONS, problems: 1 }] }, () => SUMS).problems.map(({ id }) => id)).toEqual(["a"]);
    expect(() => benchOf({ tasks: [{ ...QUESTIONS, problems: 3 }] }, () => SUMS)).toThrow(
      /holds 2 questions where the study wants 3/,
    );
  });

  test("have no strategies to be read, but answers in another form", () => {
    const reader = benchOf({ tasks: [QUESTIONS] }, () => SUMS).readerOf!(() => []);
    expect(reader.strategies).toBeUndefined();
    expect([reader.lenient!("a", "#### 2"), reader.lenient!("a", "3")]).toEqual([true, false]);
  });

  test.each<[text: string, sentence: RegExp]>([
    ['{"id": "a"\n{}\n', /data\/sums\.jsonl, line 1: .* is not JSON/],
    [`${SUMS}{"id": "c"`, /data\/sums\.jsonl, line 4: the file ends in the middle of this line/],
    ["[1]\n", /line 1: the list \[1\] stands where a JSON object belongs/],
    ['{"id": "a", "prompt": "p", "answer": NaN}\n', /NaN stands where a number belongs/],
    ["", /holds no question/],
  ])("%j is refused", (text, sentence) => {
    expect(() => benchOf({ tasks: [QUESTIONS] }, () => text)).toThrow(sentence);
  });

  test("a file that is not there is told in a sentence", () => {
    const missing = Object.assign(new Error("no such file"), { code: "ENOENT" });
    expect(() =>
      benchOf({ tasks: [QUESTIONS] }, () => {
        throw missing;
      }),
    ).toThrow(/questions data\/sums\.jsonl cannot be read \(ENOENT\);/);
  });
});

describe("a verifier of the user", () => {
  test.each<[string, (prompt: string, text: string) => Verdict | Promise<Verdict>, Verdict]>([
    ["at once", () => RIGHT, RIGHT],
    ["later", async (prompt, text) => (prompt === "1+1?" && text === "3" ? WRONG : RIGHT), WRONG],
    ["as no verdict", () => ungradable("no verdict"), ungradable("no verdict")],
  ])("answers %s", async (_, verify, verdict) => {
    const bench = benchOf({ tasks: [own(verify)] }, noFile);
    expect(await bench.verify("a", "3")).toEqual({ verdict });
    expect(bench.verifierOf("a")).toBe("own@3");
  });

  test.each<[string, () => unknown, detail: RegExp]>([
    [
      "throws",
      () => {
        throw new TypeError("no\u202Enumber");
      },
      /^the verifier threw TypeError: no\\u\{202e\}number$/,
    ],
    [
      "throws what is no error",
      () => {
        throw "x";
      },
      /^the verifier threw "x"$/,
    ],
    [
      "rejects",
      async () => {
        throw new Error("late");
      },
      /threw Error: late/,
    ],
    ["gives true", () => true, /^the verifier gave "true", which is no verdict$/],
    ["gives a number", () => 1, /gave 1, which is no verdict/],
    ["gives nothing", () => undefined, /gave "undefined", which/],
    ["gives another object", () => ({ kind: "maybe" }), /gave an object, which/],
    ["gives no reason that there is", () => ({ kind: "ungradable", why: "tired" }), /gave an object, which/],
  ])("a crashed grader is not a wrong answer: it %s", async (_, verify, detail) => {
    const bench = benchOf({ tasks: [own(verify as () => Verdict)] }, noFile);
    expect(await bench.verify("a", "2")).toEqual({
      verdict: ungradable("grader crash"),
      detail: expect.stringMatching(detail),
    });
  });
});

describe("several tasks", () => {
  test("stand in the order of their declaration, and of a mixed study no texts are read", () => {
    const bench = benchOf({ tasks: [own(() => RIGHT), CHAIN] }, noFile);
    expect(bench.problems.map(({ family }) => family)).toEqual(["own", "chain", "chain", "chain", "chain", "chain"]);
    const reader = bench.readerOf!(() => [1, 2]);
    expect(Object.keys(reader)).toEqual(["tokensWithin"]);
  });

  test("that bring one problem twice are refused", () => {
    expect(() => benchOf({ tasks: [CHAIN, { ...CHAIN, steps: [3], problems: 1 }] }, noFile)).toThrow(
      /^tasks\[1\] brings problem "chain\/L3\/seed7\/0", which the study has already/,
    );
  });
});
