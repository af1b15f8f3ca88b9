// evidence/ · Queue: chunks on their way to workers, and results on their way back, in PostgreSQL. A result and the end of its job are
// one transaction, so what a worker answered is either there or will be asked again.
import { setTimeout } from "node:timers/promises";
import type { Db } from "pg-boss";
import { StudyError } from "../terms/errors.ts";
import type { Chunk } from "../terms/record.ts";
import { type InProcess, openDatabase, type QueueDatabase, SCHEMA } from "./queue-database.ts";
import { digest, fromBytes, type Records, toBytes } from "./queue-records.ts";

/** A chunk in a worker's hand. */
export interface Job {
  readonly chunk: Chunk;
  /** How often it was in a hand before. */
  readonly attempt: number;
  /** Nobody gets it again if this attempt fails. */
  readonly last: boolean;
}

/** One that nobody will be given again. */
export interface Failure {
  readonly chunk: string;
  readonly policy: string;
  readonly attempts: number;
  readonly why: string;
}

export interface Counts {
  readonly queued: number;
  readonly inHand: number;
  /** Answered; kept by the runner or waiting for it. */
  readonly done: number;
  readonly failed: number;
}

/** A job without a sign of life for so long, in seconds, goes to somebody else; pg-boss allows no less. */
const SILENT = 10;
/** Milliseconds between signs of life. */
const SIGN_EVERY = 2500;
/** Milliseconds between looks where there was nothing. */
const LOOK_EVERY = 150;
/** Every so many looks without work, a worker asks whether the study has ended. */
const ENDED_EVERY = 8;
/** How often a chunk is given again after it failed or its worker vanished. */
const RETRIES = 4;
/** Chunks a statement; one that scores long answers has half a megabyte. */
const PUBLISH = 64;
/** Results fetched, and kept side by side. */
const DRAIN = 32;

export class Queue {
  readonly #database: QueueDatabase;
  readonly #study: string;
  readonly #name: string;
  readonly #inHand = new Map<string, Job>();
  readonly #signs: NodeJS.Timeout;
  readonly #own: boolean;

  private constructor(database: QueueDatabase, { study, own }: { readonly study: string; readonly own: boolean }) {
    this.#database = database;
    this.#study = study;
    this.#own = own;
    this.#name = nameOf(study);
    this.#signs = setInterval(() => void this.#sign(), SIGN_EVERY);
    this.#signs.unref();
  }

  /**
   * @param at a URL, a PGlite, or a database that is open already and that the caller closes
   * @param study its hash; only its chunks are seen
   * @throws EngineError where the database cannot be reached, StudyError where it refuses
   */
  static async open(at: string | InProcess | QueueDatabase, { study }: { readonly study: string }): Promise<Queue> {
    const own = typeof at === "string" || !("boss" in at);
    const database = own ? await openDatabase(at) : at;
    await database.tell(() =>
      database.boss.createQueue(nameOf(study), {
        heartbeatSeconds: SILENT,
        retryLimit: RETRIES,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 30,
        // Signs of life say who is alive; time alone says nothing.
        expireInSeconds: 24 * 3600,
        retentionSeconds: 365 * 24 * 3600,
        deleteAfterSeconds: 0,
      }),
    );
    return new Queue(database, { study, own });
  }

  /**
   * One that is queued, in a hand, or answered is not queued again; one that failed for good is, and one whose answer a runner
   * took and does not have any more.
   */
  async publish(chunks: readonly Chunk[]): Promise<void> {
    for (let i = 0; i < chunks.length; i += PUBLISH) await this.#publish(chunks.slice(i, i + PUBLISH));
  }

