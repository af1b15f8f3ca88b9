// The queue on PGlite, in this process: one at a time, so what happens in which order is ours to say.
import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Queue } from "../../src/evidence/queue.ts";
import { openDatabase, type QueueDatabase } from "../../src/evidence/queue-database.ts";
import { fromBytes, type Records, toBytes } from "../../src/evidence/queue-records.ts";
import { lineOf } from "../../src/evidence/rows.ts";
import { declareStudy, studiesIn } from "../../src/evidence/queue-studies.ts";
import { chunkOf, recordsOf, type Sample, studyIn } from "../support/queue.ts";

let pglite: PGlite;
let database: QueueDatabase;
const never = new AbortController().signal;

beforeAll(async () => {
  pglite = await PGlite.create();
  database = await openDatabase(pglite);
});
afterAll(async () => {
  await database.close();
  await pglite.close();
});

async function opened(title: string, count: number): Promise<{ queue: Queue; study: string; chunks: Sample[] }> {
  const study = await studyIn(database, title);
  const queue = await Queue.open(database, { study });
  const chunks = Array.from({ length: count }, (_, i) => chunkOf(study, i));
  await queue.publish(chunks);
  return { queue, study, chunks };
}

const ids = (chunks: readonly { readonly id: string }[]): string[] => chunks.map(({ id }) => id).sort();

async function answerAll(queue: Queue, n: number): Promise<void> {
  for (const job of (await queue.take(n, { signal: never }))!) await queue.finish(job, recordsOf(job.chunk as Sample));
}

async function drained(queue: Queue): Promise<Map<string, Records>> {
  const got = new Map<string, Records>();
  while ((await queue.drain(async (chunk, records) => void got.set(chunk.id, records), never)) > 0);
  return got;
}

/** A chunk that failed waits before it is given again; not here. */
async function waited(study: string): Promise<void> {
  await pglite.query("UPDATE crucis.job SET start_after = now() - interval '1 hour' WHERE name = $1", [
    `study-${study}`,
  ]);
}

/** An hour passes without a sign of life, and the database's watch, which looks every two seconds, looks. */
async function silence(study: string): Promise<void> {
  const name = `study-${study}`;
  await pglite.query("UPDATE crucis.job SET heartbeat_on = now() - interval '1 hour' WHERE name = $1", [name]);
  await pglite.query("UPDATE crucis.queue SET monitor_on = NULL, monitor_claim_on = NULL WHERE name = $1", [name]);
  await database.boss.supervise(name);
  await waited(study);
}

