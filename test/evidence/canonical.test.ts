import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "../../src/evidence/canonical.ts";

describe("canonical JSON", () => {
  test("is the one that RFC 8785 gives as its example", () => {
    // RFC 8785, section 3.2.2 and 3.2.4; its 333333333.33333329 is this double.
    const value = {
      numbers: [333333333.3333333, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
      literals: [null, true, false],
    };
    expect(canonical(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  test("sorts names by UTF-16 units, as section 3.2.3 does", () => {
    const names = ["\u20ac", "\r", "\ufb33", "1", "\u{1f600}", "\u0080", "\u00f6"];
    const sorted = ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\u{1f600}", "\ufb33"];
    const written = canonical(Object.fromEntries(names.map((name) => [name, 0])));
    expect(written).toBe(`{${sorted.map((name) => `${JSON.stringify(name)}:0`).join(",")}}`);
  });

  test("does not depend on the order in which fields were set, and reads back as what was written", () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: "medium" }), (value) => {
        const written = canonical(value);
        expect(canonical(JSON.parse(written))).toBe(written);
        expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
        const backwards = (one: unknown): unknown =>
          typeof one !== "object" || one === null || Array.isArray(one)
            ? one
            : Object.fromEntries(Object.entries(one).toReversed());
        expect(canonical(backwards(value))).toBe(written);
      }),
    );
  });

  test("knows no undefined, NaN or infinity, and half a surrogate pair is no text", () => {
    expect(canonical({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
      expect(() => canonical({ list: [1, value] })).toThrow(`${value} has no canonical form`);
    expect(canonical({ "\ud800": "a\udc00" })).toBe('{"\ufffd":"a\ufffd"}');
  });
});
