import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { describe, expect, test, vi } from "vitest";
import { verifyCommand } from "../../src/cli/verify.ts";
import { Notebook } from "../../src/evidence/notebook.ts";
import { Store } from "../../src/evidence/store.ts";
import { type Verified, verified } from "../../src/evidence/verified.ts";
import { emptyFolder } from "./records.ts";
import { asked, rollouts, scores } from "./rows.ts";

/** Chunks a, b (rollouts) and c (scores), observed in this order, and judged. */
async function study({ compact = false, judged = true, unobserved = false } = {}): Promise<string> {
  const folder = emptyFolder();
  const store = await Store.open(folder, { write: true });
  const notebook = await Notebook.open(folder);
  await notebook.append("declared", {});
  for (const id of ["a", "b"]) await store.commit(asked(id), rollouts(id));
  await store.commit(asked("c", "score"), scores("c"));
  for (const id of ["a", "b", "c"]) await notebook.append("observed", store.commitOf(id)!);
  if (unobserved) await store.commit(asked("d"), rollouts("d"));
  if (judged) await notebook.append("judged", {});
  if (compact) await store.compact();
  await store.close();
  await notebook.close();
  return folder;
}

async function of(folder: string): Promise<Verified> {
  const store = await Store.open(folder, { write: false });
  try {
    return await verified(store);
  } finally {
    await store.close();
  }
}

function edit(folder: string, change: (text: string) => string): string {
  const path = join(folder, "segments", "000001.jsonl");
  const before = readFileSync(path, "utf8");
  const after = change(before);
  expect(after).not.toBe(before);
  writeFileSync(path, after);
  return folder;
}

/** Rewrites the rollouts with DuckDB, as one who wants another result would. */
async function rewrite(folder: string, select: string): Promise<string> {
  const path = join(folder, "rollouts", "000001.parquet");
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`COPY (SELECT ${select} FROM '${path}') TO '${folder}/new' (FORMAT parquet)`);
  writeFileSync(path, readFileSync(`${folder}/new`));
  return folder;
}

describe("evidence as it was observed", () => {
  test("is said to be so, in segments and in Parquet", async () => {
    const whole = { facts: 5, chunks: 3, rollouts: 8, scores: 4, unobserved: 0, faults: [] };
    expect(await of(await study())).toEqual(whole);
    expect(await of(await study({ compact: true }))).toEqual(whole);
  });

  test("may hold chunks that the notebook does not know yet, until it is judged", async () => {
    expect(await of(await study({ judged: false, unobserved: true }))).toMatchObject({ unobserved: 1, faults: [] });
    expect(await of(await study({ unobserved: true }))).toMatchObject({
      unobserved: 0,
      faults: ["chunk d is kept, and the notebook never observed it: answers were added"],
    });
  });
});

describe("evidence that was changed is told, the first chunk first", () => {
  const CHANGED =
    /^notebook\.jsonl, line 2, observed rows of chunk a with hash [0-9a-f]{12}, and they now have [0-9a-f]{12}: an answer was changed$/;

  test("a verdict in a segment", async () => {
    const folder = edit(await study(), (text) => text.replace('"verdict":"wrong"', '"verdict":"right"'));
    expect((await of(folder)).faults).toEqual([expect.stringMatching(CHANGED)]);
  });

  test("a verdict, a log-probability or a seed in Parquet", async () => {
    for (const other of [
      "* REPLACE (if(chunk = 'a', 'right', verdict) AS verdict)",
      "* REPLACE (if(chunk = 'a', list_transform(rawLogProbs, x -> (x * 1.0000001)::FLOAT), rawLogProbs) AS rawLogProbs)",
      "* REPLACE (if(chunk = 'a', seed + 1, seed) AS seed)",
    ]) {
      const folder = await rewrite(await study({ compact: true }), other);
      expect((await of(folder)).faults).toEqual([expect.stringMatching(CHANGED)]);
    }
  });

  test("rows that were taken out, or doubled", async () => {
    const fewer = edit(await study(), (text) => text.replace(/.*"rollout":"paired-sampling\/base\/a\/1".*\n/, ""));
    expect((await of(fewer)).faults).toEqual(["notebook.jsonl, line 2, observed 4 rows of chunk a, and 3 are there"]);
    const more = edit(await study(), (text) => text.replace(/(.*"rollout":"paired-sampling\/base\/b\/3".*\n)/, "$1$1"));
    expect((await of(more)).faults).toEqual(["notebook.jsonl, line 3, observed 4 rows of chunk b, and more are there"]);
  });

  test("files that are gone", async () => {
    const folder = await study({ compact: true });
    rmSync(join(folder, "rollouts"), { recursive: true });
    expect((await of(folder)).faults).toEqual([
      "notebook.jsonl, line 2, observed 4 rows of chunk a, and 0 are there",
      "notebook.jsonl, line 3, observed 4 rows of chunk b, and 0 are there",
    ]);
  });

  test("a notebook that no longer knows of it", async () => {
    const folder = await study();
    const path = join(folder, "notebook.jsonl");
    writeFileSync(path, readFileSync(path, "utf8").replace('"rows":4', '"rows":5'));
    await expect(of(folder)).rejects.toThrow(/notebook\.jsonl, line 2 says hash/);
  });
});

describe("crucis verify", () => {
  async function crucisVerify(...args: string[]): Promise<string> {
    let printed = "";
    const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
      printed += String(text);
      return true;
    });
    try {
      await verifyCommand().parseAsync(args, { from: "user" });
    } finally {
      write.mockRestore();
    }
    return printed;
  }

  test("counts what is whole", async () => {
    expect(await crucisVerify(await study())).toBe(
      "notebook.jsonl: 5 facts, the chain is whole.\nNo predictions were sealed: this study cannot be judged as registered.\n8 rollouts and 4 scores in 3 chunks are as they were observed.\n",
    );
    expect(await crucisVerify(await study({ judged: false, unobserved: true }))).toContain(
      "1 chunks are kept and not yet in the notebook",
    );
    expect(JSON.parse(await crucisVerify(await study(), "--json"))).toMatchObject({ chunks: 3, faults: [] });
  });

  test("refuses what was changed, and a folder without a notebook", async () => {
    const folder = edit(await study(), (text) => text.replace('"verdict":"wrong"', '"verdict":"right"'));
    await expect(crucisVerify(folder)).rejects.toThrow(
      /does not hold what its notebook observed\n {2}notebook\.jsonl, line 2, observed rows of chunk a/,
    );
    const empty = emptyFolder();
    await expect(crucisVerify(empty)).rejects.toThrow(`${empty} holds no notebook.jsonl`);
  });
});
