// experiments/ · Handoff cuts: where along the later policy's right answers the base is asked to go on, first everywhere, then where
// the bits are.
import type { Stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { HandoffSizes, LiveAsk, Seen } from "../terms/seen.ts";
import { continued, isOf, type Paired } from "./handoff-sources.ts";

export interface Continuing {
  /** Right answers a problem that are followed. */
  readonly answers: number;
  /** Continuations of every cut in the first round, and of the two cuts around the largest rise in each further one. */
  readonly first: number;
  readonly more: number;
  readonly rounds: number;
}

/** Along the tuned policy's answers. */
export const CONTINUING: Continuing = { answers: 2, first: 8, more: 12, rounds: 3 };
/** Along a checkpoint's on the way. */
const CONTINUING_ON_THE_WAY: Continuing = { answers: 1, first: 8, more: 8, rounds: 2 };

export function continuingOf({ policies, handoff }: Pick<Seen, "policies" | "handoff">, later: string): Continuing {
  const usual = later === policies.at(-1) ? CONTINUING : CONTINUING_ON_THE_WAY;
  const first = handoff?.continuations ?? usual.first;
  return { ...usual, first, more: Math.round((first * usual.more) / usual.first) };
}

/** What is asked for where the study declares nothing. */
export const USUAL: Required<HandoffSizes> = { sources: 32, cuts: 12, continuations: CONTINUING.first };

/** Cuts an answer, at most; longer ones are cut at every second step, third step, …. */
export const mostCuts = ({ handoff }: Pick<Seen, "handoff">): number => handoff?.cuts ?? USUAL.cuts;

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
      .slice(0, continuingOf(seen, later).answers)
      .map((source) => ({ source, cuts: cutsOf(seen, source) })),
  );
}

/** Ends of steps, never past where the answer is stated: behind that its value is known. */
function cutsOf(seen: Seen, { problem, text = "" }: RolloutRecord): Cut[] {
  const { reader } = seen;
  const answer = reader.segments!(problem, text).answerStart ?? text.length;
  const ends = reader.steps!(problem, text)
    .map(({ to }) => to)
    .filter((to) => to <= answer);
  const all = [...new Set([...ends, answer])].filter((end) => end > 0).sort((a, b) => a - b);
  const every = Math.ceil(all.length / mostCuts(seen));
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
  const { first, more, rounds } = continuingOf(seen, later);
  if (round >= rounds || seen.reader.steps === undefined) return [];
  const counts = continuations(seen, later);
  return followed(seen, paired, later).flatMap(({ source, cuts }) => {
    const seenAt = ({ place }: Cut): Counted =>
      counts.get(keyOf(source.problem, source.index, place)) ?? { right: 0, of: 0 };
    const start = startOf(paired.get(base)?.get(source.problem) ?? []);
    const refined = round === 0 ? undefined : aroundTheLargest([start, ...cuts.map(seenAt)]);
    const chosen = refined === undefined ? cuts : refined.map((place) => cuts[place - 1]!);
    return chosen.flatMap(({ characters, place }) =>
      Array.from({ length: round === 0 ? first : more }, (_, i) =>
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

/** Places of the two cuts between which V rises most, in bits, by Jeffreys means; behind the last cut V is 1. */
function aroundTheLargest(counts: readonly Counted[]): readonly number[] {
  const values = [...counts.map(({ right, of }) => (right + 0.5) / (of + 1)), 1];
  let largest = 0;
  for (let i = 1; i < values.length - 1; i++)
    if (values[i + 1]! / values[i]! > values[largest + 1]! / values[largest]!) largest = i;
  // counts[0] is the prompt, whose V the paired rollouts know.
  return [largest, largest + 1].filter((place) => place > 0 && place < counts.length);
}

/**
 * The same rounds once more with made-up draws: where V rises most by luck of the first round, more is drawn, and that luck goes.
 *
 * @param chances  V at each cut
 * @returns counts of each cut
 */
export function drawnAgain(
  { first, more, rounds }: Continuing,
  start: Counted,
  chances: readonly number[],
  draws: Stream,
): Counted[] {
  const counts = chances.map((chance) => ({ right: draws.binomial(first, chance), of: first }));
  for (let round = 1; round < rounds; round++)
    for (const place of aroundTheLargest([start, ...counts])) {
      const { right, of } = counts[place - 1]!;
      counts[place - 1] = { right: right + draws.binomial(more, chances[place - 1]!), of: of + more };
    }
  return counts;
}
