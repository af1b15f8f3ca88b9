import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { initCommand } from "../../src/cli/init.ts";
import { schemaCommand } from "../../src/cli/schema.ts";
import { readStudy } from "../../src/study/declare.ts";
import { KINDS } from "../../src/study/policies.ts";

const root = mkdtempSync(join(tmpdir(), "crucis-init-"));
afterAll(() => rmSync(root, { recursive: true }));

async function said(work: () => Promise<unknown>): Promise<string> {
  let out = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += String(text);
    return true;
  });
  try {
    await work();
  } finally {
    write.mockRestore();
  }
  return out;
}
const init = (...args: string[]) => said(() => initCommand().exitOverride().parseAsync(args, { from: "user" }));

describe("crucis init", () => {
  test("writes a study that can be read, a schema beside it, and says what to do next", async () => {
    const folder = join(root, "new", "study");
    expect(await init(folder)).toBe(
      `Wrote ${folder}/study.yaml. Put your models and problems into it, then:\n  crucis run ${folder}\n`,
    );
    expect(readdirSync(folder).sort()).toEqual(["study.schema.json", "study.yaml"]);
    const text = readFileSync(join(folder, "study.yaml"), "utf8");
    expect(text).toMatch(/^# yaml-language-server: \$schema=\.\/study\.schema\.json\n/);
    expect(readStudy(text, "study.yaml", KINDS).policies.map(({ engine }) => engine)).toEqual(["vllm", "vllm"]);
  });

  test("every line that is commented out can be put in", async () => {
    const folder = join(root, "comments");
    await init(folder);
    const text = readFileSync(join(folder, "study.yaml"), "utf8");
    const study = readStudy(
      text.replace(/^#( {1,2}(?:- \{ questions|yardstick:|budget:))/gm, (_, rest: string) =>
        rest.replace(/^ (?! )/, ""),
      ),
      "study.yaml",
      KINDS,
    );
    expect(study.tasks.at(-1)).toEqual({ questions: "questions.jsonl", answerIn: "boxed" });
    const judge = text.slice(text.indexOf("# judge:"), text.indexOf("# Rollouts that training"));
    const judged = readStudy(text.replace(judge, judge.replace(/^# /gm, "")), "study.yaml", KINDS);
    expect(judged.judge?.strategies.map(({ name }) => name)).toEqual(["case-split", "other"]);
    expect([study.yardstick, study.budget]).toEqual([{ rlRollouts: 1_600_000 }, { tokens: 400_000_000 }]);
  });

  test("of a world writes its policies in training order, and its task and sampler", async () => {
    const folder = join(root, "world");
    expect(await init(folder, "--world", "steady-hand")).toContain("complete");
    const study = readStudy(readFileSync(join(folder, "study.yaml"), "utf8"), "study.yaml", KINDS);
    expect(study.policies.map(({ name }) => name)).toEqual(["base", "step-6", "step-15", "step-30", "tuned"]);
    expect(study.tasks).toEqual([
      { task: "chain", steps: [1, 2, 3, 4, 5, 6], problems: 60, seed: 7, grading: "process" },
    ]);
    expect(study.sampler.maxTokens).toBe(48);
  });

  test.each(["study.yaml", "study.yml", "study.ts", "study.schema.json"])("overwrites nothing: %s", async (name) => {
    const folder = mkdtempSync(join(root, "taken-"));
    writeFileSync(join(folder, name), "mine");
    await expect(init(folder)).rejects.toThrow(`${join(folder, name)} is there already, and init overwrites nothing;`);
    expect(readdirSync(folder)).toEqual([name]);
    expect(readFileSync(join(folder, name), "utf8")).toBe("mine");
  });

  test("a world that there is not, and one that is not built, are refused before anything is written", async () => {
    const folder = join(root, "nothing");
    await expect(init(folder, "--world", "steady")).rejects.toThrow(/there is no world "steady"/);
    await expect(init(folder, "--world", "steady-hand", "--seed", "987654")).rejects.toThrow(
      /is not built; run crucis world build/,
    );
    expect(existsSync(folder)).toBe(false);
  });

  test("a folder that cannot be made is told in a sentence", async () => {
    writeFileSync(join(root, "file"), "");
    await expect(init(join(root, "file", "inside"))).rejects.toThrow(/cannot be written \(ENOTDIR\); name a folder/);
  });

  test.skipIf(process.getuid?.() === 0)(
    "a folder that is read-only is told in a sentence (root may write into any)",
    async () => {
      const folder = mkdtempSync(join(root, "read-only-"));
      chmodSync(folder, 0o555);
      await expect(init(folder)).rejects.toThrow(/cannot be written \(EACCES\); name a folder/);
      chmodSync(folder, 0o755);
    },
  );
});

test("crucis schema prints the schema that init writes, with every engine there is", async () => {
  const folder = join(root, "schema");
  await init(folder);
  const printed = await said(() => schemaCommand().parseAsync([], { from: "user" }));
  expect(readFileSync(join(folder, "study.schema.json"), "utf8")).toBe(printed);
  for (const { kind } of KINDS) expect(printed).toContain(`"${kind}"`);
});
