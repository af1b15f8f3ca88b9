// importers/ · Parquet table: the rows of a Parquet file, group by group, within limits that its own directory must keep.
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type FileMetaData,
  parquetMetadataAsync,
  parquetSchema,
  type SchemaTree,
} from "hyparquet";
import { StudyError } from "../terms/errors.ts";
import { Pages } from "./parquet-pages.ts";
import { plain } from "./show.ts";

/** The directory at the end of the file. */
const DIRECTORY_LIMIT = 16 << 20;
const ROWS_LIMIT = 1 << 20;

export interface Column {
  readonly name: string;
  /** Holds floating-point numbers. */
  readonly fraction: boolean;
}

export class ParquetTable {
  readonly columns: readonly Column[];
  readonly #path: string;
  readonly #file: AsyncBuffer;
  readonly #metadata: FileMetaData;

  private constructor(path: string, file: AsyncBuffer, metadata: FileMetaData) {
    this.#path = path;
    this.#file = file;
    this.#metadata = metadata;
    this.columns = Array.from(leavesOf(metadata), ([name, [, { element }]]) => {
      return { name, fraction: element.type === "DOUBLE" || element.type === "FLOAT" };
    });
  }

  /** @throws StudyError where the file is torn, or its directory is larger than any table needs */
  static async open(path: string): Promise<ParquetTable> {
    const file = await asyncBufferFromFile(path);
    const tail = Buffer.from(await file.slice(Math.max(0, file.byteLength - 8)));
    if (file.byteLength < 12 || tail.toString("latin1", 4) !== "PAR1") {
      throw new StudyError({
        code: "truncated",
        what: `${plain(path)} does not end as a Parquet file does`,
        why: "so it was cut off while it was written or copied",
        mend: "finish writing or copying it",
      });
    }
    const directory = tail.readUInt32LE(0);
    if (directory > DIRECTORY_LIMIT) throw tooLarge(path, "its directory takes", directory, DIRECTORY_LIMIT);
    return new ParquetTable(path, file, await readable(path, () => parquetMetadataAsync(file)));
  }

  /**
   * Rows with these columns; numbers of 64 bits are bigints, what is null or absent is undefined or null. Of each column one page is
   * in memory.
   *
   * @param ready awaited before each further page is read
   */
  async *rows(
    columns: readonly string[],
    ready?: () => Promise<void>,
  ): AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined> {
    const leaves = leavesOf(this.#metadata);
    for (const group of this.#metadata.row_groups) {
      const rows = this.#within("a group has", Number(group.num_rows), ROWS_LIMIT, "rows");
      const cells = columns.flatMap((name) => {
        const leaf = leaves.get(name);
        const column = group.columns.find(({ meta_data: meta }) => meta?.path_in_schema.join(".") === name)?.meta_data;
        if (leaf === undefined || column === undefined) return [];
        return [{ name, pages: new Pages(this.#file, column, leaf, (...said) => this.#within(...said)) }];
      });
      for (let number = 0; number < rows; number++) {
        const row: Record<string, unknown> = {};
        for (const { name, pages } of cells) {
          if (pages.empty) {
            await ready?.();
            await readable(this.#path, () => pages.next());
          }
          row[name] = pages.take();
        }
        yield row;
      }
    }
  }

  #within(what: string, size: number, limit: number, unit = "bytes"): number {
    if (size >= 0 && size <= limit) return size;
    throw tooLarge(this.#path, what, size, limit, unit);
  }
}

/** The columns with one value a row, with the way to each from the root: lists and structures are left out. */
function leavesOf(metadata: FileMetaData): Map<string, [SchemaTree, SchemaTree]> {
  const root = parquetSchema(metadata);
  const leaves = root.children.filter(
    ({ element, children }) => children.length === 0 && element.repetition_type !== "REPEATED",
  );
  return new Map(leaves.map((leaf) => [leaf.element.name, [root, leaf]]));
}

/** Whatever the reader stumbles over lies in the file. */
async function readable<T>(path: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StudyError) throw error;
    throw new StudyError({
      code: "not-parquet",
      what: `${plain(path)} cannot be read as Parquet: ${plain(error instanceof Error ? error.message : String(error))}`,
      mend: "write or copy it again",
    });
  }
}

function tooLarge(path: string, what: string, size: number, limit: number, unit = "bytes"): StudyError {
  return new StudyError({
    code: "too-large",
    what: `${plain(path)}: ${what} ${size} ${unit}`,
    why: `where 0 to ${limit} are read at once`,
    mend: "write it again in smaller groups of rows",
  });
}
