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

/** A file that is one JSON value. */
export async function readDocument(source: Source): Promise<unknown> {
  const text = await source.whole();
  try {
    return JSON.parse(text);
  } catch (error) {
    const word = bareWord(text);
    if (word !== undefined) throw notANumber(at(source.file, lineAt(text, word.position), word.key), word.word);
    const message = error instanceof Error ? error.message : "";
    if (/end of JSON|Unterminated string/.test(message)) {
      throw new StudyError({
        code: "truncated",
        what: `${at(source.file, lineAt(text, text.length))}: the JSON document ends before it is complete`,
        why: "so it was cut off while it was written or copied",
        mend: "finish writing or copying it",
      });
    }
    throw new StudyError({
      code: "not-json",
      what: `${plain(source.file)} is not one JSON document: ${plain(message)}`,
      mend: "write it again with a JSON library",
    });
  }
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

function notANumber(place: string, word: string): StudyError {
  return new StudyError({
    code: "not-a-number",
    what: `${place}: ${plain(word)} stands where a number belongs`,
    why: "which Python writes, but JSON has no such number and it is no verdict",
    mend: "write null for what is missing, or the number",
  });
}

function lineAt(text: string, position: number): number {
  let line = 1;
  for (let i = text.indexOf("\n"); i >= 0 && i < position; i = text.indexOf("\n", i + 1)) line++;
  return line;
}
