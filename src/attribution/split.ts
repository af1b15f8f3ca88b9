// attribution/ · Split: a gain shared out over its causes, from rows of problems; every entry with an interval over problems.
//
// DESIGN §4.3. Means of the rows' parts add up to the gain. Execution is told apart by a chain of steps (maths/step-chain): what swapping
// the repairs and the joins of base and later policy is worth in it is theirs, the rest of the execution is steadier steps. The plan goes to the ways of
// solving that gained right answers. One bootstrap over problems re-does all of it, so the intervals hold for all entries at once.
import { clusterBootstrap, type EntryInterval, jointIntervals, type Replicates } from "../maths/cluster-bootstrap.ts";
import { clusteredShare, type Trials } from "../maths/clustered-share.ts";
import { fieller } from "../maths/ratio.ts";
import { stepChain } from "../maths/step-chain.ts";
import { studentHalfWidth } from "../maths/student.ts";
import type { GainRow } from "../terms/gain-row.ts";

/** In the order of the ledger. */
export const CAUSES = [
  "verifier-exploit",
  "lucky-guess",
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
  /** Limits on P(right by a way) under the base that were told otherwise than by counting. */
  readonly masses?: ReadonlyMap<string, { readonly low: number; readonly high: number }>;
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
}

/**
 * @param rows of the base against one policy
 * @param whole the gain that shares are of, row by row: the last policy's
 * @returns nothing below 2 problems, or where that gain is not told from 0 with all entries' limits at once
 */
export function split(rows: readonly GainRow[], whole: readonly GainRow[], options: SplitOptions): Split | undefined {
  if (rows.length < 2) return undefined;
  const ways = waysOf(rows, options);
  const chain = chainOf(rows);
  const official = new Map(whole.map(({ problem, gain }) => [problem, gain]));
  const drawn = clusterBootstrap({
    clusters: rows.length,
    replicates: options.replicates,
    seed: options.seed,
    name: "attribution/split",
    statistic(weights) {
      const parts = partsOf(rows, weights, ways, chain);
      const gain = rows.reduce((sum, { problem }, i) => sum + weights[i]! * (official.get(problem) ?? 0), 0);
      return [...CAUSES.map((cause) => parts[cause]), gain / rows.length];
    },
  });
  const gain = drawn?.estimate[CAUSES.length] ?? 0;
  if (drawn === undefined || gain === 0) return undefined;
  const values = CAUSES.map((_, k) => rounded(drawn.estimate[k]! / gain));
  const { entries, critical } = jointIntervals(aboutShares(drawn, values, gain), options.level);
  const single = studentHalfWidth(options.level, rows.length - 1);
  const one = oneRollout(rows);
  const shares: Partial<Record<Cause, Share>> = {};
  for (const [k, cause] of CAUSES.entries()) {
    if (!isKnown(cause, rows)) continue;
    const value = values[k]!;
    const entry = entries[k];
    if (entry === undefined) {
      shares[cause] = { value };
      continue;
    }
    const [own, joint] = [single, critical].map((t) => limitsOf(drawn, k, t, one));
    if (own === undefined || joint === undefined) return undefined;
    const se = Math.hypot(entry.se, one / gain);
    shares[cause] = {
      value,
      interval: { value, se, low: own[0], high: own[1], jointLow: joint[0], jointHigh: joint[1] },
    };
  }
  return { gain: entries[CAUSES.length] ?? { value: gain }, shares };
}

/**
 * Replicates of the shares to first order, (part − share · gain) / gain with the whole sample's share and gain below the line: a resample
 * with hardly a gain would throw its own ratio anywhere. The gain itself is left as it is.
 */
function aboutShares(drawn: Replicates, values: readonly number[], gain: number): Replicates {
  const whole = (k: number): boolean => k === CAUSES.length;
  return {
    ...drawn,
    estimate: drawn.estimate.map((part, k) => (whole(k) ? part : values[k]!)),
    replicates: drawn.replicates.map((row) =>
      row.map((part, k) => {
        if (whole(k)) return part;
        const off = part - drawn.estimate[k]! - values[k]! * (row[CAUSES.length]! - gain);
        return values[k]! + rounded(off / gain);
      }),
    ),
  };
}

