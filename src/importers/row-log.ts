// importers/ · Row log: what logs with one rollout a row have in common: places, grades, ids, problems.
import { createHash } from "node:crypto";
import { StudyError } from "../terms/errors.ts";
import type { PolicyEvidence } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import { RIGHT, ungradable, type Verdict, WRONG } from "../terms/verdict.ts";
import { keepFamilies } from "./families.ts";
import { differsAt, Gathering } from "./gather.ts";
import { type ImportOptions, RIGHT_ABOVE } from "./importer.ts";
import { noRows, wrongType } from "./refusals.ts";
import { badReward, checkedThreshold, fromReward } from "./reward.ts";
import { STOPPED } from "./rollout-verdict.ts";
import { plain, show } from "./show.ts";

/** What a rollout answered, as its row says it; what is undefined or empty is absent. */
export interface Asked {
  readonly id: string;
  readonly family?: string | undefined;
  readonly prompt?: string | undefined;
  readonly gold?: string | undefined;
}

/** What a rollout was, as its row says it; what is undefined is absent. */
export type Said = { readonly [K in keyof Rollout]: Rollout[K] | undefined } & Pick<Rollout, "verdict">;

export class RowLog {
  readonly #file: string;
  readonly #options: ImportOptions;
  readonly #rightAbove: number;
  readonly #unit: "line" | "row";
  readonly #gathering: Gathering;
  #graded = false;
  #rewarded = false;

  /** `unit` is what the file is counted in, from 1: lines of text, rows of a table. */
  constructor(file: string, options: ImportOptions, unit: "line" | "row" = "line") {
    this.#file = file;
    this.#options = options;
    this.#rightAbove = checkedThreshold(options.rightAbove ?? RIGHT_ABOVE);
    this.#unit = unit;
    const place = (row: number): string => this.place(row);
    this.#gathering = new Gathering(options, differsAt(place), place);
  }

  /** `base.jsonl, line 3, field reward`. */
  place(row: number, field?: string): string {
    return `${plain(this.#file)}, ${this.#unit} ${row}${field === undefined ? "" : `, field ${plain(field)}`}`;
  }

  /** What a grader's value says: true and false are marks, a number is right above the threshold, null and absent are no verdict. */
  grade(value: unknown, row: number, field: string): Verdict {
    if (value === undefined || value === null) return ungradable("no verdict");
    this.#graded = true;
    if (typeof value === "boolean") return value ? RIGHT : WRONG;
    this.#rewarded = true;
    return fromReward(value, this.#rightAbove) ?? badReward(this.place(row, field), value);
  }

  add({ id, family, prompt, gold }: Asked, said: Said, row: number): void {
    this.#gathering.add(
      { id, ...(family ? { family } : {}), ...(prompt ? { prompt } : {}), ...(gold ? { gold } : {}) },
      Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)) as unknown as Rollout,
      row,
    );
  }

  /** The row on which a problem was first seen; undefined where it was not. */
  begun(id: string): number | undefined {
    return this.#gathering.begun(id);
  }

  /** `selected` says how the writer chose what it wrote, where it did. */
  evidence(format: string, selected?: string): PolicyEvidence {
    const problems = this.#gathering.problems();
    if (problems.length === 0) throw noRows(this.#file);
    const { policy, families, scorer } = this.#options;
    if (scorer !== undefined && !this.#graded) throw noSuchScorer(this.#file, scorer);
    return {
      policy,
      file: this.#file,
      format,
      problems: keepFamilies(problems, families, this.#file),
      ...(this.#rewarded ? { rightAbove: this.#rightAbove } : {}),
      ...(selected === undefined ? {} : { selected }),
    };
  }
}

function noSuchScorer(file: string, scorer: string): StudyError {
  return new StudyError({
    code: "no-such-scorer",
    what: `${plain(file)} has no value of ${show(scorer)} in any row`,
    why: "so nothing says which answers were right",
    mend: "name a score that is there, or leave the choice out",
  });
}

/** What is left of a grader's word: nothing where the engine failed, and an answer that was cut off and is not right has none. */
export function settled(said: Verdict, failed: boolean, cutOff: boolean | undefined): Verdict {
  if (failed) return ungradable("engine error");
  return cutOff === true && said.kind !== "right" ? ungradable("cut off") : said;
}

/** True where a finish reason says that the sampler was stopped at its limit; undefined where there is none. */
export function cutOffBy(reason: unknown, place: string): boolean | undefined {
  if (reason === undefined || reason === null) return undefined;
  if (typeof reason === "string") return STOPPED.includes(reason);
  throw wrongType(place, reason, "a finish reason", 'write a string such as "stop" or "length"');
}

/** A problem's id where the log gives none: the same question gets the same one in every file. */
export function idFrom(...question: unknown[]): string {
  return `prompt-${createHash("sha256").update(JSON.stringify(question)).digest("hex").slice(0, 16)}`;
}
