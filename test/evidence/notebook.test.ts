import { createHash } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "../../src/evidence/canonical.ts";
import { type Entry, Notebook } from "../../src/evidence/notebook.ts";
import { emptyFolder } from "./records.ts";

const NOON = Date.parse("2026-01-01T12:00:00Z");
const pathOf = (folder: string): string => join(folder, "notebook.jsonl");
const linesOf = (folder: string): string[] => readFileSync(pathOf(folder), "utf8").split("\n").slice(0, -1);

async function written(facts: number): Promise<string> {
  const folder = emptyFolder();
  const notebook = await Notebook.open(folder, () => NOON);
  for (let i = 0; i < facts; i++) await notebook.append("observed", { chunk: `c${i}`, rows: i });
  await notebook.close();
  return folder;
}

/** A line with a hash that fits it, as one who knows the recipe would forge it. */
function forged(line: string, change: Partial<Entry>): string {
  const { hash: _, ...unsealed } = { ...(JSON.parse(line) as Entry), ...change };
  return canonical({ ...unsealed, hash: createHash("sha256").update(canonical(unsealed)).digest("hex") });
}

describe("a notebook", () => {
  test("gives back what was written, by whoever opens it next", async () => {
    const folder = emptyFolder();
    const facts = fc.sample(fc.dictionary(fc.string(), fc.jsonValue()), { numRuns: 20, seed: 3 });
    const first = await Notebook.open(folder, () => NOON);
    for (const fact of facts.slice(0, 10)) await first.append("asked", fact);
    await first.close();
    const second = await Notebook.open(folder, () => NOON + 1000);
    for (const fact of facts.slice(10)) await second.append("judged", fact);
    await second.close();
    const entries = Notebook.read(folder);
    expect(entries).toEqual(second.entries);
    expect(entries.map(({ fact }) => canonical(fact))).toEqual(facts.map((fact) => canonical(fact)));
    expect(entries.map(({ n }) => n)).toEqual(facts.map((_, i) => i));
    expect(entries[10]?.at).toBe("2026-01-01T12:00:01.000Z");
    expect(entries.every(({ previous }, i) => previous === (entries[i - 1]?.hash ?? "0".repeat(64)))).toBe(true);
  });

  test("can be checked with SHA-256 and a JSON writer that sorts: no more goes into a hash", async () => {
    const [line] = linesOf(await written(1));
    const unsealed = line!.replace(/"hash":"[0-9a-f]{64}",/, "");
    expect(JSON.parse(line!)).toHaveProperty("hash", createHash("sha256").update(unsealed).digest("hex"));
  });

  test("of which a crash cut the last line off is read up to there, and goes on from there", async () => {
    const folder = await written(3);
    const whole = readFileSync(pathOf(folder));
    const start = whole.lastIndexOf(10, whole.length - 2) + 1;
    for (let end = start; end < whole.length; end += 7) {
      writeFileSync(pathOf(folder), whole.subarray(0, end));
      expect(Notebook.read(folder)).toHaveLength(2);
    }
    const notebook = await Notebook.open(folder, () => NOON);
    await notebook.append("judged", {});
    await notebook.close();
    expect(Notebook.read(folder).map(({ kind }) => kind)).toEqual(["observed", "observed", "judged"]);
  });

  test("that appends many facts at once keeps them in order", async () => {
    const folder = emptyFolder();
    const notebook = await Notebook.open(folder, () => NOON);
    await Promise.all(Array.from({ length: 200 }, (_, i) => notebook.append("observed", { i })));
    await notebook.close();
    expect(Notebook.read(folder).map(({ fact }) => fact["i"])).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  test("never goes back in time, and says that the clock did", async () => {
    const folder = emptyFolder();
    const times = [NOON, NOON - 90_000, NOON + 1000];
    const notebook = await Notebook.open(folder, () => times.shift()!);
    for (let i = 0; i < 3; i++) await notebook.append("observed", { i });
    await notebook.close();
    expect(Notebook.read(folder).map(({ at, clockBack }) => [at, clockBack])).toEqual([
      ["2026-01-01T12:00:00.000Z", undefined],
      ["2026-01-01T12:00:00.000Z", 90],
      ["2026-01-01T12:00:01.000Z", undefined],
    ]);
  });

  test("that nobody wrote yet is empty", () => {
    expect(Notebook.read(emptyFolder())).toEqual([]);
  });
});

describe("a notebook that was changed is refused, and the first line that is wrong is named", () => {
  const cases: readonly [string, (lines: string[]) => string[], RegExp][] = [
    ["a fact", (l) => l.with(2, l[2]!.replace('"rows":2', '"rows":3')), /line 3 says hash [0-9a-f]{12} and has/],
    ["a hash", (l) => l.with(2, l[2]!.replace(/"hash":"../, '"hash":"zz')), /line 3 says hash zz/],
    ["a fact and its hash", (l) => l.with(2, forged(l[2]!, { fact: {} })), /line 4 follows [0-9a-f]{12}, and the line/],
    ["a line taken out", (l) => l.toSpliced(2, 1), /line 3 follows/],
    ["two lines in the other order", (l) => l.with(1, l[2]!).with(2, l[1]!), /line 2 follows/],
    ["the first lines taken out", (l) => l.slice(1), /line 1 follows [0-9a-f]{12}, and the line before it is 0{12}/],
    ["a line twice", (l) => l.toSpliced(2, 0, l[1]!), /line 3 follows/],
    ["other blanks", (l) => l.with(1, l[1]!.replace(":", ": ")), /line 2 is not written in canonical form/],
    ["no JSON", (l) => l.with(3, l[3]!.slice(5)), /line 4 is not JSON/],
    ["JSON that is no fact", (l) => l.with(3, "null"), /line 4 is no fact of a notebook/],
    ["an unknown kind", (l) => l.with(3, forged(l[3]!, { kind: "guessed" as never })), /line 4 is no fact/],
    ["a number", (l) => l.with(3, forged(l[3]!, { n: 7 })), /line 4 has number 7 after 2/],
    ["a time", (l) => l.with(3, forged(l[3]!, { at: "2025-01-01T00:00:00.000Z" })), /line 4 is of 2025-01-01/],
  ];
  for (const [what, change, said] of cases)
    test(`${what}`, async () => {
      const folder = await written(5);
      writeFileSync(pathOf(folder), change(linesOf(folder)).join("\n").concat("\n"));
      expect(() => Notebook.read(folder)).toThrow(said);
      await expect(Notebook.open(folder)).rejects.toThrow(said);
    });

  test("even where one byte of it differs, wherever it is", async () => {
    const folder = await written(3);
    const whole = readFileSync(pathOf(folder));
    for (let at = 0; at < whole.length - 1; at += 11) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1;
      writeFileSync(pathOf(folder), bytes);
      expect(() => Notebook.read(folder)).toThrow(/notebook\.jsonl, line \d/);
    }
  });

  test("and is not written to", async () => {
    const folder = await written(3);
    appendFileSync(pathOf(folder), "{}\n");
    const before = readFileSync(pathOf(folder));
    await expect(Notebook.open(folder)).rejects.toThrow("line 4 is no fact of a notebook");
    expect(readFileSync(pathOf(folder))).toEqual(before);
  });
});
