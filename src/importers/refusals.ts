// importers/ · Refusals: the sentences that several readers say. Grammar: where, what disagreed with both values, why; what to do.
import { StudyError } from "../terms/errors.ts";
import { plain, show } from "./show.ts";

/** Where in a file: `base.jsonl, line 3, field c`. */
export function at(file: string, line: number, field?: string): string {
  return `${plain(file)}, line ${line}${field === undefined ? "" : `, field ${plain(field)}`}`;
}

/** A field holds one thing where another belongs. `place` is from `at`, or a path into a document. */
export function wrongType(place: string, found: unknown, wanted: string, mend: string): StudyError {
  return new StudyError({
    code: "wrong-type",
    what: `${place}: ${found === undefined ? "nothing" : kindOf(found)} stands where ${wanted} belongs`,
    mend,
  });
}

export function truncated(file: string, line: number): StudyError {
  return new StudyError({
    code: "truncated",
    what: `${at(file, line)}: the file ends in the middle of this line`,
    why: "so it was cut off while it was written or copied",
    mend: "finish writing or copying it, or delete the unfinished line",
  });
}

export function invalidUtf8(file: string, line: number, offset: number, byte: number | undefined): StudyError {
  const what =
    byte === undefined
      ? "the text stops within a character"
      : `byte 0x${byte.toString(16).padStart(2, "0")} is not UTF-8`;
  return new StudyError({
    code: "not-utf-8",
    what: `${at(file, line)}: ${what} at byte offset ${offset}`,
    mend: "save the file as UTF-8",
  });
}

export function tooLong(file: string, line: number, limit: number): StudyError {
  return new StudyError({
    code: "line-too-long",
    what: `${at(file, line)}: the line is longer than ${limit / 2 ** 20} MiB`,
    why: "which is more than one row may take",
    mend: "write one JSON object (or one CSV record) a line, each ended by a newline",
  });
}

export function noRows(file: string): StudyError {
  return new StudyError({
    code: "no-rows",
    what: `${plain(file)} holds a header and no rows`,
    mend: "give a file with at least one problem",
  });
}

/** Two rows or entries claim the same problem. */
export function duplicateId(place: string, id: string, first: string): StudyError {
  return new StudyError({
    code: "duplicate-id",
    what: `${place}: id ${show(id)} was already given ${first}`,
    why: "and a problem is counted once",
    mend: "keep one of the two, or give them different ids",
  });
}

/** @param place where the first problem stands that is one too many */
export function tooManyProblems(place: string, limit: number): StudyError {
  return new StudyError({
    code: "too-many-problems",
    what: `${place}: problem ${(limit + 1).toLocaleString("en")} begins here, and ${limit.toLocaleString("en")} are the most that one file may hold`,
    why: "since every problem stays in memory until all are read",
    mend: "give the file of fewer problems, or check that the field that names a problem is not a different one on every row",
  });
}

/** The kind of a value and the value: `a string ("17")`. */
function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "boolean") return String(value);
  if (typeof value === "number") return `the number ${value}`;
  if (typeof value === "string") return `the string ${show(value)}`;
  return `${Array.isArray(value) ? "the list" : "the object"} ${show(value)}`;
}
