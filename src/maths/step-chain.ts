// maths/ · Step chain: what slips, repairs and joins of two policies are worth, in a chain of steps put together from what was counted.
//
// A rollout's state is how many steps it has done rightly and how many slips it has mended. From there it states its answer, does one
// more step rightly, slips, or withdraws a step that was right; a slip is mended at once or it stands. P(right) is the sum over all
// paths, and each transition has one writer: of repairs (mended or not), of joins (to go on or not after the first step of several), of
// slips (all else). Rates are those of the state itself, so a policy's own chain is right as often as its rollouts were, whatever makes
// problems, places or second repairs unlike (the product-limit argument of E. L. Kaplan & P. Meier 1958, J. Am. Stat. Assoc. 53,
// 457–481). Who has done all steps is right as often as the later policy was there; who leaves the chain before, as often as those were, of both
// policies, who left it so. Writers change hands one by one: Shapley shares.
import { shapley } from "./shapley.ts";

/** More mended slips than this count as this many. */
export const MOST_MENDED = 3;

/** Rollouts that had done so many steps rightly and mended so many slips, and what they did next. */
export interface StepState {
  readonly done: number;
  /** 0 … MOST_MENDED. */
  readonly repairs: number;
  /** Stated their answer, and were right. */
  readonly ended: number;
  readonly endedRight: number;
  /** Did one more step rightly, and left it. */
  readonly kept: number;
  /** Went wrong in it; of these, mended it, or were right though it stood. */
  readonly slipped: number;
  readonly mended: number;
  readonly stoodRight: number;
  /** Did it rightly and then withdrew it; of these, were right. */
  readonly withdrawn: number;
  readonly withdrawnRight: number;
}

export interface ChainProblem {
  /** L; states of problems with as many steps are pooled. */
  readonly steps: number;
  /** [base, later]. */
  readonly states: readonly [readonly StepState[], readonly StepState[]];
}

/** For one number of steps, in probability: they add up to what the later policy's chain is right more often, whoever's answers being the later policy's. */
export interface ChainWorth {
  readonly slips: number;
  readonly repairs: number;
  readonly joins: number;
}

const COUNTS = [
  "ended",
  "endedRight",
  "kept",
  "slipped",
  "mended",
  "stoodRight",
  "withdrawn",
  "withdrawnRight",
] as const satisfies readonly (keyof StepState)[];
type Counted = (typeof COUNTS)[number];
const AT = Object.fromEntries(COUNTS.map((name, i) => [name, i])) as Record<Counted, number>;
const BY_REPAIRS = MOST_MENDED + 1;

type Writer = 0 | 1;
/** Sums of COUNTS. */
type Sums = Float64Array;

/** Rollouts of problems with one number of steps: in each state, and in all states with as many steps done. */
interface Table {
  readonly states: readonly Sums[];
  readonly done: readonly Sums[];
}

/** Rollouts of all problems: in states with as many slips mended, after the first step of several, and in all. */
interface Pooled {
  readonly repairs: readonly Sums[];
  readonly first: Sums;
  readonly all: Sums;
}

/**
 * Prepares the chains of some problems. The function returned takes how often each problem counts, not negative, and gives what was
 * worth how much by number of steps; lengths that no problem with a weight has are left out.
 */
export function stepChain(
  problems: readonly ChainProblem[],
): (weights: ArrayLike<number>) => ReadonlyMap<number, ChainWorth> {
  // The most steps done, of problems with as many.
  const most = new Map<number, number>();
  for (const { steps, states } of problems)
    most.set(steps, Math.max(steps, most.get(steps) ?? 0, ...states.flat().map(({ done }) => done)));
  const lengths = [...most].sort(([a], [b]) => a - b);
  const listed = problems.map(({ steps, states }) => ({
    steps,
    lists: states.map((list) => list.map((state) => ({ index: at(state.done, state.repairs), sums: sumsOf(state) }))),
  }));
  // Both policies' beside each one's; made once, since many draws of weights go through them.
  const tables = new Map(lengths.map(([steps, top]) => [steps, [tableOf(top), tableOf(top), tableOf(top)] as const]));
  const pooled = [emptyPool(), emptyPool(), emptyPool()] as const;
  return (weights) => {
    for (const list of tables.values()) for (const { states, done } of list) clear([...states, ...done]);
    const present = new Set<number>();
    listed.forEach(({ steps, lists }, i) => {
      if (weights[i] === 0) return;
      present.add(steps);
      const [base, later, both] = tables.get(steps)!;
      lists.forEach((list, who) => {
        for (const { index, sums } of list)
          for (const { states } of [who === 0 ? base : later, both]) add(states[index]!, sums, weights[i]);
      });
    });
    pooled.forEach((one, who) => {
      fill(
        one,
        lengths.map(([steps]) => [steps, tables.get(steps)![who]!]),
      );
    });
    return new Map(
      lengths
        .filter(([steps]) => present.has(steps))
        .map(([steps, top]) => {
          const chances = chancesOf(steps, top, tables.get(steps)!, pooled);
          const [slips, repairs, joins] = shapley(3, (coalition) => {
            const by = (player: number): Writer => ((coalition >> player) & 1) as Writer;
            return rightOf(chances, steps, top, { slips: by(0), repairs: by(1), joins: by(2) });
          });
          return [steps, { slips: slips!, repairs: repairs!, joins: joins! }];
        }),
    );
  };
}

