// experiments/ · Gain rows: every problem's gain taken apart, from paired rollouts and hand-offs; what the ledger adds up.
//
// Form comes off first (official minus lenient), then what was never finished, then the hand-off's segments of what is left. An answer that
// breaks off before it says anything is not a slip: without this a text that fails at its first token would count as a bad plan.
import { shapley } from "../maths/shapley.ts";
import type { ChainCounts, Count, GainRow, WayCounts } from "../terms/gain-row.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Seen, SeenProblem } from "../terms/seen.ts";
import { type Cell, CELLS, ROUNDS, SOURCES, SOURCES_ON_THE_WAY } from "./handoff-plan.ts";
import { isOf, type Paired, pairedBy } from "./handoff-sources.ts";
import { workedOf } from "./ladder-states.ts";
import { mainWay } from "./main-way.ts";

/** One rollout, read leniently. */
interface Outcome {
  readonly right: boolean;
  readonly finished: boolean;
}

/** One row a problem that both policies answered, in the study's order. Steps are followed along the tuned policy's main way. */
export function gainRows(seen: Seen, later: string): GainRow[] {
  const base = seen.policies[0]!;
  const tuned = seen.rollouts.filter(
    ({ experiment, policy }) => experiment === "paired-sampling" && policy === seen.policies.at(-1),
  );
  const way = mainWay(seen.reader, tuned);
  const drawn = Map.groupBy(
    seen.rollouts.filter(({ experiment, why }) => experiment === "paired-sampling" && why !== "engine error"),
    ({ policy, problem }) => `${policy} ${problem}`,
  );
  const handed = Map.groupBy(
    seen.rollouts.filter(({ experiment }) => experiment === "handoff"),
    ({ problem }) => problem,
  );
  const paired = pairedBy(seen);
  const most = later === seen.policies.at(-1) ? SOURCES : SOURCES_ON_THE_WAY;
  const before = seen.problems.flatMap((problem) => {
    const own = [drawn.get(`${base} ${problem.id}`) ?? [], drawn.get(`${later} ${problem.id}`) ?? []] as const;
    if (own.some(({ length }) => length === 0)) return [];
    const cells = cellOutcomes(seen, paired, handed.get(problem.id) ?? [], problem.id, later, most);
    return [{ problem, own, cells }];
  });
  // Where no answer of a cell on a problem was finished, the cell's share over all problems stands in.
  const pooled = new Map(
    CELLS.map((cell) => [cell, conditional(before.flatMap(({ cells }) => cells?.get(cell) ?? [])) ?? 0]),
  );
  return before.map(({ problem, own, cells }) => rowOf(seen.reader, problem, own, cells, pooled, way));
}

type Pair<T> = readonly [T, T];

function rowOf(
  reader: Reader,
  problem: SeenProblem,
  own: Pair<readonly RolloutRecord[]>,
  cells: ReadonlyMap<Cell, readonly Outcome[]> | undefined,
  pooled: ReadonlyMap<Cell, number>,
  way: string | undefined,
): GainRow {
  const read = own.map((records) => records.map((record) => outcomeOf(reader, record)));
  const official = own.map((records) => share(records, ({ verdict }) => verdict === "right"));
  const lenient = read.map((list) => share(list, ({ right }) => right));
  const finished = read.map((list) => share(list, (one) => one.finished));
  // Who finished nothing is not known to be worse: then all of the gain is in finishing.
  const success = [0, 1].map((side) => conditional(read[side]!) ?? conditional(read[1 - side]!) ?? 0);
  const gain = official[1]! - official[0]!;
  const weight = (finished[0]! + finished[1]!) / 2;
  const matched = weight * (success[1]! - success[0]!);
  const onWay = (records: readonly RolloutRecord[]): readonly RolloutRecord[] =>
    way === undefined || reader.strategy === undefined
      ? records
      : records.filter(({ text }) => text !== undefined && reader.strategy!(problem.id, text) === way);
  return {
    problem: problem.id,
    ...(problem.steps === undefined ? {} : { steps: problem.steps }),
    gain,
    format: gain - (lenient[1]! - lenient[0]!),
    finished: lenient[1]! - lenient[0]! - matched,
    matched,
    weight,
    ...(cells === undefined ? {} : { segments: segmentsOf(cells, pooled, success, weight) }),
    ...(reader.steps === undefined ? {} : { chain: both(own, (records) => chainOf(reader, problem, onWay(records))) }),
    onWay: both(own, (records) => onWay(records).length / records.length),
    ...(reader.strategy === undefined ? {} : { ways: both(own, (records) => waysOf(reader, problem.id, records)) }),
  };
}

