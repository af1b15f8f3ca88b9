import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test, vi } from "vitest";
import { importCommand } from "../../src/cli/import.ts";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";

const folder = mkdtempSync(join(tmpdir(), "crucis-import-"));
afterAll(() => rmSync(folder, { recursive: true }));
let studies = 0;
const fixture = (name: string) => `test/fixtures/importers/${name}`;
const file = (name: string, rows: readonly object[]): string => {
  writeFileSync(join(folder, name), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return join(folder, name);
};

/** What it prints; its refusal is thrown. */
async function crucisImport(...args: string[]): Promise<string> {
  let printed = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  try {
    await importCommand().parseAsync(args, { from: "user" });
  } finally {
    write.mockRestore();
  }
  return printed;
}
const newStudy = () => mkdtempSync(join(folder, `study-${studies++}-`));
async function kept(study: string): Promise<RolloutRecord[]> {
  const store = await Store.open(study, { write: false });
  const rows: RolloutRecord[] = [];
  for await (const row of store.rollouts()) rows.push(row);
  await store.close();
  return rows;
}
const facts = (study: string) => Notebook.read(study).flatMap(({ kind, fact }) => (kind === "imported" ? [fact] : []));

describe("crucis import", () => {
  test("keeps every rollout of a file, with its tokens, and one fact", async () => {
    const study = newStudy();
    const told = await crucisImport(fixture("traces.jsonl"), "--as", "base", "--study", study);
    expect(told).toContain(
      "traces.jsonl: 4 rollouts of 2 problems as base (traces), 2 without a verdict; all are new.",
    );
    const rows = await kept(study);
    expect(rows.map(({ problem, index, verdict, why }) => [problem, index, verdict, why])).toEqual([
      ["sums/17", 0, "right", undefined],
      ["sums/17", 1, "ungradable", "cut off"],
      ["sums/17", 2, "ungradable", "engine error"],
      ["words/17", 0, "right", undefined],
    ]);
    expect(rows[0]).toMatchObject({ text: "3", tokenIds: [8, 9], processedLogProbs: [-0.25, -0.5], finish: "stop" });
    expect(rows[1]).not.toHaveProperty("processedLogProbs");
    expect(facts(study)).toMatchObject([{ policy: "base", format: "traces", rows: 4, rightAbove: 0.5 }]);
  });

  test("the same bytes again add nothing, under whatever name; another policy's are others", async () => {
    const study = newStudy();
    await crucisImport(fixture("rollouts.jsonl"), "--as", "base", "--study", study);
    const copy = join(folder, "copy.jsonl");
    copyFileSync(fixture("rollouts.jsonl"), copy);
    expect(await crucisImport(copy, copy, "--as", "base", "--study", study)).toMatch(
      /all were there already[^]*all were there already/,
    );
    expect([(await kept(study)).length, facts(study).length]).toEqual([6, 1]);
    expect(await crucisImport(copy, "--as", "tuned", "--study", study)).toContain("all are new");
    expect([(await kept(study)).length, facts(study).length]).toEqual([12, 2]);
  });

  test("a file whose last row is faulty leaves the study as it was, and so do the files named with it", async () => {
    const study = newStudy();
    const rows = Array.from({ length: 600 }, (_, i) => ({ id: `p${i % 5}`, reward: i % 2 }));
    const bad = file("bad.jsonl", [...rows, { id: "p0", reward: "1" }]);
    await expect(crucisImport(fixture("rollouts.jsonl"), bad, "--as", "base", "--study", study)).rejects.toThrow(
      /line 601, field reward/,
    );
    await crucisImport(file("good.jsonl", rows), "--as", "base", "--study", study);
    expect([(await kept(study)).length, facts(study).length]).toEqual([600, 1]);
  });

  test("graded in another way, the same file is refused", async () => {
    const study = newStudy();
    const rewards = file("rewards.jsonl", [{ id: "p", reward: 0.7 }]);
    await crucisImport(rewards, "--as", "base", "--study", study);
    await expect(crucisImport(rewards, "--as", "base", "--study", study, "--right-above", "0.8")).rejects.toThrow(
      /is in the study already, with rightAbove 0\.5, and now rightAbove is 0\.8/,
    );
  });

  test("what was selected is said, and stays in the notebook", async () => {
    const study = newStudy();
    expect(await crucisImport(fixture("open-instruct.jsonl"), "--as", "base", "--study", study)).toMatch(
      /Selected: open-instruct drops/,
    );
    expect(facts(study)[0]).toMatchObject({ selected: expect.stringContaining("open-instruct drops") });
  });

  test("what is no file is refused", async () => {
    await expect(crucisImport("/dev/null", "--as", "base", "--study", newStudy())).rejects.toThrow(/pipe or a device/);
    await expect(crucisImport(folder, "--as", "base", "--study", newStudy())).rejects.toThrow(/is a directory/);
    await expect(crucisImport(join(folder, "none"), "--as", "base", "--study", newStudy())).rejects.toThrow(
      /does not exist/,
    );
  });
});
