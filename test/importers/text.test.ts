// The tools below the importers: quoting, lines, and what can be told of faulty JSON.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { eachLine } from "../../src/importers/lines.ts";
import { bareWord, TopLevelKeys } from "../../src/importers/scan.ts";
import { plain, show, showBoth } from "../../src/importers/show.ts";
import { Source, stopsWithin, wellFormed } from "../../src/importers/source.ts";
import { fileOf, refusal } from "./on-disk.ts";

const linesOf = async (content: string | Uint8Array) => {
  const source = await Source.open(fileOf(content));
  const found: [string, number, boolean][] = [];
  await eachLine(source, (...line) => found.push(line)).finally(() => source.close());
  return found;
};

describe("shown values", () => {
  test("what is invisible or turns the reading direction is escaped", () => {
    expect(show("a\u202eb\u200bc\u0007\u00ad\ufe0f\u00a0")).toBe(
      '"a\\u{202e}b\\u{200b}c\\u0007\\u{ad}\\u{fe0f}\\u{a0}"',
    );
    expect(plain("a\nb\u2066.jsonl")).toBe("a\\u{a}b\\u{2066}.jsonl");
    expect(show("naïve 日本 😀 </script>")).toBe('"naïve 日本 😀 </script>"');
  });

  test("values of all kinds are shown, long ones shortened between characters", () => {
    expect([show(-0.5), show(null), show(undefined), show({ a: [1] })]).toEqual([
      "-0.5",
      "null",
      "undefined",
      '{"a":[1]}',
    ]);
    expect(show("😀".repeat(100))).toBe(`"${"😀".repeat(60)}…"`);
    expect(show("x".repeat(60))).toBe(`"${"x".repeat(60)}"`);
  });

  test("two values are never shown alike", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (same, a, b) => {
        fc.pre(a[0] !== b[0]);
        const [one, two] = showBoth(same.repeat(9) + a, same.repeat(9) + b);
        expect(one).not.toBe(two);
      }),
    );
  });
});

describe("lines", () => {
  test("lines are numbered from 1, and the last says whether it was ended", async () => {
    expect(await linesOf("a\n\nb\r\nc")).toEqual([
      ["a", 1, true],
      ["", 2, true],
      ["b\r", 3, true],
      ["c", 4, false],
    ]);
    expect(await linesOf("\ufeffa\n")).toEqual([["a", 1, true]]);
  });

  test("lines of any length come whole across the reader's chunks", async () => {
    const lengths = [10, 65_536, 1_048_576, 3, 2_500_000, 0, 1_048_575, 70_000];
    const text = lengths.map((length, i) => `${i}é`.padEnd(length, "日")).join("\n");
    expect((await linesOf(text)).map(([line]) => line).join("\n") === text).toBe(true);
  });

  test("only the first line loses a byte order mark", async () => {
    const found = await linesOf("\ufeffx\n".repeat(500_000));
    expect(found.filter(([line]) => line === "x").map(([, number]) => number)).toEqual([1]);
  });

  test("the first byte that is not UTF-8 is named by its line and its offset in the file", async () => {
    const front = `${"x".repeat(1000)}\n`.repeat(3000);
    const error = await refusal(linesOf(Buffer.concat([Buffer.from(`${front}ab`), Buffer.from([0xc3, 0x28, 10])])));
    expect(error.message).toContain(`line 3001: byte 0xc3 is not UTF-8 at byte offset ${front.length + 2}`);
  });

  test("bytes are well formed up to the character that a strict decoder complains of", () => {
    const unit = "binary" as const;
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 5 }), fc.string({ unit, maxLength: 5 }), (before, after) => {
        const start = Buffer.from(before);
        expect(wellFormed(start)).toBe(start.length);
        for (const bad of [[0xff], [0xe9], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf0, 0x9f]]) {
          expect(wellFormed(Buffer.concat([start, Buffer.from(bad), Buffer.from(`.${after}`)]))).toBe(start.length);
        }
      }),
      { numRuns: 30 },
    );
    expect([Buffer.from([0x61, 0xf0, 0x9f]), Buffer.from([0x61, 0xff])].map((bytes) => stopsWithin(bytes))).toEqual([
      true,
      false,
    ]);
  });
});

/** Fed in two parts, cut after so many bytes. */
function keysOf(text: string, cut = 0): string[] {
  const keys = new TopLevelKeys();
  const bytes = Buffer.from(text);
  if (!keys.write(bytes.subarray(0, cut))) keys.write(bytes.subarray(cut));
  return [...keys.found];
}

describe("faulty JSON", () => {
  test("the keys of any object are found, and those of a torn one as far as it goes", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), fc.nat(), (object, cut) => {
        const text = JSON.stringify(object);
        const keys = keysOf(text, cut % text.length);
        expect(keys).toEqual(Object.keys(JSON.parse(text)));
        const some = keysOf(text.slice(0, cut % text.length));
        expect(keys.slice(0, some.length)).toEqual(some);
      }),
    );
    expect(keysOf('{"id":NaN,"c" : [{"x":1}, "n"]')).toEqual(["id", "c"]);
    expect(keysOf(' \n{"a}\\"{":{"b":1},"c":"\\\\"}{"d":1}', 7)).toEqual(['a}"{', "c"]);
    expect(keysOf('[{"id":1}]')).toEqual([]);
  });

  test("NaN is found where it is a number, and not where it is text", () => {
    expect(bareWord('{"a\\"NaN":"NaN","b":{"c":[1,NaN]}}')).toEqual({ word: "NaN", position: 28, key: "c" });
    expect(bareWord('{"a":-Infinity}')).toEqual({ word: "-Infinity", position: 5, key: "a" });
    expect(bareWord('{"a":-1,"Infinity":"-Infinity"}')).toBeUndefined();
    fc.assert(fc.property(fc.jsonValue(), (value) => bareWord(JSON.stringify(value)) === undefined));
  });
});
