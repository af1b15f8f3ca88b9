// importers/ · Parquet pages: one column of a group of rows, a page at a time. Many writers make groups of a million rows: no group is
// in memory, whatever it says of itself, and what a page says of itself is believed up to a limit.
import { type AsyncBuffer, type ColumnMetaData, type SchemaTree, snappyUncompress } from "hyparquet";
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";

const PAGE_LIMIT = 128 << 20;
const VALUES_LIMIT = 1 << 20;
/** A page's header may hold its least and greatest value; writers leave out those that are longer than a few kilobytes. */
const HEADER = 64 << 10;

type Values = ArrayLike<unknown>;

export class Pages {
  readonly #file: AsyncBuffer;
  readonly #decoder: Parameters<typeof readPage>[2];
  readonly #within: (what: string, size: number, limit: number, unit?: string) => number;
  #offset: number;
  readonly #end: number;
  readonly #text = new TextDecoder();
  #dictionary: Parameters<typeof readPage>[3];
  #values: Values = [];
  #at = 0;

  /**
   * @param path the root of the schema and the column
   * @param within gives a size back, or throws where it is beyond its limit
   */
  constructor(
    file: AsyncBuffer,
    column: ColumnMetaData,
    path: SchemaTree[],
    within: (what: string, size: number, limit: number, unit?: string) => number,
  ) {
    this.#file = file;
    this.#within = within;
    this.#offset = Number(column.dictionary_page_offset || column.data_page_offset);
    this.#end = this.#offset + Number(column.total_compressed_size);
    this.#decoder = {
      ...column,
      pathInSchema: column.path_in_schema,
      element: path[path.length - 1]!.element,
      schemaPath: path,
      // Some writers make pages of a hundred megabytes: their texts are made one by one, as they are taken.
      parsers: { ...DEFAULT_PARSERS, stringFromBytes: (bytes: Uint8Array) => bytes },
      compressors: {
        SNAPPY: (input, bytes) => {
          const output = new Uint8Array(within("a page takes", bytes, PAGE_LIMIT));
          snappyUncompress(input, output);
          return output;
        },
      },
    };
  }

  /** No value is left of the page. */
  get empty(): boolean {
    return this.#at >= this.#values.length;
  }

  /** Undefined or null where the row has none. */
  take(): unknown {
    const value = this.#values[this.#at++];
    return value instanceof Uint8Array && this.#decoder.type === "BYTE_ARRAY" ? this.#text.decode(value) : value;
  }

  /** Goes on to the next page that has values. Throws whatever the reader throws at damaged bytes. */
  async next(): Promise<void> {
    this.#values = [];
    this.#at = 0;
    while (this.empty) {
      if (this.#offset >= this.#end) throw new Error("a column ends before its group does");
      const head = await this.#slice(HEADER);
      const header = parquetHeader(head);
      const said = header.data_page_header ?? header.data_page_header_v2 ?? header.dictionary_page_header;
      this.#within("a page has", said?.num_values ?? 0, VALUES_LIMIT, "values");
      this.#offset += head.offset;
      const page = await this.#slice(this.#within("a page takes", header.compressed_page_size, PAGE_LIMIT));
      this.#offset += header.compressed_page_size;
      const { data } = readPage(page, header, this.#decoder, this.#dictionary, undefined, 0);
      if (header.type !== "DICTIONARY_PAGE") this.#values = data ?? [];
      else if (data !== undefined) this.#dictionary = convert(data, this.#decoder);
    }
  }

  async #slice(size: number): Promise<{ view: DataView; offset: number }> {
    const bytes = await this.#file.slice(this.#offset, Math.min(this.#offset + size, this.#end));
    return { view: new DataView(bytes), offset: 0 };
  }
}
