import { describe, expect, test } from "vitest";
import { parse } from "../../../src/engines/http/json.ts";

describe("JSON as Python writes it", () => {
  const texts: [string, unknown][] = [
    ['{"a":[-Infinity,Infinity,-1]}', { a: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, -1] }],
    ['{"a":NaN}', { a: "NaN" }],
    ['{"text":"-Infinity and NaN","a":-Infinity}', { text: "-Infinity and NaN", a: Number.NEGATIVE_INFINITY }],
    ['{"text":"a quote \\" NaN","NaN":-Infinity}', { text: 'a quote " NaN', NaN: Number.NEGATIVE_INFINITY }],
    ['"NaN"', "NaN"],
    ["[1,null]", [1, null]],
  ];
  test.each(texts)("%s", (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  test.each(["", "{", "<html>", "Infinit", "[NaN", "{NaN: 1}x"])("%s is none", (text) => {
    expect(() => parse(text)).toThrow(SyntaxError);
  });
});
