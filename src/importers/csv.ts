// importers/ · CSV: records by RFC 4180: quoted fields may hold commas, line ends and doubled quotes; CRLF or LF between records.
import { StudyError } from "../terms/errors.ts";
import { eachLine } from "./lines.ts";
import { at, tooLong, truncated } from "./refusals.ts";
import { show } from "./show.ts";
import { LINE_LIMIT, type Source } from "./source.ts";

/** `line` is where the record begins; `ended` as for lines. Blank lines are passed over. */
export type OnRecord = (cells: readonly string[], line: number, ended: boolean) => void;

export async function eachRecord(source: Source, onRecord: OnRecord): Promise<void> {
  let open: string[] = [];
  let size = 0;
  let begun = 0;
  await eachLine(source, (text, line, ended) => {
    if (open.length === 0) {
      if (text.trim() === "") return;
      begun = line;
    }
    // A record goes on while its quotes are odd in number: a line end within quotes belongs to the cell.
    const odd = quotes(text) % 2 === 1;
    const goesOn = open.length > 0 !== odd;
    if (open.length > 0 || goesOn) open.push(text);
    if (goesOn) {
      size += text.length;
      if (size > LINE_LIMIT) throw tooLong(source.file, begun, LINE_LIMIT);
      return;
    }
    const record = open.length === 0 ? text : open.join("\n");
    open = [];
    size = 0;
    const cells = cellsOf(record);
    if (cells === undefined) throw strayQuote(source.file, begun, record);
    onRecord(cells, begun, ended);
  });
  if (open.length > 0) throw truncated(source.file, begun);
}

/** The cells of one whole record; undefined where a quote stands within a cell that did not begin with one. */
export function cellsOf(record: string): string[] | undefined {
  const text = record.endsWith("\r") ? record.slice(0, -1) : record;
  const cells: string[] = [];
  let from = 0;
  for (;;) {
    let end: number;
    if (text[from] === '"') {
      end = from + 1;
      for (;;) {
        end = text.indexOf('"', end);
        if (end < 0) return undefined;
        if (text[end + 1] !== '"') break;
        end += 2;
      }
      cells.push(text.slice(from + 1, end).replaceAll('""', '"'));
      end++;
      if (end < text.length && text[end] !== ",") return undefined;
    } else {
      end = text.indexOf(",", from);
      if (end < 0) end = text.length;
      const cell = text.slice(from, end);
      if (cell.includes('"')) return undefined;
      cells.push(cell);
    }
    if (end >= text.length) return cells;
    from = end + 1;
  }
}

function quotes(text: string): number {
  let n = 0;
  for (let i = text.indexOf('"'); i >= 0; i = text.indexOf('"', i + 1)) n++;
  return n;
}

function strayQuote(file: string, line: number, record: string): StudyError {
  return new StudyError({
    code: "stray-quote",
    what: `${at(file, line)}: a quote stands within a cell of ${show(record)}`,
    why: "where CSV needs the whole cell quoted and inner quotes doubled",
    mend: "write the file with a CSV library",
  });
}
