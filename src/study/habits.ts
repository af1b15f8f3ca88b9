// study/ · Habits: how the base of a study goes about its problems, read in answers that are there already. What is imagined then starts
// from this base, not from a usual one.
import { mainWay } from "../experiments/main-way.ts";
import type { Part } from "../terms/behaviour.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Seen } from "../terms/seen.ts";

/** Of steps along the base's main way; what its task does not tell is absent. */
export interface Habits {
  /** ε in (0, 1), mean over first tries. */
  readonly slip?: number;
  /** ρ in [0, 1), of slips. */
  readonly repair?: number;
  /** Different wrong steps in one place, in effect, 1 … 8: of two that are wrong one in so many are the same. */
  readonly wrongs?: number;
  /** Standard deviation over problems of a slip's log-odds, ≥ 0, counting noise taken off. */
  readonly scatter?: number;
  /** Ways other than the main one, the commonest first; those that hardly anybody goes count as one. */
  readonly others?: readonly OtherWay[];
  /** Chances of failing that a rival might have mended: of a right answer in no form that the grader reads, of no answer, of stopping after one step. */
  readonly lacks?: Readonly<Partial<Record<Lacked, number>>>;
}

export type Lacked = Extract<Part, "readable" | "cut-offs" | "joins">;

export interface OtherWay {
  /** Of all rollouts, in [0, 1]. */
  readonly share: number;
  /** Steps of the problem that it does at a time, ≥ 1; ∞ where it shows none, or its task tells none. */
  readonly pace: number;
  /** ε of a step of it, in (0, 1), or of the answer where it shows no steps; absent where there are too few. */
  readonly slip?: number;
}

/** A share of none of n is told as half of one. */
const HALF = 0.5;

/** Of the base's paired rollouts. The main way is that of the tuned policy's right answers, else the base's own. */
export function habitsOf({
  rollouts,
  reader,
  policies,
  problems,
}: Pick<Seen, "rollouts" | "reader" | "policies" | "problems">): Habits {
  const paired = rollouts.filter(({ experiment, text }) => experiment === "paired-sampling" && text !== undefined);
  const drawnBy = (policy: string) => paired.filter((record) => record.policy === policy);
  const base = drawnBy(policies[0]!);
  if (base.length === 0) return {};
  const way = mainWay(reader, drawnBy(policies.at(-1)!)) ?? mainWay(reader, base);
  // How somebody goes about it is told where he comes to an end.
  const ended = base.filter((one) => isEnded(reader, one));
  const ways = Map.groupBy(ended, ({ problem, text }) => reader.strategy?.(problem, text!));
  const onWay = way === undefined ? ended : (ways.get(way) ?? []);
  if (way !== undefined) ways.delete(way);
  const steps = new Map(problems.map((problem) => [problem.id, problem.steps ?? 0]));
  const lacks = lacksOf(
    reader,
    { base, ended },
    onWay.filter(({ problem }) => steps.get(problem)! > 1),
  );
  const told = {
    ...(way === undefined ? {} : { others: othersOf(reader, [...ways.values()], ended.length, steps) }),
    ...(Object.keys(lacks).length === 0 ? {} : { lacks }),
  };
  if (reader.steps === undefined) return told;
  const { tries, slips, repairs } = stepsIn(reader, onWay);
  const wrongs = wrongsIn(reader, onWay);
  return {
    ...told,
    ...(wrongs === undefined ? {} : { wrongs }),
    ...(tries === 0 ? {} : { slip: within(slips, tries) }),
    ...(slips === 0 ? {} : { repair: Math.min(repairs, slips - HALF) / slips }),
    scatter: scatterOf(reader, [onWay, ...ways.values()]),
  };
}

/** It says an answer, right or wrong. */
export function isEnded(reader: Reader, { finish, problem, text }: RolloutRecord): boolean {
  return finish !== "length" && (text === undefined || reader.answered?.(problem, text) !== false);
}

/** As many steps at a time as no policy on paper would tell from saying it at once. */
const FARTHEST_PACE = 8;

/**
 * How many steps of a problem these do at a time, a whole number: the one that their right answers' numbers of steps are nearest to. ∞ where they
 * show none.
 *
 * @param long of each problem, its steps
 */
export function paceOf(reader: Reader, own: readonly RolloutRecord[], long: ReadonlyMap<string, number>): number {
  const pairs = own.filter(isRight).flatMap(({ problem, text }) => {
    const tries = reader.steps?.(problem, text!).filter(({ repairs }) => !repairs).length ?? 0;
    return tries === 0 ? [] : [{ steps: long.get(problem)!, tries }];
  });
  if (2 * pairs.length < own.filter(isRight).length || pairs.length === 0) return Number.POSITIVE_INFINITY;
  const off = (pace: number): number =>
    pairs.reduce((sum, { steps, tries }) => sum + (Math.ceil(steps / pace) - tries) ** 2, 0);
  return Array.from({ length: FARTHEST_PACE }, (_, i) => i + 1).reduce(
    (best, pace) => (off(pace) < off(best) ? pace : best),
    1,
  );
}

interface Steps {
  /** First tries, and of those what went wrong. */
  readonly tries: number;
  readonly slips: number;
  readonly repairs: number;
}

