// experiments/ · Gain rows: every problem's gain taken apart, from paired rollouts and hand-offs; what the ledger adds up.
//
// Form comes off first (official minus lenient), then what was never finished, then the hand-off's segments of what is left. An answer that
// breaks off before it says anything is not a slip: without this a text that fails at its first token would count as a bad plan.
import { shapley } from "../maths/shapley.ts";
import { MOST_MENDED } from "../maths/step-chain.ts";
import type { GainRow, WayCounts, WorkState } from "../terms/gain-row.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Seen, SeenProblem, SeenStep } from "../terms/seen.ts";
import { type Cell, CELLS } from "./handoff-plan.ts";
import { handedOver, type Mass, type Outcome, passageOf, PrefixPool } from "./prefix-pool.ts";
import { mainWay } from "./main-way.ts";

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
  const before = seen.problems.flatMap((problem) => {
    const own = [drawn.get(`${base} ${problem.id}`) ?? [], drawn.get(`${later} ${problem.id}`) ?? []] as const;
    if (own.some(({ length }) => length === 0)) return [];
    const cells = handed.size === 0 ? undefined : cellsOf(seen, own, handed.get(problem.id) ?? [], later);
    return [{ problem, own, cells }];
  });
  // Where no answer of a cell on a problem was finished, the cell's share over all problems stands in.
  const pooled = new Map(
    CELLS.map((cell) => {
      const masses = before.flatMap(({ cells }) => cells?.get(cell) ?? []);
      const total = (of: keyof Mass): number => masses.reduce((sum, one) => sum + one[of], 0);
      return [cell, total("finished") === 0 ? 0 : total("right") / total("finished")] as const;
    }),
  );
  return before.map(({ problem, own, cells }) => rowOf(seen.reader, problem, own, cells, pooled, way));
}

type Pair<T> = readonly [T, T];

function rowOf(
  reader: Reader,
  problem: SeenProblem,
  own: Pair<readonly RolloutRecord[]>,
  cells: ReadonlyMap<Cell, Mass | undefined> | undefined,
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
    drawn: both(own, ({ length }) => length),
    gain,
    ...(reader.lenient === undefined ? {} : { format: gain - (lenient[1]! - lenient[0]!) }),
    finished: lenient[1]! - lenient[0]! - matched,
    matched,
    weight,
    ...(cells === undefined ? {} : { segments: segmentsOf(cells, pooled, success, weight) }),
    ...(reader.steps === undefined
      ? {}
      : { chain: both(own, (records) => chainOf(reader, problem.id, onWay(records))) }),
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
  cells: ReadonlyMap<Cell, Mass | undefined>,
  pooled: ReadonlyMap<Cell, number>,
  success: readonly number[],
  weight: number,
): { plan: number; execution: number; answer: number } {
  const value = (cell: Cell): number => {
    if (cell === "000") return success[0]!;
    if (cell === "111") return success[1]!;
    const { right, finished } = cells.get(cell) ?? { right: 0, finished: 0 };
    return finished === 0 ? pooled.get(cell)! : right / finished;
  };
  const shares = shapley(3, (coalition) => value([0, 1, 2].map((i) => (coalition >> i) & 1).join("") as Cell));
  const [plan, execution, answer] = Array.from(shares, (one) => weight * one) as [number, number, number];
  return { plan, execution, answer };
}

/** From all that both policies drew on one problem, read leniently. Undefined where no task tells segments. */
function cellsOf(
  { reader, policies }: Seen,
  own: Pair<readonly RolloutRecord[]>,
  handed: readonly RolloutRecord[],
  later: string,
): ReadonlyMap<Cell, Mass | undefined> | undefined {
  if (reader.segments === undefined) return undefined;
  const read = (record: RolloutRecord): Outcome => outcomeOf(reader, record);
  const pool = new PrefixPool({ base: policies[0]!, later }, [
    ...own.flat().map((record) => passageOf(reader, record, 0, read(record))),
    ...handedOver(reader, handed, later, read),
  ]);
  return new Map(CELLS.map((cell) => [cell, pool.cell(cell)]));
}

/** Where no step is verified after a slip that stands, or after a right step that was withdrawn, the rollout has left the chain. */
function chainOf(reader: Reader, problem: string, records: readonly RolloutRecord[]): WorkState[] {
  const states = new Map<string, { -readonly [field in keyof WorkState]: number }>();
  for (const record of records) {
    const { right, finished } = outcomeOf(reader, record);
    if (record.text === undefined || !finished) continue;
    const count = (done: number, mended: number, ...fields: (keyof WorkState)[]): void => {
      const repairs = Math.min(mended, MOST_MENDED);
      const state = states.get(`${done} ${repairs}`) ?? { ...UNSEEN, done, repairs };
      for (const field of fields) state[field]++;
      states.set(`${done} ${repairs}`, state);
    };
    const tries = triesIn(reader.steps!(problem, record.text));
    let mended = 0;
    const left = tries.findIndex(({ rightAtFirst, again, rightAtLast }, done) => {
      if (rightAtFirst && again) count(done, mended, "withdrawn", ...(right ? (["withdrawnRight"] as const) : []));
      else if (rightAtFirst) count(done, mended, "kept");
      else if (rightAtLast) count(done, mended++, "slipped", "mended");
      else count(done, mended, "slipped", ...(right ? (["stoodRight"] as const) : []));
      return rightAtFirst ? again : !rightAtLast;
    });
    if (left < 0) count(tries.length, mended, "ended", ...(right ? (["endedRight"] as const) : []));
  }
  return [...states.values()];
}

const UNSEEN: WorkState = {
  done: 0,
  repairs: 0,
  ended: 0,
  endedRight: 0,
  kept: 0,
  slipped: 0,
  mended: 0,
  stoodRight: 0,
  withdrawn: 0,
  withdrawnRight: 0,
};

/** Steps, each with the repairs that do it again. */
function triesIn(steps: readonly SeenStep[]): { rightAtFirst: boolean; again: boolean; rightAtLast: boolean }[] {
  const tries: ReturnType<typeof triesIn> = [];
  for (const { right, repairs } of steps) {
    const last = tries.at(-1);
    if (repairs && last !== undefined) Object.assign(last, { again: true, rightAtLast: right });
    else tries.push({ rightAtFirst: right, again: false, rightAtLast: right });
  }
  return tries;
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
