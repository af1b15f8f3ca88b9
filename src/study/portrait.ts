// study/ · Portrait: what base and tuned policy do on every problem, as their answers show it. A rehearsal plays on from there.
//
// Every chance of a behaviour is counted problem by problem: how often it could have been met, and how often it was. Between problems it is taken
// to be Beta distributed, with the mean of all and the spread that counting leaves over (moments: J. Kleinman 1973, J. Am. Stat. Assoc. 68, 46);
// what a problem shows moves it from there. What a policy hardly ever meets by itself is read in the answers that were handed over to it, from where it took
// over: a base that never goes that way is seen on it there. Elsewhere it is asked behind beginnings that it would not write, and those are left out.
import { handovers } from "../experiments/prefix-pool.ts";
import { mainWay } from "../experiments/main-way.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Seen } from "../terms/seen.ts";
import { isEnded, paceOf, TOLD, wrongsIn } from "./habits.ts";

/** A chance on one problem: Beta(a, b); exactly 0 where a is 0, exactly 1 where b is. */
export interface Chance {
  readonly a: number;
  readonly b: number;
}

export interface Sitter {
  /** Of each way but the last: how often it is taken where none before it is. */
  readonly ways: readonly Chance[];
  /** By way: of a first try, or of the whole answer where the way shows no steps. */
  readonly slip: readonly Chance[];
  readonly repair: readonly Chance[];
  readonly joins: Chance;
  readonly readable: Chance;
  readonly cutOffs: Chance;
  readonly misstated: Chance;
  readonly luck: Chance;
  readonly grader: Chance;
}

export interface Portrait {
  /** The tuned policy's main way first. */
  readonly ways: readonly { readonly name: string; readonly pace: number }[];
  /** Different wrong steps in one place, in effect. */
  readonly wrongs?: number;
  readonly problems: readonly { readonly steps: number; readonly policies: readonly [Sitter, Sitter] }[];
}

const SINGLE = ["joins", "readable", "cutOffs", "misstated", "luck", "grader"] as const;
type Single = (typeof SINGLE)[number];
/** Where nothing could have been met: a policy is taken to do what is usual in a study that nothing goes wrong in. */
const UNMET: Readonly<Record<Single, 0 | 1>> = { joins: 1, readable: 1, cutOffs: 0, misstated: 0, luck: 0, grader: 0 };

interface Count {
  events: number;
  of: number;
}

/** What one policy showed on one problem. */
interface Counts {
  readonly ways: number[];
  readonly slip: readonly Count[];
  readonly repair: readonly Count[];
  readonly single: Readonly<Record<Single, Count>>;
}

const none = (): Count => ({ events: 0, of: 0 });

function met(count: Count, event: boolean): void {
  count.of++;
  if (event) count.events++;
}

/**
 * From paired rollouts of base and tuned policy, and what was handed over at the ends of segments, where anything was.
 *
 * @returns nothing where a policy has no texts, no problem tells its number of steps, or the task verifies no steps
 */
export function portraitOf(seen: Seen): Portrait | undefined {
  const { reader, policies } = seen;
  const pair = [policies[0]!, policies.at(-1)!] as const;
  const drawn = seen.rollouts.filter(({ experiment, text }) => experiment === "paired-sampling" && text !== undefined);
  const own = pair.map((name) => drawn.filter(({ policy }) => policy === name));
  const problems = seen.problems.filter(
    ({ id, steps }) => steps !== undefined && own.every((list) => list.some(({ problem }) => problem === id)),
  );
  if (reader.steps === undefined || problems.length < 2) return undefined;
  const ways = waysOf(seen, own[0]!, own[1]!);
  const asked = Map.groupBy(drawn, ({ policy, problem }) => `${policy} ${problem}`);
  const handed = Map.groupBy(
    seen.rollouts.filter(({ experiment, text }) => experiment === "handoff" && text !== undefined),
    ({ problem }) => problem,
  );
  const counted = pair.map((policy) => {
    const counts = problems.map(() => [emptyOf(ways.length), emptyOf(ways.length)] as const);
    problems.forEach(({ id, steps }, i) => {
      const [alone, taken] = counts[i]!;
      for (const record of asked.get(`${policy} ${id}`) ?? []) read(alone, reader, record, { given: 0, steps, ways });
      const over = reader.segments === undefined ? [] : handovers(reader, handed.get(id) ?? [], pair[1]);
      for (const { record, given } of over)
        if (record.policy === policy) read(taken, reader, record, { given, steps, ways });
    });
    return counts;
  }) as [Own[], Own[]];
  const sitters = counted.map((counts, side) => sittersOf(counts, counted[1 - side]!));
  const wrongs = wrongsIn(reader, own[0]!);
  return {
    ways: ways.map(({ name, pace }) => ({ name, pace })),
    ...(wrongs === undefined ? {} : { wrongs }),
    problems: problems.map(({ steps }, i) => ({ steps: steps!, policies: [sitters[0]![i]!, sitters[1]![i]!] })),
  };
}