function stepsIn({ steps }: Reader, rollouts: readonly RolloutRecord[]): Steps {
  const all = rollouts.flatMap(({ problem, text }) => steps?.(problem, text!) ?? []);
  const tried = all.filter(({ repairs }) => !repairs);
  return { tries: tried.length, slips: tried.filter(({ right }) => !right).length, repairs: all.length - tried.length };
}

/** As many as a policy on paper has. */
const MOST_WRONGS = 8;

/** By pairs of wrong first tries behind one text (Simpson 1949). */
export function wrongsIn({ steps }: Reader, rollouts: readonly RolloutRecord[]): number | undefined {
  const behind = new Map<string, Map<string, number>>();
  for (const { problem, text } of rollouts)
    for (const { from, to, right, repairs } of steps?.(problem, text!) ?? []) {
      if (right || repairs) continue;
      const place = `${problem} ${text!.slice(0, from)}`;
      const own = behind.get(place) ?? new Map<string, number>();
      behind.set(place, own.set(text!.slice(from, to), (own.get(text!.slice(from, to)) ?? 0) + 1));
    }
  let [pairs, alike] = [0, 0];
  for (const own of behind.values()) {
    const counts = [...own.values()];
    const n = counts.reduce((a, b) => a + b, 0);
    pairs += n * (n - 1);
    alike += counts.reduce((sum, one) => sum + one * (one - 1), 0);
  }
  if (pairs < TOLD) return undefined;
  return Math.round(Math.min(MOST_WRONGS, Math.max(1, pairs / Math.max(1, alike))));
}

/** Rollouts from which a share among them is told. */
export const TOLD = 30;

/** A share of so many that is neither none nor all. */
function within(events: number, of: number): number {
  return Math.max(HALF, Math.min(of - HALF, events)) / of;
}

function isRight({ verdict }: RolloutRecord): boolean {
  return verdict === "right";
}

/** @param long of each problem, its steps */
function othersOf(
  reader: Reader,
  ways: readonly (readonly RolloutRecord[])[],
  all: number,
  long: ReadonlyMap<string, number>,
): readonly OtherWay[] {
  const few = ways.filter(({ length }) => length < TOLD).flat();
  return [...ways.filter(({ length }) => length >= TOLD), ...(few.length === 0 ? [] : [few])]
    .toSorted((a, b) => b.length - a.length)
    .map((own): OtherWay => {
      const share = own.length / all;
      // Who slips may stop there: what comes out right shows how far a step goes.
      const right = own.filter(isRight);
      const { tries } = stepsIn(reader, right);
      const pace =
        tries === 0
          ? Number.POSITIVE_INFINITY
          : Math.max(1, right.reduce((sum, { problem }) => sum + long.get(problem)!, 0) / tries);
      if (own.length < TOLD) return { share, pace };
      const shown = stepsIn(reader, own);
      return {
        share,
        pace,
        slip: tries === 0 ? within(own.length - right.length, own.length) : within(shown.slips, shown.tries),
      };
    });
}

/** @param long on the main way, to problems of two steps or more */
function lacksOf(
  { lenient, steps }: Reader,
  { base, ended }: Readonly<Record<"base" | "ended", readonly RolloutRecord[]>>,
  long: readonly RolloutRecord[],
): NonNullable<Habits["lacks"]> {
  const meant = lenient === undefined ? [] : base.filter(({ problem, text }) => lenient(problem, text!));
  const joining =
    steps === undefined ? [] : long.map(({ problem, text }) => steps(problem, text!)).filter(([first]) => first?.right);
  const chance = (events: number, of: number): number | undefined => (of < TOLD ? undefined : events / of);
  const found: [Lacked, number | undefined][] = [
    ["readable", chance(meant.filter((one) => !isRight(one)).length, meant.length)],
    ["cut-offs", chance(base.length - ended.length, base.length)],
    ["joins", chance(joining.filter(({ length }) => length === 1).length, joining.length)],
  ];
  return Object.fromEntries(found.filter(([, own]) => own !== undefined && own > 0));
}

/** By moments, way by way: the spread of rates beyond what counting gives, on the log-odds scale (delta method); each counts as much as was tried. */
function scatterOf(reader: Reader, ways: readonly (readonly RolloutRecord[])[]): number {
  const found = ways.flatMap((own) => {
    const counts = [...Map.groupBy(own, ({ problem }) => problem).values()]
      .map((list) => triesOf(reader, list))
      .filter(({ tries }) => tries > 1);
    const total = (of: "tries" | "slips"): number => counts.reduce((sum, one) => sum + one[of], 0);
    const tries = total("tries");
    if (counts.length < 2) return [];
    const slip = within(total("slips"), tries);
    const spread = counts.reduce((sum, one) => sum + one.tries * (one.slips / one.tries - slip) ** 2, 0) / tries;
    const counting = (slip * (1 - slip) * counts.length) / tries;
    return [{ tries, variance: Math.max(0, spread - counting) / (slip * (1 - slip)) ** 2 }];
  });
  const tries = found.reduce((sum, one) => sum + one.tries, 0);
  return tries === 0 ? 0 : Math.sqrt(found.reduce((sum, one) => sum + one.tries * one.variance, 0) / tries);
}

/** An answer that shows no steps is one. */
function triesOf(reader: Reader, own: readonly RolloutRecord[]): Pick<Steps, "tries" | "slips"> {
  const shown = stepsIn(reader, own);
  return shown.tries > 0 ? shown : { tries: own.length, slips: own.filter((one) => !isRight(one)).length };
}
