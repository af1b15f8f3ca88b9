// A worker's loop and the runner's side, over a queue in memory.
import { describe, expect, test } from "vitest";
import type { Failure, Job } from "../../src/evidence/queue.ts";
import { handOut, type WorkEvent, type Working, work } from "../../src/study/work.ts";
import { EngineError } from "../../src/terms/errors.ts";
import type { Chunk } from "../../src/terms/record.ts";
import { chunkOf, recordsOf, type Sample } from "../support/queue.ts";

const away = new EngineError({
  code: "away",
  what: "nobody answers",
  mend: "start it",
  fault: "unreachable",
  retry: true,
});
const chunks = (n: number, policy = "base"): Sample[] => Array.from({ length: n }, (_, i) => chunkOf("s", i, policy));
const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Gives what it has, and says that the study has ended once all of it was answered. */
class Memory {
  readonly finished: string[] = [];
  readonly failed: [string, string][] = [];
  readonly taken: { n: number; except: readonly string[] }[] = [];
  readonly waiting: Job[];

  constructor(list: readonly Chunk[], last = false) {
    this.waiting = list.map((chunk) => ({ chunk, attempt: last ? 4 : 0, last }));
  }

  async take(
    n: number,
    { signal, except = () => [] }: Parameters<Working["queue"]["take"]>[1],
  ): Promise<Job[] | undefined> {
    for (;;) {
      if (signal.aborted) return [];
      const full = except();
      const jobs = this.waiting.filter(({ chunk }) => !full.includes(chunk.policy)).slice(0, n);
      for (const job of jobs) this.waiting.splice(this.waiting.indexOf(job), 1);
      this.taken.push({ n, except: full });
      if (jobs.length > 0) return jobs;
      if (this.waiting.length === 0) return undefined;
      await pause();
    }
  }

  async finish({ chunk }: Job): Promise<boolean> {
    this.finished.push(chunk.id);
    return true;
  }

  async fail({ chunk }: Job, error: Error): Promise<void> {
    this.failed.push([chunk.id, error.message]);
  }
}

function working(queue: Memory, more: Partial<Working> = {}): Working {
  return {
    queue,
    policies: ["base", "tuned"],
    act: async (chunk) => ({ records: recordsOf(chunk as Sample) }),
    alive: async () => true,
    room: () => 2,
    signal: new AbortController().signal,
    onEvent() {},
    ...more,
  };
}

describe("a worker", () => {
  test("answers everything there is and goes home when the study has ended", async () => {
    const queue = new Memory(chunks(9));
    const events: WorkEvent[] = [];
    await work(working(queue, { onEvent: (event) => events.push(event) }));
    expect([...queue.finished].sort()).toEqual(
      chunks(9)
        .map(({ id }) => id)
        .sort(),
    );
    const event = { kind: "answered", policy: "base", asked: "sample", asks: 2, counts: true };
    expect(events).toEqual(chunks(9).map(() => event));
  });

  test("holds no more chunks of a policy than it has room for, and a slow policy does not keep it from the others", async () => {
    const queue = new Memory([...chunks(6, "base"), ...chunks(6, "tuned")]);
    const held = { base: 0, tuned: 0 };
    let most = 0;
    let open = (): void => {};
    const tunedIsDone = new Promise<void>((resolve) => (open = resolve));
    let tuned = 0;
    await work(
      working(queue, {
        async act(chunk) {
          const policy = chunk.policy as keyof typeof held;
          most = Math.max(most, ++held[policy]);
          if (policy === "base") await tunedIsDone;
          else if (++tuned === 6) open();
          await pause();
          held[policy]--;
          return { records: recordsOf(chunk as Sample) };
        },
      }),
    );
    expect(most).toBe(2);
    expect(queue.finished).toHaveLength(12);
  });

  test("asked to stop, it takes nothing more and finishes what it has in hand", async () => {
    const queue = new Memory(chunks(10));
    const stopping = new AbortController();
    await work(
      working(queue, {
        async act(chunk) {
          stopping.abort();
          await pause();
          return { records: recordsOf(chunk as Sample) };
        },
        signal: stopping.signal,
      }),
    );
    expect(queue.finished).toHaveLength(2);
    expect(queue.waiting).toHaveLength(8);
    expect(queue.failed).toEqual([]);
  });

  test("gives a chunk back that came back with nothing, and stops when three in a row did and nothing else is answered", async () => {
    const nothing = { act: async () => ({ records: [], lost: away }), room: () => 1 };
    const lively = new Memory(chunks(10));
    await work(working(lively, { ...nothing, alive: async () => true }));
    expect(lively.failed).toHaveLength(10);
    const queue = new Memory(chunks(10));
    const lost = work(working(queue, { ...nothing, alive: async () => false }));
    await expect(lost).rejects.toBe(away);
    expect(queue.failed).toEqual(chunks(3).map(({ id }) => [id, away.message]));
    expect(queue.finished).toEqual([]);
  });

  test("one answer in between, and the engine is not away", async () => {
    const queue = new Memory(chunks(12));
    let asked = 0;
    await work(
      working(queue, {
        act: async (chunk) =>
          ++asked % 3 === 0 ? { records: recordsOf(chunk as Sample) } : { records: [], lost: away },
        room: () => 1,
      }),
    );
    expect([queue.finished.length, queue.failed.length]).toEqual([4, 8]);
  });

  test("at its last attempt a chunk is answered as it came where its policy does answer other things, else given up", async () => {
    for (const lives of [true, false]) {
      const queue = new Memory(chunks(1), true);
      await work(working(queue, { act: async () => ({ records: [], lost: away }), alive: async () => lives }));
      expect([queue.finished.length, queue.failed.length]).toEqual(lives ? [1, 0] : [0, 1]);
    }
  });

  test("an engine that is not what was declared ends it, the chunk goes back, and the others in hand are finished", async () => {
    const queue = new Memory(chunks(10));
    const [first] = chunks(1);
    const wrong = new Error("another model");
    const ends = work(
      working(queue, {
        async act(chunk) {
          if (chunk.id === first!.id) throw wrong;
          await pause();
          return { records: recordsOf(chunk as Sample) };
        },
      }),
    );
    await expect(ends).rejects.toBe(wrong);
    expect(queue.failed).toEqual([[first!.id, "another model"]]);
    expect(queue.finished).toEqual([chunks(2)[1]!.id]);
  });

  test("a queue that is gone ends it", async () => {
    const gone = new Error("gone");
    const queue = Object.assign(new Memory(chunks(3)), { take: () => Promise.reject(gone) });
    await expect(work(working(queue))).rejects.toBe(gone);
  });
});

