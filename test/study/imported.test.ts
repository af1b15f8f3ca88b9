import { describe, expect, test } from "vitest";
import { type ImportedChunk, ImportedRows } from "../../src/study/imported.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Rollout } from "../../src/terms/rollout.ts";
import { RIGHT, ungradable, WRONG } from "../../src/terms/verdict.ts";

const from = { file: "a.jsonl", sha256: "0123456789abcdef".repeat(4), format: "rollouts", policy: "base" };
const rowsOf = (rollouts: readonly (readonly [string, Rollout])[], file = from) => {
  const chunks: ImportedChunk[] = [];
  const records: RolloutRecord[] = [];
  const rows = new ImportedRows(file, (chunk, some) => {
    chunks.push(chunk);
    records.push(...some);
  });
  const counts = new Map<string, number>();
  for (const [problem, rollout] of rollouts) {
    const index = counts.get(problem) ?? 0;
    counts.set(problem, index + 1);
    rows.add(problem, index, rollout);
  }
  rows.end();
  return { chunks, records };
};
const many = (count: number) => Array.from({ length: count }, (_, i) => [`p${i % 3}`, { verdict: WRONG }] as const);

describe("imported rows", () => {
  test("say what the log said, and nothing that it did not", () => {
    const whole = { verdict: RIGHT, text: "", tokens: 2, cutOff: false, tokenIds: [8, 9], logProbs: [-0.5, -1] };
    const { records } = rowsOf([
      ["p", whole],
      ["p", { verdict: ungradable("cut off"), cutOff: true, extracted: "3" }],
    ]);
    const row = {
      experiment: "imported",
      problem: "p",
      policy: "base",
      engine: "imported: rollouts a.jsonl",
      verifier: "as imported",
    };
    const [chunk] = records.map((record) => record.chunk);
    const name = "imported/base/0123456789abcdef/p";
    const logged = { text: "", finish: "stop", tokens: 2, tokenIds: [8, 9], processedLogProbs: [-0.5, -1] };
    expect(records).toEqual([
      { ...row, chunk, rollout: `${name}/0`, index: 0, verdict: "right", ...logged },
      { ...row, chunk, rollout: `${name}/1`, index: 1, verdict: "ungradable", why: "cut off", finish: "length" },
    ]);
    expect(records.some((record) => "seed" in record || "sampler" in record)).toBe(false);
  });

  test("come in chunks of 256 whose ids are the file's: the same for the same bytes, others for other bytes or another policy", () => {
    const { chunks, records } = rowsOf(many(600));
    expect(chunks.map(({ id }) => records.filter(({ chunk }) => chunk === id).length)).toEqual([256, 256, 88]);
    expect(rowsOf(many(600), { ...from, file: "copy.jsonl" }).chunks).toEqual(chunks);
    for (const other of [
      { ...from, policy: "tuned" },
      { ...from, sha256: "f".repeat(64) },
    ]) {
      const ids = rowsOf(many(600), other).chunks.map(({ id }) => id);
      expect(chunks.some(({ id }) => ids.includes(id))).toBe(false);
    }
  });

  test("have names of their own, counted problem by problem", () => {
    const { records } = rowsOf(many(600));
    expect(new Set(records.map(({ rollout }) => rollout)).size).toBe(600);
    expect(records.filter(({ problem }) => problem === "p1").map(({ index }) => index)).toEqual(
      Array.from({ length: 200 }, (_, i) => i),
    );
  });

  test("of an empty file are none", () => {
    expect(rowsOf([])).toEqual({ chunks: [], records: [] });
    expect(rowsOf(many(256)).chunks).toHaveLength(1);
  });
});
