// experiments/ · Gain rows: every problem's gain taken apart, from paired rollouts and hand-offs; what the ledger adds up.
//
// Form comes off first (official minus lenient), then what was never finished, then the hand-off's segments of what is left. An answer that
// breaks off before it says anything is not a slip: without this a text that fails at its first token would count as a bad plan.
import { shapley } from "../maths/shapley.ts";
import { MOST_MENDED } from "../maths/step-chain.ts";
import type { GainRow, WayCounts, WorkState } from "../terms/gain-row.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Seen, SeenProblem, SeenStep } from "../terms/seen.ts";
import { chanceFloor, passesSoundly } from "./chance-floor.ts";
import { type Cell, CELLS } from "./handoff-plan.ts";
import { handedOver, type Mass, type Outcome, passageOf, PrefixPool } from "./prefix-pool.ts";
import { isOf } from "./handoff-sources.ts";
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
  const floors = floorsOf(seen, drawn, [base, later]);
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
  return before.map(({ problem, own, cells }) =>
    rowOf(seen.reader, problem, own, {
      cells,
      pooled,
      way,
      chance: floors?.map((list) => list.get(problem.id) ?? 0),
      begun: (handed.get(problem.id) ?? []).filter(({ rollout }) => isOf(rollout, "100", later)),
    }),
  );
}

/** What passes by chance, [base, later] by problem; undefined where the grader sees more than the outcome. */
function floorsOf(
  { reader, problems }: Seen,
  drawn: ReadonlyMap<string, readonly RolloutRecord[]>,
  pair: Pair<string>,
): readonly ReadonlyMap<string, number>[] | undefined {
  const passes = passesSoundly(reader);
  if (passes === undefined) return undefined;
  return both(pair, (policy) =>
    chanceFloor(problems, new Map(problems.map(({ id }) => [id, drawn.get(`${policy} ${id}`) ?? []])), passes),
  );
}

type Pair<T> = readonly [T, T];

/** What a row needs beside its own rollouts. */
interface Known {
  readonly cells: ReadonlyMap<Cell, Mass | undefined> | undefined;
  readonly pooled: ReadonlyMap<Cell, number>;
  readonly way: string | undefined;
  /** [base, later] share of answers that would pass by chance. */
  readonly chance: readonly number[] | undefined;
  /** What the base made of the later policy's plans. */
  readonly begun: readonly RolloutRecord[];
}

function rowOf(
  reader: Reader,
  problem: SeenProblem,
  own: Pair<readonly RolloutRecord[]>,
  { cells, pooled, way, chance, begun }: Known,
): GainRow {
  const read = own.map((records) => records.map((record) => outcomeOf(reader, record)));
  const official = own.map((records) => share(records, ({ verdict }) => verdict === "right"));
  const lenient = read.map((list) => share(list, ({ right }) => right));
  const finished = read.map((list) => share(list, (one) => one.finished));
  // Who finished nothing is not known to be worse: then all of the gain is in finishing.
  const success = [0, 1].map((side) => conditional(read[side]!) ?? conditional(read[1 - side]!) ?? 0);
  const gain = official[1]! - official[0]!;
  const weight = (finished[0]! + finished[1]!) / 2;
  const rise = (of: (one: Graded) => boolean): number => share(read[1]!, of) - share(read[0]!, of);
  const [fooled, unsound] = [rise((one) => one.fooled), rise((one) => one.unsound)];
  // Abbott (1925, J. Econ. Entomol. 18, 265): p = s + (1 − s) c, of what was not known c passes by chance. More of it comes of more answers
  // that are finished, or of more that hit.
  const hit = finished.map((some, side) => {
    const c = chance?.[side] ?? 0;
    return some === 0 || c === 1 ? 0 : (c * (1 - lenient[side]!)) / (1 - c) / some;
  });
  const byFinishing = (finished[1]! - finished[0]!) * ((hit[0]! + hit[1]!) / 2);
  const byHitting = weight * (hit[1]! - hit[0]!);
  const matched = weight * (success[1]! - success[0]!) - byHitting;
  const onWay = (records: readonly RolloutRecord[]): readonly RolloutRecord[] =>
    way === undefined || reader.strategy === undefined
      ? records
      : records.filter(({ text }) => text !== undefined && reader.strategy!(problem.id, text) === way);
  // A base that never begins that way by itself is seen on it where it was handed over.
  const goneOn = (records: readonly RolloutRecord[]): readonly RolloutRecord[] => {
    const going = onWay(records);
    return going.length === 0 && records === own[0] ? onWay(begun) : going;
  };
  return {
    problem: problem.id,
    ...(problem.steps === undefined ? {} : { steps: problem.steps }),
    drawn: both(own, ({ length }) => length),
    gain,
    ...(reader.strict === undefined ? {} : { fooled }),
    ...(reader.sound === undefined && chance === undefined ? {} : { lucky: unsound + byFinishing + byHitting }),
    ...(reader.lenient === undefined ? {} : { format: zeroed(gain - fooled - unsound - (lenient[1]! - lenient[0]!)) }),
    finished: lenient[1]! - lenient[0]! - matched - byHitting - byFinishing,
    matched,
    weight,
    ...(cells === undefined ? {} : segmentsOf(cells, pooled, success, weight, byHitting)),
    ...(reader.steps === undefined
      ? {}
      : { chain: both(own, (records) => chainOf(reader, problem.id, goneOn(records))) }),
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

/** What is left of sums that cancel is nothing. */
function zeroed(sum: number): number {
  return Math.abs(sum) < 1e-12 ? 0 : sum;
}

interface Graded extends Outcome {
  /** The grader passed an answer that is not right. */
  readonly fooled: boolean;
  /** It passed one that is right, behind work that is not. */
  readonly unsound: boolean;
}

/** Right is what was officially right by right work, or would be but for its form. */
function outcomeOf(reader: Reader, record: RolloutRecord): Graded {
  const { problem, text, verdict, finish } = record;
  const passed = verdict === "right";
  if (text === undefined) return { right: passed, finished: true, fooled: false, unsound: false };
  const fooled = passed && reader.strict?.(problem, text) === false;
  const unsound = passed && !fooled && reader.sound?.(problem, text) === false;
  const right = (passed && !fooled && !unsound) || (reader.lenient?.(problem, text) ?? false);
  // What passed was finished, whatever it looks like.
  const finished = passed || right || (finish !== "length" && (reader.answered?.(problem, text) ?? true));
  return { right, finished, fooled, unsound };
}

/** Of the eight cells, given that the answer is finished, weighted as `matched` is; the cells at the ends are the paired rollouts. */
function segmentsOf(
  cells: ReadonlyMap<Cell, Mass | undefined>,
  pooled: ReadonlyMap<Cell, number>,
  success: readonly number[],
  weight: number,
  byHitting: number,
): Required<Pick<GainRow, "segments" | "stated">> {
  const value = (cell: Cell): number => {
    if (cell === "000") return success[0]!;
    if (cell === "111") return success[1]!;
    const { right, finished } = cells.get(cell) ?? { right: 0, finished: 0 };
    return finished === 0 ? pooled.get(cell)! : right / finished;
  };
  const shares = shapley(3, (coalition) => value([0, 1, 2].map((i) => (coalition >> i) & 1).join("") as Cell));
  const [plan, execution, answer] = Array.from(shares, (one) => weight * one) as [number, number, number];
  // What hits by chance is stated with the answer.
  return { segments: { plan, execution, answer: answer - byHitting }, stated: [value("110"), value("111")] };
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