/** What the runner sees of a queue: answers come two at a time. */
function answering(answers: readonly Sample[], failures: readonly Failure[] = []) {
  const left = [...answers];
  const calls: string[] = [];
  return {
    calls,
    async publish(published: readonly Chunk[]): Promise<void> {
      calls.push(`publish ${published.length}`);
    },
    async drain(keep: (chunk: Chunk, records: ReturnType<typeof recordsOf>) => Promise<void>): Promise<number> {
      const now = left.splice(0, 2);
      for (const chunk of now) await keep(chunk, recordsOf(chunk));
      await pause();
      return now.length;
    },
    async withdraw(): Promise<void> {
      calls.push("withdraw");
    },
    failures: async () => [...failures],
    counts: async () => ({ queued: 1, inHand: 0, done: 0, failed: 0 }),
  };
}

describe("a runner", () => {
  test("is done when all it asked for is kept, and keeps what an earlier stage had left", async () => {
    const [earlier, ...asked] = chunks(6);
    const queue = answering([earlier!, ...asked]);
    const kept: string[] = [];
    await handOut({
      queue,
      chunks: asked,
      keep: async ({ id }) => void kept.push(id),
      signal: new AbortController().signal,
    });
    expect(kept).toEqual([earlier!, ...asked].map(({ id }) => id));
    expect(queue.calls).toEqual(["publish 5"]);
  });

  test("stopped, it takes back what nobody has taken", async () => {
    const queue = answering([]);
    const stopping = new AbortController();
    const why = new Error("over budget");
    const running = handOut({ queue, chunks: chunks(2), keep: async () => {}, signal: stopping.signal });
    stopping.abort(why);
    await expect(running).rejects.toBe(why);
    expect(queue.calls).toEqual(["publish 2", "withdraw"]);
  });

  test("a chunk that failed for good ends it, named with its policy and the last reason", async () => {
    const chunk = "0123456789abcdef";
    const queue = answering(
      [],
      [{ chunk, policy: "tuned", attempts: 5, why: "the server has another model; serve mine." }],
    );
    const running = handOut({ queue, chunks: chunks(2), keep: async () => {}, signal: new AbortController().signal });
    await expect(running).rejects.toThrow(
      "chunk 0123456789ab of policy tuned failed with every worker, 5 times; the last one said: the server has another model; " +
        "serve mine; mend that, then start crucis run again; what was kept stays kept, and it goes on from there.",
    );
    expect(queue.calls).toEqual(["publish 2", "withdraw"]);
  });

  test("says once that nobody works where nobody does", async () => {
    const stopping = new AbortController();
    let told = 0;
    const idle = handOut({
      queue: answering([]),
      chunks: chunks(2),
      keep: async () => {},
      signal: stopping.signal,
      onIdle() {
        told++;
        setTimeout(() => stopping.abort(new Error("enough")), 20);
      },
    });
    await expect(idle).rejects.toThrow("enough");
    expect(told).toBe(1);
  });
});
