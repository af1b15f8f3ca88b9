// evidence/ · Queue database: PostgreSQL at a URL, or PGlite in this process, with pg-boss and our two tables in its schema `crucis`.
import { fromPglite, PgBoss, type Db, type PGliteLike } from "pg-boss";
import { StudyError } from "../terms/errors.ts";
import { told } from "./queue-errors.ts";

export const SCHEMA = "crucis";

/** A PGlite of the caller's, who closes it. */
export interface InProcess extends PGliteLike {
  transaction<T>(work: (tx: PGliteLike) => Promise<T>): Promise<T>;
}

type Row = Record<string, unknown>;

/** Everything it throws is a sentence without the password: EngineError where the database is away, StudyError where it refuses. */
export interface QueueDatabase {
  /** As it may be shown: no password. */
  readonly where: string;
  readonly boss: PgBoss;
  query(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Calls of pg-boss take `db` as an option; all of it is kept, or none. */
  transaction<T>(work: (db: Db) => Promise<T>): Promise<T>;
  /** For calls of `boss` outside a transaction. */
  tell<T>(work: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const TABLES = `
  SELECT pg_advisory_xact_lock(7223671);
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.studies (
    hash text PRIMARY KEY,
    declared text NOT NULL,
    declared_on timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE IF NOT EXISTS ${SCHEMA}.results (
    study text NOT NULL REFERENCES ${SCHEMA}.studies ON DELETE CASCADE,
    chunk text NOT NULL,
    place bigint GENERATED ALWAYS AS IDENTITY,
    asked text,
    records bytea,
    sha256 text NOT NULL,
    PRIMARY KEY (study, chunk)
  );
  CREATE INDEX IF NOT EXISTS results_waiting ON ${SCHEMA}.results (study, place) WHERE records IS NOT NULL;`;

/** Seconds between looks for chunks whose worker has gone silent, whoever looks first of all that have the queue open. */
const LOOK_EVERY = 2;

/** @param at `postgres://user:password@host:5432/name`, or a PGlite */
export async function openDatabase(at: string | InProcess): Promise<QueueDatabase> {
  const where = typeof at === "string" ? shown(at) : "PGlite in this process";
  const boss = new PgBoss({
    ...(typeof at === "string"
      ? { connectionString: at, application_name: "crucis", max: 4 }
      : { db: fromPglite(at), backend: "pglite" as const }),
    schema: SCHEMA,
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: LOOK_EVERY,
    monitorIntervalSeconds: LOOK_EVERY,
  });
  // Its errors in the background: whoever needs the database next is told the same.
  boss.on("error", () => {});
  const tell = <T>(work: () => Promise<T>): Promise<T> =>
    work().catch((error: unknown) => {
      throw told(error, where);
    });
  const inside = async <T>(work: (db: Db) => Promise<T>): Promise<T> => {
    if (typeof at !== "string") return at.transaction((tx) => work(fromPglite(tx)));
    const { db, commit, rollback } = await boss.getDb().beginTransaction!();
    try {
      const result = await work(db);
      await commit();
      return result;
    } catch (error) {
      await rollback();
      throw error;
    }
  };
  const database: QueueDatabase = {
    where,
    boss,
    query: (text, values = []) => tell(async () => (await boss.getDb().executeSql(text, [...values])).rows),
    transaction: (work) => tell(() => inside(work)),
    tell,
    close: () => boss.stop({ graceful: false }),
  };
  try {
    await tell(() => boss.start());
    await database.transaction((db) => db.executeSql(TABLES));
  } catch (error) {
    await database.close();
    throw error;
  }
  return database;
}

/** `postgres://user@host:5432/name`. @throws StudyError where it is no such URL; what was given is not repeated, it may hold a password. */
function shown(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^postgres(ql)?:$/.test(url.protocol))
    throw new StudyError({
      code: "queue-url",
      what: `the queue's address ${url === undefined ? "cannot be read as a URL" : `begins with ${url.protocol}//`}`,
      mend: "give postgres://user:password@host:5432/database, with signs like @ or / in the password as %40 and %2F",
    });
  return `postgres://${url.username === "" ? "" : `${url.username}@`}${url.host}${url.pathname}`;
}
