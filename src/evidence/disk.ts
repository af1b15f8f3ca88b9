// evidence/ · Disk: lines added to a file so that they are there for good, and sentences for disks that do not take them.
import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  statSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { StudyError } from "../terms/errors.ts";

const sync = promisify(fdatasync);

const MENDS: Readonly<Record<string, string>> = {
  ENOSPC: "make room on that disk and run again: nothing that was kept is lost",
  EDQUOT: "make room under your quota and run again: nothing that was kept is lost",
  EROFS: "give a folder on a disk that can be written",
  EACCES: "give a folder that you may write",
  EPERM: "give a folder that you may write",
  ENOTDIR: "give a folder where a file stands now",
  EEXIST: "give a folder where a file stands now",
};

const FULL = /no space left|could not write all bytes/i;

export function cannotWrite(path: string, error: unknown): StudyError {
  const { code: named, message } = error as NodeJS.ErrnoException;
  // DuckDB has no codes.
  const code = named ?? (FULL.test(message) ? "ENOSPC" : undefined);
  return new StudyError({
    code: "evidence-write",
    what: `${path} cannot be written (${code ?? message})`,
    mend: MENDS[code ?? ""] ?? "mend that and run again: nothing that was kept is lost",
  });
}

/** @throws StudyError where the folder can neither be found nor made */
export function makeFolder(folder: string): void {
  try {
    makeAll(folder);
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

function makeAll(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    // What Node says of a read-only disk too; by itself the folder cannot be made for the true reason.
    mkdirSync(folder);
  }
}

/** A file's bytes, or a folder's names, are on the disk when it returns. */
export function settle(path: string): void {
  const handle = openSync(path, "r");
  fsyncSync(handle);
  closeSync(handle);
}

/** Appends whole pieces. A piece that the disk took in part is taken back, so the file always ends where a piece ends. */
export class Appender {
  readonly path: string;
  readonly #file: number;
  #size: number;
  /** The synchronisation that is under way, and the one that waits for it; many appends share one. */
  #syncing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;
  /** After a synchronisation that failed nobody knows what the disk has; only opening the file again tells. */
  #failed: StudyError | undefined;

  /** @param keep bytes of the file that are whole; what is behind them goes */
  constructor(path: string, keep: number) {
    this.path = path;
    try {
      this.#file = openSync(path, "a+");
      const { size } = fstatSync(this.#file);
      if (size > keep) ftruncateSync(this.#file, keep);
      if (size === 0) settle(dirname(path));
    } catch (error) {
      throw cannotWrite(path, error);
    }
    this.#size = keep;
  }

  get size(): number {
    return this.#size;
  }

  /** Written when it returns, on the disk after `sync`. @throws StudyError; nothing of the piece stays then */
  write(bytes: Uint8Array): void {
    if (this.#failed !== undefined) throw this.#failed;
    try {
      let written = 0;
      while (written < bytes.length) written += writeSync(this.#file, bytes, written);
      this.#size += bytes.length;
    } catch (error) {
      ftruncateSync(this.#file, this.#size);
      throw cannotWrite(this.path, error);
    }
  }

  /** Resolves when all that was written before is on the disk. */
  sync(): Promise<void> {
    // A synchronisation that has begun may have missed what was written since.
    if (this.#syncing === undefined) return (this.#syncing = this.#once());
    this.#waiting ??= this.#syncing
      .catch(() => {})
      .then(() => {
        this.#waiting = undefined;
        return (this.#syncing = this.#once());
      });
    return this.#waiting;
  }

  async #once(): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    try {
      await sync(this.#file);
    } catch (error) {
      throw (this.#failed = cannotWrite(this.path, error));
    } finally {
      this.#syncing = undefined;
    }
  }

  /** Whoever wrote has waited for `sync`; what failed there was told there. */
  async close(): Promise<void> {
    await Promise.allSettled([this.#waiting, this.#syncing]);
    closeSync(this.#file);
  }
}
