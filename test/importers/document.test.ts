// A document is walked in whatever pieces it comes, and says where it is wrong.
import { describe, expect, test } from "vitest";
import { type Plan, Walker } from "../../src/importers/document/walk.ts";
import { StudyError } from "../../src/terms/errors.ts";

const walked = (text: string | Uint8Array, plan: Plan, piece: number): string[] => {
  const seen: string[] = [];
  const walker = new Walker("log.json", plan, {
    take: (path, value) => seen.push(`${path.join(".")} = ${JSON.stringify(value)}`),
    leave: (path) => seen.push(`end of ${path.join(".")}`),
  });
  const bytes = Buffer.from(text as string);
  for (let i = 0; i < bytes.length; i += piece) walker.write(bytes.subarray(i, i + piece));
  walker.end();
  return seen;
};

const refused = (text: string | Uint8Array, plan: Plan = { a: { "*": true } }): string => {
  try {
    walked(text, plan, 3);
  } catch (error) {
    if (error instanceof StudyError) return `${error.code}: ${error.what}`;
    throw error;
  }
  return "read";
};

describe("a walk through a document", () => {
  const text = `{"a": [1, {"b": "x\\\\\\"é"}, [[2]], NaN], "k\\"ey": [{"id": 1, "big": {"z": [{"q": "}]\\\\"}]}, "s": "日本𝒳"}],
    "n": null, "e": {}, "l": [], "number": -1.5e3, "passed": [{"}": "]"}], "text": "\\\\", "t": true}`;
  const plan: Plan = {
    a: { "*": true },
    'k"ey': { "*": { id: true, s: true, big: { z: true } } },
    n: { x: true },
    e: { x: true },
    l: { "*": true },
    t: () => false,
    number: true,
  };

  test.each([1, 2, 3, 5, 64, 1000])("gives the same in pieces of %i bytes", (piece) => {
    expect(walked(text, plan, piece)).toEqual([
      "a.0 = 1",
      'a.1 = {"b":"x\\\\\\"é"}',
      "a.2 = [[2]]",
      "a.3 = null",
      "end of a",
      'k"ey.0.id = 1',
      'k"ey.0.big.z = [{"q":"}]\\\\"}]',
      'end of k"ey.0.big',
      'k"ey.0.s = "日本𝒳"',
      'end of k"ey.0',
      'end of k"ey',
      "n = null",
      "end of e",
      "end of l",
      "number = -1500",
      "end of ",
    ]);
  });

  test("a byte order mark is no part of it", () => {
    expect(walked(`\ufeff{"a":[1]}`, { a: true }, 2)).toEqual(["a = [1]", "end of "]);
  });

  test("what is wrong is said with its line", () => {
    expect(refused('{"a": [1,\n2,,3]}')).toBe('not-json: log.json, line 2: "," stands where a value belongs');
    expect(refused('{"a": [1 2]}')).toMatch(/^not-json: log.json, line 1: "2.*stands where a comma belongs/);
    expect(refused('{"a" [1]}')).toMatch(/stands where a colon belongs/);
    expect(refused("{a: 1}")).toMatch(/stands where a key or } belongs/);
    expect(refused('{"a": [nil]}')).toBe('not-json: log.json, line 1: "nil" is not JSON');
    expect(refused('{"a": [1]} {}')).toMatch(/stands where nothing more belongs/);
    expect(refused('{"a": [{"b": tru}]}')).toBe('not-json: log.json, line 1: "{\\"b\\": tru}" is not JSON');
    expect(refused('{"a": [1,\n')).toBe("truncated: log.json, line 2: the file ends in the middle of this line");
    expect(refused(Buffer.from([...Buffer.from('{"a":["'), 0xff, 0x22]))).toBe(
      "not-utf-8: log.json, line 1: byte 0xff is not UTF-8 at byte offset 7",
    );
    expect(refused(Buffer.from('{"a": "é').subarray(0, -1))).toMatch(/^truncated/);
  });

  test("nesting is refused where it is kept, passed over, and looked into", () => {
    const deep = `${"[".repeat(600)}${"]".repeat(600)}`;
    for (const field of ["a", "passed"]) expect(refused(`{"${field}": [${deep}]}`)).toMatch(/^too-deep: /);
    let into: Plan = true;
    for (let i = 0; i < 600; i++) into = { "*": into };
    expect(refused(deep, into)).toMatch(/^too-deep: /);
  });

  test("a value that is kept may be 64 MiB long, one that is passed over as long as it likes", () => {
    const long = `"${"x".repeat(1 << 20)}"`;
    const walk = (key: string) => {
      const walker = new Walker("log.json", { a: { "*": () => true }, b: true }, { take: () => {} });
      walker.write(Buffer.from(`{"${key}": {"c": [`));
      for (let i = 0; i < 66; i++) walker.write(Buffer.from(`${i === 0 ? "" : ","}${long}`));
      walker.write(Buffer.from("]}}"));
      walker.end();
    };
    expect(() => walk("passed")).not.toThrow();
    expect(() => walk("b")).toThrow("log.json, line 1: the value of b is longer than 64 MiB");
  });
});
