// evidence/ · Duck: DuckDB, which makes Parquet of segments and reads it; nothing of it outlives this process.
import type { DuckDBInstance } from "@duckdb/node-api";

/** Memory that it may take; beyond it, it goes to the scratch folder. */
const MEMORY = "1GB";

export class Duck {
  readonly #instance: DuckDBInstance;

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  /**
   * Loaded where it is needed: 70 MB that `crucis explain` can do without.
   *
   * @param scratch folder for what memory does not hold; none where nothing may be written
   */
  static async open(scratch: string | undefined): Promise<Duck> {
    const { DuckDBInstance } = await import("@duckdb/node-api");
    const instance = await DuckDBInstance.create(":memory:", {
      memory_limit: MEMORY,
      temp_directory: scratch ?? "",
      preserve_insertion_order: "false",
    });
    return new Duck(instance);
  }

  /** All rows, which are few. */
  async rows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const connection = await this.#instance.connect();
    try {
      return (await connection.runAndReadAll(sql)).getRowsJS();
    } finally {
      connection.closeSync();
    }
  }

  /** Row by row; any number of streams may be under way. */
  async *stream(
    sql: string,
  ): AsyncGenerator<{ readonly names: readonly string[]; readonly values: readonly unknown[] }> {
    const connection = await this.#instance.connect();
    try {
      const result = await connection.stream(sql);
      const names = result.columnNames();
      for await (const rows of result.yieldRowsJs()) for (const values of rows) yield { names, values };
    } finally {
      connection.closeSync();
    }
  }

  close(): void {
    this.#instance.closeSync();
  }
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const listed = (files: readonly string[]): string => `[${files.map(quoted).join(", ")}]`;
