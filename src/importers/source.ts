// importers/ · Source: one opened file, its head for recognising, then its bytes once from front to back (so pipes work too), or its path.
import { isUtf8 } from "node:buffer";
import { type FileHandle, open } from "node:fs/promises";
import { StudyError } from "../terms/errors.ts";
import { invalidUtf8 } from "./refusals.ts";
import { TopLevelKeys } from "./scan.ts";
import { plain } from "./show.ts";

const CHUNK = 1 << 20;
const HEAD = 64 << 10;
/** A row may be this long; a rollout of a million tokens takes about 5 MiB. */
export const LINE_LIMIT = 64 << 20;

/** What a file begins with. Importers recognise by this alone, never by the file's name. */
export interface Head {
  /** What its bytes are: text, or an archive or table that is read from its end, by `path`. */
  readonly kind: "text" | "zip" | "parquet";
  /** The first line that is not blank, no byte order mark; of a long one only the beginning. Empty where it is no text. */
  readonly firstLine: string;
  /** Keys of the first JSON object's top level, as far as read; torn and faulty JSON has keys too. Empty where no object begins, and where it is no text. */
  readonly keys: ReadonlySet<string>;
}

/** What some importer reads from its end, by its first bytes. */
const NAMED = { text: "text", zip: "a zip archive", parquet: "a Parquet file" } as const;
const BINARY = { zip: "504b0304", parquet: "50415231" } as const;

/** What nobody reads, by its first bytes. */
const SIGNATURES: readonly (readonly [string, string, string])[] = [
  ["504b0506", "an empty zip archive", "give one with samples in it"],
  ["1f8b", "gzip-compressed", "decompress it first, for instance with gunzip"],
  ["28b52ffd", "zstd-compressed", "decompress it first, for instance with unzstd"],
  ["fd377a585a", "xz-compressed", "decompress it first, for instance with unxz"],
  ["425a68", "bzip2-compressed", "decompress it first, for instance with bunzip2"],
  ["fffe", "UTF-16 text", "save it as UTF-8"],
  ["feff", "UTF-16 text", "save it as UTF-8"],
];

export class Source {
  /** As the user named it. */
  readonly file: string;
  readonly head: Head;
  readonly #handle: FileHandle;
  readonly #seekable: boolean;
  readonly #ready: (() => Promise<void>) | undefined;
  /** What was read of a pipe already, in order; a file is read again. */
  #front: Buffer[] | undefined;

  private constructor(
    file: string,
    handle: FileHandle,
    seekable: boolean,
    head: Head,
    front: Buffer[],
    ready: (() => Promise<void>) | undefined,
  ) {
    this.file = file;
    this.#handle = handle;
    this.#seekable = seekable;
    this.#ready = ready;
    this.#front = front;
    this.head = head;
  }

