// importers/ · Counts: JSON lines of {id, c, n}: c right among n rollouts of a problem.
import { CountTable } from "./count-table.ts";
import { keepFamilies } from "./families.ts";
import { readId, readLabel } from "./fields.ts";
import type { Importer } from "./importer.ts";
import { eachRow } from "./jsonl.ts";

export const counts: Importer = {
  name: "counts",
  what: "counts as JSON lines (id, c, n)",
  recognises: ({ keys }) => ["id", "c", "n"].every((key) => keys.has(key)),
  async read(source, { policy, families }) {
    const { file } = source;
    const table = new CountTable(file);
    await eachRow(source, ({ id, c, n, source: family }, line) => {
      table.add(readId(id, file, line, "id"), c, n, readLabel(family, file, line, "source"), line);
    });
    return { policy, file, format: "counts", problems: keepFamilies(table.problems, families, file) };
  },
};
