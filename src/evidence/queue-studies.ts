// evidence/ · Queue studies: which studies a queue serves, each with all that a worker needs of it. One that has ended is gone.
import { setTimeout } from "node:timers/promises";
import { type QueueDatabase, SCHEMA } from "./queue-database.ts";

/** What a worker that has only the URL is told. */
export interface StudyInQueue {
  /** Of all that decides which answers are drawn: study and questions. */
  readonly hash: string;
  readonly title: string;
  /** Version of the runner; another may judge otherwise. */
  readonly crucis: string;
  /** Of its declaration, for messages. */
  readonly file: string;
  /** What study.yaml says; absent where the study is TypeScript, which a worker must have itself. */
  readonly text?: string;
  /** The question files that the study names, each with what it says. */
  readonly questions: Readonly<Record<string, string>>;
}

/** Under the same hash, what was said last holds: addresses and limits may change on the way. */
export async function declareStudy(database: QueueDatabase, study: StudyInQueue): Promise<void> {
  await database.query(
    `INSERT INTO ${SCHEMA}.studies (hash, declared) VALUES ($1, $2)
     ON CONFLICT (hash) DO UPDATE SET declared = excluded.declared`,
    [study.hash, JSON.stringify(study)],
  );
}

/** Those that have not ended, the oldest first. */
export async function studiesIn(database: QueueDatabase): Promise<StudyInQueue[]> {
  const rows = await database.query(`SELECT declared FROM ${SCHEMA}.studies ORDER BY declared_on, hash`);
  return rows.map(({ declared }) => JSON.parse(String(declared)) as StudyInQueue);
}

/** In milliseconds. */
const LOOK_EVERY = 1000;

/** Waits until some study is there. @returns none where the signal came first */
export async function awaitStudies(
  database: QueueDatabase,
  { wanted, signal }: { readonly wanted: (study: StudyInQueue) => boolean; readonly signal: AbortSignal },
): Promise<StudyInQueue[]> {
  while (!signal.aborted) {
    const found = (await studiesIn(database)).filter(wanted);
    if (found.length > 0) return found;
    await setTimeout(LOOK_EVERY, undefined, { signal }).catch(() => {});
  }
  return [];
}
