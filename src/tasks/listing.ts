// tasks/ · Listing: the accepted strings of a problem, cut where the strategy is fixed and where the answer is stated.
import type { Accepted, Grading } from "./task.ts";

export const END = ".";
/** The mark of an answer that is asked for. */
export const MARK = "#";

/**
 * Strings listed at most. Each costs the truth of a world one pass through every policy. Outcome grading lets stated results
 * vary freely, ten times as many strings for each further step, so its lists are small or hopeless.
 */
const MOST_LISTED: Readonly<Record<Grading, number>> = { process: 200_000, lenient: 200_000, outcome: 20_000 };

/** Lenient grading lets it be missing, or be `:`. */
const MARKS: Readonly<Record<Grading, readonly string[]>> = {
  process: [MARK],
  lenient: [MARK, "", ":"],
  outcome: [MARK],
};

export function takesMark(mark: string, grading: Grading): boolean {
  return MARKS[grading].includes(mark);
}

/** A digit behind the last step, marked or not, and the end mark. */
export function statesAnswer(text: string): boolean {
  return /(?:^|[;!])[#:]?\d\.$/.test(text);
}

/** Collects accepted strings. Bodies are added once each; nothing looks for doubles here. */
export class Listing {
  readonly #prompt: string;
  readonly #grading: Grading;
  readonly #statements: readonly string[];
  readonly #rows: Omit<Accepted, "planEnd">[] = [];

  constructor(prompt: string, grading: Grading, digit: number) {
    this.#prompt = prompt;
    this.#grading = grading;
    this.#statements = MARKS[grading].map((mark) => `${mark}${digit}${END}`);
  }

  /** Adds the steps' text under every accepted statement of the answer. RangeError where the list has grown too long. */
  add(body: string, strategy: string, stepEnds: readonly number[]): void {
    for (const statement of this.#statements)
      this.#rows.push({ text: body + statement, strategy, answerStart: body.length, stepEnds });
    const most = MOST_LISTED[this.#grading];
    if (this.#rows.length > most)
      throw new RangeError(
        `${this.#prompt} has more than the ${most} answers that are listed at most under ${this.#grading} grading`,
      );
  }

  /** In code-unit order of their texts. */
  accepted(): readonly Accepted[] {
    const rows = this.#rows.sort((a, b) => (a.text < b.text ? -1 : 1));
    const ends = commitments(rows);
    return rows.map((row, i) => {
      const planEnd = ends[i]!;
      // An answer without steps is fixed only by its mark, or after it. The cut must follow from what stands before it: else the
      // cells of the hand-off are no probabilities. So the answer's statement is cut there, and not the plan before it.
      return { ...row, planEnd, answerStart: Math.max(planEnd, row.answerStart) };
    });
  }
}

/**
 * For each of some sorted texts, none the beginning of another, the length of its shortest prefix that only texts of its own
 * strategy share; 0 where there is one strategy only. What a text shares with others grows towards its place in the order, so
 * the nearest text of another strategy on either side is enough.
 */
function commitments(rows: readonly { readonly text: string; readonly strategy: string }[]): number[] {
  const ends = rows.map(() => 0);
  const pass = (from: number, step: 1 | -1) => {
    // Nothing stands before the first, so it shares nothing, not even the empty prefix.
    let shared = -1;
    for (let i = from + step; i >= 0 && i < rows.length; i += step) {
      const [row, before] = [rows[i]!, rows[i - step]!];
      const here = sharedLength(row.text, before.text);
      shared = row.strategy === before.strategy ? Math.min(shared, here) : here;
      ends[i] = Math.max(ends[i]!, shared + 1);
    }
  };
  pass(0, 1);
  pass(rows.length - 1, -1);
  return ends;
}

function sharedLength(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i;
}
