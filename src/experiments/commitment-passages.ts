// experiments/ · Commitment passages: what was written behind the beginnings that were handed over, and what whoever went on writes without them.
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import type { Drawn } from "./ladder-counts.ts";
import type { Shapes } from "./shapes.ts";

/** One text's shape: of all of it, and of what stands behind the beginning alone. */
export interface Parted {
  readonly whole: Uint8Array;
  /** What the beginning itself shows is kept whoever goes on; only what comes behind it says whether a way was fixed. */
  readonly rest: Uint8Array;
}

/** One beginning. */
export interface Passage {
  readonly problem: string;
  /** Who went on. */
  readonly to: string;
  readonly source: Parted;
  readonly continued: readonly Parted[];
  /** Of who went on, from the prompt, cut behind as many characters. */
  readonly alone: readonly Parted[];
}

/** Of each problem and who goes on: beginnings, continuations of one, and rollouts from the prompt. More would only cost time. */
const MOST = { beginnings: 16, continuations: 8, alone: 16 };
/** A way is fixed early: a beginning is no more than this share of its text. */
const EARLY = 1 / 2;

/** Other experiments go on from beginnings too, but choose among what comes of it. */
const HANDING = new Set(["handoff", "strategy-census"]);

/** Of each source and who goes on, the shortest beginning. */
export function passagesOf(seen: Seen, drawn: Drawn, shapes: Shapes): Passage[] {
  const sources = new Map(
    Array.from(drawn.values()).flatMap((problems) =>
      Array.from(problems.values()).flatMap((list) => list.map((record) => [record.rollout, record] as const)),
    ),
  );
  const handed = seen.rollouts.filter(
    ({ experiment, prefix, text, why, variant }) =>
      HANDING.has(experiment) &&
      prefix !== undefined &&
      text !== undefined &&
      variant === undefined &&
      why !== "engine error" &&
      sources.get(prefix.rollout)?.text !== undefined,
  );
  const bySource = Map.groupBy(handed, ({ prefix, policy }) => JSON.stringify([prefix!.rollout, policy]));
  const shortest = Array.from(bySource.values()).flatMap((list): Beginning[] => {
    const least = list.reduce((a, { prefix }) => Math.min(a, prefix!.tokenIds.length), Number.POSITIVE_INFINITY);
    const own = list.filter(({ prefix }) => prefix!.tokenIds.length === least);
    const source = sources.get(own[0]!.prefix!.rollout)!;
    const characters = charactersOf(source, least, own);
    return characters > 0 && characters <= EARLY * source.text!.length
      ? [{ source, characters, to: own[0]!.policy, own: own.toSorted(byName) }]
      : [];
  });
  const parted = (text: string, characters: number): Parted => {
    const whole = shapes.of(text);
    // A text that was over by then went its way to the end.
    return { whole, rest: text.length > characters ? shapes.of(text.slice(characters)) : whole };
  };
  const groups = Map.groupBy(shortest, ({ source, to }) => JSON.stringify([source.problem, to]));
  return Array.from(groups.values()).flatMap((list) => {
    const known = new Map<string, Parted>();
    const remembered = (record: RolloutRecord, characters: number): Parted => {
      const key = `${characters} ${record.rollout}`;
      if (!known.has(key)) known.set(key, parted(record.text!, characters));
      return known.get(key)!;
    };
    return (
      list
        // By number, so that beginnings of all policies are among the first.
        .toSorted((a, b) => a.source.index - b.source.index || byName(a.source, b.source))
        .slice(0, MOST.beginnings)
        .map(({ source, characters, to, own }): Passage => {
          const alone = (drawn.get(to)?.get(source.problem) ?? [])
            .filter(({ text, rollout }) => text !== undefined && rollout !== source.rollout)
            .slice(0, MOST.alone);
          return {
            problem: source.problem,
            to,
            source: remembered(source, characters),
            continued: own.slice(0, MOST.continuations).map(({ text }) => parted(text!, characters)),
            alone: alone.map((record) => remembered(record, characters)),
          };
        })
    );
  });
}

interface Beginning {
  readonly source: RolloutRecord;
  readonly characters: number;
  readonly to: string;
  readonly own: readonly RolloutRecord[];
}

const byName = (a: RolloutRecord, b: RolloutRecord): number => (a.rollout < b.rollout ? -1 : 1);

/** Where its tokens end is not known any more when all is drawn; they are taken to be of one length, and never to reach past what all share. */
function charactersOf(source: RolloutRecord, tokens: number, continued: readonly RolloutRecord[]): number {
  const of = source.tokens ?? source.tokenIds?.length;
  if (of === undefined || of === 0) return 0;
  const about = Math.ceil((tokens / of) * source.text!.length);
  return continued.reduce((least, { text }) => Math.min(least, shared(source.text!, text!)), about);
}

function shared(a: string, b: string): number {
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  return same;
}
