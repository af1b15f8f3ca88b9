// evidence/ · Parquet: segments made into rollouts/*.parquet and scores/*.parquet with zstd, and read back; DuckDB does the work.
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { RolloutRecord, ScoreRecord } from "../terms/record.ts";
import type { Row } from "./rows.ts";

export type Kind = "sample" | "score";
export const FOLDERS: Readonly<Record<Kind, string>> = { sample: "rollouts", score: "scores" };

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
  } satisfies Record<keyof ScoreRecord, string>,
};

/** Memory that DuckDB may take; beyond it, it goes to disk. */
const MEMORY = "1GB";

/** DuckDB keeps a few buffers of the longest line; bytes. */
const LEAST_BUFFER = 4 << 20;

/** Loaded where it is needed: 70 MB that `crucis explain` can do without. */
export async function connect(folder: string): Promise<DuckDBConnection> {
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: MEMORY,
    temp_directory: join(folder, "scratch"),
    preserve_insertion_order: "false",
  });
  return instance.connect();
}

export function parquetFiles(folder: string, kind: Kind): string[] {
  const path = join(folder, FOLDERS[kind]);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => join(path, name));
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const listed = (files: readonly string[]): string => `[${files.map(quoted).join(", ")}]`;

/** Ids of the chunks that a folder's Parquet files hold. */
export async function chunksIn(connection: DuckDBConnection, folder: string): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const kind of ["sample", "score"] as const) {
    const files = parquetFiles(folder, kind);
    if (files.length === 0) continue;
    const read = await connection.runAndReadAll(`SELECT DISTINCT chunk FROM read_parquet(${listed(files)})`);
    for (const [chunk] of read.getRows()) ids.add(String(chunk));
  }
  return ids;
}

/**
 * One Parquet file of all rows of one kind in these segments, but for those whose chunk is in Parquet already. Whole or not there.
 * Undefined where there is no such row. `longest` is the length in bytes of the longest line.
 */
export async function compactInto(
  connection: DuckDBConnection,
  folder: string,
  kind: Kind,
  { segments, longest }: { readonly segments: readonly string[]; readonly longest: number },
): Promise<string | undefined> {
  // Both kinds and commits stand in one segment; only scores have no verdict, only commits no chunk.
  const columns = { ...COLUMNS.sample };
  const spec = Object.entries(columns).map(([name, type]) => `${quoted(name)}: ${quoted(type)}`);
  const names = Object.keys(COLUMNS[kind]).map((name) => `"${name}"`);
  const there = parquetFiles(folder, kind);
  const known =
    there.length === 0 ? "" : ` AND chunk NOT IN (SELECT DISTINCT chunk FROM read_parquet(${listed(there)}))`;
  const rows =
    `SELECT ${names.join(", ")} FROM read_json(${listed(segments)}, format = 'newline_delimited', ` +
    `columns = {${spec.join(", ")}}, maximum_object_size = ${Math.max(LEAST_BUFFER, longest + 1)}) ` +
    `WHERE chunk IS NOT NULL AND verdict IS ${kind === "sample" ? "NOT " : ""}NULL${known}`;
  const path = join(folder, FOLDERS[kind]);
  mkdirSync(path, { recursive: true });
  const last = there.at(-1)?.match(/(\d+)\.parquet$/)?.[1] ?? "0";
  const file = join(path, `${String(Number(last) + 1).padStart(6, "0")}.parquet`);
  const partial = `${file}.partial`;
  const copied = await connection.runAndReadAll(
    `COPY (${rows}) TO ${quoted(partial)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20000)`,
  );
  if (Number(copied.getRows()[0]?.[0] ?? 0) === 0) {
    rmSync(partial, { force: true });
    return undefined;
  }
  settle(partial);
  renameSync(partial, file);
  settle(path);
  return file;
}

function settle(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}

/** Rows of Parquet files as records, in no order. */
export async function* recordsIn(
  connection: DuckDBConnection,
  files: readonly string[],
  where = "",
): AsyncGenerator<Row> {
  if (files.length === 0) return;
  const result = await connection.stream(`SELECT * FROM read_parquet(${listed(files)}, union_by_name = true) ${where}`);
  const names = result.columnNames();
  for await (const rows of result.yieldRowsJs()) for (const values of rows) yield recordFrom(names, values);
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
