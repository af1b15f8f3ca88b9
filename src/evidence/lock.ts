// evidence/ · Lock: one writer a folder. The operating system holds it (SQLite's file lock), so it is gone with a process that is killed.
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { StudyError } from "../terms/errors.ts";
import { cannotWrite } from "./disk.ts";

const FILE = "lock";
const HOLDER = "lock.json";
const BUSY = 5;

export interface Lock {
  /** Any number of times. */
  release(): void;
}

/** @throws StudyError that says who has it */
export function lock(folder: string): Lock {
  const path = join(folder, FILE);
  let database: DatabaseSync | undefined;
  try {
    // SQLite would say less of why it cannot.
    closeSync(openSync(path, "a"));
    database = new DatabaseSync(path);
    // Nothing is ever written to it; the lock is all that is wanted.
    database.exec("PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    writeFileSync(
      join(folder, HOLDER),
      `${JSON.stringify({ pid: process.pid, host: hostname(), since: new Date().toISOString() })}\n`,
    );
  } catch (error) {
    database?.close();
    if ((error as { errcode?: number }).errcode === BUSY) throw taken(folder);
    throw cannotWrite(path, error);
  }
  const held = database;
  return {
    release: () => {
      if (!held.isOpen) return;
      held.exec("ROLLBACK");
      held.close();
    },
  };
}

function taken(folder: string): StudyError {
  return new StudyError({
    code: "folder-in-use",
    what: `${folder} is being written by another process${holder(folder)}`,
    why: "and two would ask the same twice",
    mend: "let it finish, stop it, or give this one another folder",
  });
}

function holder(folder: string): string {
  try {
    const { pid, host, since } = JSON.parse(readFileSync(join(folder, HOLDER), "utf8")) as Record<string, unknown>;
    return ` (process ${String(pid)} on ${String(host)}, since ${String(since)})`;
  } catch {
    return "";
  }
}
