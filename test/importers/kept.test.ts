// What is kept of a file while it is read: files may be far larger than memory.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import type { ProblemRecord } from "../../src/terms/observation.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { fileOf, lines, readText, refusal } from "./on-disk.ts";

const question = (last: string) => `${"What is the sum of all of these? ".repeat(10)}${last}`;
const row = (i: number, more: object = {}) => ({
  problem_id: `p${i % 3}`,
  question: question(`${i % 3}`),
  answer: "12",
  text: `so ${i}`,
  pred: `${i % 4}`,
  num_tokens: i,
  finish_reason: i % 5 === 0 ? "length" : "stop",
  reward: i % 2,
  ...more,
});
const many = lines(...Array.from({ length: 400 }, (_, i) => row(i)));

const textless = (rollout: Rollout) => {
  const { text: _, ...others } = rollout;
  return others;
};
const promptless = (problem: ProblemRecord) => {
  const { prompt: _, ...others } = problem;
  return others;
};

describe("what is kept of a file", () => {
  test("without texts all else is the same, and long prompts that differ still do", async () => {
    const whole = (await readText(many)).problems;
    const bare = (await readText(many, { keepTexts: false })).problems;
    expect(bare.map(promptless)).toEqual(
      whole.map((problem) => ({ ...promptless(problem), rollouts: problem.rollouts?.map(textless) })),
    );
    expect(whole[1]?.prompt).toBe(question("1"));
    const prompts = bare.map(({ prompt }) => prompt);
    expect(new Set(prompts).size).toBe(3);
    expect(prompts[0]).toMatch(
      /^What is the sum of all of these\? What is the sum o\.\.\. \(331 characters, [0-9a-f]{16}\)$/,
    );
    // Another file of the same problems has the same ones.
    const later = await readText(lines(row(1), row(0)), { keepTexts: (text: string) => text });
    expect(later.problems.map(({ prompt }) => prompt)).toEqual([prompts[1], prompts[0]]);
    const differs = lines(row(0), row(3, { question: question("3") }));
    expect((await refusal(readText(differs, { keepTexts: false }))).code).toBe("prompt-differs");
  });

  test("of texts a function may say what is kept, and it may be nothing", async () => {
    const keepTexts = (text: string) => (text.endsWith("1") ? text.slice(-2) : undefined);
    const { problems } = await readText(lines(row(1), row(4)), { keepTexts });
    expect(problems[0]?.rollouts).toEqual([
      { verdict: { kind: "right" }, text: " 1", extracted: "1", tokens: 1, cutOff: false },
      { verdict: { kind: "wrong" }, extracted: "0", tokens: 4, cutOff: false },
    ]);
  });

  test("without rollouts there are the counts, and every rollout is handed on all the same", async () => {
    let handed = 0;
    const { problems } = await readText(many, {
      keepRollouts: false,
      keepTexts: false,
      onRollout: () => void handed++,
    });
    const whole = (await readText(many)).problems;
    expect(problems.map(promptless)).toEqual(whole.map((problem) => ({ ...promptless(problem), rollouts: undefined })));
    expect([handed, problems.some((problem) => "rollouts" in problem)]).toEqual([400, false]);
  });

  test("more different answers than are remembered are kept all the same", async () => {
    const rows = Array.from({ length: 70_000 }, (_, i) => ({
      id: `${i % 7}`,
      reward: 1,
      text: `t${i} ${"so ".repeat(i % 16)}`,
    }));
    const { problems } = await readText(lines(...rows));
    const texts = problems.flatMap(({ id, rollouts = [] }) => rollouts.map(({ text }) => [id, text]));
    expect(texts.sort()).toEqual(rows.map(({ id, text }) => [id, text]).sort());
  });

  test("short texts and long ones come back letter by letter, whatever their letters", async () => {
    const letters = ["a", "\u00ff", "\u0100", "数", "\ud83d\ude00", "\ud800", "\0"];
    const texts = letters.flatMap((letter) => [0, 1, 49, 50, 51, 400].map((n) => letter.repeat(n)));
    const rows = texts.flatMap((text) => [text, text]).map((text) => ({ id: "p", reward: 1, text, pred: `=${text}` }));
    const [problem] = (await readText(lines(...rows), { keepTexts: (text: string) => text })).problems;
    expect(problem?.rollouts?.map(({ text, extracted }) => ({ text, extracted }))).toEqual(
      rows.map(({ text, pred }) => ({ text, extracted: pred })),
    );
  });

  test("a cell or a field that is kept does not keep the file around it", async () => {
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const used = (): number => {
      collect();
      return process.memoryUsage().heapUsed;
    };
    const solution = "and so the sum is carried over. ".repeat(100);
    const name = "a-source-of-problems ".repeat(3);
    const written = (): string => {
      const rows = Array.from({ length: 10_000 }, (_, i) => `a-problem-of-many-${i},1,2,${name}${i},${solution}`);
      return fileOf(["id,c,n,source,solution", ...rows].join("\n"));
    };
    const file = written();
    const before = used();
    const { problems } = await readEvidence(file, { policy: "base" });
    // Of 32 MB that were read.
    expect(used() - before).toBeLessThan(8e6);
    expect(problems.length).toBe(10_000);
  });

  test("no more is read than whoever keeps it is ready for", async () => {
    const file = fileOf(lines(...Array.from({ length: 30_000 }, (_, i) => row(i))));
    let seen = 0;
    const waits: number[] = [];
    const ready = async (): Promise<void> => {
      const before = seen;
      await new Promise((resolve) => setImmediate(resolve));
      expect(seen).toBe(before);
      waits.push(seen);
    };
    await readEvidence(file, { policy: "base", onRollout: () => void seen++, ready });
    expect(seen).toBe(30_000);
    // A megabyte at a time: the file has about 16.
    expect(waits.length).toBeGreaterThan(10);
    expect(Math.max(...waits.map((n, i) => n - (waits[i - 1] ?? 0)))).toBeLessThan(3000);
  });
});