function both<T, U>([base, later]: Pair<T>, of: (one: T) => U): Pair<U> {
  return [of(base), of(later)];
}

function share<T>(list: readonly T[], is: (one: T) => boolean): number {
  return list.filter(is).length / list.length;
}

/** P(right | finished); undefined where nothing was finished. */
function conditional(list: readonly Outcome[]): number | undefined {
  const finished = list.filter((one) => one.finished);
  return finished.length === 0 ? undefined : share(finished, ({ right }) => right);
}

function outcomeOf(reader: Reader, record: RolloutRecord): Outcome {
  const { problem, text, verdict, finish } = record;
  const official = verdict === "right";
  if (text === undefined) return { right: official, finished: true };
  const right = official || (reader.lenient?.(problem, text) ?? false);
  // What is right was finished, whatever it looks like.
  return { right, finished: right || (finish !== "length" && (reader.answered?.(problem, text) ?? true)) };
}

/** Of the eight cells, given that the answer is finished, weighted as `matched` is; the cells at the ends are the paired rollouts. */
function segmentsOf(
  cells: ReadonlyMap<Cell, readonly Outcome[]>,
  pooled: ReadonlyMap<Cell, number>,
  success: readonly number[],
  weight: number,
): { plan: number; execution: number; answer: number } {
  const value = (cell: Cell): number => {
    if (cell === "000") return success[0]!;
    if (cell === "111") return success[1]!;
    return conditional(cells.get(cell)!) ?? pooled.get(cell)!;
  };
  const shares = shapley(3, (coalition) => value([0, 1, 2].map((i) => (coalition >> i) & 1).join("") as Cell));
  const [plan, execution, answer] = Array.from(shares, (one) => weight * one) as [number, number, number];
  return { plan, execution, answer };
}

/**
 * Outcomes of every handed-over cell on one problem. A source without the segment is not handed over and stays what it is.
 * Undefined where nothing was handed over.
 */
function cellOutcomes(
  seen: Seen,
  paired: Paired,
  handed: readonly RolloutRecord[],
  problem: string,
  later: string,
  most: number,
): ReadonlyMap<Cell, readonly Outcome[]> | undefined {
  if (handed.length === 0) return undefined;
  const { reader } = seen;
  const owned = (policy: string): Map<number, Outcome> =>
    new Map(
      (paired.get(policy)?.get(problem) ?? [])
        .slice(0, most)
        .map((one) => [one.index, outcomeOf(reader, one)] as const),
    );
  const made = new Map<string, Map<number, Outcome>>([
    ["base", owned(seen.policies[0]!)],
    ["later", owned(later)],
  ]);
  for (const { cell, from } of ROUNDS.flat()) {
    const outcomes = new Map(made.get(from));
    for (const record of handed.filter(({ rollout }) => isOf(rollout, cell, later))) {
      if (record.why === "engine error") outcomes.delete(record.index);
      else outcomes.set(record.index, outcomeOf(reader, record));
    }
    made.set(cell, outcomes);
  }
  return new Map(CELLS.map((cell) => [cell, [...(made.get(cell)?.values() ?? [])]]));
}

function chainOf(reader: Reader, { id, steps }: SeenProblem, records: readonly RolloutRecord[]): ChainCounts {
  const slips = counter();
  const repairs = counter();
  const unjoined = counter();
  for (const { text, finish } of records) {
    if (text === undefined) continue;
    const done = reader.steps!(id, text);
    const { right } = workedOf(done, finish !== "length");
    right.forEach((is, i) => tally(i === 0 || right[i - 1]! ? slips : repairs, is !== (i === 0 || right[i - 1]!)));
    if (steps === undefined || steps < 2 || right[0] !== true || reader.answered === undefined) continue;
    // It went on, or it stated an answer; what broke off says nothing of joining.
    if (done.length > 1) tally(unjoined, false);
    else if (reader.answered(id, text)) tally(unjoined, true);
  }
  return { slips, repairs, unjoined };
}

function counter(): { events: number; atRisk: number } {
  return { events: 0, atRisk: 0 };
}

function tally(count: { -readonly [field in keyof Count]: Count[field] }, event: boolean): void {
  count.atRisk++;
  if (event) count.events++;
}

function waysOf(reader: Reader, problem: string, records: readonly RolloutRecord[]): WayCounts[] {
  const named = Map.groupBy(
    records.filter(({ text }) => text !== undefined),
    ({ text }) => reader.strategy!(problem, text!),
  );
  return [...named]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, list]) => ({
      name,
      right: list.filter((record) => outcomeOf(reader, record).right).length,
      of: records.length,
    }));
}
