// cli/ · Rehearse crew: studies on paper, played on every core. What comes out depends on the scenes alone, not on who played them.
import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import type { Played } from "../attribution/rehearsal.ts";
import type { RehearsalDesign, Scene } from "../study/rehearse.ts";

export interface Part {
  readonly scene: Scene;
  readonly design: RehearsalDesign;
}

/** What a player sends back: what it played, or why it could not. */
export type Answer = { readonly played: Played } | { readonly error: unknown };

/**
 * A study on paper is made of short-lived objects. Processes of their own may have heaps that begin large, so that they are not swept while they
 * grow, and collect on the core that they play on: a seventh less time than threads take.
 */
const HEAP = ["--initial-old-space-size=512", "--max-semi-space-size=32", "--single-threaded-gc"];

/** In the order of the parts. @param onPlayed how many are done, of all */
export async function playAll(
  parts: readonly Part[],
  onPlayed: (done: number) => void,
  signal?: AbortSignal,
  players = availableParallelism(),
): Promise<Played[]> {
  // Built files are .js, sources .ts; each starts its own kind.
  const file = new URL(`./rehearse-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const played: Played[] = [];
  let next = 0;
  let done = 0;
  await Promise.all(
    Array.from({ length: Math.min(players, parts.length) }, async () => {
      const player = fork(file, { execArgv: HEAP, serialization: "advanced" });
      try {
        while (next < parts.length) {
          signal?.throwIfAborted();
          const at = next++;
          played[at] = await asked(player, parts[at]!);
          onPlayed(++done);
        }
      } finally {
        player.kill();
      }
    }),
  );
  return played;
}

function asked(player: ChildProcess, part: Part): Promise<Played> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      player.off("error", fail).off("exit", end).off("message", hear);
    };
    const fail = (error: unknown): void => {
      settle();
      reject(error);
    };
    const end = (code: number | null, ended: string | null): void =>
      fail(new Error(`a process that plays studies on paper ended by itself (${ended ?? `exit code ${code}`})`));
    const hear = (answer: Answer): void => {
      if ("error" in answer) return fail(answer.error);
      settle();
      resolve(answer.played);
    };
    player.on("error", fail).on("exit", end).on("message", hear);
    player.send(part);
  });
}