interface Known {
  readonly name: string;
  readonly pace: number;
  /** What the task calls those that go it. */
  readonly names: readonly (string | undefined)[];
}

/** The tuned policy's main way, then the others, the commonest first; those that hardly anybody goes count as one. */
function waysOf(
  { reader, problems }: Seen,
  base: readonly RolloutRecord[],
  tuned: readonly RolloutRecord[],
): readonly Known[] {
  const steps = new Map(problems.map((problem) => [problem.id, problem.steps ?? 1]));
  const ended = [...base, ...tuned].filter((record) => isEnded(reader, record));
  const named = Map.groupBy(ended, ({ problem, text }) => reader.strategy?.(problem, text!));
  const main = mainWay(reader, tuned) ?? mainWay(reader, base);
  const others = [...named.keys()]
    .filter((name) => name !== main)
    .sort((a, b) => named.get(b)!.length - named.get(a)!.length);
  const common = others.filter((name) => named.get(name)!.length >= TOLD);
  const few = others.filter((name) => !common.includes(name));
  const known = (name: string, names: readonly (string | undefined)[]): Known => ({
    name,
    names,
    pace: paceOf(
      reader,
      names.flatMap((own) => named.get(own) ?? []),
      steps,
    ),
  });
  return [
    known(main ?? "stepwise", [main]),
    ...common.map((name, i) => known(`${i + 1} ${name ?? "other"}`, [name])),
    ...(few.length === 0 ? [] : [known("rare", few)]),
  ];
}

function emptyOf(ways: number): Counts {
  const each = (): Count[] => Array.from({ length: ways }, none);
  return {
    ways: Array.from({ length: ways }, () => 0),
    slip: each(),
    repair: each(),
    single: Object.fromEntries(SINGLE.map((name) => [name, none()])) as Record<Single, Count>,
  };
}

/** What the policy wrote behind the first `given` characters. */
function read(
  { ways: went, slip, repair, single }: Counts,
  reader: Reader,
  record: RolloutRecord,
  { given, steps, ways }: { given: number; steps: number | undefined; ways: readonly Known[] },
): void {
  const { problem, text = "", verdict } = record;
  const ended = isEnded(reader, record);
  if (given === 0) met(single.cutOffs, !ended);
  const name = reader.strategy?.(problem, text);
  const way = ways.findIndex(({ names }) => names.includes(name));
  if (!ended || way < 0) return;
  if (given === 0) went[way]!++;
  const passed = verdict === "right";
  const meant = passed || reader.lenient?.(problem, text) === true;
  const shown = reader.steps!(problem, text);
  const { pace } = ways[way]!;
  if (pace === Number.POSITIVE_INFINITY) {
    if (given === 0) met(slip[way]!, !meant);
  } else
    shown.forEach(({ to, right, repairs }, i) => {
      if (!repairs && to > given) met(slip[way]!, !right);
      const next = shown[i + 1];
      if (!right && (next?.to ?? text.length) > given) met(repair[way]!, next?.repairs === true && next.right);
    });
  const tries = shown.filter(({ repairs }) => !repairs);
  const behindFirst = tries[1]?.to ?? text.length;
  if (way === 0 && (steps ?? 1) > pace && tries[0]?.right === true && behindFirst > given)
    met(single.joins, tries.length > 1);
  const done = pace < Number.POSITIVE_INFINITY && reader.segments?.(problem, text).answerStart !== undefined;
  if (done) met(single.misstated, !meant);
  if (meant) met(single.readable, passed);
  const unsound = passed && reader.sound?.(problem, text) === false;
  const fooled = passed && reader.strict?.(problem, text) === false;
  if (reader.sound !== undefined && !done && (unsound || !passed)) met(single.luck, unsound);
  if (reader.strict !== undefined && !done && (fooled || !passed)) met(single.grader, fooled);
}

