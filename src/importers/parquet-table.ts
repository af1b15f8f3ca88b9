// importers/ · Parquet table: the rows of a Parquet file, group by group, within limits that its own directory must keep.
import {
  type AsyncBuffer,
  asyncBufferFromFile,
  type ColumnMetaData,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  snappyUncompress,
} from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { StudyError } from "../terms/errors.ts";
import { plain } from "./show.ts";

/** The directory at the end of the file. */
const DIRECTORY_LIMIT = 16 << 20;
/** One group of rows, of the columns that are read; it is in memory at once. */
const GROUP_LIMIT = 256 << 20;
const PAGE_LIMIT = 128 << 20;
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
    this.columns = metadata.schema
      .filter(({ type }) => type !== undefined)
      .map(({ name, type }) => ({ name, fraction: type === "DOUBLE" || type === "FLOAT" }));
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

  /** Rows with these columns; numbers of 64 bits are bigints, what is null or absent is undefined or null. */
  async *rows(columns: readonly string[]): AsyncGenerator<Readonly<Record<string, unknown>>, void, undefined> {
    let rowStart = 0;
    for (const group of this.#metadata.row_groups) {
      const rowEnd = rowStart + this.#within("a group has", Number(group.num_rows), ROWS_LIMIT, "rows");
      const chunks = group.columns.flatMap(({ meta_data: meta }) =>
        columns.includes(meta?.path_in_schema[0] ?? "") ? [meta as ColumnMetaData] : [],
      );
      for (const size of ["total_compressed_size", "total_uncompressed_size"] as const) {
        const sum = chunks.reduce((total, chunk) => total + Number(chunk[size]), 0);
        this.#within("a group of its rows takes", sum, GROUP_LIMIT);
      }
      yield* await readable(this.#path, async () => {
        for (const chunk of chunks) await this.#checkPages(chunk);
        return parquetReadObjects({
          file: this.#file,
          metadata: this.#metadata,
          columns: [...columns],
          rowStart,
          rowEnd,
          compressors: { SNAPPY: (input, bytes) => this.#unpacked(input, bytes) },
        });
      });
      rowStart = rowEnd;
    }
  }

  /** A page of a few bytes may say that one value stands in it two thousand million times; the directory does not show it. */
  async #checkPages({
    dictionary_page_offset: dictionary,
    data_page_offset: data,
    total_compressed_size,
  }: ColumnMetaData) {
    const start = Number(dictionary ?? data);
    const bytes = await this.#file.slice(start, start + Number(total_compressed_size));
    const reader = { view: new DataView(bytes), offset: 0 };
    while (reader.offset < reader.view.byteLength - 1) {
      const page = parquetHeader(reader);
      const header = page.data_page_header ?? page.data_page_header_v2 ?? page.dictionary_page_header;
      this.#within("a page has", header?.num_values ?? 0, ROWS_LIMIT, "values");
      reader.offset += this.#within("a page takes", page.compressed_page_size, PAGE_LIMIT);
    }
  }

  /** What a page says it holds is believed up to a limit. */
  #unpacked(input: Uint8Array, bytes: number): Uint8Array {
    const output = new Uint8Array(this.#within("a page takes", bytes, PAGE_LIMIT));
    snappyUncompress(input, output);
    return output;
  }

  #within(what: string, size: number, limit: number, unit = "bytes"): number {
    if (size >= 0 && size <= limit) return size;
    throw tooLarge(this.#path, what, size, limit, unit);
  }
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
