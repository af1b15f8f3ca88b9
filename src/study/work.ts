// study/ · Work: a worker's loop over a queue, and the runner's side of the same queue. The queue brings the waiting.
import type { Queue } from "../evidence/queue.ts";
import type { Records } from "../evidence/queue-records.ts";
import { EngineError } from "../terms/errors.ts";
import type { Chunk } from "../terms/record.ts";
import type { Acted } from "./act.ts";

export type WorkEvent =
  | {
      readonly kind: "answered";
      readonly policy: string;
      readonly asked: Chunk["kind"];
      readonly asks: number;
      /** False where another worker's answer to the same chunk came first. */
      readonly counts: boolean;
    }
  | { readonly kind: "lost"; readonly policy: string; readonly why: string };

export interface Working {
  readonly queue: Pick<Queue, "take" | "finish" | "fail">;
  readonly policies: readonly string[];
  readonly act: (chunk: Chunk) => Promise<Acted>;
  /** Whether the chunk's policy answers anything at all. */
  readonly alive: (chunk: Chunk) => Promise<boolean>;
  /** Chunks of one policy in hand at once, ≥ 1. */
  readonly room: (policy: string) => number;
  /** Once it fires, nothing more is taken, and what is in hand is finished. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: WorkEvent) => void;
}

/** After so many chunks of a policy in a row that came back with nothing it is asked whether its engine is away. */
const AWAY = 3;

/**
 * Until the study has ended or the signal fires. A chunk that comes back with nothing is given back to the queue; at its last
 * attempt, where its policy does answer other things, the fault is the chunk's own, and it is answered as it came.
 *
 * @throws the error of an engine that is away, what `act` and the queue throw; chunks in hand settle first
 */
export async function work(working: Working): Promise<void> {
  const { queue, policies, room, signal } = working;
  const hands = new Hands(policies, room);
  const lostInARow = new Map<string, number>();
  let failed: { readonly error: unknown } | undefined;
  while (failed === undefined && !signal.aborted) {
    if (hands.free() === 0) {
      await hands.settled();
      continue;
    }
    const jobs = await queue
      .take(hands.free(), { signal: AbortSignal.any([signal, hands.changed()]), except: () => hands.full() })
      .catch((error: unknown) => {
        failed ??= { error };
        return [];
      });
    if (jobs === undefined) break;
    for (const job of jobs)
      hands.hold(
        job.chunk.policy,
        one(job, working, lostInARow).catch((error: unknown) => {
          failed ??= { error };
        }),
      );
  }
  await hands.empty();
  if (failed !== undefined) throw failed.error;
}

type Job = NonNullable<Awaited<ReturnType<Queue["take"]>>>[number];

async function one(job: Job, { queue, act, alive, onEvent }: Working, lostInARow: Map<string, number>): Promise<void> {
  const { chunk, last } = job;
  const { policy } = chunk;
  let acted: Acted;
  let itsOwnFault = false;
  try {
    acted = await act(chunk);
    itsOwnFault = acted.lost !== undefined && last && (await alive(chunk));
  } catch (error) {
    // Why it ended is worth more than a queue that is gone too; the chunk comes back also without a word.
    await queue.fail(job, error instanceof Error ? error : new Error(String(error))).catch(() => {});
    throw error;
  }
  if (acted.lost === undefined || itsOwnFault) {
    lostInARow.set(policy, 0);
    const counts = await queue.finish(job, acted.records);
    onEvent({ kind: "answered", policy, asked: chunk.kind, asks: chunk.asks.length, counts });
    return;
  }
  onEvent({ kind: "lost", policy, why: acted.lost.message });
  await queue.fail(job, acted.lost);
  const lost = (lostInARow.get(policy) ?? 0) + 1;
  lostInARow.set(policy, lost % AWAY);
  // Slow failures come together, after all that went well: only an engine that answers nothing else is away.
  if (lost >= AWAY && !(await alive(chunk))) throw acted.lost;
}

/** What a worker holds, policy by policy, so that a slow one does not fill them all. */
class Hands {
  readonly #held: Map<string, number>;
  readonly #room: (policy: string) => number;
  readonly #flying = new Set<Promise<void>>();
  #change = new AbortController();

