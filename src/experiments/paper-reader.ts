// experiments/ · Paper reader: what can be read in texts that behaviours wrote, as a task's own reader reads real ones.
import type { Way } from "../terms/behaviour.ts";
import type { Reader, Segments, SeenStep } from "../terms/seen.ts";
import {
  ASTRAY,
  BROKEN_OFF,
  GOLD,
  MARK,
  NO_MARK,
  pieceOf,
  RECALL,
  REPAIR,
  RIGHT_STEP,
  stepsOf,
  wayPiece,
  WRONG_ANSWER,
  WRONG_STEPS,
} from "./paper-policy.ts";

/** What goes no way that the paper knows: the answer without any work. */
export const NO_WORK = "no-work";

const [PLUS, MENDED] = [RIGHT_STEP, REPAIR].map(pieceOf) as [string, string];
const WRONG = new Set(WRONG_STEPS.map(pieceOf));
const [LOST, RECALLED, BROKEN] = [ASTRAY, RECALL, BROKEN_OFF].map(pieceOf) as [string, string, string];
const WRONG_END = pieceOf(WRONG_ANSWER);
const MARKS = [MARK, NO_MARK].map(pieceOf);

export type PaperReader = Required<Omit<Reader, "passes">> & Pick<Reader, "passes">;

/**
 * @param ways by problem
 * @param steps L by problem
 * @param golds right answers, one character each, where problems have their own: then one to another problem may pass
 */
export function paperReader(
  ways: ReadonlyMap<string, readonly Way[]>,
  steps: ReadonlyMap<string, number>,
  golds?: ReadonlyMap<string, string>,
): PaperReader {
  const goldOf = (problem: string): string => golds?.get(problem) ?? GOLD;
  const names = new Set([...ways.values()].flatMap((list) => list.map(({ name }) => name)));
  const wayOf = (problem: string, text: string): Way | undefined =>
    ways.get(problem)!.find((_, way) => text.startsWith(wayPiece(way)));
  /** What is said at once where answers are in common. */
  const isGuess = (problem: string, text: string): boolean =>
    golds !== undefined && wayOf(problem, text)?.pace === Number.POSITIVE_INFINITY;
  const reader: PaperReader = {
    strategies: [...names, NO_WORK],
    strategy: (problem, text) => wayOf(problem, text)?.name ?? NO_WORK,
    segments(problem, text): Segments {
      const way = wayOf(problem, text);
      const { work, end } = workOf(text);
      const wanted = way === undefined ? 0 : stepsOf(way, steps.get(problem)!);
      const tries = work.filter(({ repairs }) => !repairs).length;
      const stands = work.some(({ right }, i) => !right && work[i + 1]?.repairs !== true);
      return {
        ...(text.length < wayPiece(0).length || text.startsWith(LOST) ? {} : { planEnd: wayPiece(0).length }),
        ...(tries === wanted && !stands && !text.startsWith(LOST) ? { answerStart: end } : {}),
      };
    },
    steps: (problem, text) => (isGuess(problem, text) ? [] : workOf(text).work),
    lost(problem, text) {
      if (text.startsWith(LOST) || text.startsWith(BROKEN)) return 1;
      const { work, end } = workOf(text);
      const way = wayOf(problem, text);
      // A slip may be mended until something else is written behind it.
      const slip = work.findIndex(({ right }, i) => !right && work[i + 1]?.repairs !== true);
      if (slip >= 0 && work[slip]!.to < text.length) return work[slip]!.to + 1;
      if (slip >= 0 || end === text.length) return undefined;
      const tries = work.filter(({ repairs }) => !repairs).length;
      // What is recalled shows no work.
      const whole = way === undefined || tries === stepsOf(way, steps.get(problem)!);
      if (!whole || !text.startsWith(pieceOf(MARK), end)) return end + 1;
      const stated = text.slice(end + pieceOf(MARK).length);
      return stated.length === WRONG_END.length && stated !== goldOf(problem) ? text.length : undefined;
    },
    answered: (_, text) => text.startsWith(LOST) || MARKS.some((mark) => text.includes(mark)),
    // Work is looked at where it is shown; what is recalled shows none.
    lenient: (problem, text) =>
      MARKS.some((mark) => text.endsWith(mark + goldOf(problem))) && reader.sound(problem, text),
    strict: (problem, text) => text.endsWith(goldOf(problem)),
    sound(problem, text) {
      if (text.startsWith(RECALLED)) return true;
      // A guess shows no work that could be wrong.
      if (isGuess(problem, text)) return text.endsWith(goldOf(problem));
      return reader.segments(problem, text).answerStart !== undefined;
    },
    tokensWithin({ prefix, tokenIds = [] }, characters) {
      let end = (prefix?.tokenIds ?? []).reduce((sum, token) => sum + pieceOf(token).length, 0);
      const after = tokenIds.findIndex((token) => {
        end += pieceOf(token).length;
        return end > characters;
      });
      return after < 0 ? tokenIds.length : after;
    },
  };
  if (golds === undefined) return reader;
  return { ...reader, passes: (problem, text) => text.endsWith(pieceOf(MARK) + goldOf(problem)) };
}

/** The steps of a text, and the character behind the last. */
function workOf(text: string): { work: SeenStep[]; end: number } {
  const work: SeenStep[] = [];
  let end = Math.min(text.length, wayPiece(0).length);
  for (; end < text.length; end++) {
    const sign = text[end]!;
    if (sign !== PLUS && !WRONG.has(sign) && sign !== MENDED) break;
    work.push({ from: end, to: end + 1, right: !WRONG.has(sign), repairs: sign === MENDED });
  }
  return { work, end };
}