function at(done: number, repairs: number): number {
  return done * BY_REPAIRS + repairs;
}

const many = (length: number): Sums[] => Array.from({ length }, () => new Float64Array(COUNTS.length));
const sumsOf = (state: StepState): Sums => Float64Array.from(COUNTS, (name) => state[name]);

function tableOf(most: number): Table {
  return { states: many((most + 1) * BY_REPAIRS), done: many(most + 1) };
}

function emptyPool(): Pooled {
  const [first, all] = many(2) as [Sums, Sums];
  return { repairs: many(BY_REPAIRS), first, all };
}

function clear(list: readonly Sums[]): void {
  for (const sums of list) sums.fill(0);
}

function add(to: Sums, from: Sums, weight = 1): void {
  for (let i = 0; i < to.length; i++) to[i] = to[i]! + weight * from[i]!;
}

/** Fills in `done` of every table on the way. */
function fill({ repairs, first, all }: Pooled, tables: readonly (readonly [number, Table])[]): void {
  clear([...repairs, first, all]);
  for (const [steps, { states, done }] of tables) {
    states.forEach((sums, i) => {
      add(done[Math.floor(i / BY_REPAIRS)]!, sums);
      add(repairs[i % BY_REPAIRS]!, sums);
    });
    if (steps > 1) add(first, done[1]!);
  }
  for (const sums of repairs) add(all, sums);
}

const count =
  (name: Counted) =>
  (sums: Sums): number =>
    sums[AT[name]]!;
const begun = (sums: Sums): number => sums[AT.kept]! + sums[AT.slipped]! + sums[AT.withdrawn]!;
const stood = (sums: Sums): number => sums[AT.slipped]! - sums[AT.mended]!;
const met = (sums: Sums): number => begun(sums) + sums[AT.ended]!;

interface Rate {
  readonly events: (sums: Sums) => number;
  readonly atRisk: (sums: Sums) => number;
}
const SLIPS: Rate = { events: count("slipped"), atRisk: begun };
const WITHDRAWS: Rate = { events: count("withdrawn"), atRisk: begun };
const MENDS: Rate = { events: count("mended"), atRisk: count("slipped") };
const ENDS: Rate = { events: count("ended"), atRisk: met };
const RIGHT_AT_END: Rate = { events: count("endedRight"), atRisk: count("ended") };
const RIGHT_THOUGH_STOOD: Rate = { events: count("stoodRight"), atRisk: stood };
const RIGHT_THOUGH_WITHDRAWN: Rate = { events: count("withdrawnRight"), atRisk: count("withdrawn") };

/** Events over those at risk, or `otherwise` where nobody was. */
function rateIn({ events, atRisk }: Rate, pool: Sums, otherwise: number): number {
  const n = atRisk(pool);
  return n > 0 ? events(pool) / n : otherwise;
}

/** The same of a narrow pool, with one more at risk who does as a wider pool does: where nobody was in it, it has that rate. */
function within({ events, atRisk }: Rate, pool: Sums, wider: number): number {
  return (events(pool) + wider) / (atRisk(pool) + 1);
}

/** By state. */
interface Chances {
  /** By who writes. */
  readonly ends: readonly [Float64Array, Float64Array];
  readonly slips: readonly [Float64Array, Float64Array];
  readonly withdraws: readonly [Float64Array, Float64Array];
  readonly mends: readonly [Float64Array, Float64Array];
  readonly rightAtEnd: Float64Array;
  readonly rightThoughStood: number;
  readonly rightThoughWithdrawn: number;
}

