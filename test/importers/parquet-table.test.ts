import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, describe, expect, test } from "vitest";
import { ParquetTable } from "../../src/importers/parquet-table.ts";
import { trl } from "../../src/importers/trl.ts";
import { Source } from "../../src/importers/source.ts";
import { inFolder, refusal } from "./on-disk.ts";

const duck = await DuckDBInstance.create(":memory:");
afterAll(() => duck.closeSync());

let tables = 0;
async function written(select: string, how = ""): Promise<string> {
  const file = inFolder(`table-${tables++}.parquet`);
  const connection = await duck.connect();
  await connection.run(`COPY (${select}) TO '${file}' (FORMAT parquet${how})`);
  connection.closeSync();
  return file;
}
async function rowsOf(file: string, columns: readonly string[], ready?: () => Promise<void>) {
  const rows: unknown[] = [];
  for await (const row of (await ParquetTable.open(file)).rows(columns, ready)) rows.push(row);
  return rows;
}

describe("a Parquet table", () => {
  const select =
    "SELECT i AS step, CASE WHEN i % 7 = 0 THEN NULL ELSE 'answer ' || i END AS text, 'ä' || (i % 3) AS few, " +
    "CASE WHEN i % 5 = 0 THEN NULL ELSE i / 4 END AS score, [i] AS list FROM range(10000) AS t(i)";
  const wanted = Array.from({ length: 10_000 }, (_, i) => ({
    step: BigInt(i),
    text: i % 7 === 0 ? undefined : `answer ${i}`,
    few: `ä${i % 3}`,
    score: i % 5 === 0 ? undefined : i / 4,
  }));
  const columns = ["step", "text", "few", "score"];

  test.each([
    ["groups of 2,048 rows", ", ROW_GROUP_SIZE 2048"],
    ["one group", ", ROW_GROUP_SIZE 20000"],
    ["uncompressed pages", ", COMPRESSION uncompressed"],
    ["pages of the second version", ", PARQUET_VERSION v2"],
  ])("has its rows in order, nulls in their places: %s", async (_, how) => {
    const rows = (await rowsOf(await written(select, how), columns)) as Record<string, unknown>[];
    const plain = rows.map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell ?? undefined])),
    );
    expect(plain).toEqual(wanted);
  });

  test("lists and structures are no columns of it, and one that is not there is absent", async () => {
    const file = await written(`${select} LIMIT 3`);
    expect((await ParquetTable.open(file)).columns.map(({ name }) => name)).toEqual(columns);
    expect(await rowsOf(file, ["few", "list", "none"])).toEqual([{ few: "ä0" }, { few: "ä1" }, { few: "ä2" }]);
    const chat = await written("SELECT 1 AS step, [{'role': 'user'}] AS prompt, 'a' AS completion, 0.5 AS reward");
    const source = await Source.open(chat);
    expect((await refusal(trl.read(source, { policy: "base" }))).message).toContain("has no column prompt");
    await source.close();
  });

  test("a page is read only when whoever takes the rows is ready", async () => {
    const file = await written(select, ", ROW_GROUP_SIZE 2048");
    let asked = 0;
    await rowsOf(file, ["step"], async () => void asked++);
    expect(asked).toBe(5);
  });
});
