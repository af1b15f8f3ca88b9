// test/report/ · Words, numbers, layout and pairs: the small tools that every telling leans on.
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { table, wrap } from "../../src/report/layout.ts";
import {
  count,
  difference,
  estimateInWords,
  interval,
  percent,
  plain,
  plusMinus,
  rate,
  rough,
  signed,
} from "../../src/report/numbers.ts";
import { pairsInWords } from "../../src/report/telling/pairs.ts";
import { clean, columns, listed, printable } from "../../src/report/words.ts";

const said = (text: string): string => text.replaceAll("\u00a0", " ");

describe("numbers", () => {
  test.each([
    [rate(0.6041052), "0.604"],
    [rate(0.00002), "2.0e-5"],
    [rate(0), "0.000"],
    [signed(0.0759), "+0.076"],
    [signed(-0.0198), "−0.020"],
    [signed(-0.0000001), "0.000"],
    [difference(-0.000029), "−0.00003"],
    [difference(0.00046), "+0.0005"],
    [plain(1.23e-9), "1.2e-9"],
    [plain(135680), "135,680"],
    [plain(0.5), "0.500"],
    [count(1234567), "1,234,567"],
    [count(-1234), "−1,234"],
    [count(12), "12"],
    [rough(412_000_000), "412 million"],
    [rough(67_840), "67,800"],
    [interval(0.58, 0.63), "[0.580, 0.630]"],
    [plusMinus(-188.2, 16.1), "−188 ± 16"],
    [plusMinus(1.3, 0.1), "1.30 ± 0.10"],
    [plusMinus(16.125, 0.5), "16.1 ± 0.5"],
    [percent(0.95), "95 %"],
    [percent(0.025), "2.5 %"],
    [plain(NaN), "not known"],
    [rate(Infinity), "∞"],
  ])("%s", (got, wanted) => expect(said(got)).toBe(wanted));

  test("an estimate says its interval, its error, its limits or that it is refused", () => {
    expect(estimateInWords({ kind: "measured", value: 0.604, low: 0.58, high: 0.62, method: "" })).toBe(
      "0.604 [0.580, 0.620]",
    );
    expect(said(estimateInWords({ kind: "measured", value: 16.1, se: 0.52, method: "" }))).toBe("16.1 ± 0.5");
    expect(estimateInWords({ kind: "bounded", low: 1e-9, high: 3e-4, method: "" })).toBe("0.00000 to 0.00030");
    expect(estimateInWords({ kind: "bounded", high: 0.003, method: "" })).toBe("at most 0.00300");
    expect(estimateInWords({ kind: "refused", why: "x", mend: "y" })).toBe("refused");
    expect(estimateInWords(undefined)).toBe("–");
  });

  test("no number, however odd, is printed as NaN", () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        const all = [
          plain(a),
          rate(a),
          signed(a),
          difference(a),
          count(a),
          rough(a),
          percent(a),
          plusMinus(a, b),
          interval(a, b),
          estimateInWords({ kind: "measured", value: a, low: b, high: a, method: "" }),
        ];
        expect(all.join(" ")).not.toMatch(/NaN|undefined|Infinity/);
      }),
    );
  });
});

describe("words", () => {
  test("what steers is spelled out, and doing it twice changes nothing", () => {
    expect(printable("a\u202eb\u0000\u001b[31m")).toBe("a\\u{202e}b\\u{0}\\u{1b}[31m");
    expect(printable("two\nlines\u2028here")).toBe("two lines here");
    expect([...printable("x".repeat(10_000))]).toHaveLength(100);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });

  test("wide letters count two columns and accents none", () => {
    expect(columns("漢字")).toBe(4);
    expect(columns("e\u0301")).toBe(1);
  });

  test("cleaning reaches every string in a value, also under __proto__", () => {
    const value = clean(JSON.parse('{"__proto__": ["\\u202e"], "n": 1}')) as Record<string, unknown>;
    expect(Object.getOwnPropertyDescriptor(value, "__proto__")?.value).toEqual(["\\u{202e}"]);
  });

  test("lists end with and", () =>
    expect([listed([]), listed(["a"]), listed(["a", "b", "c"])]).toEqual(["", "a", "a, b and c"]));
});

describe("layout", () => {
  test("wrapping never exceeds the width and loses no word", () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z漢]{1,30}$/)), fc.integer({ min: 4, max: 40 }), (words, width) => {
        const lines = wrap(words.join(" "), width);
        expect(Math.max(...lines.map(columns))).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(words.join(""));
      }),
    );
  });

  test("a heading gives way before a cell does", () => {
    expect(
      table([{ head: "unpaired problems", right: true }, { head: "file" }], [["3", "long-name.jsonl"]], 25),
    ).toEqual(["unpaired  file", "problems", "────────  ───────────────", "       3  long-name.jsonl"]);
  });
});

describe("pairs", () => {
  test("all against all become one line, a hub becomes one line, and no pair is lost", () => {
    expect(
      pairsInWords([
        ["a", "b"],
        ["a", "c"],
        ["b", "c"],
      ]),
    ).toEqual(["a, b and c from one another"]);
    expect(
      pairsInWords([
        ["a-x", "b"],
        ["a-x", "c"],
      ]),
    ).toEqual(["a x from b and c"]);
    expect(
      pairsInWords([
        ["a", "b"],
        ["c", "d"],
      ]),
    ).toEqual(["a from b", "c from d"]);
    expect(
      pairsInWords([
        ["a", "b"],
        ["b", "a"],
      ]),
    ).toHaveLength(1);
    expect(
      pairsInWords(
        ["b", "c", "d", "e"].map((other): [string, string] => ["a", other]),
        ["a", "b", "c", "d", "e"],
      ),
    ).toEqual(["a from all 4 others"]);
  });
});