/** @param tables base, later, both; as `pooled` */
function chancesOf(
  steps: number,
  most: number,
  tables: readonly [Table, Table, Table],
  pooled: readonly [Pooled, Pooled, Pooled],
): Chances {
  const states = (most + 1) * BY_REPAIRS;
  const by = (
    of: (own: Writer, other: Writer, state: Sums, done: number, repairs: number) => number,
  ): readonly [Float64Array, Float64Array] => {
    const writing = (own: Writer, other: Writer): Float64Array =>
      new Float64Array(states).map((_, i) =>
        of(own, other, tables[own].states[i]!, Math.floor(i / BY_REPAIRS), i % BY_REPAIRS),
      );
    return [writing(0, 1), writing(1, 0)];
  };
  // Who was never put to the test is not known to differ from the other.
  const overall = (rate: Rate): readonly number[] =>
    [0, 1].map((who) => rateIn(rate, pooled[who]!.all, rateIn(rate, pooled[1 - who]!.all, 0)));
  const ofSteps = (rate: Rate): readonly [Float64Array, Float64Array] => {
    const all = overall(rate);
    return by((own, _, state, done) => within(rate, state, within(rate, tables[own].done[done]!, all[own]!)));
  };
  const mends = overall(MENDS);
  const whole = (done: number): number => (done >= steps ? 1 : 0);
  return {
    slips: ofSteps(SLIPS),
    withdraws: ofSteps(WITHDRAWS),
    mends: by((own, _, state, __, repairs) =>
      within(MENDS, state, within(MENDS, pooled[own].repairs[repairs]!, mends[own]!)),
    ),
    ends: by((own, other, state, done) => {
      const here = tables[own].done[done]!;
      const elsewhere = rateIn(ENDS, tables[other].done[done]!, whole(done));
      const wider =
        done === 1 && steps > 1
          ? within(ENDS, here, rateIn(ENDS, pooled[own].first, elsewhere))
          : rateIn(ENDS, here, elsewhere);
      return within(ENDS, state, wider);
    }),
    // Behind all the steps the later policy's own answers count: how much the base's are worse is not the steps' doing.
    rightAtEnd: new Float64Array(states).map((_, i) => {
      const done = Math.floor(i / BY_REPAIRS);
      const wider = rateIn(RIGHT_AT_END, tables[2].done[done]!, whole(done));
      const own = within(RIGHT_AT_END, tables[1].done[done]!, wider);
      return done < steps
        ? within(RIGHT_AT_END, tables[2].states[i]!, wider)
        : within(RIGHT_AT_END, tables[1].states[i]!, own);
    }),
    rightThoughStood: rateIn(RIGHT_THOUGH_STOOD, pooled[2].all, 0),
    rightThoughWithdrawn: rateIn(RIGHT_THOUGH_WITHDRAWN, pooled[2].all, 0),
  };
}

/** P(right), by who writes what. */
function rightOf(
  { ends, slips, withdraws, mends, rightAtEnd, rightThoughStood, rightThoughWithdrawn }: Chances,
  steps: number,
  most: number,
  writer: Readonly<Record<keyof ChainWorth, Writer>>,
): number {
  let right = 0;
  const reach = new Float64Array((most + 2) * BY_REPAIRS);
  reach[0] = 1;
  for (let i = 0; i < (most + 1) * BY_REPAIRS; i++) {
    if (reach[i] === 0) continue;
    const done = Math.floor(i / BY_REPAIRS);
    const joins = done === 1 && steps > 1 ? writer.joins : writer.slips;
    // Nobody did more steps than the most.
    const stated = reach[i]! * (done === most ? 1 : ends[joins][i]!);
    const going = reach[i]! - stated;
    const slipped = going * slips[writer.slips][i]!;
    const withdrawn = going * withdraws[writer.slips][i]!;
    const mended = slipped * mends[writer.repairs][i]!;
    const next = at(done + 1, i % BY_REPAIRS);
    const after = at(done + 1, Math.min((i % BY_REPAIRS) + 1, MOST_MENDED));
    reach[next] = reach[next]! + going - slipped - withdrawn;
    reach[after] = reach[after]! + mended;
    right += stated * rightAtEnd[i]! + (slipped - mended) * rightThoughStood + withdrawn * rightThoughWithdrawn;
  }
  return right;
}
