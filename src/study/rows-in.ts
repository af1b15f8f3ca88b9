// study/ · Rows in: a JSON-lines file that the study names, row by row.
import { isObject, notJson, type Row } from "../importers/jsonl.ts";
import { at, wrongType } from "../importers/refusals.ts";
import { plain } from "../importers/show.ts";
import { CrucisError, StudyError } from "../terms/errors.ts";

export interface RowIn {
  readonly row: Row;
  /** From 1. */
  readonly line: number;
}

/**
 * Blank lines are passed over.
 *
 * @param of what the file holds, in the plural
 * @param read the text of a file; what it throws is told as a file that cannot be read
 */
export function rowsIn(path: string, of: string, read: (path: string) => string): RowIn[] {
  return textOf(path, of, read)
    .replace(/^\uFEFF/, "")
    .split("\n")
    .flatMap((line, i, lines): RowIn[] => {
      if (line.trim() === "") return [];
      let row: unknown;
      try {
        row = JSON.parse(line);
      } catch {
        throw notJson(path, line, i + 1, i + 1 < lines.length);
      }
      if (!isObject(row)) throw wrongType(at(path, i + 1), row, "a JSON object", "write one JSON object a line");
      return [{ row, line: i + 1 }];
    });
}

function textOf(path: string, of: string, read: (path: string) => string): string {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof CrucisError) throw error;
    const { code, message } = error as { readonly code?: string; readonly message?: string };
    throw new StudyError({
      code: `${of}-file`,
      what: `the file of ${of} ${plain(path)} cannot be read (${plain(String(code ?? message))})`,
      mend: "name one that is there; its path is relative to the study file",
    });
  }
}
