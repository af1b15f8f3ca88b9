// Every bad file gets one clear sentence: what disagreed, both values, where, and what to do.
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readEvidence } from "../../src/importers/read.ts";
import { fileOf, inFolder, lines, refusal } from "./on-disk.ts";

const good = { id: "good", c: 1, n: 2 };
const counted = (row: string | object) => lines(good, row);
const rolled = (row: string | object) => lines({ id: "good", reward: 1 }, row);
const csv = (row: string) => `id,c,n\ngood,1,2\n${row}\n`;
const utf16 = (text: string) => Buffer.from(text, "utf16le");

/** Name, content, code, line (0 where the sentence is about the whole file), and what else the sentence must hold. */
const bad: [string, string | Uint8Array, string, number, ...string[]][] = [
  ["an empty file", "", "empty-file", 0, "is empty"],
  ["a file of blanks", "\n \r\n\t\n", "empty-file", 0, "only blanks"],
  ["a header and no rows", "id,c,n\n", "no-rows", 0, "no rows"],
  ["c above n", counted({ id: "a", c: 12, n: 10 }), "counts-more-than-n", 2, "c is 12 and n is 10"],
  ["c above n in CSV", csv("a,12,10"), "counts-more-than-n", 3, "c is 12 and n is 10"],
  ["n = 0", counted({ id: "a", c: 0, n: 0 }), "nothing-drawn", 2, "field n is 0", "1 rollout or more"],
  ["n = 0 in CSV", csv("a,0,0"), "nothing-drawn", 3, "field n is 0"],
  ["a negative count", counted({ id: "a", c: -1, n: 10 }), "negative-count", 2, "field c is -1", "0 or more"],
  ["a negative n in CSV", csv("a,0,-10"), "negative-count", 3, "field n is -10"],
  ["a fractional count", counted({ id: "a", c: 0.5, n: 10 }), "not-whole", 2, "field c is 0.5", "no whole number"],
  ["a fractional count in CSV", csv("a,0.5,10"), "not-whole", 3, "field c is 0.5"],
  ["a count beyond all numbers", counted('{"id":"a","c":1,"n":1e999}'), "not-whole", 2, "field n is Infinity"],
  [
    "true for a count",
    counted({ id: "a", c: true, n: 1 }),
    "wrong-type",
    2,
    "field c: true stands where a whole number",
  ],
  ["text for a count", counted({ id: "a", c: "1", n: 1 }), "wrong-type", 2, 'field c: the string "1" stands'],
  ["a word for a count in CSV", csv("a,one,10"), "wrong-type", 3, 'field c: the string "one" stands'],
  [
    "no count at all",
    counted({ id: "a", n: 10 }),
    "wrong-type",
    2,
    "field c: nothing stands where a whole number belongs",
  ],
  ["an empty cell", csv("a,,10"), "wrong-type", 3, 'field c: the string "" stands'],
  ["NaN in CSV", csv("a,nan,10"), "not-whole", 3, "field c is NaN"],
  ["a duplicate id", lines(good, { ...good, id: "b" }, good), "duplicate-id", 3, 'id "good"', "on line 1"],
  ["a duplicate id in CSV", csv("good,2,2"), "duplicate-id", 3, 'id "good"', "on line 2"],
  ["no id", counted({ c: 1, n: 2 }), "wrong-type", 2, "field id: nothing stands where an id belongs"],
  [
    "no id among rollouts",
    rolled({ reward: 1, "": "x" }),
    "wrong-type",
    2,
    "field id: nothing stands where an id belongs",
  ],
  ["an empty id", counted({ id: "", c: 1, n: 2 }), "wrong-type", 2, 'field id: the string "" stands'],
  ["an id that is true", rolled({ id: true, reward: 1 }), "wrong-type", 2, "field id: true stands where an id belongs"],
  ["a fractional id", rolled({ id: 1.5, reward: 1 }), "wrong-type", 2, "field id: the number 1.5"],
  [
    "a 64-bit id",
    rolled('{"id":12345678901234567891,"reward":1}'),
    "id-not-exact",
    2,
    "9007199254740991",
    "12345678901234567000",
    "write ids as strings",
  ],
  [
    "a source that is a list",
    counted({ ...good, id: "a", source: ["s"] }),
    "wrong-type",
    2,
    'field source: the list ["s"] stands where text',
  ],
  ["a list for a row", counted("[1,2]"), "wrong-type", 2, "the list [1,2] stands where a JSON object belongs"],
  ["null for a row", counted("null"), "wrong-type", 2, "null stands where a JSON object belongs"],
  ["no JSON on a line", counted("oops"), "not-json", 2, '"oops" is not JSON'],
  [
    "a torn last line",
    `${lines(good)}{"id":"a","c":1`,
    "truncated",
    2,
    "ends in the middle of this line",
    "delete the unfinished line",
  ],
  ["a torn last line of rollouts", `${rolled({ id: "a", reward: 0 })}{"id":"b","rewa`, "truncated", 3, "unfinished"],
  ["a torn first line", '{"id":"a","c":1', "truncated", 1, "unfinished"],
  [
    "a last line torn within a character",
    Buffer.from(`${rolled({ id: "a", reward: 0 })}{"id":"é`).subarray(0, -1),
    "truncated",
    3,
  ],
  ["a torn CSV row", "id,c,n\ngood,1,2\nbad,1", "truncated", 3],
  ["a CSV row torn at a comma", "id,c,n\ngood,1,2\nbad,1,", "truncated", 3],
  ["a quote never closed", 'id,c,n\ngood,1,2\n"bad,1,2\nmore,1,2\n', "truncated", 3],
  ["a quote within a cell", csv('a"b"c,1,2'), "stray-quote", 3, "quote stands within a cell"],
  ["too few cells", csv("a,1\nb,1,2"), "wrong-columns", 3, "2 cells", "header has 3"],
  ["too many cells", csv("a,1,2,3"), "wrong-columns", 3, "4 cells", "header has 3"],
  ["two columns of one name", "id,c,n,c\na,1,2,1\n", "wrong-columns", 1, "two columns are named c"],
  [
    "NaN on the first line",
    '{"id":"a","reward":NaN}\n',
    "not-a-number",
    1,
    "field reward: NaN stands where a number",
    "write null",
  ],
  ["NaN further on", rolled('{"id":"a","reward": NaN, "text": "x"}'), "not-a-number", 2, "field reward: NaN"],
  ["-Infinity", rolled('{"id":"a","text":"NaN: no","score":-Infinity}'), "not-a-number", 2, "field score: -Infinity"],
  ["NaN on a last line without a newline", '{"id":"a","c":NaN,"n":2}', "not-a-number", 1, "field c: NaN"],
  [
    "a reward beyond all numbers",
    rolled('{"id":"a","reward":-1e999}'),
    "wrong-type",
    2,
    "field reward: the number -Infinity",
    "finite number",
  ],
  [
    "true for a reward",
    rolled({ id: "a", reward: true }),
    "wrong-type",
    2,
    "field reward: true stands where a number belongs",
    "correct",
  ],
  ["text for a reward", rolled({ id: "a", reward: "NaN" }), "wrong-type", 2, 'field reward: the string "NaN"'],
  [
    "a number for correct",
    rolled({ id: "a", correct: 1 }),
    "wrong-type",
    2,
    "field correct: the number 1 stands where true or false",
  ],
  [
    "a verdict nobody knows",
    rolled({ id: "a", verdict: "fine" }),
    "wrong-type",
    2,
    'field verdict: the string "fine"',
    '"ungradable"',
  ],
  [
    "a reason nobody knows",
    rolled({ id: "a", verdict: { kind: "ungradable", why: "x" } }),
    "wrong-type",
    2,
    'verdict.why: the string "x"',
    "grader crash",
  ],
  [
    "a transcript for a text",
    rolled({ id: "a", reward: 1, text: [{ role: "user" }] }),
    "wrong-type",
    2,
    "field text: the list",
    "where text belongs",
  ],
  ["negative tokens", rolled({ id: "a", reward: 1, tokens: -1 }), "wrong-type", 2, "field tokens: the number -1"],
  [
    "a number for a finish reason",
    rolled({ id: "a", reward: 1, finish_reason: 2 }),
    "wrong-type",
    2,
    "field finish_reason: the number 2",
  ],
  [
    "a row that is not UTF-8",
    Buffer.from(rolled({ id: "a", text: "é", reward: 1 }), "latin1"),
    "not-utf-8",
    2,
    "byte 0xe9",
    "byte offset 43",
    "save the file as UTF-8",
  ],
  ["bytes that are no text", Buffer.from([0x80, 0x81, 10]), "not-utf-8", 1, "byte 0x80", "offset 0"],
  ["a UTF-16 file", Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(counted(good))]), "not-text", 0, "UTF-16", "UTF-8"],
  ["a UTF-16 file without a mark", utf16(counted(good)), "not-text", 0, "UTF-16"],
  ["a zip", Buffer.from("504b030414000000", "hex"), "truncated", 0, "zip", "directory"],
  ["an empty zip", Buffer.from("504b0506".padEnd(44, "0"), "hex"), "not-text", 0, "an empty zip"],
  ["a gzip", gzipSync(counted(good)), "not-text", 0, "gzip"],
  ["a zstd", Buffer.from("28b52ffd0458", "hex"), "not-text", 0, "zstd"],
  ["a Parquet file", Buffer.from("PAR1...."), "truncated", 0, "Parquet"],
  [
    "JSON nobody knows",
    lines({ step: 1, loss: 2 }),
    "not-recognised",
    1,
    '"step", "loss"',
    "counts as JSON lines",
    "reasoning-gym",
  ],
  ["a JSON list", JSON.stringify([good]), "not-recognised", 1, "no importer knows it"],
  ["counts over several lines", JSON.stringify(good, null, 2), "not-json", 1, "one JSON object a line"],
  ["a CSV of other columns", "task,score\na,1\n", "not-recognised", 1, '"task,score"', "header id,c,n"],
];

