// The queue on a real PostgreSQL, with workers that are processes of their own and may be killed.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Queue } from "../../src/evidence/queue.ts";
import { openDatabase, type QueueDatabase } from "../../src/evidence/queue-database.ts";
import { handOut } from "../../src/study/work.ts";
import { postgresFolder, type ThrowAway, throwAwayPostgres } from "../../tools/postgres.ts";
import { chunkOf, recordsOf, type Sample, studyIn } from "../support/queue.ts";

const none = postgresFolder() === undefined;
const never = new AbortController().signal;

describe.skipIf(none)("a queue on PostgreSQL; skipped where no initdb is on the machine", () => {
  let postgres: ThrowAway;
  let folder: string;
  const children: Worker[] = [];

  beforeAll(async () => {
    postgres = await throwAwayPostgres();
    folder = mkdtempSync(join(tmpdir(), "crucis-workers-"));
  });
  afterAll(async () => {
    for (const { process: child } of children) child.kill("SIGKILL");
    await postgres?.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  async function withDatabase<T>(use: (database: QueueDatabase) => Promise<T>): Promise<T> {
    const database = await openDatabase(postgres.url);
    try {
      return await use(database);
    } finally {
      await database.close();
    }
  }

  function worker(study: string, name: string): Worker {
    const log = join(folder, `${study.slice(0, 8)}-${name}`);
    const script = new URL("worker.ts", import.meta.url).pathname;
    const child = spawn(process.execPath, [script, postgres.url, study, log], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const made: Worker = {
      process: child,
      ended: new Promise((resolve) => child.once("exit", resolve)),
      said(what) {
        const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
        return lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.slice(what.length + 1));
      },
      async begun(count) {
        while (made.said("asked").length < count) await setTimeout(10);
      },
    };
    children.push(made);
    return made;
  }

  test(
    "three workers, one killed: every answer once, and nothing asked twice but what the killed one had in hand",
    async () =>
      withDatabase(async (database) => {
        const study = await studyIn(database, "killed");
        const queue = await Queue.open(database, { study });
        const chunks = Array.from({ length: 2000 }, (_, i) => chunkOf(study, i, i % 2 === 0 ? "base" : "tuned"));
        const workers = ["a", "b", "c"].map((name) => worker(study, name));
        const [killed, ...others] = workers as [Worker, Worker, Worker];
        const kept = new Map<string, number>();
        const all = handOut({
          queue,
          chunks,
          async keep(chunk, records) {
            expect(records).toEqual(recordsOf(chunk as Sample));
            kept.set(chunk.id, (kept.get(chunk.id) ?? 0) + 1);
          },
          signal: never,
        });
        await killed.begun(150);
        killed.process.kill("SIGKILL");
        await all;

        expect(kept.size).toBe(2000);
        expect([...kept.values()].every((times) => times === 1)).toBe(true);
        // Its last answers may be in the database and not in its log, so what it had in hand is what it did not write down.
        const written = new Set(killed.said("answered"));
        const inHand = killed.said("asked").filter((id) => !written.has(id));
        expect(inHand.length).toBeGreaterThan(0);
        expect(inHand.length).toBeLessThanOrEqual(8);
        const asked = workers.flatMap((one) => one.said("asked"));
        expect(new Set(asked).size).toBe(2000);
        const twice = asked.filter((id, i) => asked.indexOf(id) !== i);
        expect(twice.filter((id) => !inHand.includes(id))).toEqual([]);
        expect(workers.flatMap((one) => one.said("too late"))).toEqual([]);
        expect(await queue.counts()).toEqual({ queued: 0, inHand: 0, done: 2000, failed: 0 });

        await queue.end();
        expect(await Promise.all(others.map(({ ended }) => ended))).toEqual([0, 0]);
      }),
    180_000,
  );

  test(
    "a worker that is asked to go finishes what it has in hand, and another that came later does the rest",
    async () =>
      withDatabase(async (database) => {
        const study = await studyIn(database, "leaves");
        const queue = await Queue.open(database, { study });
        const chunks = Array.from({ length: 200 }, (_, i) => chunkOf(study, i));
        await queue.publish(chunks);
        const leaving = worker(study, "leaving");
        await leaving.begun(20);
        leaving.process.kill("SIGTERM");
        expect(await leaving.ended).toBe(0);
        const [asked, answered] = [leaving.said("asked"), leaving.said("answered")];
        expect(asked.length).toBeLessThan(200);
        expect([...answered].sort()).toEqual([...asked].sort());
        const staying = worker(study, "staying");
        let kept = 0;
        await handOut({ queue, chunks, keep: async () => void kept++, signal: never });
        expect(kept).toBe(200);
        expect(staying.said("asked").filter((id) => asked.includes(id))).toEqual([]);
        await queue.end();
        await staying.ended;
      }),
    120_000,
  );

  test("a runner that dies between keeping and forgetting keeps again what it had kept, and nothing is asked again", async () =>
    withDatabase(async (database) => {
      const study = await studyIn(database, "runner dies");
      const queue = await Queue.open(database, { study });
      const chunks = Array.from({ length: 10 }, (_, i) => chunkOf(study, i));
      await queue.publish(chunks);
      for (const job of (await queue.take(10, { signal: never }))!)
        await queue.finish(job, recordsOf(job.chunk as Sample));
      const kept = new Set<string>();
      const dies = queue.drain(async ({ id }) => {
        if (kept.size === 5) throw new Error("dies");
        kept.add(id);
      }, never);
      await expect(dies).rejects.toThrow("dies");
      await handOut({ queue, chunks, keep: async ({ id }) => void kept.add(id), signal: never });
      expect(kept.size).toBe(10);
      expect(await queue.counts()).toMatchObject({ queued: 0, done: 10 });
    }));

  describe("what goes wrong is one sentence, without the password", () => {
    const saying = async (url: string): Promise<Error> => {
      const error = await openDatabase(url).catch((thrown: unknown) => thrown as Error);
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).not.toMatch(/throw.{1,3}away|hunter2/);
      return error as Error;
    };
    const changed = (change: (url: URL) => void): string => {
      const url = new URL(postgres.url);
      change(url);
      return url.href;
    };

    test("a wrong password", async () => {
      const error = await saying(changed((url) => (url.password = "hunter2")));
      expect(error.message).toMatch(
        /^PostgreSQL at postgres:\/\/crucis@127\.0\.0\.1:\d+\/postgres does not let us in \(password authentication failed for user "crucis"\); put the right user and password into the queue's URL\.$/,
      );
    });

    test("no password", async () => {
      const error = await saying(changed((url) => (url.password = "")));
      expect(error).toMatchObject({
        code: "queue-login",
        what: expect.stringContaining("it wants a password") as string,
      });
    });

    test("a database that is not there", async () => {
      const error = await saying(changed((url) => (url.pathname = "/nowhere")));
      expect(error).toMatchObject({
        code: "queue-no-database",
        what: expect.stringContaining('(database "nowhere" does not exist)') as string,
      });
    });

    test("a user who may not create a schema", async () => {
      await withDatabase((database) => database.query("CREATE ROLE guest LOGIN PASSWORD 'hunter2'"));
      const error = await saying(
        changed((url) => {
          url.username = "guest";
          url.password = "hunter2";
        }),
      );
      expect(error).toMatchObject({ code: "queue-rights" });
    });

    test("nobody at the port", async () => {
      const holder = createServer();
      await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
      const { port } = holder.address() as { port: number };
      await new Promise((resolve) => holder.close(resolve));
      const error = await saying(changed((url) => (url.port = String(port))));
      expect(error).toMatchObject({ code: "queue-away", fault: "unreachable", retry: true });
      expect(error.message).toContain(`postgres://crucis@127.0.0.1:${port}/postgres cannot be reached (ECONNREFUSED`);
    });
  });

  test("a database that goes away ends runner and worker with a sentence, and after it is back all goes on", async () => {
    const study = await withDatabase((database) => studyIn(database, "away"));
    const queue = await Queue.open(postgres.url, { study });
    await queue.publish([chunkOf(study, 1), chunkOf(study, 2)]);
    const [job] = (await queue.take(1, { signal: never }))!;
    await postgres.stop();
    const away = { code: "queue-away", retry: true };
    await expect(queue.finish(job!, recordsOf(job!.chunk as Sample))).rejects.toMatchObject(away);
    await expect(queue.take(1, { signal: never })).rejects.toMatchObject(away);
    await expect(queue.drain(async () => {}, never)).rejects.toMatchObject(away);
    await queue.close();
    await postgres.start();
    await withDatabase(async (database) => {
      const again = await Queue.open(database, { study });
      expect(await again.counts()).toMatchObject({ queued: 1, inHand: 1 });
      const [other] = (await again.take(1, { signal: never }))!;
      expect(await again.finish(other!, recordsOf(other!.chunk as Sample))).toBe(true);
    });
  }, 60_000);
});

interface Worker {
  readonly process: ChildProcess;
  /** Its exit code; null where it was killed. */
  readonly ended: Promise<unknown>;
  /** The chunks that its log says this of, in order. */
  said(what: "asked" | "answered" | "too late"): string[];
  begun(count: number): Promise<void>;
}