/**
 * What one rollout of one problem moves, in probability. An event that no problem showed, or one, varies little from problem to problem
 * and is not known that well; no error is taken to be smaller than this.
 */
function oneRollout(rows: readonly GainRow[]): number {
  return rows.reduce((sum, { drawn }) => sum + 1 / Math.min(...drawn), 0) / rows.length ** 2;
}

/** Fieller's limits of one part over the gain, `t` standard errors wide, from the replicates' covariance and the least error `one`. */
function limitsOf(
  { estimate, replicates, clusters }: Replicates,
  k: number,
  t: number,
  one: number,
): readonly [number, number] | undefined {
  const at = [CAUSES.length, k] as const;
  const mean = at.map((i) => replicates.reduce((sum, row) => sum + row[i]!, 0) / replicates.length);
  // A resampled spread is short by this (maths/cluster-bootstrap).
  const scale = clusters / (clusters - 1) / (replicates.length - 1);
  const covariance = (a: 0 | 1, b: 0 | 1): number =>
    scale * replicates.reduce((sum, row) => sum + (row[at[a]]! - mean[a]!) * (row[at[b]]! - mean[b]!), 0);
  return fieller(
    [estimate[at[0]]!, estimate[k]!],
    [covariance(0, 0), covariance(0, 1), covariance(1, 1) + one * one],
    t,
  ).interval;
}

/** What is left of sums that cancel is nothing. */
function rounded(share: number): number {
  return Math.abs(share) < 1e-12 ? 0 : share;
}

/** Causes that need what was not seen stand inside `unexplained`. */
function isKnown(cause: Cause, rows: readonly GainRow[]): boolean {
  if (cause === "longer-outputs" || cause === "unexplained") return true;
  if (cause === "verifier-exploit") return rows.some(({ fooled }) => fooled !== undefined);
  if (cause === "lucky-guess") return rows.some(({ lucky }) => lucky !== undefined);
  if (cause === "format-learned") return rows.some(({ format }) => format !== undefined);
  if (!rows.some(({ segments }) => segments !== undefined)) return false;
  if (cause === "recovery") return rows.some(({ chain, steps }) => chain !== undefined && steps !== undefined);
  // Somebody went on after one step of several, or did not.
  if (cause === "composition")
    return rows.some(({ chain, steps = 0 }) => steps > 1 && chain?.some((own) => own.some(({ done }) => done === 1)));
  return true;
}