const oneSentence = (message: string): void => {
  expect(message).toMatch(/^[^\n]{20,700}\.$/);
  expect(message).toContain("; ");
  expect(message).not.toMatch(/undefined|\[object|\.ts:\d|\bat \w+ \(/);
};

describe("bad input", () => {
  test.each(bad)("%s is refused in one sentence", async (_, content, code, line, ...parts) => {
    const file = fileOf(content);
    const error = await refusal(readEvidence(file, { policy: "base" }));
    oneSentence(error.message);
    expect([error.code, error.message]).toEqual([code, error.message]);
    expect(error.message).toContain(line === 0 ? file : `${file}, line ${line}`);
    for (const part of [...parts, error.what, error.why, error.mend]) expect(error.message).toContain(part);
  });

  test("a missing file, a directory and a path through a file are refused by name", async () => {
    const folder = inFolder("a-folder");
    mkdirSync(folder);
    const missing = inFolder("not-there");
    for (const [file, code] of [
      [missing, "no-file"],
      [folder, "directory"],
      [`${fileOf("x")}/y`, "no-file"],
    ] as const) {
      const error = await refusal(readEvidence(file, { policy: "base" }));
      oneSentence(error.message);
      expect([error.code, error.message.startsWith(file)]).toEqual([code, true]);
    }
  });

  test.each([
    ["of a file nobody knows", '{"x":"', 1],
    ["of counts", '{"id":"a","c":1,"n":2,"x":"', 1],
    ["of rollouts, after good rows", `${rolled({ id: "a", reward: 1 })}{"id":"`, 3],
    ["of CSV, within quotes", 'id,c,n\n"', 2],
  ])("a line of 200 MB %s is refused after the first 64 MiB", async (_, start, line) => {
    const file = fileOf(start);
    const handle = openSync(file, "r+");
    ftruncateSync(handle, 200_000_000);
    writeSync(handle, '"}\n', 199_999_997);
    closeSync(handle);
    const began = performance.now();
    const error = await refusal(readEvidence(file, { policy: "base" }));
    expect(error.message).toContain(`${file}, line ${line}: the line is longer than 64 MiB`);
    expect(performance.now() - began).toBeLessThan(20_000);
  });
});
