// study/ · Reader: what a task can read in a rollout's text, as experiments see it; accepted strings are listed once a problem.
import type { Grading, Task } from "../tasks/task.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, Segments } from "../terms/seen.ts";

export interface Posed {
  readonly task: Task;
  readonly prompt: string;
  readonly grading: Grading;
}

/**
 * @param posed  the problems whose task is a member of tasks/, by id; of others nothing can be read
 * @param ends  of each generated token of a rollout, the characters of its text up to the token's end, ascending
 */
export function taskReader(
  posed: ReadonlyMap<string, Posed>,
  ends: (rollout: RolloutRecord) => readonly number[],
): Reader {
  const [first, ...others] = new Set(Array.from(posed.values(), ({ task }) => task));
  const tokensWithin: Reader["tokensWithin"] = (rollout, characters) => {
    const after = ends(rollout).findIndex((end) => end > characters);
    return after < 0 ? (rollout.tokenIds?.length ?? 0) : after;
  };
  // Strategies of several tasks in one study have nothing to do with each other; none are told then.
  if (first === undefined || others.length > 0) return { tokensWithin };
  const at = (problem: string): Posed => {
    const found = posed.get(problem);
    if (found === undefined) throw new Error(`${problem} is no problem of this study`);
    return found;
  };
  const verified = (problem: string, text: string, grading: Grading): boolean =>
    first.verify(at(problem).prompt, text, grading).kind === "right";
  const ways = new Map<string, Ways>();
  const waysOf = (problem: string): Ways => {
    let found = ways.get(problem);
    if (found === undefined) {
      const { task, prompt, grading } = at(problem);
      const accepted = task.accepted(prompt, grading);
      found = {
        plans: new Set(accepted.map(({ text, planEnd }) => text.slice(0, planEnd))),
        works: new Set(accepted.map(({ text, answerStart }) => text.slice(0, answerStart))),
      };
      ways.set(problem, found);
    }
    return found;
  };
  const lists = new Map<string, readonly string[] | undefined>();
  const textsOf = (problem: string): readonly string[] | undefined => {
    if (!lists.has(problem)) lists.set(problem, acceptedInOrder(at(problem)));
    return lists.get(problem);
  };
  return {
    tokensWithin,
    strategies: first.strategies,
    strategy: (problem, text) => first.signature(at(problem).prompt, text),
    segments: (problem, text) => segmentsOf(waysOf(problem), text),
    steps: (problem, text) => first.steps(at(problem).prompt, text),
    answered: (_, text) => first.answered(text),
    lenient: (problem, text) => verified(problem, text, "lenient"),
    // Answers are worked out again, so the grader is not fooled.
    strict: (problem, text) => verified(problem, text, at(problem).grading),
    ...(Array.from(posed.values()).every(({ grading }) => grading === "outcome")
      ? {
          // Nor is work lost there by a wrong step.
          passes: (problem: string, text: string) => verified(problem, text, "outcome"),
          sound: (problem: string, text: string) => verified(problem, text, "process"),
        }
      : {
          lost(problem: string, text: string) {
            const texts = textsOf(problem);
            return texts === undefined ? undefined : lostAt(texts, text);
          },
        }),
  };
}

/** Beginnings of what is accepted, up to the commitment and up to the answer. No plan begins another. */
interface Ways {
  readonly plans: ReadonlySet<string>;
  readonly works: ReadonlySet<string>;
}

/** Nothing where there are too many to list: then nobody can say of a text that none of them begins like it. */
function acceptedInOrder({ task, prompt, grading }: Posed): readonly string[] | undefined {
  try {
    return task
      .accepted(prompt, grading)
      .map(({ text }) => text)
      .sort();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Of texts in order, those that share the longest beginning with another stand next to where it would stand. */
function lostAt(texts: readonly string[], text: string): number | undefined {
  let [from, to] = [0, texts.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (texts[middle]! < text) from = middle + 1;
    else to = middle;
  }
  const shared = Math.max(...[from - 1, from].map((i) => sharedBeginning(texts[i] ?? "", text)));
  return shared < text.length ? shared + 1 : undefined;
}

function sharedBeginning(one: string, other: string): number {
  let end = 0;
  while (end < one.length && one[end] === other[end]) end++;
  return end;
}

function segmentsOf({ plans, works }: Ways, text: string): Segments {
  let planEnd: number | undefined;
  let answerStart: number | undefined;
  for (let end = 0; end <= text.length; end++) {
    const beginning = text.slice(0, end);
    if (planEnd === undefined && plans.has(beginning)) planEnd = end;
    // Of several answers that begin alike the longest work counts: an answer's own mark follows it.
    if (planEnd !== undefined && works.has(beginning)) answerStart = end;
  }
  return {
    ...(planEnd === undefined ? {} : { planEnd }),
    ...(answerStart === undefined ? {} : { answerStart }),
  };
}
