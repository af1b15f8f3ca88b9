// report/ · Section: the report as a value: what is told, in order, before it becomes text or a page.
import type { Exhibit } from "../../terms/exhibit.ts";
import type { Column } from "../layout.ts";

export type Piece =
  | { readonly kind: "prose"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly string[] }
  | {
      readonly kind: "table";
      readonly caption?: string;
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly string[])[];
    }
  /** A page draws it, with its conclusion as caption; text prints the conclusion. */
  | { readonly kind: "figure"; readonly exhibit: Exhibit }
  | { readonly kind: "code"; readonly text: string };

export interface Section {
  /** Anchor on the page. */
  readonly id: string;
  readonly title: string;
  readonly pieces: readonly Piece[];
}

export const prose = (text: string): Piece => ({ kind: "prose", text });
export const list = (items: readonly string[]): Piece => ({ kind: "list", items });

/** A section, or none where nothing can be told. */
export function section(id: string, title: string, pieces: readonly (Piece | undefined)[]): Section | undefined {
  const told = pieces.filter((piece) => piece !== undefined);
  return told.length === 0 ? undefined : { id, title, pieces: told };
}

/** A table, or nothing where it has no rows. */
export function table(
  columns: readonly (string | Column)[],
  rows: readonly (readonly string[])[],
  caption?: string,
): Piece | undefined {
  if (rows.length === 0) return undefined;
  const heads = columns.map((column) => (typeof column === "string" ? { head: column } : column));
  return { kind: "table", columns: heads, rows, ...(caption === undefined ? {} : { caption }) };
}

export const right = (head: string): Column => ({ head, right: true });
