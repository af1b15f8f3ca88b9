// evidence/ · Store: every answer, exactly once. Segments while a study runs, Parquet afterwards; what is committed stays, whatever ends
// the process.
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { StudyError } from "../terms/errors.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Chunk, RolloutRecord, ScoreRecord } from "../terms/record.ts";
import { canonical } from "./canonical.ts";
import { Appender, makeFolder } from "./disk.ts";
import { Duck } from "./duck.ts";
import { gathered } from "./gathered.ts";
import { checkLayout, markLayout } from "./layout.ts";
import { type Lock, lock } from "./lock.ts";
import { chunksIn, compactInto, type Kind, parquetFiles, recordsIn } from "./parquet.ts";
import { ARRAYS, recordOf, type Row } from "./rows.ts";
import { chunksOf, type Commit, hashOf, pieceOf, segmentFiles } from "./segments.ts";
import { type Statistics, statisticsOf, summed } from "./statistics.ts";

/** Commits whose rows are in Parquet, one a line; segments carry their own. */
const COMMITS = "commits.jsonl";
/** What DuckDB cannot hold in memory while it makes Parquet. */
const SCRATCH = "scratch";
/** A segment this large is closed, and the next begun. */
const SEGMENT_BYTES = 256 << 20;

export class Store {
  readonly folder: string;
  /** In the order in which they were kept. */
  readonly #commits = new Map<string, Commit>();
  /** The chunks in commits.jsonl. */
  readonly #settled = new Set<string>();
  readonly #lock: Lock | undefined;
  #segment: Appender | undefined;
  /** Segments that are full, while the disk takes the last of them. */
  readonly #closing: Promise<void>[] = [];
  /** Bytes of the longest line in the segments. */
  #longest = 0;
  #duck: Promise<Duck> | undefined;

  private constructor(folder: string, held: Lock | undefined) {
    this.folder = folder;
    this.#lock = held;
  }

