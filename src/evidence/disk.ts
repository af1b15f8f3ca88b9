// evidence/ · Disk: lines added to a file so that they are there for good, and sentences for disks that do not take them.
import { closeSync, fdatasync, fstatSync, ftruncateSync, mkdirSync, openSync, statSync, writeSync } from "node:fs";
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

export function cannotWrite(path: string, error: unknown): StudyError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new StudyError({
    code: "evidence-write",
    what: `${path} cannot be written (${code ?? message})`,
    mend: MENDS[code ?? ""] ?? "mend that and run again: nothing that was kept is lost",
  });
}

/** @throws StudyError where the folder can neither be found nor made */
export function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    if (!statSync(folder).isDirectory()) throw Object.assign(new Error(), { code: "ENOTDIR" });
  } catch (error) {
    throw cannotWrite(folder, error);
  }
}

/** Appends whole pieces. A piece that the disk took in part is taken back, so the file always ends where a piece ends. */
export class Appender {
  readonly path: string;
  readonly #file: number;
  #size: number;
  /** The synchronisation that is under way, and the one that waits for it; many appends share one. */
  #syncing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  /** @param keep bytes of the file that are whole; what is behind them goes */
  constructor(path: string, keep: number) {
    this.path = path;
    try {
      this.#file = openSync(path, "a+");
      if (fstatSync(this.#file).size > keep) ftruncateSync(this.#file, keep);
    } catch (error) {
      throw cannotWrite(path, error);
    }
    this.#size = keep;
  }

  get size(): number {
    return this.#size;
  }

  /** Written when it returns, on the disk after `sync`. @throws StudyError; nothing of the piece stays then */
  write(piece: string): void {
    const bytes = Buffer.from(piece);
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
    try {
      await sync(this.#file);
    } catch (error) {
      throw cannotWrite(this.path, error);
    } finally {
      this.#syncing = undefined;
    }
  }

  async close(): Promise<void> {
    await this.#waiting;
    await this.#syncing;
    closeSync(this.#file);
  }
}