/** What it showed by itself, and where it took over. */
type Own = readonly [Counts, Counts];

/** @param others what the other policy showed: whoever never met something is taken to do as it does */
function sittersOf(own: readonly Own[], others: readonly Own[]): Sitter[] {
  const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const alone = own.map(([one]) => one);
  const shown = (list: readonly Own[], of: (one: Counts) => Count): readonly Chance[] | undefined => {
    const [by, over] = [0, 1].map((i) => list.map((one) => of(one[i]!)));
    const often = total(by!.map((one) => one.of)) >= TOLD;
    const also = (one: Count, i: number): Count => ({
      events: one.events + over![i]!.events,
      of: one.of + over![i]!.of,
    });
    return shrunk(often ? by! : by!.map(also));
  };
  const chances = (of: (one: Counts) => Count, unmet: 0 | 1): readonly Chance[] =>
    shown(own, of) ?? shown(others, of) ?? own.map(() => ({ a: unmet, b: 1 - unmet }));
  const byWay = (of: "slip" | "repair") => alone[0]!.slip.map((_, way) => chances((one) => one[of][way]!, 0));
  const [slip, repair] = [byWay("slip"), byWay("repair")];
  const single = Object.fromEntries(
    SINGLE.map((name) => [name, chances((one) => one.single[name], UNMET[name])]),
  ) as Record<Single, readonly Chance[]>;
  const count = alone[0]!.ways.length;
  const choices = Array.from({ length: count - 1 }, (_, way) => {
    const left = (one: Counts): Count => ({ events: one.ways[way]!, of: total(one.ways.slice(way)) });
    // Half of one that was never seen would be more than any yardstick: what nobody saw is played as never.
    const never = alone.every((one) => one.ways[way] === 0);
    return never ? own.map(() => ({ a: 0, b: 1 })) : chances(left, 1);
  });
  return own.map((_, i) => ({
    ways: choices.map((list) => list[i]!),
    slip: slip.map((list) => list[i]!),
    repair: repair.map((list) => list[i]!),
    ...(Object.fromEntries(SINGLE.map((name) => [name, single[name][i]!])) as Record<Single, Chance>),
  }));
}

/** A chance that was never met, or never missed, is told as half a one. */
const HALF = 0.5;
/** Problems that are alike but for counting have no spread; Beta's a and b add up to this at the most. */
const ALIKE = 1e4;
const LEAST_SPREAD = 0.5;

/** Of each problem, given all: undefined where none could have met it. */
function shrunk(counts: readonly Count[]): readonly Chance[] | undefined {
  const events = counts.reduce((sum, one) => sum + one.events, 0);
  const of = counts.reduce((sum, one) => sum + one.of, 0);
  if (of === 0) return undefined;
  const mean = Math.max(HALF, Math.min(of - HALF, events)) / of;
  const seen = counts.filter((one) => one.of > 0);
  // Weighted by what was met: E Σ n (r − mean)² = Σ (1 − n/N) (binomial variance + (n − 1) · spread between problems), in units of mean (1 − mean).
  const square = seen.reduce((sum, one) => sum + one.of * (one.events / one.of - mean) ** 2, 0) / (mean * (1 - mean));
  const free = seen.reduce((sum, one) => sum + 1 - one.of / of, 0);
  const between = seen.reduce((sum, one) => sum + (1 - one.of / of) * (one.of - 1), 0);
  const intraclass = between <= 0 ? 0 : (square - free) / between;
  const strength = intraclass <= 0 ? ALIKE : Math.min(ALIKE, Math.max(LEAST_SPREAD, 1 / intraclass - 1));
  return counts.map((one) => ({
    a: mean * strength + one.events,
    b: (1 - mean) * strength + one.of - one.events,
  }));
}
