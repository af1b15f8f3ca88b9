import { appendFileSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Store } from "../../src/evidence/store.ts";
import { emptyFolder, linesIn, linesOf } from "./records.ts";
import { asked, rollout, rollouts, score, scores } from "./rows.ts";

const segmentOf = (folder: string, number = 1): string => join(folder, "segments", `00000${number}.jsonl`);

async function withTwo(): Promise<string> {
  const folder = emptyFolder();
  await using store = await opened(folder);
  await store.commit(asked("a"), rollouts("a"));
  await store.commit(asked("b", "score"), scores("b"));
  return folder;
}

async function opened(folder: string, write = true): Promise<Store & AsyncDisposable> {
  const store = await Store.open(folder, { write });
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() });
}

describe("a store", () => {
  test("gives back every record as it was, log-probabilities as float32", async () => {
    const folder = await withTwo();
    await using store = await opened(folder, false);
    expect([...store.chunkIds()]).toEqual(["a", "b"]);
    expect(await linesIn(store)).toEqual(linesOf(rollouts("a"), scores("b")));
    const found = [];
    for await (const row of store.rollouts()) found.push(row);
    const float32 = (values: readonly number[]): number[] => values.map(Math.fround);
    expect(found.map(({ rawLogProbs }) => float32(rawLogProbs!))).toEqual(
      rollouts("a").map(({ rawLogProbs }) => float32(rawLogProbs!)),
    );
    expect(found[0]?.processedLogProbs?.[1]).toBe(Number.NEGATIVE_INFINITY);
    expect({ ...found[0], rawLogProbs: [], processedLogProbs: [] }).toEqual({
      ...rollout("a", 0),
      rawLogProbs: [],
      processedLogProbs: [],
    });
  });

  test("keeps a chunk once, however often it comes", async () => {
    const folder = emptyFolder();
    await using store = await opened(folder);
    const times = await Promise.all([1, 2, 3].map(() => store.commit(asked("a"), rollouts("a"))));
    expect(times).toEqual([true, false, false]);
    expect(await store.commit(asked("a"), rollouts("a"))).toBe(false);
    await store.close();
    await using again = await opened(folder);
    expect(await again.commit(asked("a"), rollouts("a"))).toBe(false);
    expect(await linesIn(again)).toEqual(linesOf(rollouts("a")));
  });

  test("shares synchronisations between commits that come together, and each is there when it resolves", async () => {
    const folder = emptyFolder();
    await using store = await opened(folder);
    const ids = Array.from({ length: 300 }, (_, i) => `c${i}`);
    await Promise.all(
      ids.map(async (id) => {
        await store.commit(asked(id), rollouts(id, 2));
        expect(readFileSync(segmentOf(folder), "utf8")).toContain(`{"commit":{"chunk":"${id}",`);
      }),
    );
    expect([...store.chunkIds()]).toEqual(ids);
  });

  test("says what a chunk holds, in rows, tokens and a hash that does not depend on the order of rows", async () => {
    await using store = await opened(emptyFolder());
    await store.commit(asked("a"), [rollout("a", 0), rollout("a", 1)]);
    const { sha256: forwards, ...commit } = store.commitOf("a")!;
    expect(commit).toEqual({ chunk: "a", kind: "sample", policy: "base", rows: 2, tokens: 6 });
    expect(forwards).toMatch(/^[0-9a-f]{64}$/);
    await using other = await opened(emptyFolder());
    await other.commit(asked("a"), [rollout("a", 1), rollout("a", 0)]);
    expect(other.commitOf("a")?.sha256).toBe(forwards);
    await other.commit(asked("b", "score"), [score("b", 0)]);
    expect(other.tokens()).toBe(9);
    expect(other.commitOf("c")).toBeUndefined();
  });

  test("refuses log-probabilities that are none, and keeps nothing of their chunk", async () => {
    const folder = emptyFolder();
    await using store = await opened(folder);
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      await expect(store.commit(asked("a"), [rollout("a", 0, { rawLogProbs: [value] })])).rejects.toThrow(
        `${value} is no log-probability`,
      );
    expect(store.has("a")).toBe(false);
    expect(await linesIn(store)).toEqual([]);
  });

  test("opened for reading sees what another is writing, and does not write", async () => {
    const folder = emptyFolder();
    await using writer = await opened(folder);
    await writer.commit(asked("a"), rollouts("a"));
    await using reader = await opened(folder, false);
    expect(reader.has("a")).toBe(true);
    await writer.commit(asked("b"), rollouts("b"));
    expect(await linesIn(reader)).toEqual(linesOf(rollouts("a"), rollouts("b")));
    await writer.compact();
    expect(await linesIn(reader)).toEqual(linesOf(rollouts("a"), rollouts("b")));
    await expect(reader.commit(asked("c"), rollouts("c"))).rejects.toThrow("opened for reading");
  });

  test("reads rollouts and scores side by side", async () => {
    const folder = await withTwo();
    await using store = await opened(folder);
    await store.compact();
    const seen: string[] = [];
    for await (const row of store.rollouts()) {
      seen.push(row.rollout);
      for await (const other of store.scores()) seen.push(other.rollout);
    }
    expect(seen).toHaveLength(4 + 4 * 4);
  });

  test("leaves token ids and log-probabilities out where they are not wanted", async () => {
    const folder = await withTwo();
    await using store = await opened(folder);
    const { promptTokenIds: _, tokenIds: _1, rawLogProbs: _2, processedLogProbs: _3, ...rest } = rollout("a", 0);
    for (const compact of [false, true]) {
      if (compact) await store.compact();
      const found = [];
      for await (const row of store.rollouts({ arrays: false })) found.push(row);
      expect(found.find(({ index }) => index === 0)).toEqual(rest);
    }
  });
});

