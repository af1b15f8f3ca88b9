// study/ · Imagined: base and tuned behaviours of a whole study, as a rival draws them. DESIGN §4: every rival draws, every experiment acts.
import { PaperPolicy } from "../experiments/paper-policy.ts";
import type { Explanation } from "../explanations/explanation.ts";
import { crossing } from "../maths/crossing.ts";
import { latticePoint } from "../maths/lattice.ts";
import { expit, logit } from "../maths/logspace.ts";
import type { Stream } from "../maths/random.ts";
import { normalQuantile } from "../maths/special.ts";
import type { Behaviour, Part, Way } from "../terms/behaviour.ts";
import type { Habits, Lacked } from "./habits.ts";

/** What a study is imagined to be about. */
export interface Situation {
  /** Numbers of steps that problems have, whole numbers ≥ 1, as often as they occur. */
  readonly steps: readonly number[];
  /** Mean success of the base that is aimed at, in (0, 1). */
  readonly base: number;
  /** Mean gain that is aimed at; a rival that cannot give it gives what it can. */
  readonly gain: number;
  /** How the base goes about it, where that was seen; usual where not. */
  readonly habits?: Habits;
}

export interface ImaginedProblem {
  readonly id: string;
  readonly family: string;
  readonly steps: number;
  /** In training order, the base first. */
  readonly behaviours: readonly Behaviour[];
  /** Which of the answers that problems have in common is its own, where that was seen: an index into Answers. */
  readonly gold?: number;
}

/** Answers that several problems have in common: one to one of them may pass on another. */
export interface Answers {
  /** By policy, base and tuned: how often each is stated where it is wrong, then any that passes nowhere; adds up to 1. */
  readonly wrong: readonly (readonly number[])[];
}

/** Problems differ in how hard a step of them is: one standard deviation of a slip's log-odds. */
const SCATTER = 0.7;
/** A usual policy goes step by step and now and then says the answer at once, mostly wrong. */
const AT_ONCE = 0.1;
/** One that was never seen to do so may, for all that is known. */
const HARDLY = 1e-4;
const HARDER_AT_ONCE = 2.5;
/** Of a slip, and of repairs; how hard the problems are is chosen so that the base is as good as it should be. */
const USUAL_SLIP = -2.5;
const USUAL_REPAIR = 0.15;
/**
 * Training does not move problems alike: one standard deviation of the logarithm of how far it takes one is anything up to this. Worlds of two seeds
 * had from next to nothing (neat-answer) to 1.2 (joined-parts), a half in the middle (docs/log.md, 2026-11-29).
 */
const MOST_UNEVEN = 1.2;
/** Form is what training gets right first, within its first steps: so many times as far as the rest. */
const FIRST: ReadonlySet<Part> = new Set<Part>(["readable"]);
const SOONER = 3;
/** Laws of texts: one factor on all problems. */
export const ALIKE: ReadonlySet<Part> = new Set<Part>(["odds", "temperature"]);
/** No way goes wrong for certain. */
const SURE = 0.99;

/** How problems of one imagined study are made: as many as one likes, all of the same kind. */
export interface Law {
  readonly rivals: readonly Explanation[];
  /** Of each rival, how much the base lacks, in (0, 1). */
  readonly lacks: readonly number[];
  /** Of each rival, how far training went, in [0, 1]. */
  readonly by: readonly number[];
  /** How unlike problems are in how far it went, as of MOST_UNEVEN. */
  readonly uneven: number;
  /** Added to the log-odds of every slip. */
  readonly harder: number;
  readonly habits?: Habits;
}

/** So many problems of each length are looked at to find out how hard they must be, and how far training must go. */
const TRIED = 7;
/** Which of them training moves how far, unlike how hard they are. */
const MIXED = [3, 6, 1, 4, 0, 5, 2];
/** Slips of problems that are not easier than any in use: about one in twenty of the usual. */
const EASY = -3;
/** Training that leaves nothing of what was there would have zeros that no network has. */
export const FARTHEST = 0.999;
/** A base that lacks all of something cannot be told from one that never had it. */
const MOST_LACK = 0.97;

/**
 * A law under which these rivals, and nothing else, are the cause.
 *
 * @param rivals at least one; of several, each goes its own random share of the way
 */
