// evidence/ · Parquet: segments made into rollouts/*.parquet and scores/*.parquet with zstd, and read back; DuckDB does the work.
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { RolloutRecord, ScoreRecord } from "../terms/record.ts";
import { cannotWrite, makeFolder, settle } from "./disk.ts";
import { type Duck, listed, quoted } from "./duck.ts";
import { ARRAYS, type Row } from "./rows.ts";

export type Kind = "sample" | "score";
const FOLDERS: Readonly<Record<Kind, string>> = { sample: "rollouts", score: "scores" };

/** Fields of a record, in the order in which columns stand. */
const COLUMNS: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  sample: {
    rollout: "VARCHAR",
    experiment: "VARCHAR",
    policy: "VARCHAR",
    problem: "VARCHAR",
    index: "INTEGER",
    verdict: "VARCHAR",
    why: "VARCHAR",
    detail: "VARCHAR",
    text: "VARCHAR",
    finish: "VARCHAR",
    tokens: "INTEGER",
    seed: "BIGINT",
    prefix: "JSON",
    variant: "VARCHAR",
    sampler: "JSON",
    engine: "VARCHAR",
    verifier: "VARCHAR",
    chunk: "VARCHAR",
    promptTokenIds: "INTEGER[]",
    tokenIds: "INTEGER[]",
    rawLogProbs: "FLOAT[]",
    processedLogProbs: "FLOAT[]",
  } satisfies Record<keyof RolloutRecord, string>,
  score: {
    rollout: "VARCHAR",
    policy: "VARCHAR",
    engine: "VARCHAR",
    sampler: "JSON",
    detail: "VARCHAR",
    chunk: "VARCHAR",
    rawLogProbs: "FLOAT[]",
    processedLogProbs: "FLOAT[]",
    ranks: "INTEGER[]",
  } satisfies Record<keyof ScoreRecord, string>,
};

/** DuckDB keeps a few buffers of the longest line; bytes. */
const LEAST_BUFFER = 4 << 20;
/** Rows of a group are held in memory together, by whoever writes and whoever reads. */
const GROUP = "ROW_GROUP_SIZE 20000, ROW_GROUP_SIZE_BYTES '64MB'";

export function parquetFiles(folder: string, kind: Kind): string[] {
  const path = join(folder, FOLDERS[kind]);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => join(path, name));
}

/** Ids of the chunks that a folder's Parquet files hold. */
export async function chunksIn(duck: Duck, files: readonly string[]): Promise<Set<string>> {
  if (files.length === 0) return new Set();
  const rows = await duck.rows(`SELECT DISTINCT chunk FROM read_parquet(${listed(files)})`);
  return new Set(rows.map(([chunk]) => String(chunk)));
}

/**
 * One Parquet file of all rows of one kind in these segments, but for those whose chunk is in Parquet already. Whole or not there.
 * Undefined where there is no such row. `longest` is the length in bytes of the longest line.
 */
export async function compactInto(
  duck: Duck,
  folder: string,
  kind: Kind,
  { segments, longest }: { readonly segments: readonly string[]; readonly longest: number },
): Promise<string | undefined> {
  // Both kinds and commits stand in one segment; only scores have no verdict, only commits no chunk.
  const spec = Object.entries({ ...COLUMNS.sample, ...COLUMNS.score }).map(
    ([name, type]) => `${quoted(name)}: ${quoted(type)}`,
  );
  // Polars takes Parquet's own JSON type for bytes.
  const names = Object.entries(COLUMNS[kind]).map(([name, type]) =>
    type === "JSON" ? `"${name}"::VARCHAR AS "${name}"` : `"${name}"`,
  );
  const there = parquetFiles(folder, kind);
  const known =
    there.length === 0 ? "" : ` AND chunk NOT IN (SELECT DISTINCT chunk FROM read_parquet(${listed(there)}))`;
  const rows =
    `SELECT ${names.join(", ")} FROM read_json(${listed(segments)}, format = 'newline_delimited', ` +
    `columns = {${spec.join(", ")}}, maximum_object_size = ${Math.max(LEAST_BUFFER, longest + 1)}) ` +
    `WHERE chunk IS NOT NULL AND verdict IS ${kind === "sample" ? "NOT " : ""}NULL${known}`;
  const path = join(folder, FOLDERS[kind]);
  makeFolder(path);
  const last = there.at(-1)?.match(/(\d+)\.parquet$/)?.[1] ?? "0";
  const file = join(path, `${String(Number(last) + 1).padStart(6, "0")}.parquet`);
  const partial = `${file}.partial`;
  let copied: readonly (readonly unknown[])[];
  try {
    copied = await duck.rows(`COPY (${rows}) TO ${quoted(partial)} (FORMAT parquet, COMPRESSION zstd, ${GROUP})`);
  } catch (error) {
    rmSync(partial, { force: true });
    throw cannotWrite(partial, error);
  }
  if (Number(copied[0]?.[0] ?? 0) === 0) {
    rmSync(partial, { force: true });
    return undefined;
  }
  settle(partial);
  renameSync(partial, file);
  settle(path);
  return file;
}

/** The bindings take a byte order mark at the head of a string away: they are given one more. */
const BOM = "chr(65279)";
export const whole = (column: string): string =>
  `if(starts_with(${column}, ${BOM}), ${BOM} || ${column}, ${column}) AS ${column}`;

/** All rows of one kind as records, in no order; without their arrays where those are not needed. */
export async function* recordsIn(
  duck: Duck,
  kind: Kind,
  files: readonly string[],
  arrays: boolean,
): AsyncGenerator<Row> {
  if (files.length === 0) return;
  const columns = Object.entries(COLUMNS[kind])
    .filter(([name]) => arrays || !(ARRAYS as readonly string[]).includes(name))
    .map(([name, type]) => (type === "VARCHAR" ? whole(`"${name}"`) : `"${name}"`));
  // Files of an earlier version lack columns that came later.
  const empty = Object.entries(COLUMNS[kind]).map(
    ([name, type]) => `NULL::${type === "JSON" ? "VARCHAR" : type} AS "${name}"`,
  );
  const sql =
    `SELECT ${columns.join(", ")} FROM (SELECT * FROM read_parquet(${listed(files)}, union_by_name = true) ` +
    `UNION ALL BY NAME SELECT ${empty.join(", ")} WHERE false)`;
  for await (const { names, values } of duck.stream(sql)) yield recordFrom(names, values);
}

function recordFrom(names: readonly string[], values: readonly unknown[]): Row {
  const record: Record<string, unknown> = {};
  names.forEach((name, i) => {
    const value = values[i];
    if (value === null || value === undefined) return;
    if (name === "sampler" || name === "prefix") record[name] = JSON.parse(String(value));
    else record[name] = typeof value === "bigint" ? Number(value) : value;
  });
  return record as unknown as Row;
}
