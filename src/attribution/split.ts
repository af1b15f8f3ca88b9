// attribution/ · Split: a gain shared out over its causes, from rows of problems; every entry with an interval over problems.
//
// DESIGN §4.3. Means of the rows' parts add up to the gain. Execution is told apart by a chain of steps: what swapping the repairs and the
// joins of base and later policy is worth in it is theirs, the rest of the execution is steadier steps. The plan goes to the ways of
// solving that gained right answers. One bootstrap over problems re-does all of it, so the intervals hold for all entries at once.
import { clusterBootstrap, type EntryInterval, jointIntervals } from "../maths/cluster-bootstrap.ts";
import { clusteredShare } from "../maths/clustered-share.ts";
import { shapley } from "../maths/shapley.ts";
import type { Count, GainRow } from "../terms/gain-row.ts";

/** In the order of the ledger. */
export const CAUSES = [
  "format-learned",
  "longer-outputs",
  "amplified-strategy",
  "novel-strategy",
  "plan-undecided",
  "steadier-steps",
  "recovery",
  "composition",
  "answer",
  "unexplained",
] as const;
export type Cause = (typeof CAUSES)[number];

export interface SplitOptions {
  /** Of the intervals, in (0, 1). */
  readonly level: number;
  readonly replicates: number;
  readonly seed: number;
  /** The share of rollouts above which training can meet a way of solving; 0 where nobody said how much it drew. */
  readonly yardstick: number;
}

export interface Share {
  /** Of the gain that the ledger shares out. */
  readonly value: number;
  /** For this entry and for all at once; absent where nothing varied from problem to problem. */
  readonly interval?: EntryInterval;
}

export interface Split {
  /** In probability. */
  readonly gain: EntryInterval | { readonly value: number };
  readonly shares: Readonly<Partial<Record<Cause, Share>>>;
  /** Ways of solving that gained right answers, and what the base's own mass of them says. */
  readonly ways: readonly { readonly name: string; readonly rise: number; readonly cause: Cause }[];
}

/**
 * @param rows of the base against one policy
 * @param whole the gain that shares are of, row by row: the last policy's
 * @returns nothing below 2 problems, or where the gain is 0
 */
export function split(rows: readonly GainRow[], whole: readonly GainRow[], options: SplitOptions): Split | undefined {
  if (rows.length < 2) return undefined;
  const ways = waysOf(rows, options);
  const official = new Map(whole.map(({ problem, gain }) => [problem, gain]));
  const statistic = (weights: ArrayLike<number>): Float64Array | undefined => {
    const parts = partsOf(rows, weights, ways);
    let gain = 0;
    rows.forEach(({ problem }, i) => {
      gain += (weights[i]! * (official.get(problem) ?? 0)) / rows.length;
    });
    if (gain === 0) return undefined;
    return Float64Array.from([...CAUSES.map((cause) => rounded(parts[cause] / gain)), gain]);
  };
  const drawn = clusterBootstrap({
    clusters: rows.length,
    replicates: options.replicates,
    seed: options.seed,
    name: "attribution/split",
    statistic,
  });
  if (drawn === undefined || drawn.replicates.length < 20) return undefined;
  const { entries } = jointIntervals(drawn, options.level);
  const known = CAUSES.filter((cause) => isKnown(cause, rows));
  const shares = known.map((cause) => {
    const k = CAUSES.indexOf(cause);
    const interval = entries[k];
    return [cause, { value: drawn.estimate[k]!, ...(interval === undefined ? {} : { interval }) }] as const;
  });
  return {
    gain: entries[CAUSES.length] ?? { value: drawn.estimate[CAUSES.length]! },
    shares: Object.fromEntries(shares),
    ways,
  };
}

/** What is left of sums that cancel is nothing. */
function rounded(share: number): number {
  return Math.abs(share) < 1e-12 ? 0 : share;
}

/** Causes that need what was not seen stand inside `unexplained`. */
function isKnown(cause: Cause, rows: readonly GainRow[]): boolean {
  const handed = rows.some(({ segments }) => segments !== undefined);
  const chained = rows.some(({ chain }) => chain !== undefined);
  if (cause === "recovery" || cause === "composition") return handed && chained;
  return handed || ["format-learned", "longer-outputs", "unexplained"].includes(cause);
}