  constructor(policies: readonly string[], room: (policy: string) => number) {
    this.#held = new Map(policies.map((policy) => [policy, 0]));
    this.#room = room;
  }

  /** Any so many chunks have room, whosever they are; 0 where every policy is full. */
  free(): number {
    const free = Array.from(this.#held, ([policy, held]) => this.#room(policy) - held).filter((room) => room > 0);
    return free.length === 0 ? 0 : Math.min(...free);
  }

  full(): string[] {
    return [...this.#held].filter(([policy, held]) => held >= this.#room(policy)).map(([policy]) => policy);
  }

  hold(policy: string, flight: Promise<void>): void {
    const count = (by: number): void => void this.#held.set(policy, (this.#held.get(policy) ?? 0) + by);
    count(1);
    const flying: Promise<void> = flight.finally(() => {
      count(-1);
      this.#flying.delete(flying);
      this.#change.abort();
    });
    this.#flying.add(flying);
  }

  /** Fires when the next flight settles. */
  changed(): AbortSignal {
    this.#change = new AbortController();
    return this.#change.signal;
  }

  async settled(): Promise<void> {
    await Promise.race(this.#flying);
  }

  async empty(): Promise<void> {
    await Promise.all(this.#flying);
  }
}

export interface HandingOut {
  readonly queue: Pick<Queue, "publish" | "drain" | "withdraw" | "failures" | "counts">;
  readonly chunks: readonly Chunk[];
  /** Kept for good when it resolves; the same chunk may come again. */
  readonly keep: (chunk: Chunk, records: Records) => Promise<void>;
  /** Once it fires, what no worker has taken is taken back. */
  readonly signal: AbortSignal;
  /** Nothing has come back for a while, and no worker has anything in hand; told once each while. */
  readonly onIdle?: () => void;
}

/** Looks without an answer before it asks whether some chunk has failed for good, and whether anybody works at all. */
const QUIET = 7;
const IDLE = 10 * QUIET;

/**
 * The runner's side: queues the chunks and keeps what comes back until all of them are kept. Answers to earlier chunks of the study
 * that nobody had drained are kept too.
 *
 * @throws EngineError where a chunk has failed for good, the signal's reason, what the queue and `keep` throw
 */
export async function handOut({ queue, chunks, keep, signal, onIdle }: HandingOut): Promise<void> {
  const left = new Set(chunks.map(({ id }) => id));
  try {
    await queue.publish(chunks);
    for (let quiet = 0; left.size > 0; ) {
      signal.throwIfAborted();
      const drained = await queue.drain(async (chunk, records) => {
        await keep(chunk, records);
        left.delete(chunk.id);
      }, signal);
      quiet = drained > 0 ? 0 : quiet + 1;
      if (quiet % QUIET !== 1) continue;
      const [failure] = await queue.failures();
      if (failure !== undefined) throw gaveUp(failure);
      if (quiet === IDLE + 1 && (await queue.counts()).inHand === 0) onIdle?.();
    }
  } catch (error) {
    // What made us stop is worth more than a queue that cannot be reached either.
    await queue.withdraw().catch(() => {});
    throw error;
  }
}

function gaveUp({ chunk, policy, attempts, why }: Awaited<ReturnType<Queue["failures"]>>[number]): EngineError {
  return new EngineError({
    code: "chunk-failed",
    what: `chunk ${chunk.slice(0, 12)} of policy ${policy} failed with every worker, ${attempts} times; the last one said: ${why.replace(/[.;]+$/, "")}`,
    mend: "mend that, then start crucis run again; what was kept stays kept, and it goes on from there",
    fault: "unreachable",
    retry: true,
  });
}
