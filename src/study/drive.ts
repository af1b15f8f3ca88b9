// study/ · Drive: keeps every policy's engine busy with chunks and hands on what comes back, never more in hand than the engine takes.
import type { EngineError } from "../terms/errors.ts";
import type { Chunk } from "../terms/record.ts";
import type { Acted } from "./act.ts";

export interface Driving {
  readonly act: (chunk: Chunk, signal: AbortSignal) => Promise<Acted>;
  /** Kept for good when it resolves. */
  readonly keep: (chunk: Chunk, acted: Acted) => Promise<void>;
  /** Whether the chunk's policy answers anything at all. */
  readonly alive: (chunk: Chunk, signal: AbortSignal) => Promise<boolean>;
  /** Requests of one policy in hand at once. */
  readonly inHand: (policy: string) => number;
  /** Once it fires, chunks in hand are given up and no other is begun. */
  readonly signal: AbortSignal;
  readonly onLost?: (chunk: Chunk, error: EngineError) => void;
}

/** After so many chunks of a policy in a row that came back with nothing it is asked whether its engine is away. */
const AWAY = 3;

/**
 * Asks all chunks, those of each policy in their order. One that comes back with nothing is asked again after the others; if it
 * then brings nothing while its policy does answer other things, the fault is the chunk's own, and it is kept as it came.
 *
 * @throws the error of an engine that is away, what `act` or `keep` throw, the signal's reason; chunks in hand settle first
 */
export async function drive(chunks: readonly Chunk[], driving: Driving): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([driving.signal, stop.signal]);
  const lanes = Map.groupBy(chunks, ({ policy }) => policy);
  await Promise.all(
    Array.from(lanes, ([policy, lane]) =>
      oneLane(lane, driving.inHand(policy), { ...driving, signal }).catch((error: unknown) => stop.abort(error)),
    ),
  );
  signal.throwIfAborted();
}

async function oneLane(
  lane: readonly Chunk[],
  room: number,
  { act, keep, alive, signal, onLost }: Driving,
): Promise<void> {
  const again: Chunk[] = [];
  let lostInARow = 0;
  await pump(lane, room, signal, async (chunk) => {
    const acted = await act(chunk, signal);
    if (acted.lost === undefined) {
      lostInARow = 0;
      return keep(chunk, acted);
    }
    onLost?.(chunk, acted.lost);
    again.push(chunk);
    // Slow failures come together, after all that went well: only an engine that answers nothing else is away.
    if (++lostInARow < AWAY) return;
    if (!(await alive(chunk, signal))) throw acted.lost;
    lostInARow = 0;
  });
  await pump(again, room, signal, async (chunk) => {
    const acted = await act(chunk, signal);
    if (acted.lost !== undefined && !(await alive(chunk, signal))) throw acted.lost;
    await keep(chunk, acted);
  });
}

/** Chunks in their order, as many at once as have room; one always has. */
async function pump(
  lane: readonly Chunk[],
  room: number,
  signal: AbortSignal,
  work: (chunk: Chunk) => Promise<void>,
): Promise<void> {
  const flying = new Set<Promise<void>>();
  let requests = 0;
  let failed: { readonly error: unknown } | undefined;
  for (const chunk of lane) {
    const size = chunk.asks.length;
    while (flying.size > 0 && requests + size > room) await Promise.race(flying);
    if (failed !== undefined || signal.aborted) break;
    requests += size;
    const flight: Promise<void> = work(chunk)
      .catch((error: unknown) => {
        failed ??= { error };
      })
      .finally(() => {
        requests -= size;
        flying.delete(flight);
      });
    flying.add(flight);
  }
  await Promise.all(flying);
  if (failed !== undefined) throw failed.error;
  signal.throwIfAborted();
}
