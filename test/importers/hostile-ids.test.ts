// Ids are somebody else's text: any of them must work as an id, and none may disguise itself in a sentence.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProblemRecord } from "../../src/terms/observation.ts";
import { lines, readText, refusal } from "./on-disk.ts";

const hostile = [
  "__proto__",
  "constructor",
  "toString",
  "</script>",
  "../../x",
  "a\u202eb",
  "\ufeff",
  "\u0000",
  '"',
  ",",
  "\r\n",
  "'; --",
  "1",
  " ",
];

const row = fc.record({
  id: fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom(...hostile)),
  family: fc.option(fc.oneof(fc.string({ unit: "binary", minLength: 1 }), fc.constantFrom(...hostile)), {
    nil: undefined,
  }),
  n: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
});
const table = fc.uniqueArray(row, { selector: ({ id }) => id, minLength: 1, maxLength: 30 }).map((rows) =>
  rows.map(
    ({ id, family, n, share }): ProblemRecord => ({
      id,
      ...(family === undefined ? {} : { family }),
      n,
      right: Math.floor(n * share),
      ungradable: {},
    }),
  ),
);

const quoted = (cell: string) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

describe("ids", () => {
  test("any counts survive being written as JSON lines and read back", async () => {
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), async (problems, newline) => {
        const rows = problems.map(({ id, family, n, right }) => JSON.stringify({ id, c: right, n, source: family }));
        expect((await readText(rows.join(newline))).problems).toEqual(problems);
      }),
      { numRuns: 200 },
    );
  });

  test("any counts survive being written as CSV and read back", async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom("\n", "\r\n"),
        fc.constantFrom("", "\ufeff"),
        async (problems, newline, mark) => {
          const rows = problems.map(({ id, family, n, right }) => [right, quoted(id), n, quoted(family ?? "")].join());
          expect((await readText(`${mark}${["c,id,n,source", ...rows].join(newline)}${newline}`)).problems).toEqual(
            problems,
          );
        },
      ),
      { numRuns: 200 },
    );
  });

  test.each(hostile)("rollouts of %j are gathered like any other's", async (id) => {
    const { problems } = await readText(
      lines({ id, reward: 1, source: id }, { id: "other", reward: 0 }, { id, reward: 0 }),
    );
    expect(problems.map((problem) => [problem.id, problem.n, problem.right, problem.family])).toEqual([
      [id, 2, 1, id],
      ["other", 1, 0, undefined],
    ]);
  });

  test.each(hostile)("a sentence that names %j twice given cannot be bent by it", async (id) => {
    const { message } = await refusal(readText(lines({ id, c: 1, n: 2 }, { id, c: 1, n: 2 })));
    expect(message).toMatch(/^[^\p{Cc}\p{Cf}]+$/u);
    expect(message).toMatch(/line 2: id ".+" was already given on line 1/);
  });

  test("an id of a megabyte is shortened in a sentence", async () => {
    const id = "long ".repeat(200_000);
    const { message } = await refusal(readText(lines({ id, c: 1, n: 2 }, { id, c: 1, n: 2 })));
    expect(message.length).toBeLessThan(500);
  });
});
