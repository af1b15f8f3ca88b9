// experiments/ · Handoff cuts: where along the later policy's right answers the base is asked to go on, first everywhere, then where
// the bits are.
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { continued, isOf, type Paired } from "./handoff-sources.ts";

/** Right answers a problem that are followed, and continuations a cut and round. */
const FOLLOWED = 2;
const FIRST = 8;
const MORE = 12;
const ROUNDS = 3;
/** Cuts an answer, at most; longer ones are cut at every second step, third step, …. */
const MOST_CUTS = 12;

export interface Cut {
  /** Counts from 1, in order along the answer; 0 would be the prompt. */
  readonly place: number;
  /** Of the answer's text. */
  readonly characters: number;
}

export interface Followed {
  readonly source: RolloutRecord;
  readonly cuts: readonly Cut[];
}

/** The later policy's first right answers of every problem, each with its cuts. */
export function followed(seen: Seen, paired: Paired, later: string): Followed[] {
  return seen.problems.flatMap(({ id }) =>
    (paired.get(later)?.get(id) ?? [])
      .filter(({ verdict }) => verdict === "right")
      .slice(0, FOLLOWED)
      .map((source) => ({ source, cuts: cutsOf(seen, source) })),
  );
}

/** Ends of steps, never past where the answer is stated: behind that its value is known. */
function cutsOf({ reader }: Seen, { problem, text = "" }: RolloutRecord): Cut[] {
  const answer = reader.segments!(problem, text).answerStart ?? text.length;
  const ends = reader.steps!(problem, text)
    .map(({ to }) => to)
    .filter((to) => to <= answer);
  const all = [...new Set([...ends, answer])].filter((end) => end > 0).sort((a, b) => a - b);
  const every = Math.ceil(all.length / MOST_CUTS);
  return all
    .filter((_, i) => (all.length - 1 - i) % every === 0)
    .map((characters, i) => ({ place: i + 1, characters }));
}

/** Continuations seen so far from one cut of one answer. */
export interface Counted {
  readonly right: number;
  readonly of: number;
}

/** A continuation's own number says which answer of its problem it goes on with, where, and which it is. */
const PER_PLACE = 100;
const PER_ANSWER = 100 * PER_PLACE;

/** Of all cuts, by problem, the answer's own number, and place. */
export function continuations(seen: Seen, later: string): ReadonlyMap<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const { rollout, problem, index, why, verdict, experiment } of seen.rollouts) {
    if (experiment !== "handoff" || why === "engine error" || !isOf(rollout, "cut", later)) continue;
    const key = keyOf(problem, Math.floor(index / PER_ANSWER), Math.floor(index / PER_PLACE) % PER_PLACE);
    const { right, of } = counts.get(key) ?? { right: 0, of: 0 };
    counts.set(key, { right: right + (verdict === "right" ? 1 : 0), of: of + 1 });
  }
  return counts;
}

export const keyOf = (problem: string, answer: number, place: number): string => `${problem} ${answer} ${place}`;

export function profileAsks(
  seen: Seen,
  paired: Paired,
  {
    base,
    later,
    round,
    seed,
  }: { readonly base: string; readonly later: string; readonly round: number; readonly seed: number },
): LiveAsk[] {
  if (round >= ROUNDS || seen.reader.steps === undefined) return [];
  const counts = continuations(seen, later);
  return followed(seen, paired, later).flatMap(({ source, cuts }) => {
    const seenAt = ({ place }: Cut): Counted =>
      counts.get(keyOf(source.problem, source.index, place)) ?? { right: 0, of: 0 };
    const start = startOf(paired.get(base)?.get(source.problem) ?? []);
    const chosen = round === 0 ? cuts : aroundTheLargest(cuts, [start, ...cuts.map(seenAt)]);
    return chosen.flatMap(({ characters, place }) =>
      Array.from({ length: round === 0 ? FIRST : MORE }, (_, i) =>
        continued(seen, source, characters, source.index * PER_ANSWER + place * PER_PLACE + i, {
          round,
          what: "cut",
          later,
          to: base,
          seed,
        }),
      ),
    );
  });
}

export function startOf(rollouts: readonly RolloutRecord[]): Counted {
  return { right: rollouts.filter(({ verdict }) => verdict === "right").length, of: rollouts.length };
}

/** The two cuts between which V rises most, in bits, by Jeffreys means; behind the last cut V is 1. */
function aroundTheLargest(cuts: readonly Cut[], counts: readonly Counted[]): readonly Cut[] {
  const values = [...counts.map(({ right, of }) => (right + 0.5) / (of + 1)), 1];
  let largest = 0;
  for (let i = 1; i < values.length - 1; i++)
    if (values[i + 1]! / values[i]! > values[largest + 1]! / values[largest]!) largest = i;
  // counts[0] is the prompt, whose V the paired rollouts know.
  return cuts.filter((_, i) => i + 1 === largest || i === largest);
}
