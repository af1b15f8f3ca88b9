// cli/ · Patient: a bench whose verifiers get so long and no longer; one that never says anything must not hold up a study for ever.
import { setTimeout } from "node:timers/promises";
import type { Bench } from "../study/bench.ts";
import { ungradable } from "../terms/verdict.ts";

/** Seconds. Verifiers that run code in a sandbox take minutes, none takes this long to good purpose. */
const PATIENCE = 600;

/** @param seconds after which an answer without a verdict is ungradable. A verifier that never yields, as an endless loop, cannot be stopped. */
export function patient(bench: Bench, seconds = PATIENCE): Bench {
  return {
    ...bench,
    async verify(problem, text) {
      const judged = new AbortController();
      const late = setTimeout(seconds * 1000, undefined, { signal: judged.signal }).then(() => ({
        verdict: ungradable("grader crash"),
        detail: `the verifier gave no verdict within ${seconds} s`,
      }));
      late.catch(() => {});
      try {
        return await Promise.race([bench.verify(problem, text), late]);
      } finally {
        judged.abort();
      }
    },
  };
}
