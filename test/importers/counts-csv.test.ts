import { describe, expect, test } from "vitest";
import { countsCsv } from "../../src/importers/counts-csv.ts";
import { cellsOf } from "../../src/importers/csv.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { conforms } from "../conformance/importer.ts";
import { readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/counts.csv";
conforms({ importer: countsCsv, fixtures: [fixture] });

describe("counts as CSV", () => {
  test("columns may stand in any order, and quoted cells are taken apart", async () => {
    expect((await readEvidence(fixture, { policy: "base" })).problems).toEqual([
      { id: "sum-1", family: "sums", n: 8, right: 7, ungradable: {} },
      { id: 'sum, the "second"', family: "sums", n: 8, right: 0, ungradable: {} },
      { id: "12", family: "needles", n: 4, right: 3, ungradable: {} },
      { id: "__proto__", family: "needles", n: 4, right: 4, ungradable: {} },
    ]);
  });

  test("a line end within quotes belongs to the cell, and later line numbers still count it", async () => {
    const { problems } = await readText('id,c,n\r\n"a\r\n\r\nb",1,2\r\nc,1,2\r\n');
    expect(problems.map(({ id }) => id)).toEqual(["a\r\n\r\nb", "c"]);
    const { message } = await refusal(readText('id,c,n\n"a\n\nb",1,2\nc,3,2\n'));
    expect(message).toMatch(/line 5: c is 3 and n is 2/);
  });

  test("blanks around numbers and names are no matter, blanks in ids are", async () => {
    const { problems } = await readText("id, c, n, other\n a ,1, 2,x\n");
    expect(problems).toEqual([{ id: " a ", n: 2, right: 1, ungradable: {} }]);
  });

  test("cells are split by RFC 4180", () => {
    expect(cellsOf('a,"b,""c""",')).toEqual(["a", 'b,"c"', ""]);
    expect(cellsOf("a\r")).toEqual(["a"]);
    expect(cellsOf("")).toEqual([""]);
    expect(cellsOf('a"b')).toBeUndefined();
    expect(cellsOf('"a"b')).toBeUndefined();
    expect(cellsOf('"a')).toBeUndefined();
  });
});
