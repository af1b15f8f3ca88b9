import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { documentSchema } from "../../src/attribution/document.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "crucis-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

function crucis(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "src/cli/main.ts"), ...args], {
    cwd: folder,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const counts = (rights: readonly number[], n = 8): string =>
  rights.map((c, i) => `{"id": "p${i}", "c": ${c}, "n": ${n}}\n`).join("");
const base = file("base.jsonl", counts([0, 1, 2, 3, 4, 5]));
const tuned = file("tuned.jsonl", counts([2, 3, 4, 5, 6, 7]));

describe("crucis explain", () => {
  it("prints text that starts with what it was computed from and fits 100 columns", () => {
    const { status, stdout, stderr } = crucis("explain", base, tuned);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    expect(stdout.startsWith("Computed from")).toBe(true);
    for (const line of stdout.split("\n")) expect([...line].length).toBeLessThanOrEqual(100);
  });

  it("prints one JSON document of the published schema with --json", () => {
    const { stdout } = crucis("explain", "--base", base, "--checkpoint", `step-1=${base}`, "--rl", tuned, "--json");
    expect(documentSchema.parse(JSON.parse(stdout)).computedFrom.policies).toEqual(["base", "step-1", "tuned"]);
  });

  it("writes the report whole, and says where", () => {
    const report = join(folder, "report.html");
    const { stdout } = crucis("explain", base, tuned, "--html", report);
    expect(stdout).toContain(`Report: ${report}`);
    expect(readFileSync(report, "utf8")).toMatch(/<\/html>\s*$/);
  });

  const zeros = file("zero.jsonl", '{"id": "a", "c": 0, "n": 0}\n');
  const bad: readonly [what: string, args: string[], message: RegExp][] = [
    ["a missing file", [base, "nowhere.jsonl"], /nowhere\.jsonl/],
    ["a folder", [base, folder], /folder|directory/],
    ["an empty file", [base, file("empty.jsonl", "")], /empty/],
    ["a torn last line", [base, file("torn.jsonl", `${counts([1])}{"id": "p1", "c"`)], /torn\.jsonl.*line 2/],
    ["c > n", [base, file("more.jsonl", '{"id": "a", "c": 9, "n": 8}\n')], /9.*8/],
    ["n = 0", [base, zeros], /n/],
    ["NaN", [base, file("nan.jsonl", '{"id": "a", "c": NaN, "n": 8}\n')], /NaN/],
    ["a boolean for a number", [base, file("bool.jsonl", '{"id": "a", "c": true, "n": 8}\n')], /true/],
    ["duplicate ids", [base, file("twice.jsonl", counts([1]) + counts([2]))], /p0/],
    ["no common id", [base, file("other.jsonl", '{"id": "z", "c": 1, "n": 8}\n')], /no problem id in common/],
    ["one bare file", [base], /1 bare file/],
    ["bare files beside flags", [base, tuned, "--base", base], /beside/],
    ["a checkpoint without a name", [base, tuned, "--checkpoint", base], /NAME=FILE/],
    [
      "two policies of one name",
      ["--base", base, "--checkpoint", `tuned=${base}`, "--tuned", tuned],
      /two policies are named tuned/,
    ],
    ["a threshold that is no number", [base, tuned, "--right-above", "high"], /number/],
    [
      "a report in a folder that is not there",
      [base, tuned, "--html", join(folder, "no", "r.html")],
      /cannot be written/,
    ],
  ];
  it.each(bad)("answers %s with one sentence, exit code 2 and nothing written", (_, args, message) => {
    const before = readdirSync(folder);
    const { status, stdout, stderr } = crucis("explain", ...args);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(readdirSync(folder)).toEqual(before);
  });

  it("knows its version and its commands", () => {
    expect(crucis("--version").stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/);
    expect(crucis("--help").stdout).toContain("explain");
    expect(crucis("nonsense").status).toBe(2);
    expect(existsSync(base)).toBe(true);
  });
});
