// importers/ · Count table: rows of (id, c, n) gathered into problems, however they were written.
import { StudyError } from "../terms/errors.ts";
import type { ProblemRecord } from "../terms/observation.ts";
import { MOST_COUNTED } from "./importer.ts";
import { Names, own } from "./own.ts";
import { at, duplicateId, tooManyProblems, wrongType } from "./refusals.ts";

const NONE_UNGRADABLE: ProblemRecord["ungradable"] = {};

export class CountTable {
  readonly problems: ProblemRecord[] = [];
  readonly #lines = new Map<string, number>();
  readonly #families = new Names();
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** `c` and `n` as found: only whole numbers 0 ≤ c ≤ n, 1 ≤ n pass. */
  add(id: string, c: unknown, n: unknown, family: string | undefined, line: number): void {
    const drawn = this.#whole(n, line, "n", "how many rollouts were drawn");
    const right = this.#whole(c, line, "c", "how many rollouts were right");
    if (drawn === 0) {
      throw this.#refuse(
        "nothing-drawn",
        `${at(this.#file, line, "n")} is 0`,
        "but a problem needs 1 rollout or more",
        "leave the row out, or correct n",
      );
    }
    if (right > drawn) {
      throw this.#refuse(
        "counts-more-than-n",
        `${at(this.#file, line)}: c is ${right} and n is ${drawn}`,
        "but c counts the right ones among n",
        "correct c or n",
      );
    }
    const first = this.#lines.get(id);
    if (first !== undefined) throw duplicateId(at(this.#file, line), id, `on line ${first}`);
    if (this.problems.length === MOST_COUNTED) throw tooManyProblems(at(this.#file, line), MOST_COUNTED);
    const kept = own(id);
    this.#lines.set(kept, line);
    this.problems.push({
      id: kept,
      ...(family === undefined ? {} : { family: this.#families.same(family) }),
      n: drawn,
      right,
      ungradable: NONE_UNGRADABLE,
    });
  }

  #whole(value: unknown, line: number, field: string, meaning: string): number {
    if (typeof value !== "number")
      throw wrongType(at(this.#file, line, field), value, "a whole number", `write ${meaning}`);
    if (value < 0)
      throw this.#refuse(
        "negative-count",
        `${at(this.#file, line, field)} is ${value}`,
        "and a count is 0 or more",
        `write ${meaning}`,
      );
    if (!Number.isSafeInteger(value))
      throw this.#refuse(
        "not-whole",
        `${at(this.#file, line, field)} is ${value}`,
        "which is no whole number",
        `write ${meaning}`,
      );
    return value + 0; // −0 becomes 0
  }

  #refuse(code: string, what: string, why: string, mend: string): StudyError {
    return new StudyError({ code, what, why, mend });
  }
}
