// report/ · Text: the result as plain text. Starts with what it was computed from, ends with what to do next.
import type { Document } from "../attribution/document.ts";
import { figureOf } from "./figures/figure.ts";
import { hanging, table, wrap } from "./layout.ts";
import { NBSP } from "./numbers.ts";
import { TELLING } from "./telling/all.ts";
import type { Piece, Section } from "./telling/section.ts";
import { Story, type Exhibits } from "./telling/story.ts";
import { clean, columns } from "./words.ts";

export interface TextOptions {
  /** Terminal columns; 100 unless told, never below 40. */
  readonly width?: number;
  /** Bold headings by ANSI escapes. Off unless asked for. */
  readonly colour?: boolean;
}

export function renderText(document: Document, exhibits: Exhibits = [], options: TextOptions = {}): string {
  const width = Math.max(40, options.width ?? 100);
  const bold = (text: string): string => (options.colour === true ? `\u001b[1m${text}\u001b[22m` : text);
  const story = new Story(document, exhibits);
  const sections = TELLING.map((tell) => tell(story)).filter((section) => section !== undefined);
  return `${sections.map((section) => told(clean(section), width, bold)).join("\n\n")}\n`.replaceAll(NBSP, " ");
}

/** A section as plain text, its title underlined. */
export function told({ title, pieces }: Section, width = 100, bold = (text: string): string => text): string {
  const heading = wrap(title, width);
  const rule = "─".repeat(Math.max(...heading.map(columns)));
  return [[...heading.map(bold), rule].join("\n"), ...pieces.map((piece) => lines(piece, width).join("\n"))]
    .join("\n\n")
    .replace("\n\n", "\n");
}

function lines(piece: Piece, width: number): string[] {
  switch (piece.kind) {
    case "prose":
      return wrap(piece.text, width);
    case "list":
      return piece.items.flatMap((item) => hanging("- ", item, width));
    case "table":
      return [
        ...(piece.caption === undefined ? [] : [...wrap(`${piece.caption}:`, width), ""]),
        ...table(piece.columns, piece.rows, width),
      ];
    case "figure": {
      const { figure, exhibit } = figureOf(piece.exhibit);
      return wrap(figure.conclude(exhibit), width);
    }
    case "code":
      return hanging("  ", piece.text, width);
  }
}
