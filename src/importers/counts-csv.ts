// importers/ · Counts, CSV: the same counts as a table with a header row: id, c, n, and source where known.
import { StudyError } from "../terms/errors.ts";
import { CountTable } from "./count-table.ts";
import { cellsOf, eachRecord } from "./csv.ts";
import { keepFamilies } from "./families.ts";
import { readId } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { at, noRows, truncated } from "./refusals.ts";

const NEEDED = ["id", "c", "n"];

export const countsCsv: Importer = {
  name: "counts-csv",
  what: "counts as CSV (header id,c,n)",
  recognises({ firstLine }) {
    const header = headerOf(cellsOf(firstLine) ?? []);
    return NEEDED.every((name) => header.includes(name));
  },
  async read(source, { policy, families }) {
    const { file } = source;
    const table = new CountTable(file);
    let header: string[] | undefined;
    let column: Record<"id" | "c" | "n" | "source", number>;
    await eachRecord(source, (cells, line, ended) => {
      if (header === undefined) {
        header = headerOf(cells);
        const twice = header.find((name, i) => header?.indexOf(name) !== i && [...NEEDED, "source"].includes(name));
        if (twice !== undefined) throw columns(`${at(file, line)}: two columns are named ${twice}`, "keep one of them");
        const [id, c, n, family] = [...NEEDED, "source"].map((name) => header?.indexOf(name) ?? -1) as [
          number,
          number,
          number,
          number,
        ];
        column = { id, c, n, source: family };
        return;
      }
      // `x,12,12` may be a torn `x,12,128`: CSV cannot show it. A missing or empty last cell it can.
      if (!ended && (cells.length < header.length || (cells.at(-1) === "" && NEEDED.includes(header.at(-1) ?? "")))) {
        throw truncated(file, line);
      }
      if (cells.length !== header.length) {
        throw columns(
          `${at(file, line)} has ${cells.length} cells and the header has ${header.length}`,
          "write one cell a column, and quote cells that hold commas",
        );
      }
      const cell = (name: keyof typeof column): string => cells[column[name]] ?? "";
      table.add(
        readId(cell("id"), file, line, "id"),
        number(cell("c")),
        number(cell("n")),
        cell("source") || undefined,
        line,
      );
    });
    if (table.problems.length === 0) throw noRows(file);
    return { policy, file, format: "counts-csv", problems: keepFamilies(table.problems, families, file) };
  },
};

function headerOf(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.trim());
}

/** A number where the cell is one; else the cell, for the sentence that refuses it. */
function number(cell: string): number | string {
  return /^\s*[+-]?\d+(\.\d+)?(e[+-]?\d+)?\s*$/i.test(cell) || /^\s*[+-]?(nan|inf(inity)?)\s*$/i.test(cell)
    ? Number(cell)
    : cell;
}

function columns(what: string, mend: string): StudyError {
  return new StudyError({ code: "wrong-columns", what, mend });
}