  async #publish(chunks: readonly Chunk[]): Promise<void> {
    await this.#database.transaction(async (db) => {
      const ids = chunks.map(({ id }) => id);
      await db.executeSql(
        `DELETE FROM ${SCHEMA}.results WHERE study = $1 AND chunk = ANY($2::text[]) AND records IS NULL`,
        [this.#study, ids],
      );
      const { rows } = await db.executeSql(
        `SELECT chunk FROM ${SCHEMA}.results WHERE study = $1 AND chunk = ANY($2::text[])`,
        [this.#study, ids],
      );
      const answered = new Set(rows.map((row: { chunk: string }) => row.chunk));
      const open = chunks.filter(({ id }) => !answered.has(id));
      await db.executeSql(
        `DELETE FROM ${SCHEMA}.job WHERE name = $1 AND id = ANY($2::uuid[]) AND state IN ('completed', 'cancelled', 'failed')`,
        [this.#name, open.map(({ id }) => jobId(id))],
      );
      await this.#database.boss.insert(
        this.#name,
        // JSON within JSON: PostgreSQL's own refuses the character 0 and lone surrogates, even escaped.
        open.map((chunk) => ({
          id: jobId(chunk.id),
          data: { chunk: JSON.stringify(chunk) },
          group: { id: chunk.policy },
          singletonKey: chunk.id,
        })),
        { db },
      );
    });
  }

  /** Chunks that nobody has taken yet are taken back; those in hands are answered and wait for the next runner. */
  async withdraw(): Promise<void> {
    await this.#database.tell(() => this.#database.boss.deleteQueuedJobs(this.#name));
  }

  /**
   * Waits until there is something to do. Chunks come mixed over the policies; while in hand they are kept alive by themselves.
   *
   * @param n at most
   * @param except no chunks of these policies, asked before each look
   * @returns nothing where the signal came first; undefined once the study has ended
   */
  async take(
    n: number,
    { signal, except = () => [] }: { readonly signal: AbortSignal; readonly except?: () => readonly string[] },
  ): Promise<Job[] | undefined> {
    for (let looks = 0; !signal.aborted; looks++) {
      if (looks % ENDED_EVERY === ENDED_EVERY - 1 && (await this.#ended())) return undefined;
      const found = await this.#database.tell(() =>
        this.#database.boss.fetch<{ chunk: string }>(this.#name, { batchSize: n, ignoreGroups: [...except()] }),
      );
      const jobs = found.map(
        ({ data, retryCount }): Job => ({
          chunk: JSON.parse(data.chunk) as Chunk,
          attempt: retryCount,
          last: retryCount >= RETRIES,
        }),
      );
      for (const job of jobs) this.#inHand.set(job.chunk.id, job);
      if (jobs.length > 0) return jobs;
      await pause(signal);
    }
    return [];
  }

  /**
   * The answer and the end of its job, both or neither. It counts also where the job was given to somebody else meanwhile.
   *
   * @returns false where somebody else's answer came first, or the study has ended
   */
  async finish({ chunk }: Job, records: Records): Promise<boolean> {
    const bytes = toBytes(records);
    try {
      return await this.#database.transaction(async (db) => {
        const { rows } = await db.executeSql(
          `INSERT INTO ${SCHEMA}.results (study, chunk, asked, records, sha256)
           SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT FROM ${SCHEMA}.studies WHERE hash = $1)
           ON CONFLICT DO NOTHING RETURNING chunk`,
          [this.#study, chunk.id, JSON.stringify(chunk), bytes, digest(bytes)],
        );
        if (rows.length === 0) return false;
        await this.#database.boss.complete(this.#name, jobId(chunk.id), null, { db, includeQueued: true });
        return true;
      });
    } finally {
      this.#inHand.delete(chunk.id);
    }
  }

  /** Somebody will be given it again, after a while, unless this was its last attempt. */
  async fail({ chunk, attempt }: Job, error: Error): Promise<void> {
    this.#inHand.delete(chunk.id);
    await this.#database.tell(() =>
      this.#database.boss.fail(
        this.#name,
        { id: jobId(chunk.id), retryCount: attempt },
        { why: JSON.stringify(error.message) },
      ),
    );
  }

  /**
   * Hands on what was answered and is not kept yet, and forgets it once `keep` resolved; after a crash in between it comes again.
   * Waits a moment where there is nothing.
   *
   * @returns how many
   * @throws what `keep` throws; StudyError where a result is damaged
   */
  async drain(keep: (chunk: Chunk, records: Records) => Promise<void>, signal: AbortSignal): Promise<number> {
    const rows = (await this.#database.query(
      `SELECT chunk, asked, records, sha256 FROM ${SCHEMA}.results
       WHERE study = $1 AND records IS NOT NULL ORDER BY place LIMIT ${DRAIN}`,
      [this.#study],
    )) as unknown as Result[];
    if (rows.length === 0) {
      await pause(signal);
      return 0;
    }
    const kept = await Promise.allSettled(rows.map(async (row) => keep(...this.#read(row))));
    for (const one of kept) if (one.status === "rejected") throw one.reason;
    await this.#database.query(
      `UPDATE ${SCHEMA}.results SET records = NULL, asked = NULL WHERE study = $1 AND chunk = ANY($2::text[])`,
      [this.#study, rows.map(({ chunk }) => chunk)],
    );
    return rows.length;
  }

  #read({ chunk, asked, records, sha256 }: Result): [Chunk, Records] {
    const found = digest(records);
    if (found !== sha256)
      throw new StudyError({
        code: "queue-damaged",
        what: `the answers to chunk ${chunk} in the queue at ${this.#database.where} have SHA-256 ${found}, and ${sha256} was noted`,
        why: "they were changed since",
        mend: `delete that row from ${SCHEMA}.results and start crucis run again: the chunk is then asked anew`,
      });
    return [JSON.parse(asked) as Chunk, fromBytes(records)];
  }

  async counts(): Promise<Counts> {
    const rows = await this.#database.query(
      `SELECT state::text AS state, count(*)::int AS n FROM ${SCHEMA}.job WHERE name = $1 GROUP BY state`,
      [this.#name],
    );
    const of = (...states: readonly string[]): number =>
      rows.reduce((sum, { state, n }) => (states.includes(String(state)) ? sum + Number(n) : sum), 0);
    return { queued: of("created", "retry"), inHand: of("active"), done: of("completed"), failed: of("failed") };
  }

  /** A few of the chunks that have used up their attempts and that no late answer came for. */
  async failures(): Promise<Failure[]> {
    const rows = await this.#database.query(
      `SELECT singleton_key AS chunk, group_id AS policy, retry_count AS attempt, output FROM ${SCHEMA}.job j
       WHERE name = $1 AND state = 'failed'
         AND NOT EXISTS (SELECT FROM ${SCHEMA}.results r WHERE r.study = $2 AND r.chunk = j.singleton_key) LIMIT 10`,
      [this.#name, this.#study],
    );
    return rows.map(({ chunk, policy, attempt, output }) => {
      const why = (output as { why?: string } | null)?.why;
      return {
        chunk: String(chunk),
        policy: String(policy),
        attempts: Number(attempt) + 1,
        why: why === undefined ? "its worker fell silent" : (JSON.parse(why) as string),
      };
    });
  }

  /** The study is over: its workers go home, and the queue forgets it. */
  async end(): Promise<void> {
    await this.#database.transaction(async (db: Db) => {
      await db.executeSql(`DELETE FROM ${SCHEMA}.studies WHERE hash = $1`, [this.#study]);
      await db.executeSql(`DELETE FROM ${SCHEMA}.job WHERE name = $1`, [this.#name]);
    });
  }

  /** Chunks in hand are given to others after a while. */
  async close(): Promise<void> {
    clearInterval(this.#signs);
    if (this.#own) await this.#database.close();
  }

  async #ended(): Promise<boolean> {
    return (await this.#database.query(`SELECT FROM ${SCHEMA}.studies WHERE hash = $1`, [this.#study])).length === 0;
  }

  async #sign(): Promise<void> {
    if (this.#inHand.size === 0) return;
    const jobs = Array.from(this.#inHand.values(), ({ chunk, attempt }) => ({
      id: jobId(chunk.id),
      retryCount: attempt,
    }));
    // Where the database is away, `finish` will say so.
    await this.#database.boss.touch(this.#name, jobs).catch(() => {});
  }
}

interface Result {
  readonly chunk: string;
  readonly asked: string;
  readonly records: Uint8Array;
  readonly sha256: string;
}

function nameOf(study: string): string {
  return `study-${study}`;
}

/** pg-boss wants UUIDs; the first half of the chunk's hash is one. */
function jobId(chunk: string): string {
  return chunk.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function pause(signal: AbortSignal): Promise<void> {
  await setTimeout(LOOK_EVERY, undefined, { signal }).catch(() => {});
}