export function lawOf(
  rivals: readonly Explanation[],
  { steps, base, gain, habits = {} }: Situation,
  random: Stream,
): Law {
  const seenToLack = rivals.map(({ moves }) => seenLack(moves, habits));
  const drawn = rivals.map((_, i) => {
    const usually = 0.3 + 0.5 * random.uniform();
    return seenToLack[i] ?? usually;
  });
  const pace = pacesOf(rivals, random);
  const uneven = unevenFrom(random);
  const often = Map.groupBy(steps, (own) => own);
  const tried = [...often].flatMap(([own, list]) =>
    Array.from({ length: TRIED }, (_, i) => ({
      steps: own,
      kind: { own: normalQuantile((i + 0.5) / TRIED), moved: normalQuantile((MIXED[i]! + 0.5) / TRIED) },
      weight: list.length / steps.length / TRIED,
    })),
  );
  const success = (law: Law, policy: 0 | 1): number =>
    tried.reduce(
      (sum, one) => sum + one.weight * new PaperPolicy(behaviours(law, one.kind)[policy]!, one.steps).success,
      0,
    );
  // A base that lacks too much to be as good as it should be lacks less; one whose slips were seen lacks what they leave over.
  const at = (harder: number, more: number): Law => ({
    rivals,
    lacks: drawn.map((lack, i) => (seenToLack[i] === undefined ? more * lack : lack)),
    by: rivals.map(() => 0),
    uneven,
    harder,
    habits,
  });
  const seen = habits.slip === undefined ? undefined : logit(habits.slip) - USUAL_SLIP;
  const most = MOST_LACK / Math.max(...drawn);
  const left = seen === undefined ? 0 : crossing((more) => success(at(seen, more), 0) - base, 0, most);
  const scale = left > 0 ? left : crossing((more) => success(at(EASY, more), 0) - base, 0, 1);
  const still = at(0, scale);
  const harder = crossing((shift) => success({ ...still, harder: shift }, 0) - base, -12, 12);
  const wanted = success({ ...still, harder }, 0) + gain;
  const going = (share: number): Law => ({ ...still, harder, by: pace.map((own) => Math.min(FARTHEST, share * own)) });
  return going(crossing((share) => wanted - success(going(share), 1), 0, 2));
}

/** Of several causes each goes its own share of the way: so many times as far as the others. */
export function pacesOf(rivals: readonly Explanation[], random: Stream): number[] {
  return rivals.map(({ moves }) => {
    const own = 0.5 + random.uniform();
    return moves.every((part) => FIRST.has(part)) ? SOONER * own : own;
  });
}

/** How unlike problems are in how far one training takes them. */
export function unevenFrom(random: Stream): number {
  return MOST_UNEVEN * random.uniform();
}

/**
 * How far training goes on one problem: what is left to go shrinks by a power of its own on every problem; a law of texts is one factor on all of them.
 *
 * @param share of the way, in [0, 1]
 * @param further logarithm of that power
 */
export function farOn(moves: Explanation["moves"], share: number, further: number): number {
  return moves.some((part) => ALIKE.has(part)) ? share : 1 - (1 - share) ** Math.exp(further);
}

/** What hardly shows in the base's answers cannot have been the gain; where it is the cause all the same, the base lacks it as usual. */
const SHOWS = 0.05;

function seenLack(moves: Explanation["moves"], { lacks = {} }: Habits): number | undefined {
  const lack = moves.length === 1 ? lacks[moves[0] as Lacked] : undefined;
  return lack !== undefined && lack >= SHOWS ? Math.min(lack, MOST_LACK) : undefined;
}

/** Between ways as they are: the base that was seen has room for more of its main one. */
function isSeenToChoose(moves: Explanation["moves"], { others = [] }: Habits): boolean {
  const rest = others.reduce((sum, { share }) => sum + share, 0);
  return moves.length === 1 && moves[0] === "strategy-share" && rest >= SHOWS && rest < 1;
}

/** Problems of that kind, drawn independently of each other. @param steps L of each, whole numbers ≥ 1 */
export function drawFrom(law: Law, steps: readonly number[], random: Stream): ImaginedProblem[] {
  return steps.map((own, i) => ({
    id: `L${own}/${i}`,
    family: "imagined",
    steps: own,
    behaviours: behaviours(law, { own: random.normal(), moved: random.normal() }),
  }));
}

/**
 * Stand for all problems of that kind of each length: one in the middle of each of `parts` equal parts of how hard they are, and spread evenly over
 * how far training moves them (a lattice of the golden ratio).
 */
