// evidence/ · Notebook: `notebook.jsonl`, what was declared, asked, observed and judged, one fact a line, each with the hash of the
// line before it: a line that was changed, moved, added or taken out breaks the chain there.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { StudyError } from "../terms/errors.ts";
import { canonical } from "./canonical.ts";
import { Appender, makeFolder } from "./disk.ts";
import { checkLayout } from "./layout.ts";

const FILE = "notebook.jsonl";
const KINDS = ["declared", "registered", "asked", "observed", "judged", "amended", "imported"] as const;
export type FactKind = (typeof KINDS)[number];
export type Fact = Readonly<Record<string, unknown>>;

export interface Entry {
  /** Counts from 0. */
  readonly n: number;
  /** ISO time; never before that of the entry before it. */
  readonly at: string;
  readonly kind: FactKind;
  readonly fact: Fact;
  /** Seconds by which the clock had gone back when this was written; the time stands still meanwhile. */
  readonly clockBack?: number;
  /** Hash of the line before; 64 zeros in the first. */
  readonly previous: string;
  /** SHA-256 of the canonical line without this field, in hexadecimal. */
  readonly hash: string;
}

const START = "0".repeat(64);

export class Notebook {
  readonly #file: Appender;
  readonly #entries: Entry[];
  readonly #now: () => number;

  private constructor(file: Appender, entries: Entry[], now: () => number) {
    this.#file = file;
    this.#entries = entries;
    this.#now = now;
  }

  /** For writing; a last line that a crash cut off is taken away. @throws StudyError where the chain is broken before it */
  static async open(folder: string, now: () => number = Date.now): Promise<Notebook> {
    makeFolder(folder);
    const { entries, bytes } = readAll(folder);
    return new Notebook(new Appender(join(folder, FILE), bytes), entries, now);
  }

  /** Without a lock; a last line that is being written, or that a crash cut off, is passed over. */
  static read(folder: string): readonly Entry[] {
    return readAll(folder).entries;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** On the disk when it resolves. @throws StudyError where the disk does not take it */
  async append(kind: FactKind, fact: Fact): Promise<Entry> {
    const before = this.#entries.at(-1);
    const now = this.#now();
    const then = before === undefined ? now : Date.parse(before.at);
    const unsealed = {
      n: this.#entries.length,
      at: new Date(Math.max(now, then)).toISOString(),
      kind,
      fact: JSON.parse(canonical(fact)) as Fact,
      ...(now < then ? { clockBack: (then - now) / 1000 } : {}),
      previous: before?.hash ?? START,
    };
    const entry: Entry = { ...unsealed, hash: seal(unsealed) };
    // Written and counted in one go: another fact follows this one, whenever the disk has them both.
    this.#file.write(Buffer.from(`${canonical(entry)}\n`));
    this.#entries.push(entry);
    await this.#file.sync();
    return entry;
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

const seal = (unsealed: Omit<Entry, "hash">): string => createHash("sha256").update(canonical(unsealed)).digest("hex");

function readAll(folder: string): { entries: Entry[]; bytes: number } {
  checkLayout(folder);
  const path = join(folder, FILE);
  if (!existsSync(path)) return { entries: [], bytes: 0 };
  const raw = readFileSync(path);
  const bytes = raw.lastIndexOf(10) + 1;
  const lines = raw.toString("utf8", 0, bytes).split("\n").slice(0, -1);
  const entries: Entry[] = [];
  for (const line of lines) entries.push(checked(line, entries.at(-1), `${path}, line ${entries.length + 1}`));
  return { entries, bytes };
}

function checked(line: string, before: Entry | undefined, where: string): Entry {
  let entry: Entry;
  try {
    entry = JSON.parse(line) as Entry;
  } catch {
    throw broken(where, "is not JSON");
  }
  if (!KINDS.includes((entry as Entry | null)?.kind as FactKind)) throw broken(where, "is no fact of a notebook");
  const { hash, ...unsealed } = entry;
  if (canonical(entry) !== line) throw broken(where, "is not written in canonical form");
  const sealed = seal(unsealed);
  if (sealed !== hash) throw broken(where, `says hash ${short(hash)} and has ${short(sealed)}`);
  const previous = before?.hash ?? START;
  if (entry.previous !== previous)
    throw broken(where, `follows ${short(entry.previous)}, and the line before it is ${short(previous)}`);
  if (entry.n !== (before?.n ?? -1) + 1) throw broken(where, `has number ${entry.n} after ${before?.n ?? "nothing"}`);
  if (before !== undefined && entry.at < before.at)
    throw broken(where, `is of ${entry.at}, and the line before it of ${before.at}`);
  return entry;
}

const short = (hash: unknown): string => String(hash).slice(0, 12);

function broken(where: string, what: string): StudyError {
  return new StudyError({
    code: "notebook-broken",
    what: `${where} ${what}`,
    why: "so the notebook was changed after it was written",
    mend: "restore it from a copy; what comes before that line still holds",
  });
}