  /** @param ready awaited before each further chunk is read */
  static async open(file: string, ready?: () => Promise<void>): Promise<Source> {
    const handle = await open(file, "r").catch((error: NodeJS.ErrnoException) => {
      throw cannotOpen(file, error.code);
    });
    try {
      const stat = await handle.stat();
      if (stat.isDirectory()) throw cannotOpen(file, "EISDIR");
      const seekable = stat.isFile();
      const { head, front } = await look(file, handle, seekable);
      return new Source(file, handle, seekable, head, front, ready);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /** For formats whose directory stands at the end. A pipe has no end to go to, and is refused. */
  get path(): string {
    if (this.#seekable) return this.file;
    throw new StudyError({
      code: "not-seekable",
      what: `${plain(this.file)} is a pipe or a device that holds ${NAMED[this.head.kind]}`,
      why: "which must be read from its end",
      mend: "save it as a file first",
    });
  }

  /** All bytes from the start, once. A chunk is valid only until the next is asked for. */
  async *chunks(): AsyncGenerator<Buffer, void, undefined> {
    if (this.#front === undefined) throw new Error("a source is read once");
    const front = this.#front;
    this.#front = undefined;
    // Each is let go as soon as it is used.
    for (let part = front.shift(); part !== undefined; part = front.shift()) yield part;
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    for (let position = 0; ; ) {
      await this.#ready?.();
      const { bytesRead } = await this.#handle.read(buffer, 0, CHUNK, this.#seekable ? position : null);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}

/** Byte order mark off. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The refusal that names the first byte of `bytes` that is not UTF-8; they begin at `line` and `offset` of the file. */
export function firstInvalid(file: string, bytes: Buffer, line: number, offset: number): StudyError {
  const bad = wellFormed(bytes);
  let lines = line;
  for (let i = bytes.indexOf(10); i >= 0 && i < bad; i = bytes.indexOf(10, i + 1)) lines++;
  return invalidUtf8(file, lines, offset + bad, stopsWithin(bytes) ? undefined : bytes[bad]);
}

/** How many bytes, from the front, are whole characters of UTF-8: a streaming decoder's first complaint, found by bisection. */
export function wellFormed(bytes: Buffer): number {
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (stopsWithin(bytes.subarray(0, middle))) low = middle;
    else high = middle - 1;
  }
  // The complaint comes a few bytes after the character that it is about.
  while (!isUtf8(bytes.subarray(0, low))) low--;
  return low;
}

/** True where the bytes are UTF-8 as far as they go, though they may stop within a character. */
export function stopsWithin(bytes: Buffer): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads at least 64 KiB, and on, where it is text, to the end of the first line that is not blank, up to the line limit: a row may have
 * its id behind a long text, and a document is one line as often as not.
 *
 * @returns what was read, where it cannot be read again
 */
async function look(file: string, handle: FileHandle, seekable: boolean): Promise<{ head: Head; front: Buffer[] }> {
  const front: Buffer[] = [];
  const keys = new TopLevelKeys();
  const beginnings: Buffer[] = [];
  const buffer = Buffer.allocUnsafeSlow(CHUNK);
  let size = 0;
  let known = false;
  let inLine = false;
  let ended = false;
  while (size <= LINE_LIMIT && (size < HEAD || !ended)) {
    const { bytesRead } = await handle.read(buffer, 0, size < HEAD ? HEAD : CHUNK, seekable ? size : null);
    if (bytesRead === 0) break;
    const part = buffer.subarray(0, bytesRead);
    const text = size === 0 ? withoutMark(part) : part;
    const begins: number = inLine ? 0 : text.findIndex((byte) => byte > 32 || byte === 0);
    inLine ||= begins >= 0;
    ended ||= (inLine && text.includes(10, begins)) || (size === 0 && kindOf(part) !== "text");
    known ||= keys.write(text);
    if (size < CHUNK) beginnings.push(Buffer.from(part));
    if (!seekable) front.push(Buffer.from(part));
    size += bytesRead;
  }
  const beginning = Buffer.concat(beginnings);
  refuseUnreadable(file, beginning, !inLine);
  const kind = kindOf(beginning);
  if (kind !== "text") return { head: { kind, firstLine: "", keys: new Set() }, front };
  // Copied, since a part of a string keeps all of it in memory.
  const lines = withoutMark(beginning).toString("utf8").trimStart();
  const end = lines.indexOf("\n");
  const firstLine = Buffer.from(end < 0 ? lines : lines.slice(0, end)).toString();
  return { head: { kind, firstLine, keys: keys.found }, front };
}

function kindOf(front: Buffer): Head["kind"] {
  const hex = front.toString("hex", 0, 4);
  return hex === BINARY.zip ? "zip" : hex === BINARY.parquet ? "parquet" : "text";
}

function refuseUnreadable(file: string, front: Buffer, blank: boolean): void {
  if (kindOf(front) !== "text") return;
  const name = plain(file);
  const hex = front.toString("hex", 0, 8);
  for (const [start, what, mend] of SIGNATURES) {
    if (hex.startsWith(start))
      throw new StudyError({ code: "not-text", what: `${name} is ${what}`, why: "where UTF-8 text is needed", mend });
  }
  // UTF-16 without a mark: every other byte of plain text is zero. JSON and CSV hold no zero byte at all.
  if (front.length >= 2 && (front[0] === 0) !== (front[1] === 0)) {
    throw new StudyError({
      code: "not-text",
      what: `${name} is UTF-16 text`,
      why: "where UTF-8 text is needed",
      mend: "save it as UTF-8",
    });
  }
  if (blank) {
    const what = front.length === 0 ? "is empty" : "holds only blanks";
    throw new StudyError({
      code: "empty-file",
      what: `${name} ${what}`,
      mend: "give a file with at least one problem",
    });
  }
}

function cannotOpen(file: string, code: string | undefined): StudyError {
  const name = plain(file);
  if (code === "ENOENT" || code === "ENOTDIR")
    return new StudyError({ code: "no-file", what: `${name} does not exist`, mend: "check the path" });
  if (code === "EISDIR")
    return new StudyError({
      code: "directory",
      what: `${name} is a directory`,
      why: "where a file is needed",
      mend: "name one file in it",
    });
  return new StudyError({
    code: "cannot-open",
    what: `${name} cannot be opened (${code ?? "unknown error"})`,
    mend: "check that you may read it",
  });
}
