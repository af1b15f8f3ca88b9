import { copyFileSync, cpSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineOf } from "../../src/evidence/rows.ts";
import { Store } from "../../src/evidence/store.ts";
import type { RolloutRecord, ScoreRecord } from "../../src/terms/record.ts";
import type { UngradableWhy } from "../../src/terms/verdict.ts";
import { emptyFolder, linesIn, linesOf } from "./records.ts";
import { asked, rollouts, scores } from "./rows.ts";

// Everything that UTF-16 holds: halves of pairs, NUL, byte order marks, escapes that look like JSON's.
const unit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));
const text = fc.oneof(
  fc.string({ unit, maxLength: 12 }),
  fc.string({ unit: "grapheme", maxLength: 12 }),
  fc.constantFrom(
    "",
    "\ufeffa",
    "\ufeff\ufeff",
    "null",
    "NaN",
    "-Infinity",
    "\\u0000",
    '{"a":1}',
    "'; DROP TABLE x --",
    "\r\n",
  ),
);
const word = fc.string({ minLength: 1, maxLength: 8 });
const logProb = fc.oneof(fc.constantFrom(Number.NEGATIVE_INFINITY, -0, -1e-45), fc.float({ max: 0, noNaN: true }));
const logProbs = fc.array(logProb, { maxLength: 5 });
const tokenIds = fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { maxLength: 5 });
const sampler = fc.record({
  temperature: fc.double({ min: 1e-300, max: 10, noNaN: true }),
  topP: fc.double({ min: 1e-9, max: 1, noNaN: true }),
  topK: fc.nat(),
  minP: fc.double({ min: 0, max: 1, noNaN: true }),
  maxTokens: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
  stop: fc.array(text, { maxLength: 2 }),
});
const why = fc.constantFrom<UngradableWhy>("cut off", "no verdict", "engine error", "grader crash");
const anyRollout: fc.Arbitrary<RolloutRecord> = fc.record(
  {
    rollout: text,
    experiment: word,
    problem: text,
    index: fc.nat(),
    chunk: fc.constant("a"),
    policy: word,
    engine: text,
    verifier: text,
    verdict: fc.constantFrom("right", "wrong", "ungradable"),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    sampler,
    why,
    detail: text,
    text,
    finish: fc.constantFrom("stop", "length"),
    tokens: fc.nat(),
    prefix: fc.record({ rollout: text, tokenIds }),
    promptTokenIds: tokenIds,
    tokenIds,
    rawLogProbs: logProbs,
    processedLogProbs: logProbs,
  },
  { requiredKeys: ["rollout", "experiment", "problem", "index", "chunk", "policy", "engine", "verifier", "verdict"] },
);
const anyScore: fc.Arbitrary<ScoreRecord> = fc.record(
  {
    chunk: fc.constant("b"),
    rollout: text,
    policy: word,
    engine: text,
    sampler,
    detail: text,
    rawLogProbs: logProbs,
    processedLogProbs: logProbs,
  },
  { requiredKeys: ["chunk", "rollout", "policy", "engine", "sampler"] },
);

const parquetIn = (folder: string): string[] =>
  ["rollouts", "scores"].flatMap((name) =>
    existsSync(join(folder, name)) ? readdirSync(join(folder, name)).map((file) => `${name}/${file}`) : [],
  );

/** Two chunks of each kind, compacted; `before` is the folder as it was. */
async function compacted(): Promise<{ folder: string; before: string; lines: string[] }> {
  const folder = emptyFolder();
  const store = await Store.open(folder, { write: true });
  for (const id of ["a", "b"]) {
    await store.commit(asked(id), rollouts(id));
    await store.commit(asked(`${id}s`, "score"), scores(`${id}s`));
  }
  const before = emptyFolder();
  cpSync(folder, before, { recursive: true });
  await store.compact();
  await store.close();
  const lines = linesOf(rollouts("a"), rollouts("b"), scores("as"), scores("bs"));
  return { folder, before, lines };
}

/** Chunks and lines as a reader sees them, then whoever compacts again, and a reader after that. */
async function seenIn(folder: string): Promise<{ chunks: string[]; lines: string[] }[]> {
  const seen = [];
  for (const write of [false, true, false]) {
    const store = await Store.open(folder, { write });
    if (write) await store.compact();
    seen.push({ chunks: [...store.chunkIds()].sort(), lines: await linesIn(store) });
    await store.close();
  }
  return seen;
}

const thrice = (lines: string[]) => Array.from({ length: 3 }, () => ({ chunks: ["a", "as", "b", "bs"], lines }));

