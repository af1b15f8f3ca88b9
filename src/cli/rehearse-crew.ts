// cli/ · Rehearse crew: studies on paper, played on every core. What comes out depends on the scenes alone, not on who played them.
import { availableParallelism } from "node:os";
import { setFlagsFromString } from "node:v8";
import { Worker } from "node:worker_threads";
import type { Played } from "../attribution/rehearsal.ts";
import type { RehearsalDesign, Scene } from "../study/rehearse.ts";

export interface Part {
  readonly scene: Scene;
  readonly design: RehearsalDesign;
}

/** A study on paper is made of short-lived objects: with room for them a fifteenth less time goes to collecting. */
const YOUNG = 64;
const OLD = 512;

/** In the order of the parts. @param onPlayed how many are done, of all */
export async function playAll(
  parts: readonly Part[],
  onPlayed: (done: number) => void,
  signal?: AbortSignal,
  threads = availableParallelism(),
): Promise<Played[]> {
  // Built files are .js, sources .ts; each starts its own kind.
  const file = new URL(`./rehearse-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  // Heaps that begin small are swept again and again while they grow: an eighth of the time. It holds for threads begun from here on.
  setFlagsFromString(`--initial-old-space-size=${OLD}`);
  const played: Played[] = [];
  let next = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: Math.min(threads, parts.length) }, async () => {
      const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG } });
      try {
        while (next < parts.length) {
          signal?.throwIfAborted();
          const at = next++;
          played[at] = await asked(worker, parts[at]!);
          onPlayed(++done);
        }
      } finally {
        await worker.terminate();
      }
    }),
  );
  return played;
}

function asked(worker: Worker, part: Part): Promise<Played> {
  return new Promise((resolve, reject) => {
    worker.once("error", reject);
    worker.once("message", (played: Played) => {
      worker.off("error", reject);
      resolve(played);
    });
    worker.postMessage(part);
  });
}
