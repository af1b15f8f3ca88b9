// importers/ · JSON lines: one object a line, or the sentence that says which line is not one.
import { StudyError } from "../terms/errors.ts";
import { eachLine } from "./lines.ts";
import { at, truncated, wrongType } from "./refusals.ts";
import { bareWord } from "./scan.ts";
import { plain, show } from "./show.ts";
import type { Source } from "./source.ts";

export type Row = Readonly<Record<string, unknown>>;

/** Blank lines are passed over. `parse` may be more forgiving than JSON is. */
export async function eachRow(
  source: Source,
  onRow: (row: Row, line: number) => void,
  parse: (text: string) => unknown = JSON.parse,
): Promise<void> {
  await eachLine(source, (text, line, ended) => {
    let row: unknown;
    try {
      row = parse(text);
    } catch {
      if (text.trim() === "") return;
      throw notJson(source.file, text, line, ended, parse === JSON.parse);
    }
    if (!isObject(row)) throw wrongType(at(source.file, line), row, "a JSON object", "write one JSON object a line");
    onRow(row, line);
  });
}

export function isObject(value: unknown): value is Row {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A line that was refused, and why; `strict` where Python's NaN is no number. */
export function notJson(file: string, text: string, line: number, ended: boolean, strict = true): StudyError {
  const word = strict ? bareWord(text) : undefined;
  if (word !== undefined) return notANumber(at(file, line, word.key), word.word);
  if (!ended) return truncated(file, line);
  return new StudyError({
    code: "not-json",
    what: `${at(file, line)}: ${show(text)} is not JSON`,
    mend: "write one JSON object a line",
  });
}

/** Python's word for what is no number. */
export function notANumber(place: string, word: string): StudyError {
  return new StudyError({
    code: "not-a-number",
    what: `${place}: ${plain(word)} stands where a number belongs`,
    why: "which Python writes, but JSON has no such number and it is no verdict",
    mend: "write null for what is missing, or the number",
  });
}
