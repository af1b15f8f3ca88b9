// study/ · Portrait: what base and tuned policy do on every problem, as their answers show it. A rehearsal plays on from there.
//
// Every chance of a behaviour is counted problem by problem: how often it could have been met, and how often it was (portrait-chance says what that
// tells). What a policy hardly ever meets by itself is read in the answers that were handed over to it, from where it took
// over: a base that never goes that way is seen on it there. Elsewhere it is asked behind beginnings that it would not write, and those are left out.
import { gainRows } from "../experiments/gain-rows.ts";
import { handovers } from "../experiments/prefix-pool.ts";
import { mainWay } from "../experiments/main-way.ts";
import { stepsOf } from "../experiments/paper-policy.ts";
import type { GainRow } from "../terms/gain-row.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Seen } from "../terms/seen.ts";
import type { Answers } from "./imagined.ts";
import { answersOf } from "./portrait-answers.ts";
import type { Count } from "./portrait-chance.ts";
import { type Counts, type Own, SINGLE, type Single, type Sitter, sittersOf } from "./portrait-sitters.ts";
import { isEnded, paceOf, TOLD, wrongsIn } from "./habits.ts";

export interface Portrait {
  /** The tuned policy's main way first, or the base's where it is the base's alone. */
  readonly ways: readonly { readonly name: string; readonly pace: number }[];
  /** Different wrong steps in one place, in effect. */
  readonly wrongs?: number;
  /** Those that the base was asked on. */
  readonly problems: readonly {
    readonly steps: number;
    readonly policies: readonly [Sitter, Sitter];
    readonly gold?: number;
  }[];
  /** Where answers to one problem pass on others. */
  readonly answers?: Answers;
  /** Of problems on which all was asked that anything was asked on. */
  readonly rows: readonly GainRow[];
  /** The tuned policy has no answers yet: it is shown as the base is, before any training. */
  readonly baseAlone?: true;
}

const none = (): Count => ({ events: 0, of: 0 });

function met(count: Count, event: boolean): void {
  count.of++;
  if (event) count.events++;
}

/**
 * From paired rollouts of base and tuned policy, and what was handed over at the ends of segments, where anything was.
 *
 * @returns nothing where the base has no texts, no problem tells its number of steps, or the task verifies no steps
 */
export function portraitOf(seen: Seen): Portrait | undefined {
  const { reader, policies } = seen;
  const pair = [policies[0]!, policies.at(-1)!] as const;
  const drawn = seen.rollouts.filter(({ experiment, text }) => experiment === "paired-sampling" && text !== undefined);
  const onBase = new Set(drawn.flatMap(({ policy, problem }) => (policy === pair[0] ? [problem] : [])));
  const problems = seen.problems.filter(({ id, steps }) => steps !== undefined && onBase.has(id));
  const isShown = new Set(problems.map(({ id }) => id));
  const own = pair.map((name) => drawn.filter(({ policy, problem }) => policy === name && isShown.has(problem)));
  const baseAlone = own[1]!.length === 0;
  const shown = baseAlone ? [own[0]!] : own;
  if (reader.steps === undefined || problems.length < 2) return undefined;
  const ended = shown.map((list) =>
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
  if (answers !== undefined && !baseAlone) {
    // Nothing tells how often the tuned policy states a problem's own answer where it was not asked on it.
    const onTuned = new Set(own[1]!.map(({ problem }) => problem));
    if (onTuned.size < problems.length)
      return portraitOf({ ...seen, rollouts: seen.rollouts.filter(({ problem }) => onTuned.has(problem)) });
  }
  const ways = waysOf(seen, own[0]!, own[1]!);
  const byPolicy = Map.groupBy(drawn, ({ policy, problem }) => `${policy} ${problem}`);
  const handed = Map.groupBy(
    seen.rollouts.filter(({ experiment, text }) => experiment === "handoff" && text !== undefined),
    ({ problem }) => problem,
  );
  const counted = pair.map((policy) => {
    const counts = problems.map(({ steps }) => [emptyOf(ways, steps!), emptyOf(ways, steps!)] as const);
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
  const base = sittersOf(counted[0], baseAlone ? [] : counted[1]);
  const sitters = [base, baseAlone ? base : sittersOf(counted[1], counted[0], base)] as const;
  const wrongs = wrongsIn(reader, own[0]!);
  return {
    ways: ways.map(({ name, pace }) => ({ name, pace })),
    ...(wrongs === undefined ? {} : { wrongs }),
    problems: problems.map(({ steps }, i) => ({
      steps: steps!,
      policies: [sitters[0][i]!, sitters[1][i]!],
      ...(answers === undefined ? {} : { gold: answers.golds[i]! }),
    })),
    ...(answers === undefined ? {} : { answers: { wrong: pair.map((_, i) => answers.wrong[baseAlone ? 0 : i]!) } }),
    rows: baseAlone ? [] : gainRows({ ...seen, problems: asked(seen) }, pair[1]),
    ...(baseAlone ? { baseAlone } : {}),
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

function emptyOf(ways: readonly Known[], steps: number): Counts {
  return {
    ways: ways.map(() => 0),
    slip: ways.map((way) => Array.from({ length: stepsOf(way, steps) }, none)),
    repair: ways.map(none),
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
  if (given === 0) {
    const cut = record.finish === "length";
    met(single.breaksOff, !cut && !ended);
    if (cut || ended) met(single.cutOffs, cut);
  }
  const name = reader.strategy?.(problem, text);
  const way = ways.findIndex(({ names }) => names.includes(name));
  if (!ended || way < 0) return;
  if (given === 0) went[way]!++;
  const passed = verdict === "right";
  const meant = passed || reader.lenient?.(problem, text) === true;
  const { pace } = ways[way]!;
  const shown = reader.steps!(problem, text);
  const tries = shown.filter(({ repairs }) => !repairs);
  if (pace === Number.POSITIVE_INFINITY) {
    if (given === 0) met(slip[way]![0]!, !meant);
  } else {
    tries.forEach(({ to, right }, i) => {
      // Whoever does more steps than there are does the last one once more.
      if (to > given) met(slip[way]![Math.min(i, slip[way]!.length - 1)]!, !right);
    });
    shown.forEach(({ right }, i) => {
      const next = shown[i + 1];
      if (!right && (next?.to ?? text.length) > given) met(repair[way]!, next?.repairs === true && next.right);
    });
  }
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
