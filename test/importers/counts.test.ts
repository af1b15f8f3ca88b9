import { describe, expect, test } from "vitest";
import { counts } from "../../src/importers/counts.ts";
import { readEvidence } from "../../src/importers/read.ts";
import { conforms } from "../conformance/importer.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const fixture = "test/fixtures/importers/counts.jsonl";
conforms({ importer: counts, fixtures: [fixture] });

describe("counts", () => {
  test("each row is a problem, its source the family, its order the file's", async () => {
    expect(await readEvidence(fixture, { policy: "base" })).toEqual({
      policy: "base",
      file: fixture,
      format: "counts",
      problems: [
        { id: "sum-1", family: "sums", n: 8, right: 7, ungradable: {} },
        { id: "sum-2", family: "sums", n: 8, right: 0, ungradable: {} },
        { id: "12", family: "needles", n: 4, right: 3, ungradable: {} },
        { id: "__proto__", family: "needles", n: 4, right: 4, ungradable: {} },
      ],
    });
  });

  test("a row without a source has no family, and blank lines say nothing", async () => {
    const { problems } = await readText(`\n{"id":"a","c":1,"n":2}\n\n  \n{"id":"b","c":-0,"n":2,"source":null}`);
    expect(problems).toEqual([
      { id: "a", n: 2, right: 1, ungradable: {} },
      { id: "b", n: 2, right: 0, ungradable: {} },
    ]);
  });

  test("a whole-number id and the same id as text are one problem, given twice", async () => {
    const { message } = await refusal(readText(lines({ id: 5, c: 1, n: 2 }, { id: "5", c: 1, n: 2 })));
    expect(message).toMatch(/line 2: id "5" was already given on line 1/);
  });

  test("ids at the edge of what a number holds stay exact; beyond it they are refused, not rounded", async () => {
    const { problems } = await readText(`{"id":9007199254740991,"c":1,"n":2}\n`);
    expect(problems[0]?.id).toBe("9007199254740991");
    const { code, mend } = await refusal(readText(`{"id":9007199254740993,"c":1,"n":2}\n`));
    expect([code, mend]).toEqual(["id-not-exact", "write ids as strings"]);
  });

  test("families where rows name none are refused, and an empty choice too", async () => {
    const { message } = await refusal(readText(lines({ id: "a", c: 1, n: 2 }), { families: ["sums"] }));
    expect(message).toMatch(/has no family "sums", since its rows name no source at all/);
    await refusal(readText(lines({ id: "a", c: 1, n: 2, source: "sums" }), { families: [] }));
  });
});
