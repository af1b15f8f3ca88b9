// evidence/ · Store: every answer, exactly once. Segments while a study runs, Parquet afterwards; what is committed stays, whatever ends
// the process.
import { existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { StudyError } from "../terms/errors.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Chunk, RolloutRecord, ScoreRecord } from "../terms/record.ts";
import { canonical } from "./canonical.ts";
import { Appender, cannotWrite, makeFolder } from "./disk.ts";
import { gathered } from "./gathered.ts";
import { type Lock, lock } from "./lock.ts";
import { chunksIn, compactInto, connect, parquetFiles, recordsIn } from "./parquet.ts";
import { recordOf, type Row } from "./rows.ts";
import { chunksOf, type Commit, pieceOf, segmentFiles } from "./segments.ts";

/** Commits whose rows are in Parquet, one a line; segments carry their own. */
const COMMITS = "commits.jsonl";
/** A segment this large is closed, and the next begun. */
const SEGMENT_BYTES = 256 << 20;

export class Store {
  readonly folder: string;
  /** In the order in which they were kept. */
  readonly #commits = new Map<string, Commit>();
  /** Their rows are in Parquet, whatever a segment says. */
  readonly #compacted = new Set<string>();
  readonly #lock: Lock | undefined;
  #segment: Appender | undefined;
  /** Bytes of the longest line in the segments, or a little more. */
  #longest = 0;
  #connection: DuckDBConnection | undefined;

  private constructor(folder: string, held: Lock | undefined) {
    this.folder = folder;
    this.#lock = held;
  }

  /**
   * @param write takes the folder's lock, makes the folder where it is not there, and takes away what a crash left half-written
   * @throws StudyError where another process writes, or the folder cannot be used
   */
  static async open(folder: string, { write }: { readonly write: boolean }): Promise<Store> {
    if (write) makeFolder(join(folder, "segments"));
    else if (!existsSync(folder)) throw missing(folder);
    const store = new Store(folder, write ? lock(folder) : undefined);
    try {
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
   * On the disk when it resolves. False, and nothing is done, where the chunk is kept already.
   *
   * @throws StudyError where the disk does not take it; then nothing of it stays
   */
  async commit(
    chunk: Pick<Chunk, "kind" | "id" | "policy">,
    records: readonly RolloutRecord[] | readonly ScoreRecord[],
  ): Promise<boolean> {
    if (this.#commits.has(chunk.id)) return false;
    const { piece, commit } = pieceOf(
      { chunk: chunk.id, kind: chunk.kind, policy: chunk.policy, tokens: tokensOf(records) },
      records,
    );
    this.#longest = Math.max(this.#longest, Buffer.byteLength(piece));
    const segment = this.#segmentFor(piece.length);
    segment.write(piece);
    this.#commits.set(chunk.id, commit);
    await segment.sync();
    return true;
  }

  /** Each once, in no order. */
  async *rollouts(): AsyncGenerator<RolloutRecord> {
    yield* this.#rows("sample") as AsyncGenerator<RolloutRecord>;
  }

  /** Each once, in no order. */
  async *scores(): AsyncGenerator<ScoreRecord> {
    yield* this.#rows("score") as AsyncGenerator<ScoreRecord>;
  }

  /** Rollouts of problems, policy by policy, as evidence that `explain` reads; hand-offs are not among them. */
  evidence(): Promise<PolicyEvidence[]> {
    return gathered(this.rollouts(), this.folder);
  }

  /** Segments become Parquet. Killed on the way, it loses nothing and doubles nothing. */
  async compact(): Promise<void> {
    await this.#segment?.close();
    this.#segment = undefined;
    const segments = segmentFiles(this.folder);
    const open = [...this.#commits.values()].filter(({ chunk }) => !this.#compacted.has(chunk));
    if (open.length > 0) {
      const connection = await this.#connect();
      try {
        for (const kind of ["sample", "score"] as const)
          await compactInto(connection, this.folder, kind, { segments, longest: this.#longest });
      } catch (error) {
        throw cannotWrite(join(this.folder, "rollouts"), error);
      }
      const commits = new Appender(join(this.folder, COMMITS), wholeLines(join(this.folder, COMMITS)));
      commits.write(open.map((commit) => `${canonical(commit)}\n`).join(""));
      await commits.sync();
      await commits.close();
      for (const { chunk } of open) this.#compacted.add(chunk);
    }
    for (const file of segments) rmSync(file);
  }

  async close(): Promise<void> {
    await this.#segment?.close();
    this.#segment = undefined;
    this.#connection?.closeSync();
    this.#connection = undefined;
    rmSync(join(this.folder, "scratch"), { recursive: true, force: true });
    this.#lock?.release();
  }

  async #index(write: boolean): Promise<void> {
    const path = join(this.folder, COMMITS);
    if (existsSync(path))
      for (const line of readFileSync(path, "utf8").slice(0, wholeLines(path)).split("\n").slice(0, -1)) {
        const commit = JSON.parse(line) as Commit;
        this.#commits.set(commit.chunk, commit);
        this.#compacted.add(commit.chunk);
      }
    const segments = segmentFiles(this.folder);
    // A compaction that was killed may have made its Parquet file and not said so.
    if (
      segments.length > 0 &&
      (parquetFiles(this.folder, "sample").length > 0 || parquetFiles(this.folder, "score").length > 0)
    )
      for (const chunk of await chunksIn(await this.#connect(), this.folder)) this.#compacted.add(chunk);
    for (const file of segments) {
      let whole = 0;
      for await (const { commit, end } of chunksOf(file)) {
        this.#commits.set(commit.chunk, commit);
        this.#longest = Math.max(this.#longest, end - whole);
        whole = end;
      }
      if (!write || file !== segments.at(-1)) continue;
      this.#segment = new Appender(file, whole);
    }
  }

  async *#rows(kind: "sample" | "score"): AsyncGenerator<Row> {
    const files = parquetFiles(this.folder, kind);
    if (files.length > 0) yield* recordsIn(await this.#connect(), files);
    for (const file of segmentFiles(this.folder))
      for await (const { commit, lines } of chunksOf(file))
        if (commit.kind === kind && !this.#compacted.has(commit.chunk)) for (const line of lines) yield recordOf(line);
  }

  async #connect(): Promise<DuckDBConnection> {
    this.#connection ??= await connect(this.folder);
    return this.#connection;
  }

  #segmentFor(bytes: number): Appender {
    if (this.#lock === undefined) throw new Error("the store was opened for reading");
    if (this.#segment !== undefined && this.#segment.size + bytes > SEGMENT_BYTES && this.#segment.size > 0) {
      const full = this.#segment;
      this.#segment = undefined;
      void full.sync().then(() => full.close());
    }
    if (this.#segment === undefined) {
      const last = Number(
        segmentFiles(this.folder)
          .at(-1)
          ?.match(/(\d+)\.jsonl$/)?.[1] ?? 0,
      );
      this.#segment = new Appender(join(this.folder, "segments", `${String(last + 1).padStart(6, "0")}.jsonl`), 0);
    }
    return this.#segment;
  }
}

function tokensOf(records: readonly Row[]): number {
  return records.reduce(
    (sum, record) => sum + ("verdict" in record ? (record.tokens ?? 0) : (record.rawLogProbs?.length ?? 0)),
    0,
  );
}

/** Bytes up to the end of the last whole line. */
function wholeLines(path: string): number {
  if (!existsSync(path)) return 0;
  return statSync(path).size === 0 ? 0 : readFileSync(path).lastIndexOf(10) + 1;
}

function missing(folder: string): StudyError {
  return new StudyError({
    code: "no-evidence",
    what: `${folder} does not exist`,
    mend: "name a study's folder, or let crucis run make it",
  });
}
