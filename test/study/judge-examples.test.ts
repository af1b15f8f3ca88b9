import { describe, expect, test } from "vitest";
import { examplesIn } from "../../src/study/judge-examples.ts";

const judge = {
  examples: "labelled.jsonl",
  strategies: [
    { name: "plus", what: "adds" },
    { name: "other", what: "anything else" },
  ],
};
const row = (i: number, more: object = {}): object => ({
  text: `attempt ${i}`,
  strategy: i % 2 === 0 ? "plus" : "other",
  ...more,
});
const ENOUGH = Array.from({ length: 20 }, (_, i) => row(i));
const read = (rows: readonly unknown[]) =>
  examplesIn(
    judge,
    () => rows.map((one) => (typeof one === "string" ? one : JSON.stringify(one))).join("\n"),
    (id) => (id === "p1" ? "What is 1 + 1?" : undefined),
  );

describe("attempts labelled by hand", () => {
  test("with a problem of the study, or in words, and whether they are right", () => {
    const found = read([
      row(30, { problem: "p1", right: true, by: "me" }),
      row(31, { problem: "What is 2?", right: false }),
      "",
      ...ENOUGH,
      row(32, { problem: null, right: null }),
    ]);
    expect(found.slice(0, 2)).toEqual([
      { text: "attempt 30", strategy: "plus", problem: "What is 1 + 1?", right: true },
      { text: "attempt 31", strategy: "other", problem: "What is 2?", right: false },
    ]);
    expect(found.at(-1)).toEqual({ text: "attempt 32", strategy: "plus" });
  });

  test.each([
    [[...ENOUGH, row(4)], /line 21, field text: the same attempt stands in line 5; keep one/],
    [[row(1, { text: " " })], /line 1, field text: no text stands there/],
    [[row(1, { strategy: "Plus" })], /field strategy: "Plus" is no strategy of the judge; write one of plus, other/],
    [[row(1, { strategy: 3 })], /field strategy/],
    [[row(1, { right: 1 })], /field right: it is neither true nor false/],
    [[row(1, { problem: 7 })], /field problem: it is no text/],
    [["{"], /line 1/],
    [ENOUGH.slice(0, 19), /labelled\.jsonl holds 9 examples of other, from which nobody knows/],
  ] as [unknown[], RegExp][])("that cannot be used are told with their line: %#", (rows, sentence) => {
    expect(() => read(rows)).toThrow(sentence);
  });

  test("that lie nowhere are told by the file's name", () => {
    expect(() =>
      examplesIn(
        judge,
        () => {
          throw Object.assign(new Error(), { code: "ENOENT" });
        },
        () => undefined,
      ),
    ).toThrow("the file of examples labelled.jsonl cannot be read (ENOENT)");
  });
});