/** Means in probability, each problem counting as often as its weight says. */
function partsOf(
  rows: readonly GainRow[],
  weights: ArrayLike<number>,
  ways: readonly { rise: number; cause: Cause }[],
): Record<Cause, number> {
  const mean = (of: (row: GainRow) => number): number =>
    rows.reduce((sum, row, i) => sum + weights[i]! * of(row), 0) / rows.length;
  const plan = mean(({ segments }) => segments?.plan ?? 0);
  const execution = mean(({ segments }) => segments?.execution ?? 0);
  const { repairs, joins } = chainShares(rows, weights);
  const risen = ways.reduce((sum, { rise }) => sum + rise, 0);
  const planOf = (cause: Cause): number => {
    const own = ways.filter((way) => way.cause === cause).reduce((sum, { rise }) => sum + rise, 0);
    return risen === 0 ? (cause === "plan-undecided" ? plan : 0) : (plan * own) / risen;
  };
  const parts: Record<Cause, number> = {
    "format-learned": mean(({ format }) => format),
    "longer-outputs": mean(({ finished }) => finished),
    "amplified-strategy": planOf("amplified-strategy"),
    "novel-strategy": planOf("novel-strategy"),
    "plan-undecided": planOf("plan-undecided"),
    "steadier-steps": execution - repairs - joins,
    recovery: repairs,
    composition: joins,
    answer: mean(({ segments }) => segments?.answer ?? 0),
    unexplained: 0,
  };
  const gain = mean((row) => row.gain);
  parts.unexplained = gain - CAUSES.reduce((sum, cause) => sum + parts[cause], 0);
  return parts;
}

/** What the later policy's repairs and joins are worth: Shapley shares of slips, repairs and joins in a chain of L steps. */
function chainShares(rows: readonly GainRow[], weights: ArrayLike<number>): { repairs: number; joins: number } {
  const rate = (side: 0 | 1, of: "slips" | "repairs" | "unjoined"): number | undefined => {
    let events = 0;
    let atRisk = 0;
    rows.forEach(({ chain }, i) => {
      const count: Count | undefined = chain?.[side][of];
      events += weights[i]! * (count?.events ?? 0);
      atRisk += weights[i]! * (count?.atRisk ?? 0);
    });
    return atRisk === 0 ? undefined : events / atRisk;
  };
  const rates = ([0, 1] as const).map((side) => ({
    slip: rate(side, "slips") ?? 0,
    repair: rate(side, "repairs"),
    unjoined: rate(side, "unjoined") ?? 0,
  }));
  // Whoever never slipped never had to mend: the other's rate changes nothing then.
  const repair = (side: number): number => rates[side]!.repair ?? rates[1 - side]!.repair ?? 0;
  const mass = rows.reduce((sum, { onWay, weight }, i) => sum + weights[i]! * weight * ((onWay[0] + onWay[1]) / 2), 0);
  const lengths = new Map<number, number>();
  rows.forEach(({ steps, segments }, i) => {
    if (steps !== undefined && segments !== undefined) lengths.set(steps, (lengths.get(steps) ?? 0) + weights[i]!);
  });
  const shares = shapley(3, (coalition) => {
    const [slips, repairs, joins] = [0, 1, 2].map((i) => (coalition >> i) & 1) as [number, number, number];
    let right = 0;
    for (const [steps, count] of lengths) {
      const joined = steps < 2 ? 1 : 1 - rates[joins]!.unjoined;
      // A slip is mended at once or it stands to the end.
      right += count * joined * (1 - rates[slips]!.slip * (1 - repair(repairs))) ** steps;
    }
    return right / rows.length;
  });
  const scale = mass / rows.length;
  return { repairs: scale * shares[1]!, joins: scale * shares[2]! };
}

/** Ways that gained right answers; all ways count where none did, so that a plan that is worth nothing still has a place. */
function waysOf(rows: readonly GainRow[], { level, yardstick }: SplitOptions): Split["ways"] {
  const names = new Set(rows.flatMap(({ ways }) => (ways ?? [[], []]).flatMap((list) => list.map(({ name }) => name))));
  const found = [...names].sort().map((name) => {
    const rights = (side: 0 | 1) =>
      rows.map(({ ways }) => {
        const own = ways?.[side].find((way) => way.name === name);
        return { events: own?.right ?? 0, trials: own?.of ?? ways?.[side][0]?.of ?? 0 };
      });
    const rise = ([0, 1] as const).map((side) => {
      const list = rights(side).filter(({ trials }) => trials > 0);
      return list.reduce((sum, { events, trials }) => sum + events / trials, 0) / Math.max(1, list.length);
    });
    const base = clusteredShare(rights(0), level);
    const cause: Cause =
      base === undefined
        ? "plan-undecided"
        : base.low > yardstick
          ? "amplified-strategy"
          : base.high < yardstick
            ? "novel-strategy"
            : "plan-undecided";
    return { name, rise: Math.max(0, rise[1]! - rise[0]!), cause };
  });
  return found.filter(({ rise }) => rise > 0);
}
