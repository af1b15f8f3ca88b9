// importers/ · Zip: an archive from anywhere, nothing of it trusted: its directory, and its members' bytes in chunks, within limits.
import { crc32 } from "node:zlib";
import { type Entry, openPromise, type ZipFile } from "yauzl";
import { StudyError } from "../../terms/errors.ts";
import { plain, show } from "../show.ts";
import { DEFLATE, inflate, STORED, ZSTD } from "./inflate.ts";

/** What an archive may hold. Logs compress to a twentieth, seldom to a hundredth; a bomb to a thousandth and less. */
export const LIMITS = {
  members: 500_000,
  /** Bytes of one member and of all members read, inflated. */
  member: 16 * 2 ** 30,
  total: 256 * 2 ** 30,
  /** Inflated for each compressed byte, once more than `small` came out. */
  ratio: 500,
  small: 64 * 2 ** 20,
} as const;

export interface Member {
  readonly name: string;
  /** Its bytes, inflated and checked, each chunk valid until the next is asked for. Throws StudyErrors. */
  bytes(): AsyncGenerator<Buffer, void>;
}

export class Archive {
  /** By name, in the order of the directory. Folders are left out. */
  readonly members: ReadonlyMap<string, Member>;
  readonly #zip: ZipFile;
  readonly #file: string;
  #inflated = 0;

  private constructor(zip: ZipFile, file: string, entries: readonly Entry[]) {
    this.#zip = zip;
    this.#file = file;
    this.members = new Map(
      entries.map((entry) => {
        const name = entry.fileName;
        return [name, { name, bytes: () => this.#bytes(entry) }];
      }),
    );
  }

  /** Reads and checks the directory. */
  static async open(file: string): Promise<Archive> {
    const zip = await openPromise(file, { autoClose: false }).catch((error: Error) => {
      throw /End of central directory|truncated/i.test(error.message) ? cutOff(file) : damaged(file, error.message);
    });
    try {
      return new Archive(zip, file, await directory(zip, file));
    } catch (error) {
      zip.close();
      throw error;
    }
  }

  close(): void {
    this.#zip.close();
  }

  async *#bytes(entry: Entry): AsyncGenerator<Buffer, void> {
    const file = this.#file;
    const { fileName: name, compressedSize, uncompressedSize } = entry;
    const allowed = Math.min(LIMITS.member, Math.max(LIMITS.small, LIMITS.ratio * compressedSize));
    const allowedInAll = Math.min(LIMITS.total, Math.max(4 * LIMITS.small, LIMITS.ratio * this.#zip.fileSize));
    let size = 0;
    let sum = 0;
    try {
      const raw = await this.#zip.openReadStreamPromise(entry, { decodeFileData: false });
      for await (const chunk of inflate(raw, entry.compressionMethod)) {
        size += chunk.length;
        this.#inflated += chunk.length;
        if (size > allowed)
          throw bomb(file, `its member ${show(name)} of ${compressedSize} bytes inflates to more than ${allowed}`);
        if (this.#inflated > allowedInAll)
          throw bomb(file, `its ${this.#zip.fileSize} bytes inflate to more than ${allowedInAll}`);
        sum = crc32(chunk, sum);
        yield chunk;
      }
    } catch (error) {
      if (error instanceof StudyError) throw error;
      throw damaged(file, `the member ${show(name)} cannot be inflated: ${(error as Error).message}`);
    }
    if (size !== uncompressedSize || sum !== entry.crc32) {
      const said = `${uncompressedSize} bytes with checksum ${hex(entry.crc32)}`;
      throw damaged(file, `the member ${show(name)} should be ${said} and is ${size} with ${hex(sum)}`);
    }
  }
}

async function directory(zip: ZipFile, file: string): Promise<Entry[]> {
  if (zip.entryCount > LIMITS.members) {
    throw refused(
      file,
      `says that it has ${zip.entryCount} members`,
      `and ${LIMITS.members} are the most that is read`,
    );
  }
  const entries: Entry[] = [];
  const names = new Set<string>();
  try {
    for await (const entry of zip.eachEntry()) {
      const name = entry.fileName;
      const named = `has a member ${show(name)}`;
      if (names.has(name)) throw refused(file, `${named} twice`, "so nobody can say which of them is meant");
      names.add(name);
      if (entry.isEncrypted()) throw refused(file, `${named} that is encrypted`, "and there is no password to read it");
      const method = entry.compressionMethod;
      if (![STORED, DEFLATE, ZSTD].includes(method))
        throw refused(file, `${named} compressed by method ${method}`, "and only deflate (8) and zstd (93) are known");
      if (!name.endsWith("/")) entries.push(entry);
    }
  } catch (error) {
    if (error instanceof StudyError) throw error;
    const { message } = error as Error;
    // Yauzl's words for names that begin with / or a drive, or that go up by ...
    if (/^(absolute path|invalid relative path): /.test(message)) {
      const name = show(message.replace(/^[^:]*: /, ""));
      throw refused(file, `has a member named ${name}`, "which leads out of the archive");
    }
    throw damaged(file, message);
  }
  return entries;
}

const hex = (sum: number): string => `0x${(sum >>> 0).toString(16).padStart(8, "0")}`;

function refused(file: string, what: string, why: string): StudyError {
  return new StudyError({
    code: "unsafe-archive",
    what: `${plain(file)} ${what}`,
    why,
    mend: "give the archive as the tool wrote it",
  });
}

function bomb(file: string, what: string): StudyError {
  return refused(file, `is refused while it is inflated: ${what}`, "which no log does, but a zip bomb");
}

function cutOff(file: string): StudyError {
  return new StudyError({
    code: "truncated",
    what: `${plain(file)} is a zip archive without the directory that stands at its end`,
    why: "so it was cut off while it was written or copied",
    mend: "finish writing or copying it",
  });
}

function damaged(file: string, what: string): StudyError {
  return new StudyError({
    code: "damaged-archive",
    what: `${plain(file)} is a damaged zip archive: ${plain(what)}`,
    mend: "copy or write it again",
  });
}
