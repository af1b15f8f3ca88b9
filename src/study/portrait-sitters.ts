// study/ · Portrait sitters: a policy's chances on every problem, from what it showed there, alone and where it took over.
import { TOLD } from "./habits.ts";
import { besideBase, type Chance, type Count, shrunk, within } from "./portrait-chance.ts";

/** What a policy does on a problem: as chances that are open, or as settled ones in [0, 1]. */
export interface Sitter<T = Chance> {
  /** Of each way but the last: how often it is taken where none before it is. */
  readonly ways: readonly T[];
  /** By way: of a first try, or of the whole answer where the way shows no steps. */
  readonly slip: readonly Slips<T>[];
  readonly repair: readonly T[];
  readonly joins: T;
  readonly readable: T;
  readonly cutOffs: T;
  readonly breaksOff: T;
  readonly misstated: T;
  readonly luck: T;
  readonly grader: T;
}

/** Steps of a problem are not all as hard. */
export interface Slips<T = Chance> {
  readonly whole: T;
  /** Of each step in turn, beside the whole, or beside the base's where that tells more. */
  readonly each: readonly T[];
  readonly besideBase: boolean;
}

export const SINGLE = ["joins", "readable", "cutOffs", "breaksOff", "misstated", "luck", "grader"] as const;
export type Single = (typeof SINGLE)[number];
/** Where nothing could have been met: a policy is taken to do what is usual in a study that nothing goes wrong in. */
const UNMET: Readonly<Record<Single, 0 | 1>> = {
  joins: 1,
  readable: 1,
  cutOffs: 0,
  breaksOff: 0,
  misstated: 0,
  luck: 0,
  grader: 0,
};

/** What one policy showed on one problem. */
export interface Counts {
  readonly ways: number[];
  readonly slip: readonly (readonly Count[])[];
  readonly repair: readonly Count[];
  readonly single: Readonly<Record<Single, Count>>;
}

/** What it showed by itself, and where it took over. */
export type Own = readonly [Counts, Counts];

/** What is told from: a policy's counts, the other's, and what is known of the base where these are the tuned policy's. */
interface Shown {
  readonly own: readonly Own[];
  readonly others: readonly Own[];
  readonly base: readonly Sitter[] | undefined;
}

/** @param others of the other policy, where it has answers: whoever never met something is taken to do as it does */
export function sittersOf(own: readonly Own[], others: readonly Own[], base?: readonly Sitter[]): Sitter[] {
  const shown = { own, others, base };
  const alone = own.map(([one]) => one);
  const ways = alone[0]!.ways.map((_, way) => way);
  const slip = ways.map((way) => slipsOf(shown, way));
  const repair = ways.map((way) =>
    chancesOf(
      shown,
      (one) => one.repair[way]!,
      (one) => one.repair[way]!,
      0,
    ),
  );
  const single = SINGLE.map((name) => {
    const list = chancesOf(
      shown,
      (one) => one.single[name],
      (one) => one[name],
      UNMET[name],
    );
    return [name, list] as const;
  });
  const choices = ways.slice(0, -1).map((way) => {
    const left = (one: Counts): Count => ({ events: one.ways[way]!, of: total(one.ways.slice(way)) });
    // Half of one that was never seen would be more than any yardstick: what nobody saw is played as never.
    const never = alone.every((one) => one.ways[way] === 0);
    return never ? own.map(() => ({ a: 0, b: 1 })) : chancesOf(shown, left, (one) => one.ways[way]!, 1);
  });
  return own.map((_, i) => ({
    ways: choices.map((list) => list[i]!),
    slip: slip.map((list) => list[i]!),
    repair: repair.map((list) => list[i]!),
    ...(Object.fromEntries(single.map(([name, list]) => [name, list[i]!])) as Record<Single, Chance>),
  }));
}

/** By problem. @param of where it stands in the counts @param known and in what is known @param unmet what it is where neither policy met it */
function chancesOf(
  { own, others, base }: Shown,
  of: (one: Counts) => Count,
  known: (one: Sitter) => Chance,
  unmet: 0 | 1,
): readonly Chance[] {
  const counted = (list: readonly Own[]) => countedIn(list, (one) => [of(one)]).flat();
  const counts = counted(own);
  const shown = shrunk(counts, toldFrom(counts, counted(others)));
  if (shown === undefined) return shrunk(counted(others)) ?? own.map(() => ({ a: unmet, b: 1 - unmet }));
  const beside = base && besideBase(base.map(known), counts);
  return beside === undefined ? shown : shown.map((one, i) => ({ ...one, beside: beside[i]! }));
}

/** By problem. */
function slipsOf({ own, others, base }: Shown, way: number): readonly Slips[] {
  const counted = (list: readonly Own[]) => countedIn(list, (one) => one.slip[way]!);
  const shown = counted(own);
  const isMet = sum(shown.flat()).of > 0;
  const counts = isMet || others.length === 0 ? shown : counted(others);
  const wholes =
    shrunk(counts.map(sum), toldFrom(counts.map(sum), counted(others).map(sum))) ?? own.map(() => ({ a: 0, b: 1 }));
  const known = base?.map(({ slip }) => slip[way]!);
  const ofBase =
    known && isMet
      ? besideBase(
          known.flatMap(({ each }) => each),
          counts.flat(),
          known.flatMap(({ whole, each }) => each.map(() => whole)),
        )
      : undefined;
  let from = 0;
  return within(wholes, counts).map((each, i) => {
    const beside = ofBase?.slice(from, (from += each.length));
    return {
      whole: wholes[i]!,
      each: each.map((one, place) => (beside === undefined ? one : { ...one, beside: beside[place]! })),
      besideBase: beside !== undefined,
    };
  });
}

/** What neither policy ever did, or always did, both do alike: half an event in few answers is not more than half an event in many. */
function toldFrom(own: readonly Count[], others: readonly Count[]): readonly Count[] {
  const both = [...own, ...others];
  const { events, of } = sum(both);
  return sum(own).of > 0 && (events === 0 || events === of) ? both : own;
}

/** By problem: what it showed of it by itself; where that is little, also where it took over. */
function countedIn(list: readonly Own[], of: (one: Counts) => readonly Count[]): readonly (readonly Count[])[] {
  const [alone, over] = [0, 1].map((i) => list.map((one) => of(one[i]!)));
  if (sum(alone!.flat()).of >= TOLD) return alone!;
  return alone!.map((counts, i) => counts.map((one, j) => sum([one, over![i]![j]!])));
}

const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);

const sum = (list: readonly Count[]): Count => ({
  events: total(list.map(({ events }) => events)),
  of: total(list.map(({ of }) => of)),
});