describe("a segment that a crash cut off", () => {
  test("at any byte is read up to the last whole chunk, and goes on from there", async () => {
    const folder = await withTwo();
    const whole = readFileSync(segmentOf(folder));
    const first = whole.indexOf("\n", whole.indexOf('{"commit"')) + 1;
    for (const end of [...Array.from({ length: 12 }, (_, i) => first + 97 * i), whole.length - 1]) {
      writeFileSync(segmentOf(folder), whole.subarray(0, end));
      await using reader = await opened(folder, false);
      expect([...reader.chunkIds()]).toEqual(["a"]);
      expect(await linesIn(reader)).toEqual(linesOf(rollouts("a")));
    }
    await using store = await opened(folder);
    expect(statSync(segmentOf(folder)).size).toBe(first);
    expect(await store.commit(asked("b", "score"), scores("b"))).toBe(true);
    expect(readFileSync(segmentOf(folder))).toEqual(whole);
  });

  test("is mended even where another segment was begun after it", async () => {
    const folder = await withTwo();
    truncateSync(segmentOf(folder), statSync(segmentOf(folder)).size - 5);
    writeFileSync(segmentOf(folder, 2), "");
    await using store = await opened(folder);
    await store.commit(asked("c"), rollouts("c"));
    await store.compact();
    expect(await linesIn(store)).toEqual(linesOf(rollouts("a"), rollouts("c")));
  });

  test("with a commit whose rows never reached the disk does not have that chunk", async () => {
    const folder = await withTwo();
    const bytes = readFileSync(segmentOf(folder));
    const start = bytes.indexOf("\n", bytes.indexOf('{"commit"')) + 1;
    bytes.fill(0x20, start, start + 300);
    writeFileSync(segmentOf(folder), bytes);
    await using store = await opened(folder);
    expect([...store.chunkIds()]).toEqual(["a"]);
    expect(await store.commit(asked("b", "score"), scores("b"))).toBe(true);
    expect(await linesIn(store)).toEqual(linesOf(rollouts("a"), scores("b")));
  });

  test("and damaged in a commit says where", async () => {
    const folder = await withTwo();
    appendFileSync(segmentOf(folder), '{"commit":{"chunk":\n');
    await expect(Store.open(folder, { write: true })).rejects.toThrow(
      /000001\.jsonl has a commit that ends at byte \d+/,
    );
    // The lock is free again.
    truncateSync(segmentOf(folder), 0);
    await using store = await opened(folder);
    expect(readdirSync(join(folder, "segments"))).toEqual(["000001.jsonl"]);
    expect(store.chunkIds().size).toBe(0);
  });
});
