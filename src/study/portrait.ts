// study/ · Portrait: what base and tuned policy do on every problem, as their answers show it. A rehearsal plays on from there.
//
// Every chance of a behaviour is counted problem by problem: how often it could have been met, and how often it was (portrait-chance says what that
// tells). What a policy hardly ever meets by itself is read in the answers that were handed over to it, from where it took
// over: a base that never goes that way is seen on it there. Elsewhere it is asked behind beginnings that it would not write, and those are left out.
import { gainRows } from "../experiments/gain-rows.ts";
import { handovers } from "../experiments/prefix-pool.ts";
import { mainWay } from "../experiments/main-way.ts";
import type { GainRow } from "../terms/gain-row.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Seen } from "../terms/seen.ts";
import type { Answers } from "./imagined.ts";
import { answersOf } from "./portrait-answers.ts";
import { besideBase, type Chance, type Count, shrunk } from "./portrait-chance.ts";
import { isEnded, paceOf, TOLD, wrongsIn } from "./habits.ts";

/** What a policy does on a problem: as chances that are open, or as settled ones in [0, 1]. */
export interface Sitter<T = Chance> {
  /** Of each way but the last: how often it is taken where none before it is. */
  readonly ways: readonly T[];
  /** By way: of a first try, or of the whole answer where the way shows no steps. */
  readonly slip: readonly T[];
  readonly repair: readonly T[];
  readonly joins: T;
  readonly readable: T;
  readonly cutOffs: T;
  readonly misstated: T;
  readonly luck: T;
  readonly grader: T;
}

export interface Portrait {
  /** The tuned policy's main way first. */
  readonly ways: readonly { readonly name: string; readonly pace: number }[];
  /** Different wrong steps in one place, in effect. */
  readonly wrongs?: number;
  readonly problems: readonly {
    readonly steps: number;
    readonly policies: readonly [Sitter, Sitter];
    readonly gold?: number;
  }[];
  /** Where answers to one problem pass on others. */
  readonly answers?: Answers;
  /** Of problems on which all was asked that anything was asked on. */
  readonly rows: readonly GainRow[];
}

const SINGLE = ["joins", "readable", "cutOffs", "misstated", "luck", "grader"] as const;
type Single = (typeof SINGLE)[number];
/** Where nothing could have been met: a policy is taken to do what is usual in a study that nothing goes wrong in. */
const UNMET: Readonly<Record<Single, 0 | 1>> = { joins: 1, readable: 1, cutOffs: 0, misstated: 0, luck: 0, grader: 0 };

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
  const byPolicy = Map.groupBy(drawn, ({ policy, problem }) => `${policy} ${problem}`);
  const handed = Map.groupBy(
    seen.rollouts.filter(({ experiment, text }) => experiment === "handoff" && text !== undefined),
    ({ problem }) => problem,
  );
  const counted = pair.map((policy) => {
    const counts = problems.map(() => [emptyOf(ways.length), emptyOf(ways.length)] as const);
    problems.forEach(({ id, steps }, i) => {
      const [alone, taken] = counts[i]!;
      for (const record of byPolicy.get(`${policy} ${id}`) ?? [])
        read(alone, reader, record, { given: 0, steps, ways });
      const over = reader.segments === undefined ? [] : handovers(reader, handed.get(id) ?? [], pair[1]);
      for (const { record, given } of over)
        if (record.policy === policy) read(taken, reader, record, { given, steps, ways });
    });
    return counts;
  }) as [Own[], Own[]];
  const base = sittersOf(counted[0], counted[1]);
  const sitters = [base, sittersOf(counted[1], counted[0], base)] as const;
  const wrongs = wrongsIn(reader, own[0]!);
  const ended = own.map((list) =>
    Map.groupBy(
      list.filter((record) => isEnded(reader, record)),
      ({ problem }) => problem,
    ),
  );
  const answers = answersOf(
    reader,
    problems.map(({ id }) => id),
    ended,
  );
  return {
    ways: ways.map(({ name, pace }) => ({ name, pace })),
    ...(wrongs === undefined ? {} : { wrongs }),
    problems: problems.map(({ steps }, i) => ({
      steps: steps!,
      policies: [sitters[0][i]!, sitters[1][i]!],
      ...(answers === undefined ? {} : { gold: answers.golds[i]! }),
    })),
    ...(answers === undefined ? {} : { answers: { wrong: answers.wrong } }),
    rows: gainRows({ ...seen, problems: asked(seen) }, pair[1]),
  };
}

/** Problems that answers were handed over on, where any were. */
function asked({ problems, rollouts }: Seen): Seen["problems"] {
  const on = new Set(rollouts.flatMap(({ experiment, problem }) => (experiment === "handoff" ? [problem] : [])));
  return on.size === 0 ? problems : problems.filter(({ id }) => on.has(id));
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

/** Where a chance stands in what was counted, and in what that tells. */
interface Spot {
  readonly count: (one: Counts) => Count;
  readonly chance: (one: Sitter) => Chance;
}

const spotAt = (of: "slip" | "repair", way: number): Spot => ({
  count: (one) => one[of][way]!,
  chance: (one) => one[of][way]!,
});

/**
 * @param others what the other policy showed: whoever never met something is taken to do as it does
 * @param base what is known of it, where these are the tuned policy's
 */
function sittersOf(own: readonly Own[], others: readonly Own[], base?: readonly Sitter[]): Sitter[] {
  const total = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const alone = own.map(([one]) => one);
  const counted = (list: readonly Own[], of: Spot["count"]): readonly Count[] => {
    const [by, over] = [0, 1].map((i) => list.map((one) => of(one[i]!)));
    const often = total(by!.map((one) => one.of)) >= TOLD;
    const also = (one: Count, i: number): Count => ({
      events: one.events + over![i]!.events,
      of: one.of + over![i]!.of,
    });
    return often ? by! : by!.map(also);
  };
  const chances = ({ count, chance }: Spot, unmet: 0 | 1): readonly Chance[] => {
    const counts = counted(own, count);
    const shown = shrunk(counts);
    if (shown === undefined) return shrunk(counted(others, count)) ?? own.map(() => ({ a: unmet, b: 1 - unmet }));
    const beside = base && besideBase(base.map(chance), counts);
    return beside === undefined ? shown : shown.map((one, i) => ({ ...one, beside: beside[i]! }));
  };
  const count = alone[0]!.ways.length;
  const byWay = (of: "slip" | "repair") => alone[0]!.slip.map((_, way) => chances(spotAt(of, way), 0));
  const [slip, repair] = [byWay("slip"), byWay("repair")];
  const single = Object.fromEntries(
    SINGLE.map((name) => [
      name,
      chances({ count: (one) => one.single[name], chance: (one) => one[name] }, UNMET[name]),
    ]),
  ) as Record<Single, readonly Chance[]>;
  const choices = Array.from({ length: count - 1 }, (_, way) => {
    const left = (one: Counts): Count => ({ events: one.ways[way]!, of: total(one.ways.slice(way)) });
    // Half of one that was never seen would be more than any yardstick: what nobody saw is played as never.
    const never = alone.every((one) => one.ways[way] === 0);
    return never ? own.map(() => ({ a: 0, b: 1 })) : chances({ count: left, chance: (one) => one.ways[way]! }, 1);
  });
  return own.map((_, i) => ({
    ways: choices.map((list) => list[i]!),
    slip: slip.map((list) => list[i]!),
    repair: repair.map((list) => list[i]!),
    ...(Object.fromEntries(SINGLE.map((name) => [name, single[name][i]!])) as Record<Single, Chance>),
  }));
}
