// experiments/ · Commitment asks: beginnings that both policies are asked to go on from, where the task cannot say what a hand-off is.
import { stream } from "../maths/random.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { pairedBy } from "./handoff-sources.ts";

const EXPERIMENT = "strategy-census";
/** Of each problem and writer, each handed to both policies once: what counts is many problems, not many draws of one. */
const BEGINNINGS = 2;
/** Share of a text that is handed over: its first half is what counts as early; a third was too little for problems of two steps. */
const BEGUN = 1 / 2;

/** Whole rollouts a problem: both write, both go on, each with what is not handed over. */
export const COMMITMENT_PRICE = 2 * 2 * BEGINNINGS * (1 - BEGUN);

/** Base and tuned alone: where they go different ways, checkpoints between them go one of these, or a mixture. */
export function commitmentAsks(seen: Seen, round: number, seed: number): LiveAsk[] {
  if (round > 0) return [];
  const paired = pairedBy(seen);
  const ends = [...new Set([seen.policies[0]!, seen.policies.at(-1)!])];
  return ends.flatMap((writer) =>
    seen.problems.flatMap(({ id }) =>
      (paired.get(writer)?.get(id) ?? []).slice(0, BEGINNINGS).flatMap((source) => {
        const within = seen.reader.tokensWithin(source, Math.floor(BEGUN * (source.text?.length ?? 0)));
        if (within === 0) return [];
        return ends.map((to): LiveAsk => {
          const rollout = `${EXPERIMENT}/0/${to}/behind/${writer}/${id}/${source.index}`;
          const prefix = { rollout: source.rollout, tokenIds: source.tokenIds!.slice(0, within) };
          const ask = { rollout, experiment: EXPERIMENT, problem: id, index: source.index, prefix };
          return { kind: "sample", policy: to, ask: { ...ask, seed: stream(seed, rollout).uint32() } };
        });
      }),
    ),
  );
}