  /**
   * @param write takes the folder's lock, makes the folder where it is not there, and takes away what a crash left half-written
   * @throws StudyError where another process writes, a newer Crucis has written, or the folder cannot be used
   */
  static async open(folder: string, { write }: { readonly write: boolean }): Promise<Store> {
    if (!write && !(statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false)) throw missing(folder);
    checkLayout(folder);
    if (write) makeFolder(join(folder, "segments"));
    const store = new Store(folder, write ? lock(folder) : undefined);
    try {
      if (write) markLayout(folder);
      await store.#index(write);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  has(chunk: string): boolean {
    return this.#commits.has(chunk);
  }

  chunkIds(): ReadonlySet<string> {
    return new Set(this.#commits.keys());
  }

  /** What the notebook says of a kept chunk; undefined of others. */
  commitOf(chunk: string): Commit | undefined {
    return this.#commits.get(chunk);
  }

  /** Generated and scored tokens of all that is kept. */
  tokens(): number {
    return [...this.#commits.values()].reduce((sum, { tokens }) => sum + tokens, 0);
  }

  /**
   * On the disk when it resolves. False, and nothing is written, where the chunk is kept already.
   *
   * @throws StudyError where the disk does not take it; then nothing of it stays
   */
  async commit(
    chunk: Pick<Chunk, "kind" | "id" | "policy">,
    records: readonly RolloutRecord[] | readonly ScoreRecord[],
  ): Promise<boolean> {
    if (this.#commits.has(chunk.id)) {
      await this.#segment?.sync();
      return false;
    }
    const { piece, longest, commit } = pieceOf(
      { chunk: chunk.id, kind: chunk.kind, policy: chunk.policy, tokens: tokensOf(records) },
      records,
    );
    const segment = this.#segmentFor(piece.length);
    segment.write(piece);
    this.#longest = Math.max(this.#longest, longest);
    this.#commits.set(chunk.id, commit);
    await segment.sync();
    return true;
  }

  /**
   * Each once, in no order.
   *
   * @param arrays false leaves token ids and log-probabilities out, which counting does not need
   * @param but chunks that are left out
   */
  async *rollouts({ arrays = true, but = NONE }: Reading = {}): AsyncGenerator<RolloutRecord> {
    yield* this.#rows("sample", arrays, but) as AsyncGenerator<RolloutRecord>;
  }

  /** Each once, in no order. @param but chunks that are left out */
  async *scores({ but = NONE }: Pick<Reading, "but"> = {}): AsyncGenerator<ScoreRecord> {
    yield* this.#rows("score", true, but) as AsyncGenerator<ScoreRecord>;
  }

  /** Rollouts of problems, policy by policy, as evidence that `explain` reads; hand-offs are not among them. */
  evidence(): Promise<PolicyEvidence[]> {
    return gathered(this.rollouts({ arrays: false }), this.folder);
  }

  /** Counts and sums of all rollouts. */
  async statistics(): Promise<Statistics[]> {
    const segments = segmentFiles(this.folder);
    const files = parquetFiles(this.folder, "sample");
    const others = this.#rowsIn(segments, "sample", files, true, NONE) as AsyncGenerator<RolloutRecord>;
    return statisticsOf(files.length === 0 ? [] : await summed(await this.#database(), files), others);
  }

  /** Segments become Parquet. Killed on the way, it loses nothing and doubles nothing. */
  async compact(): Promise<void> {
    await this.#closeSegments();
    const segments = segmentFiles(this.folder);
    const unsettled = [...this.#commits.values()].filter(({ chunk }) => !this.#settled.has(chunk));
    if (unsettled.length > 0) {
      for (const kind of new Set(unsettled.map((commit) => commit.kind)))
        await compactInto(await this.#database(), this.folder, kind, { segments, longest: this.#longest });
      const path = join(this.folder, COMMITS);
      const commits = new Appender(path, existsSync(path) ? Buffer.byteLength(wholeText(path)) : 0);
      try {
        commits.write(Buffer.from(unsettled.map((commit) => `${canonical(commit)}\n`).join("")));
        await commits.sync();
      } finally {
        await commits.close();
      }
      for (const { chunk } of unsettled) this.#settled.add(chunk);
    }
    for (const file of segments) rmSync(file);
    this.#longest = 0;
  }

  async close(): Promise<void> {
    await this.#closeSegments();
    (await this.#duck)?.close();
    this.#duck = undefined;
    if (this.#lock === undefined) return;
    rmSync(join(this.folder, SCRATCH), { recursive: true, force: true });
    this.#lock.release();
  }

  async #index(write: boolean): Promise<void> {
    // Segments before commits.jsonl: a segment goes only after its commits stand there, so none is missed while another process compacts.
    const segments = segmentFiles(this.folder);
    const found: Commit[] = [];
    for (const file of segments) {
      const { commits, bytes } = await this.#whole(file, write);
      found.push(...commits);
      if (!write) continue;
      const segment = new Appender(file, bytes);
      if (file === segments.at(-1)) this.#segment = segment;
      else await segment.close();
    }
    const path = join(this.folder, COMMITS);
    for (const line of existsSync(path) ? wholeText(path).split("\n").slice(0, -1) : []) {
      const commit = JSON.parse(line) as Commit;
      this.#commits.set(commit.chunk, commit);
      this.#settled.add(commit.chunk);
    }
    for (const commit of found) this.#commits.set(commit.chunk, commit);
  }

  /** Commits of a segment, and its bytes up to the last that is whole. */
  async #whole(file: string, check: boolean): Promise<{ commits: readonly Commit[]; bytes: number }> {
    const commits: Commit[] = [];
    let [kept, bytes] = [0, 0];
    for await (const { commit, lines, end } of chunksOf(file)) {
      commits.push(commit);
      for (const line of lines) this.#longest = Math.max(this.#longest, Buffer.byteLength(line));
      // A power cut may leave the last commits without their rows; nobody was told that these are kept. What differs farther up was
      // changed later, and `crucis verify` names it.
      if (check && hashOf(lines) !== commit.sha256) continue;
      [kept, bytes] = [commits.length, end];
    }
    return { commits: commits.slice(0, kept), bytes };
  }

  async *#rows(kind: Kind, arrays: boolean, but: ReadonlySet<string>): AsyncGenerator<Row> {
    // Segments before Parquet, for the reason above.
    const segments = segmentFiles(this.folder);
    const files = parquetFiles(this.folder, kind);
    for (const file of files) {
      const duck = await this.#database();
      if (but.size > 0 && [...(await chunksIn(duck, [file]))].every((chunk) => but.has(chunk))) continue;
      for await (const row of recordsIn(duck, kind, [file], arrays)) if (!but.has(row.chunk)) yield row;
    }
    yield* this.#rowsIn(segments, kind, files, arrays, but);
  }

  /** Rows of segments, but for those that stand in these Parquet files. */
  async *#rowsIn(
    segments: readonly string[],
    kind: Kind,
    files: readonly string[],
    arrays: boolean,
    but: ReadonlySet<string>,
  ): AsyncGenerator<Row> {
    const known = segments.length > 0 && files.length > 0 ? await chunksIn(await this.#database(), files) : NONE;
    for (const file of segments)
      for await (const { commit, lines } of chunksOf(file))
        if (commit.kind === kind && !known.has(commit.chunk) && !but.has(commit.chunk))
          for (const line of lines) yield arrays ? recordOf(line) : withoutArrays(recordOf(line));
  }

  #database(): Promise<Duck> {
    this.#duck ??= Duck.open(this.#lock === undefined ? undefined : join(this.folder, SCRATCH));
    return this.#duck;
  }

  async #closeSegments(): Promise<void> {
    await this.#segment?.close();
    this.#segment = undefined;
    await Promise.all(this.#closing.splice(0));
  }

  #segmentFor(bytes: number): Appender {
    if (this.#lock === undefined) throw new Error("the store was opened for reading");
    if (this.#segment !== undefined && this.#segment.size > 0 && this.#segment.size + bytes > SEGMENT_BYTES) {
      this.#closing.push(this.#segment.close());
      this.#segment = undefined;
    }
    if (this.#segment === undefined) {
      const last = segmentFiles(this.folder).at(-1);
      const number = last === undefined ? 1 : Number(basename(last, ".jsonl")) + 1;
      this.#segment = new Appender(join(this.folder, "segments", `${String(number).padStart(6, "0")}.jsonl`), 0);
    }
    return this.#segment;
  }
}

interface Reading {
  readonly arrays?: boolean;
  readonly but?: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

function withoutArrays(row: Row): Row {
  const rest: Record<string, unknown> = { ...row };
  for (const field of ARRAYS) delete rest[field];
  return rest as unknown as Row;
}

function tokensOf(records: readonly Row[]): number {
  return records.reduce(
    (sum, record) => sum + ("verdict" in record ? (record.tokens ?? 0) : (record.rawLogProbs?.length ?? 0)),
    0,
  );
}

/** Up to the end of the last whole line. */
function wholeText(path: string): string {
  const text = readFileSync(path, "utf8");
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

function missing(folder: string): StudyError {
  return new StudyError({
    code: "no-evidence",
    what: `${folder} is no folder`,
    mend: "name a study's folder, or let crucis run make it",
  });
}
