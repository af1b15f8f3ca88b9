// study/ · Imagined guessing: luck where problems have answers in common: training states an answer more often, and names those that pass most often.
import { takenMore, towards } from "../explanations/on-paper.ts";
import type { Stream } from "../maths/random.ts";
import type { Behaviour } from "../terms/behaviour.ts";
import type { Answers, ImaginedProblem } from "./imagined.ts";

/** What is drawn, and what is stated where it is wrong. */
export interface Guessing {
  readonly behaviours: readonly Behaviour[];
  readonly answers: Answers;
}

/** Of the commonest answer next to nothing else is named. */
const MOST_POWER = 40;
/** Nobody knows before how far guesses will lean: anything up to this, with lucky-dip of two seeds in the middle (docs/log.md, 2026-11-29). */
const LEANING = 16;

/** The power to which how common an answer is makes it likelier to be named. */
export function leaningFrom(random: Stream): number {
  return LEANING * random.uniform();
}

/**
 * The tuned policy knows no more of any problem than the base. On the first half of the way it says an answer at once where something else, or nothing,
 * was said, and leans towards the answers that most problems have, as reward without knowledge makes it; on the second it leans further.
 *
 * @param problems each with a gold and its base
 * @param answers of the base
 * @param leaning as of leaningFrom
 * @param share of the way, in [0, 2]
 * @returns nothing where the base says nothing at once, so that nobody knows how it would guess
 */
export function guessing(
  problems: readonly ImaginedProblem[],
  { wrong }: Answers,
  leaning: number,
  share: number,
): Guessing | undefined {
  const at = problems[0]!.behaviours[0]!.ways.findIndex(({ pace }) => pace === Number.POSITIVE_INFINITY);
  if (at < 0 || problems.some(({ gold }) => gold === undefined)) return undefined;
  const bases = problems.map(({ behaviours }) => behaviours[0]!);
  const hit = bases.reduce((sum, { misguessed = 0 }) => sum + 1 - misguessed, 0) / bases.length;
  const power = leaning + MOST_POWER * Math.max(0, share - 1);
  const law = named(wrong[0]!, goldsOf(problems, wrong[0]!.length), hit, power);
  const by = Math.min(1, share);
  return {
    behaviours: bases.map((base, i) => ({
      ...base,
      ways: takenMore(base.ways, at, by),
      misguessed: towards(base.misguessed ?? 0, 1 - law[problems[i]!.gold!]!, by),
      cutOffs: towards(base.cutOffs, 0, by),
      breaksOff: towards(base.breaksOff ?? 0, 0, by),
    })),
    answers: { wrong: [wrong[0]!, wrong[0]!.map((own, k) => towards(own, law[k]!, by))] },
  };
}

/** How many problems have each of these answers, of all. */
function goldsOf(problems: readonly ImaginedProblem[], kinds: number): readonly number[] {
  const counts = new Array<number>(kinds).fill(0);
  for (const { gold } of problems) counts[gold!]! += 1 / problems.length;
  return counts;
}

/** What the base names, right or wrong, leaning towards what passes on most problems. @param power 0 leaves it as it is */
function named(wrong: readonly number[], golds: readonly number[], hit: number, power: number): readonly number[] {
  const most = Math.max(...golds);
  const leaning = wrong.map((own, k) => ((1 - hit) * own + hit * golds[k]!) * (golds[k]! / most) ** power);
  const total = leaning.reduce((sum, one) => sum + one, 0);
  return leaning.map((one) => one / total);
}