describe("the way out", () => {
  test("a chunk comes to the worker as it was published", async () => {
    const { queue, chunks } = await opened("as published", 3);
    const jobs = (await queue.take(10, { signal: never }))!;
    expect(jobs.map(({ chunk }) => chunk).sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual(
      [...chunks].sort((a, b) => (a.id < b.id ? -1 : 1)),
    );
    expect(jobs.map(({ attempt, last }) => ({ attempt, last }))).toEqual(
      chunks.map(() => ({ attempt: 0, last: false })),
    );
  });

  test("publishing twice queues once, also while a chunk is in a hand, and after it was answered", async () => {
    const { queue, chunks } = await opened("twice", 3);
    await queue.publish(chunks);
    const [first] = (await queue.take(1, { signal: never }))!;
    await queue.publish(chunks);
    expect(await queue.counts()).toEqual({ queued: 2, inHand: 1, done: 0, failed: 0 });
    await queue.finish(first!, recordsOf(first!.chunk as Sample));
    await queue.publish(chunks);
    expect(await queue.counts()).toEqual({ queued: 2, inHand: 0, done: 1, failed: 0 });
  });

  test("two takers share what is there, and none gets what the other has", async () => {
    const { queue, study, chunks } = await opened("two takers", 20);
    const other = await Queue.open(database, { study });
    const taken = await Promise.all(
      [queue, other, queue, other].map(async (one) => (await one.take(5, { signal: never }))!),
    );
    expect(ids(taken.flat().map(({ chunk }) => chunk))).toEqual(ids(chunks));
  });

  test("studies in one queue do not see each other's chunks", async () => {
    const one = await opened("one", 2);
    const two = await opened("two", 3);
    expect(await one.queue.take(10, { signal: never })).toHaveLength(2);
    expect(await two.queue.take(10, { signal: never })).toHaveLength(3);
  });

  test("chunks of a policy that the worker has no room for are left to others", async () => {
    const study = await studyIn(database, "room");
    const queue = await Queue.open(database, { study });
    await queue.publish(Array.from({ length: 12 }, (_, i) => chunkOf(study, i, i % 3 === 0 ? "tuned" : "base")));
    const jobs = (await queue.take(12, { signal: never, except: () => ["base"] }))!;
    expect(jobs.map(({ chunk }) => chunk.policy)).toEqual(Array(4).fill("tuned"));
  });

  test("who waits for work stops waiting when told to, and goes home when the study has ended", async () => {
    const { queue } = await opened("waiting", 0);
    const enough = new AbortController();
    const waiting = queue.take(1, { signal: enough.signal });
    enough.abort();
    expect(await waiting).toEqual([]);
    await queue.end();
    expect(await queue.take(1, { signal: never })).toBeUndefined();
  });

  test("what was taken back is not handed out; what was in a hand then still counts", async () => {
    const { queue, chunks } = await opened("withdrawn", 4);
    const [job] = (await queue.take(1, { signal: never }))!;
    await queue.withdraw();
    expect(await queue.counts()).toEqual({ queued: 0, inHand: 1, done: 0, failed: 0 });
    expect(await queue.finish(job!, recordsOf(job!.chunk as Sample))).toBe(true);
    await queue.publish(chunks);
    expect(await queue.counts()).toEqual({ queued: 3, inHand: 0, done: 1, failed: 0 });
    expect([...(await drained(queue)).keys()]).toEqual([job!.chunk.id]);
  });
});

describe("the way back", () => {
  test("records come back as they were, zero probabilities and odd characters included", async () => {
    const { queue, chunks } = await opened("odd", 1);
    const [job] = (await queue.take(1, { signal: never }))!;
    const odd = recordsOf(chunks[0]!).map((record) => ({ ...record, text: '\u0000 \n 😀 "-Infinity"' }));
    await queue.finish(job!, odd);
    expect([...(await drained(queue)).values()]).toEqual([odd]);
  });

  test("a result that was not kept comes again, and one that was kept does not", async () => {
    const { queue, chunks } = await opened("not kept", 5);
    await answerAll(queue, 5);
    const crash = new Error("the runner died");
    await expect(queue.drain(() => Promise.reject(crash), never)).rejects.toBe(crash);
    expect(ids(Array.from((await drained(queue)).keys(), (id) => ({ id })))).toEqual(ids(chunks));
    expect((await drained(queue)).size).toBe(0);
  });

  test("the same chunk answered twice counts once, whoever was late", async () => {
    const { queue, study } = await opened("late", 1);
    const late = await Queue.open(database, { study });
    const [old] = (await late.take(1, { signal: never }))!;
    // Its worker falls silent, and somebody else gets the chunk.
    await late.close();
    await silence(study);
    const [young] = (await queue.take(1, { signal: never }))!;
    expect(young).toMatchObject({ chunk: old!.chunk, attempt: 1 });
    // The late answer is as good as any; the second is not needed.
    expect(await late.finish(old!, recordsOf(old!.chunk as Sample))).toBe(true);
    expect(await queue.finish(young!, recordsOf(young!.chunk as Sample))).toBe(false);
    expect(await queue.counts()).toEqual({ queued: 0, inHand: 0, done: 1, failed: 0 });
    expect((await drained(queue)).size).toBe(1);
    expect(await queue.finish(young!, recordsOf(young!.chunk as Sample))).toBe(false);
    expect((await drained(queue)).size).toBe(0);
  });

  test("an answer and the end of its job are one: where the job cannot be ended, there is no answer", async () => {
    const { queue } = await opened("one transaction", 1);
    const [job] = (await queue.take(1, { signal: never }))!;
    await pglite.exec(`CREATE FUNCTION crucis.refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF new.state = 'completed' THEN RAISE 'no space left' USING ERRCODE = '53100'; END IF; RETURN new; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON crucis.job_common FOR EACH ROW EXECUTE FUNCTION crucis.refuse()`);
    await expect(queue.finish(job!, recordsOf(job!.chunk as Sample))).rejects.toThrow(
      "PostgreSQL at PGlite in this process cannot do its work (53100: no space left)",
    );
    await pglite.exec("DROP FUNCTION crucis.refuse CASCADE");
    expect((await drained(queue)).size).toBe(0);
    expect(await queue.counts()).toMatchObject({ inHand: 1, done: 0 });
  });

  test("a runner without what an earlier one took asks for it again", async () => {
    const { queue, chunks } = await opened("other folder", 2);
    await answerAll(queue, 2);
    await drained(queue);
    await queue.publish(chunks);
    expect(await queue.counts()).toMatchObject({ queued: 2, done: 0 });
  });

  test("a result that was changed in the database is refused", async () => {
    const { queue, study } = await opened("damaged", 1);
    await answerAll(queue, 1);
    await pglite.query("UPDATE crucis.results SET records = $2 WHERE study = $1", [study, Buffer.from("[]")]);
    await expect(queue.drain(async () => {}, never)).rejects.toThrow(
      /have SHA-256 4f53cda1[^,]*, and .* was noted, they/,
    );
  });

  test("records travel in the lines that the store keeps, without a null where a probability is zero", () => {
    const records = recordsOf(chunkOf("x", 1));
    expect(toBytes(records).toString()).toContain('"rawLogProbs":[-0.5,"-Infinity"]');
    expect(toBytes(records).toString()).toBe(records.map((record) => lineOf(record)).join("\n"));
    expect(fromBytes(toBytes(records))).toEqual(records);
    expect(fromBytes(toBytes([]))).toEqual([]);
  });
});

describe("what fails", () => {
  test("a chunk that fails is given again, four times, then reported with the last reason", async () => {
    const { queue, study, chunks } = await opened("fails", 1);
    const seen: [number, boolean][] = [];
    for (let i = 0; i < 5; i++) {
      await waited(study);
      const [job] = (await queue.take(1, { signal: never }))!;
      seen.push([job!.attempt, job!.last]);
      expect(await queue.failures()).toEqual([]);
      await queue.fail(job!, new Error(`no, "\u0000" ${i}`));
    }
    expect(seen).toEqual([
      [0, false],
      [1, false],
      [2, false],
      [3, false],
      [4, true],
    ]);
    expect(await queue.failures()).toEqual([
      { chunk: chunks[0]!.id, policy: "base", attempts: 5, why: 'no, "\u0000" 4' },
    ]);
    expect(await queue.counts()).toEqual({ queued: 0, inHand: 0, done: 0, failed: 1 });
  });

  test("a chunk whose workers vanish each time is reported so", async () => {
    const { queue, study } = await opened("kills", 1);
    for (let i = 0; i < 5; i++) {
      const worker = await Queue.open(database, { study });
      expect(await worker.take(1, { signal: never })).toHaveLength(1);
      await worker.close();
      await silence(study);
    }
    expect(await queue.failures()).toMatchObject([{ attempts: 5, why: "its worker fell silent" }]);
  });

  test("publishing again gives a chunk that had failed for good a new start", async () => {
    const { queue, study, chunks } = await opened("new start", 2);
    for (let i = 0; i < 5; i++) {
      await waited(study);
      for (const job of (await queue.take(2, { signal: never }))!) await queue.fail(job, new Error("away"));
    }
    expect(await queue.counts()).toMatchObject({ failed: 2 });
    await queue.publish(chunks);
    expect(await queue.counts()).toEqual({ queued: 2, inHand: 0, done: 0, failed: 0 });
  });
});

describe("studies", () => {
  test("a worker is told the study, and what was said last of it", async () => {
    const study = {
      hash: "f".repeat(64),
      title: "Ist's neu? \u0000",
      crucis: "1",
      file: "a.yaml",
      text: "α",
      questions: { "q.jsonl": "{}" },
    };
    await declareStudy(database, study);
    await declareStudy(database, { ...study, text: "β" });
    expect((await studiesIn(database)).filter(({ hash }) => hash === study.hash)).toEqual([{ ...study, text: "β" }]);
  });

  test("one that has ended is gone with all it had, and a late answer to it changes nothing", async () => {
    const { queue, study } = await opened("ended", 3);
    const [job, second] = (await queue.take(2, { signal: never }))!;
    await queue.finish(second!, recordsOf(second!.chunk as Sample));
    await queue.end();
    expect(await queue.finish(job!, recordsOf(job!.chunk as Sample))).toBe(false);
    expect(await queue.counts()).toEqual({ queued: 0, inHand: 0, done: 0, failed: 0 });
    expect((await studiesIn(database)).filter(({ hash }) => hash === study)).toEqual([]);
    const { rows } = await pglite.query("SELECT FROM crucis.results WHERE study = $1", [study]);
    expect(rows).toEqual([]);
  });
});

describe("addresses", () => {
  test.each([
    ["mysql://root:hunter2@h/db", "the queue's address begins with mysql://"],
    ["postgres://u:hun/ter2@h/db", "the queue's address cannot be read as a URL"],
    ["hunter2", "the queue's address cannot be read as a URL"],
  ])("%s is refused before anything is tried, and its password is not shown", async (url, says) => {
    const error = await openDatabase(url).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: "queue-url", message: expect.stringContaining(says) as string });
    expect((error as Error).message).not.toMatch(/hun\/?ter2/);
  });
});
