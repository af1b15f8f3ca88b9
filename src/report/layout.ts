// report/ · Layout: paragraphs and tables that fit a width, measured in terminal columns.
import { columns } from "./words.ts";

/** Breaks at spaces; a word wider than the line is cut. Never returns an empty list. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text
    .split(" ")
    .filter((part) => part !== "")
    .flatMap((part) => cut(part, width))) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (columns(joined) <= width) line = joined;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}

function cut(word: string, width: number): string[] {
  if (columns(word) <= width) return [word];
  const pieces: string[] = [];
  let piece = "";
  for (const letter of word) {
    if (columns(piece + letter) > width && piece !== "") {
      pieces.push(piece);
      piece = "";
    }
    piece += letter;
  }
  return [...pieces, piece];
}

/** A paragraph whose first line carries a mark ("- ") and whose other lines hang below the text. */
export function hanging(mark: string, text: string, width: number): string[] {
  const indent = " ".repeat(columns(mark));
  return wrap(text, width - columns(mark)).map((line, i) => (i === 0 ? mark : indent) + line);
}

export interface Column {
  readonly head: string;
  readonly right?: boolean;
}

const GAP = "  ";

/** A table no wider than `width`: the widest columns give way, and their cells wrap. */
export function table(heads: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const cells = heads.map((head, i) =>
    Math.max(...head.head.split(" ").map(columns), ...rows.map((row) => columns(row[i] ?? ""))),
  );
  const natural = heads.map((head, i) => Math.max(columns(head.head), cells[i] ?? 0));
  const widths = squeeze(natural, cells, width - GAP.length * (heads.length - 1));
  const line = (row: readonly string[]): string[] => {
    const wrapped = widths.map((w, i) => wrap(row[i] ?? "", w));
    const height = Math.max(...wrapped.map((cell) => cell.length));
    return Array.from({ length: height }, (_, y) =>
      widths
        .map((w, i) => pad(wrapped[i]?.[y] ?? "", w, heads[i]?.right === true))
        .join(GAP)
        .trimEnd(),
    );
  };
  const rule = widths.map((w) => "─".repeat(w)).join(GAP);
  return [...line(heads.map((head) => head.head)), rule, ...rows.flatMap(line)];
}

function pad(text: string, width: number, right: boolean): string {
  const space = " ".repeat(Math.max(0, width - columns(text)));
  return right ? space + text : text + space;
}

/** Headings give way first (down to their longest word, `soft`), then whichever column is widest. */
function squeeze(natural: readonly number[], soft: readonly number[], room: number): number[] {
  const widths = [...natural];
  while (widths.reduce((sum, w) => sum + w, 0) > room) {
    const slack = widths.map((w, i) => w - (soft[i] ?? 0));
    const most = Math.max(...slack);
    const pick = most > 0 ? slack.indexOf(most) : widths.indexOf(Math.max(...widths));
    if ((widths[pick] ?? 0) <= 2) break;
    widths[pick] = (widths[pick] ?? 0) - 1;
  }
  return widths;
}