/** Means in probability, each problem counting as often as its weight says. */
function partsOf(
  rows: readonly GainRow[],
  weights: ArrayLike<number>,
  ways: readonly Way[],
  chain: ReturnType<typeof chainOf>,
): Record<Cause, number> {
  const mean = (of: (row: GainRow) => number): number =>
    rows.reduce((sum, row, i) => sum + weights[i]! * of(row), 0) / rows.length;
  const plan = mean(({ segments }) => segments?.plan ?? 0);
  const execution = mean(({ segments }) => segments?.execution ?? 0);
  const { repairs, joins } = chain(weights);
  const rises = ways.map((way) => ({ cause: way.cause, rise: riseOf(way, weights) }));
  const risen = rises.reduce((sum, { rise }) => sum + rise, 0);
  // A plan that no way gained by has no way to go to.
  const planOf = (cause: Cause): number => {
    if (risen === 0) return cause === "plan-undecided" ? plan : 0;
    return (plan * rises.reduce((sum, one) => sum + (one.cause === cause ? one.rise : 0), 0)) / risen;
  };
  const parts: Record<Cause, number> = {
    "verifier-exploit": mean(({ fooled }) => fooled ?? 0),
    "lucky-guess": mean(({ lucky }) => lucky ?? 0),
    "format-learned": mean(({ format }) => format ?? 0),
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

/** A problem whose steps are followed. */
interface Linked extends Required<Pick<GainRow, "steps" | "stated" | "onWay" | "weight">> {
  readonly row: number;
  readonly states: NonNullable<GainRow["chain"]>;
}

/**
 * What the later policy's repairs and joins are worth, each problem's counted as often as rollouts go the chain's way and finish. Plan and answer have
 * writers too, as in the hand-off's shares: who begins that way, and who states the answer behind it.
 */
function chainOf(rows: readonly GainRow[]): (weights: ArrayLike<number>) => { repairs: number; joins: number } {
  const linked = rows.flatMap(({ steps, chain, segments, stated = [1, 1], onWay, weight }, row): Linked[] =>
    steps === undefined || chain === undefined || segments === undefined
      ? []
      : [{ row, steps, states: chain, onWay, weight, stated }],
  );
  const worthOf = stepChain(linked);
  const rungs = [...Map.groupBy(linked, ({ steps }) => steps)];
  return (weights) => {
    const worth = worthOf(linked.map(({ row }) => weights[row]!));
    const sums = { repairs: 0, joins: 0 };
    for (const [steps, list] of rungs) {
      const own = worth.get(steps);
      if (own === undefined) continue;
      const answers = answersOf(list, weights);
      for (const { row, onWay, weight } of list) {
        // Shapley's weights of who wrote plan and answer before the execution joins them.
        const mass = onWay[0] * (answers / 3 + 1 / 6) + onWay[1] * (answers / 6 + 1 / 3);
        sums.repairs += weights[row]! * weight * mass * own.repairs;
        sums.joins += weights[row]! * weight * mass * own.joins;
      }
    }
    return { repairs: sums.repairs / rows.length, joins: sums.joins / rows.length };
  };
}

/** How often the base's answers are right behind the later policy's work, over how often its own are; 1 where nobody's are. */
function answersOf(list: readonly Linked[], weights: ArrayLike<number>): number {
  const [base, later] = [0, 1].map((who) =>
    list.reduce((sum, { row, weight, stated }) => sum + weights[row]! * weight * stated[who]!, 0),
  ) as [number, number];
  return later > 0 ? base / later : 1;
}

/** A way of solving, with what it gained on each row: its right answers of all, later minus base. */
interface Way {
  readonly name: string;
  readonly cause: Cause;
  readonly gains: readonly number[];
}

/** Whether training could meet a way is judged once, by limits on the base's right answers that go it. */
function waysOf(rows: readonly GainRow[], { level, yardstick, masses }: SplitOptions): Way[] {
  const names = new Set(rows.flatMap(({ ways }) => (ways ?? []).flatMap((list) => list.map(({ name }) => name))));
  return [...names].sort().map((name): Way => {
    const rights = ({ ways }: GainRow, side: 0 | 1): Trials => {
      const own = ways?.[side].find((way) => way.name === name);
      return { events: own?.right ?? 0, trials: own?.of ?? ways?.[side][0]?.of ?? 0 };
    };
    const rate = ({ events, trials }: Trials): number => (trials === 0 ? 0 : events / trials);
    const base = clusteredShare(
      rows.map((row) => rights(row, 0)),
      level,
    );
    const told = masses?.get(name);
    const low = Math.max(base?.low ?? 0, told?.low ?? 0);
    // What was counted is not argued away: other limits hold only where the base was never seen to be right that way.
    const high =
      base === undefined ? (told?.high ?? 1) : base.events > 0 ? base.high : Math.min(base.high, told?.high ?? 1);
    const cause: Cause =
      low > yardstick ? "amplified-strategy" : high < yardstick ? "novel-strategy" : "plan-undecided";
    return { name, cause, gains: rows.map((row) => rate(rights(row, 1)) - rate(rights(row, 0))) };
  });
}

/** What a way gained, each problem counting as often as its weight says; a way that lost has not risen. */
function riseOf({ gains }: Way, weights: ArrayLike<number>): number {
  return Math.max(0, gains.reduce((sum, gain, i) => sum + weights[i]! * gain, 0) / gains.length);
}