describe("Parquet", () => {
  test("gives back the very lines that went in, whatever they hold", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRollout, { maxLength: 30 }),
        fc.array(anyScore, { maxLength: 10 }),
        async (some, others) => {
          const folder = emptyFolder();
          const store = await Store.open(folder, { write: true });
          await store.commit(asked("a"), some);
          await store.commit(asked("b", "score"), others);
          const lines = linesOf(some, others);
          expect(await linesIn(store)).toEqual(lines);
          await store.compact();
          expect(await linesIn(store)).toEqual(lines);
          await store.close();
          rmSync(folder, { recursive: true });
        },
      ),
      { numRuns: 25, seed: 4 },
    );
  });

  test("grows by a file each time, and the store goes on in a new segment", async () => {
    const folder = emptyFolder();
    const store = await Store.open(folder, { write: true });
    const kept = [];
    for (const id of ["a", "b", "c"]) {
      kept.push(rollouts(id));
      await store.commit(asked(id), kept.at(-1)!);
      await store.compact();
      expect(await linesIn(store)).toEqual(linesOf(...kept));
    }
    await store.compact();
    await store.commit(asked("s", "score"), scores("s"));
    await store.compact();
    await store.close();
    expect(parquetIn(folder)).toEqual([
      "rollouts/000001.parquet",
      "rollouts/000002.parquet",
      "rollouts/000003.parquet",
      "scores/000001.parquet",
    ]);
    expect(readdirSync(folder).sort()).toEqual([
      "commits.jsonl",
      "evidence.json",
      "lock",
      "lock.json",
      "rollouts",
      "scores",
      "segments",
    ]);
  });

  test("holds the columns that docs/evidence.md names, log-probabilities as FLOAT lists, −∞ included", async () => {
    const { folder } = await compacted();
    const connection = await (await DuckDBInstance.create()).connect();
    const read = await connection.runAndReadAll(
      `SELECT count(*)::INTEGER, min(processedLogProbs[2]), typeof(any_value(rawLogProbs)), any_value(sampler ->> 'topP') FROM '${folder}/rollouts/*.parquet'`,
    );
    expect(read.getRowsJS()).toEqual([[8, Number.NEGATIVE_INFINITY, "FLOAT[]", "0.95"]]);
  });

  test("takes answers of 20,000 tokens, many in one chunk", async () => {
    const folder = emptyFolder();
    const store = await Store.open(folder, { write: true });
    const long = rollouts("a", 60).map((row) => ({
      ...row,
      tokenIds: Array.from({ length: 20_000 }, (_, i) => i),
      rawLogProbs: Array.from({ length: 20_000 }, (_, i) => -i / 7),
    }));
    await store.commit(asked("a"), long);
    await store.compact();
    const hash = (lines: readonly string[]): number => lines.reduce((sum, { length }) => sum + length, 0);
    const found = await linesIn(store);
    await store.close();
    expect(hash(found)).toBe(hash(linesOf(long)));
    expect(found[0]).toBe(long.map(lineOf).sort()[0]);
  });
});

describe("a compaction that was killed", () => {
  test("before its Parquet was whole is done again", async () => {
    const { before, lines } = await compacted();
    for (const name of ["rollouts", "scores"]) {
      cpSync(join(before, "segments"), join(before, name), { recursive: true });
      for (const file of readdirSync(join(before, name))) rmSync(join(before, name, file));
      writeFileSync(join(before, name, "000001.parquet.partial"), "PAR1 half of it");
    }
    expect(await seenIn(before)).toEqual(thrice(lines));
    expect(readdirSync(join(before, "segments"))).toEqual([]);
    expect(parquetIn(before)).toEqual(["rollouts/000001.parquet", "scores/000001.parquet"]);
  });

  test("between the rollouts' file and the scores' doubles and loses nothing", async () => {
    const { folder, before, lines } = await compacted();
    cpSync(join(folder, "rollouts"), join(before, "rollouts"), { recursive: true });
    expect(await seenIn(before)).toEqual(thrice(lines));
    expect(readdirSync(join(before, "segments"))).toEqual([]);
  });

  test("before it said what is in its files doubles and loses nothing", async () => {
    const { folder, before, lines } = await compacted();
    for (const name of ["rollouts", "scores"]) cpSync(join(folder, name), join(before, name), { recursive: true });
    expect(await seenIn(before)).toEqual(thrice(lines));
    expect(readdirSync(join(before, "segments"))).toEqual([]);
  });

  test("in the middle of saying so doubles and loses nothing", async () => {
    const { folder, before, lines } = await compacted();
    for (const name of ["rollouts", "scores"]) cpSync(join(folder, name), join(before, name), { recursive: true });
    writeFileSync(join(before, "commits.jsonl"), '{"chunk":"a","kind":"sam');
    expect(await seenIn(before)).toEqual(thrice(lines));
    expect(readdirSync(join(before, "segments"))).toEqual([]);
  });

  test("before it took its segments away doubles and loses nothing", async () => {
    const { folder, before, lines } = await compacted();
    copyFileSync(join(before, "segments", "000001.jsonl"), join(folder, "segments", "000001.jsonl"));
    expect(await seenIn(folder)).toEqual(thrice(lines));
    expect(readdirSync(join(folder, "segments"))).toEqual([]);
  });
});
