// study/ · Portrait answers: which answers problems have in common, and how often each is stated where it is wrong. What passes by chance comes of it.
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader } from "../terms/seen.ts";
import type { Answers } from "./imagined.ts";

/** Of one policy on one problem, looked at on all problems; of very many problems fewer, so that it takes no longer than they do. */
const EACH = 8;
const MOST = 2000;
/** Problems whose answers the next few are held against first: where none passes there, no answer is in common. */
const TRIED = 200;
/** As many answers to others pass, or nothing of it is told from none. */
const TOLD = 5;

export interface AnswersSeen extends Answers {
  /** By problem: an index into the laws of `wrong`. */
  readonly golds: readonly number[];
}

/**
 * Answers are told apart by the problems that they pass on; what the task cannot hold against another problem, or what hardly ever passes there,
 * is nothing.
 *
 * @param problems ids
 * @param drawn finished answers of base and tuned policy, by problem
 */
export function answersOf(
  { passes }: Reader,
  problems: readonly string[],
  drawn: readonly ReadonlyMap<string, readonly RolloutRecord[]>[],
): AnswersSeen | undefined {
  if (passes === undefined || !isInCommon(passes, problems, drawn)) return undefined;
  const each = Math.max(1, Math.min(EACH, Math.floor(MOST / problems.length)));
  const known = new Map<string, readonly number[]>();
  const passing = (text: string): readonly number[] => {
    let on = known.get(text);
    if (on === undefined) {
      on = problems.flatMap((id, i) => (passes(id, text) ? [i] : []));
      known.set(text, on);
    }
    return on;
  };
  const golds = new Map<number, number>();
  const classes = new Map<string, number>();
  const classOf = (on: readonly number[]): number => {
    const key = on.join(" ");
    const found = classes.get(key) ?? classes.size;
    classes.set(key, found);
    for (const i of on) golds.set(i, found);
    return found;
  };
  let others = 0;
  const stated = drawn.map((byProblem) =>
    problems.flatMap((id, own) =>
      (byProblem.get(id) ?? []).slice(0, each).flatMap(({ text }) => {
        const on = passing(text!);
        const is = on.length === 0 ? undefined : classOf(on);
        if (on.some((i) => i !== own)) others++;
        return on.includes(own) ? [] : [is];
      }),
    ),
  );
  if (others < TOLD) return undefined;
  // Whose own answer nobody stated has it alone.
  const alone = problems.map((_, i) => golds.get(i) ?? classes.size + i);
  const kinds = classes.size + problems.length;
  return {
    golds: alone,
    wrong: stated.map((list) => {
      const law = new Array<number>(kinds + 1).fill(0);
      for (const answer of list) law[answer ?? kinds]! += 1 / list.length;
      return law;
    }),
  };
}

function isInCommon(
  passes: NonNullable<Reader["passes"]>,
  problems: readonly string[],
  drawn: readonly ReadonlyMap<string, readonly RolloutRecord[]>[],
): boolean {
  let others = 0;
  for (const [at, id] of problems.slice(0, TRIED).entries())
    for (const next of problems.slice(at + 1, at + 1 + EACH))
      for (const byProblem of drawn) {
        const text = byProblem.get(next)?.[0]?.text;
        if (text !== undefined && passes(id, text) && ++others >= TOLD) return true;
      }
  return false;
}
