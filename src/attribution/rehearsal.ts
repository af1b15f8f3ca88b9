// attribution/ · Rehearsal: how often a design tells rivals apart, from many studies on paper whose cause is known.
import { clopperPearson } from "../maths/intervals.ts";
import type { StandingName } from "../terms/standing.ts";

export type Standings = Readonly<Record<string, StandingName>>;

/** What was judged on: all that the design asks, paired rollouts alone, or those and one experiment. */
export const EVERYTHING = "all";
export const STORED = "paired-sampling";

/** One study on paper, judged. */
export interface Played {
  /** Rivals that are the cause, one or two; none of a study that goes on as the answers at hand show, whatever the cause. */
  readonly truth: readonly string[];
  readonly seed: number;
  /** By what was judged on. */
  readonly standings: Readonly<Record<string, Standings>>;
  /** Half the width of each entry of the ledger that was told, in shares of the gain. */
  readonly halfWidths: Readonly<Record<string, number>>;
  /** Findings that were measured, everything at hand. */
  readonly values: Readonly<Record<string, number>>;
  /** Whole rollouts, by experiment. */
  readonly price: Readonly<Record<string, { readonly generated: number; readonly scored: number }>>;
}

/** A share of studies, with Clopper and Pearson's limits: how well so few of them tell it. */
export interface Chance {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly studies: number;
}

export interface PairChance {
  readonly pair: readonly [string, string];
  /** Told apart: the one that is the cause is claimed, the other set aside. By what was judged on. */
  readonly apart: Readonly<Record<string, Chance>>;
  /** The other one is claimed, and the cause is not; everything at hand. */
  readonly mistaken: Chance;
}

export interface Rehearsal {
  readonly rivals: readonly string[];
  readonly pairs: readonly PairChance[];
  /** Studies with two causes: both are claimed. */
  readonly together: readonly { readonly truth: readonly [string, string]; readonly both: Chance }[];
  /** What would be said of each rival if all goes on as the answers at hand show; absent where no study was played so. */
  readonly asSeen?: readonly {
    readonly rival: string;
    readonly claimed: Chance;
    readonly setAside: Chance;
  }[];
  /** Of studies with an entry: the mean half-width. Of those that go on as seen where there are any, else of those with a gain. */
  readonly widths: readonly { readonly cause: string; readonly halfWidth: number; readonly told: Chance }[];
  /** Whole rollouts of a study, mean; by experiment. */
  readonly price: Readonly<Record<string, { readonly generated: number; readonly scored: number }>>;
  /** Never told apart, with what is known of why. */
  readonly never: readonly { readonly pair: readonly [string, string]; readonly why: string }[];
  readonly level: number;
}

const CLAIMED: readonly StandingName[] = ["alone sufficient", "contributes"];
const SET_ASIDE: readonly StandingName[] = ["not needed", "ruled out"];

const claimed = (standings: Standings, rival: string): boolean => CLAIMED.includes(standings[rival]!);

/** Of a study whose cause is `truth`: it is claimed, and the other rival set aside. */
export function toldApart(standings: Standings, truth: string, other: string): boolean {
  return claimed(standings, truth) && SET_ASIDE.includes(standings[other]!);
}

/** A pair is called inseparable where fewer studies than this were told apart. */
const HARDLY = 0.1;

/**
 * @param level of the limits
 * @param blind why no experiment of the design can tell a pair apart, where that is known beforehand
 */
export function rehearsalOf(
  played: readonly Played[],
  level: number,
  blind: (a: string, b: string) => string | undefined,
): Rehearsal {
  const alone = Map.groupBy(
    played.filter(({ truth }) => truth.length === 1),
    ({ truth }) => truth[0]!,
  );
  const rivals = [...alone.keys()];
  const grounds = [...new Set(played.flatMap(({ standings }) => Object.keys(standings)))];
  const chance = (is: readonly boolean[]): Chance => {
    const events = is.filter(Boolean).length;
    const { low, high } = clopperPearson(events, is.length, level);
    return { value: events / is.length, low, high, studies: is.length };
  };
  const pairs = rivals.flatMap((a, i) =>
    rivals.slice(i + 1).map((b): PairChance => {
      const both = [
        ...alone.get(a)!.map((study) => [study, a, b] as const),
        ...alone.get(b)!.map((study) => [study, b, a] as const),
      ];
      return {
        pair: [a, b],
        apart: Object.fromEntries(
          grounds.map((ground) => [
            ground,
            chance(both.map(([{ standings }, truth, other]) => toldApart(standings[ground]!, truth, other))),
          ]),
        ),
        mistaken: chance(
          both.map(
            ([{ standings }, truth, other]) =>
              claimed(standings[EVERYTHING]!, other) && !claimed(standings[EVERYTHING]!, truth),
          ),
        ),
      };
    }),
  );
  const mixed = Map.groupBy(
    played.filter(({ truth }) => truth.length === 2),
    ({ truth }) => truth.join(" "),
  );
  const asSeen = played.filter(({ truth }) => truth.length === 0);
  const gained =
    asSeen.length > 0 ? asSeen : played.filter(({ truth }) => truth.every((one) => one !== "nothing-changed"));
  const causes = [...new Set(gained.flatMap(({ halfWidths }) => Object.keys(halfWidths)))];
  return {
    rivals,
    pairs,
    together: [...mixed.values()].map((list) => {
      const [a, b] = list[0]!.truth as readonly [string, string];
      return {
        truth: [a, b],
        both: chance(list.map(({ standings }) => [a, b].every((one) => claimed(standings[EVERYTHING]!, one)))),
      };
    }),
    ...(asSeen.length === 0
      ? {}
      : {
          asSeen: Object.keys(asSeen[0]!.standings[EVERYTHING]!).map((rival) => ({
            rival,
            claimed: chance(asSeen.map(({ standings }) => claimed(standings[EVERYTHING]!, rival))),
            setAside: chance(asSeen.map(({ standings }) => SET_ASIDE.includes(standings[EVERYTHING]![rival]!))),
          })),
        }),
    widths: causes.map((cause) => {
      const widths = gained.flatMap(({ halfWidths }) => halfWidths[cause] ?? []);
      return {
        cause,
        halfWidth: widths.reduce((sum, one) => sum + one, 0) / widths.length,
        told: chance(gained.map(({ halfWidths }) => halfWidths[cause] !== undefined)),
      };
    }),
    price: priceOf(played),
    never: pairs.flatMap(({ pair, apart }) => {
      if (apart[EVERYTHING]!.value >= HARDLY) return [];
      const why = blind(pair[0], pair[1]) ?? "its findings leave at least one of them open at these sample sizes";
      return [{ pair, why }];
    }),
    level,
  };
}

function priceOf(played: readonly Played[]): Rehearsal["price"] {
  const names = [...new Set(played.flatMap(({ price }) => Object.keys(price)))];
  const mean = (of: (one: Played) => number): number => played.reduce((sum, one) => sum + of(one), 0) / played.length;
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        generated: mean(({ price }) => price[name]?.generated ?? 0),
        scored: mean(({ price }) => price[name]?.scored ?? 0),
      },
    ]),
  );
}