export function middlesOf(law: Law, lengths: readonly number[], parts: number): ImaginedProblem[] {
  return lengths.flatMap((steps) =>
    Array.from({ length: parts }, (_, i) => {
      const [own, moved] = latticePoint(i, parts).map(normalQuantile) as [number, number];
      return { id: `L${steps}/middle ${i}`, family: "imagined", steps, behaviours: behaviours(law, { own, moved }) };
    }),
  );
}

/** One problem among its kind, both in standard deviations: how hard it is, and how far training moves what is done on it. */
interface Kind {
  readonly own: number;
  readonly moved: number;
}

/** Base and tuned. */
function behaviours(
  { rivals, lacks, by, uneven, harder, habits = {} }: Law,
  { own, moved }: Kind,
): [Behaviour, Behaviour] {
  const off = (habits.scatter ?? SCATTER) * own;
  const at = USUAL_SLIP + off + harder;
  const base = rivals.reduce(
    (one, { moves, onPaper }, i) => (isSeenToChoose(moves, habits) ? one : onPaper.base(one, lacks[i]!)),
    usual(at, off, habits),
  );
  return [
    base,
    rivals.reduce((one, { moves, onPaper }, i) => onPaper.tuned(one, farOn(moves, by[i]!, uneven * moved)), base),
  ];
}

/** Step by step, with a slip's log-odds `at`, or in other ways, which are `off` from what they usually are. */
function usual(at: number, off: number, habits: Habits = {}): Behaviour {
  const {
    repair = USUAL_REPAIR,
    wrongs,
    others = [{ share: AT_ONCE, pace: Number.POSITIVE_INFINITY }],
    lacks = {},
  } = habits;
  const way = (name: string, share: number, pace: number, slip: number): Way => ({
    name,
    share,
    pace,
    slip: expit(slip),
    repair,
    ...(wrongs === undefined ? {} : { wrongs }),
  });
  const shown = others.length === 0 ? [{ share: HARDLY, pace: Number.POSITIVE_INFINITY }] : others;
  const rest = shown.reduce((sum, { share }) => sum + share, 0);
  return {
    ways: [
      way("stepwise", 1 - rest, 1, at),
      ...shown.map(({ share, pace, slip }, i) =>
        way(
          i === 0 ? "at-once" : `other-${i + 1}`,
          share,
          pace,
          slip === undefined
            ? at + HARDER_AT_ONCE
            : off + logit(Math.min(SURE, pace < Number.POSITIVE_INFINITY ? slip : slip / (1 - repair))),
        ),
      ),
    ],
    joins: 1 - (lacks.joins ?? 0),
    readable: 1 - (lacks.readable ?? 0),
    cutOffs: lacks["cut-offs"] ?? 0,
    recall: 0,
    luck: 0,
    misstated: 0,
    grader: 0,
    odds: 0,
    temperature: 1,
    astray: 0,
  };
}

/**
 * Two mechanisms with identical success on every problem of one length: a way of solving that is chosen more often, and steps that
 * slip less. What a count of right answers can say of one it says of the other.
 *
 * @param at L at which they agree, ≥ 2
 * @param success [base, tuned] of each problem at that L, each in (0, 1), base < tuned
 * @param steps L of the problem that is asked, for each
 */
export function matchedPair(
  at: number,
  success: readonly (readonly [number, number])[],
  steps: readonly number[],
): Readonly<Record<"strategy" | "reliability", ImaginedProblem[]>> {
  const problems = (of: (p: number) => Behaviour): ImaginedProblem[] =>
    success.map((pair, i) => ({
      id: `L${steps[i]}/${i}`,
      family: "imagined",
      steps: steps[i]!,
      behaviours: pair.map(of),
    }));
  const plain = usual(0, 0);
  const ways = (share: number, slip: number): Behaviour => ({
    ...plain,
    ways: [
      { ...plain.ways[0]!, share, slip, repair: 0 },
      { ...plain.ways[1]!, share: 1 - share, slip: 1, repair: 0 },
    ],
  });
  // The way that is chosen hardly slips: it succeeds in 95 of 100 at that length.
  const steady = 1 - 0.95 ** (1 / at);
  return {
    strategy: problems((p) => ways(p / 0.95, steady)),
    reliability: problems((p) => ways(0.95, 1 - (p / 0.95) ** (1 / at))),
  };
}
