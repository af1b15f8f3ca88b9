import { describe, expect, test } from "vitest";
import { type AnswerForm, answerIn, plainNumber, sameAnswer } from "../../src/tasks/answers-in.ts";
import { questions } from "../../src/tasks/questions.ts";

describe("where an answer stands", () => {
  test.each<[AnswerForm, text: string, answer: string | undefined]>([
    ["boxed", "so \\boxed{42}.", "42"],
    ["boxed", "\\boxed{1} no, \\boxed{ 2 }", "2"],
    ["boxed", "\\boxed{\\frac{1}{2}} and so on", "\\frac{1}{2}"],
    ["boxed", "\\boxed{\\{1, 2\\}}", "\\{1, 2\\}"],
    ["boxed", "\\boxed{7} then \\boxed{\\frac{1}{2", undefined],
    ["boxed", "\\boxed{}", undefined],
    ["boxed", "42", undefined],
    ["tag", "<answer>a</answer><answer> b </answer> c", "b"],
    ["tag", "<answer>a<answer>b</answer>", "b"],
    ["tag", "<answer>b", undefined],
    ["tag", "a</answer>", undefined],
    ["mark", "12 birds\n#### 12\nbye", "12"],
    ["mark", "3+4=7;#7.", "7."],
    ["mark", "# Heading\n### Another\nno mark", undefined],
    ["mark", "#1 is wrong\n#### 5", "5"],
    ["mark", "####", undefined],
    ["last-number", "It is 1,234 or 5.", "5"],
    ["last-number", "It costs $1,234.50.", "1,234.50"],
    ["last-number", "so x=-3", "-3"],
    ["last-number", "one half, \\frac{1}{2}", "1/2"],
    ["last-number", "\\boxed{17}", "17"],
    ["last-number", "on 2024-05-01", undefined],
    ["last-number", "5 of them, 7km", undefined],
    ["last-number", "about 1e5", undefined],
    ["last-number", "3 or 4, none certain: 1,2,3", undefined],
    ["last-number", "none", undefined],
    ["whole", " Paris\n", "Paris"],
    ["whole", "", undefined],
  ])("%s of %j is %j", (form, text, answer) => {
    expect(answerIn(text, form)).toBe(answer);
  });

  test("a draft within the thinking is no answer", () => {
    expect(answerIn("<think>\\boxed{1}</think>\\boxed{2}", "boxed")).toBe("2");
    expect(answerIn("\\boxed{1}</think> I do not know", "boxed")).toBeUndefined();
    expect(answerIn("<think>perhaps \\boxed{1}", "boxed")).toBeUndefined();
  });

  test("a hostile text is read once, not once a character", () => {
    const hostile = ["\\boxed{", "<answer>", "#", "1,", "{,}", "<think></think>"].map((one) => one.repeat(200_000));
    for (const text of [...hostile, `1${",".repeat(400_000)}1`])
      for (const form of ["boxed", "tag", "mark", "last-number"] as const)
        expect(answerIn(text, form)?.length ?? 0).toBeLessThanOrEqual(text.length);
  });
});

describe("when two answers are the same", () => {
  test.each([
    ["1,000", "1000"],
    ["1000.0", "1000"],
    ["1{,}000", "1000"],
    ["0.5", "1/2"],
    ["\\frac{2}{4}", ".5"],
    ["-\\dfrac{1}{2}", "−0.50"],
    ["+7", "7."],
    ["007", "7"],
    ["0.1", "0.10000000000000000000"],
    ["$42$", "42"],
    ["\\(42\\)", "42"],
    ["\\[ 42 \\]", "42"],
    ["$$x+1$$", "x+1"],
    ["\\text{Paris}", "Paris"],
    ["$\\text{Paris}.$", " Paris "],
    ["(b)", "B"],
    ["b.", "B"],
    ["two  words", "two words"],
    ["-0", "0"],
  ])("%j and %j", (a, b) => {
    expect([sameAnswer(a, b), sameAnswer(b, a)]).toEqual([true, true]);
  });

  test.each([
    ["paris", "Paris"],
    ["50%", "50"],
    ["0.333", "1/3"],
    ["9007199254740993", "9007199254740992"],
    ["0.1", "0.10000000000000000001"],
    ["1,00", "100"],
    ["1.000,5", "1000.5"],
    ["5 km", "5"],
    ["x = 5", "5"],
    ["1e3", "1000"],
    ["1/0", "2/0"],
    ["-", "0"],
    [".", ""],
    ["", ""],
    ["$a$ and $b$", "a$ and $b"],
    ["...", ".."],
    ["(a)(b)", "ab"],
  ])("%j and %j are not", (a, b) => {
    expect([sameAnswer(a, b), sameAnswer(b, a)]).toEqual([false, false]);
  });

  test("numbers are compared exactly, whatever their size, and absurd ones as text", () => {
    const long = "1".repeat(390);
    expect(sameAnswer(`${long}.0`, long)).toBe(true);
    expect(sameAnswer(`${long}1`, long)).toBe(false);
    expect(plainNumber("1".repeat(401))).toBeUndefined();
    expect(plainNumber("-1.50")).toEqual({ over: -150n, under: 100n });
  });
});

describe("questions", () => {
  const asked = (rows: readonly object[], form: AnswerForm = "boxed") =>
    questions(
      rows.map((row, i) => ({ row: row as Readonly<Record<string, unknown>>, line: i + 1 })),
      form,
      "q.jsonl",
    );

  test("a row becomes a problem; ids and answers may be numbers, and other fields are passed over", () => {
    const { problems, verifier } = asked([
      { id: 7, prompt: "2+2?", answer: 4, family: "sums", source: "x" },
      { id: "b", prompt: "1/2?", answer: 0.5 },
    ]);
    expect(problems).toEqual([
      { id: "7", prompt: "2+2?", gold: "4", family: "sums" },
      { id: "b", prompt: "1/2?", gold: "0.5" },
    ]);
    expect(verifier).toBe("questions/boxed@1");
  });

  test("only the declared form is right; leniently another will do", () => {
    const bench = asked([{ id: "a", prompt: "2+2?", answer: "4" }]);
    const [question] = bench.problems;
    const both = (text: string) => [bench.verify(question!, text).kind, bench.lenient(question!, text)];
    expect(both("\\boxed{4.0}")).toEqual(["right", true]);
    expect(both("#### 4")).toEqual(["wrong", true]);
    expect(both("It is 4.")).toEqual(["wrong", true]);
    expect(both("\\boxed{5}, not 6")).toEqual(["wrong", false]);
    expect(both("")).toEqual(["wrong", false]);
    expect(["\\boxed{5}", "#### 4", "It is 4.", ""].map((text) => bench.answered(text))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test.each<[rows: object[], form: AnswerForm, sentence: RegExp]>([
    [[{ prompt: "a", answer: "b" }], "boxed", /^q\.jsonl, line 1, field id: no id stands there/],
    [[{ id: 1.5, prompt: "a", answer: "b" }], "boxed", /line 1, field id/],
    [[{ id: 2 ** 60, prompt: "a", answer: "b" }], "boxed", /line 1, field id/],
    [[{ id: "a", prompt: " ", answer: "b" }], "boxed", /line 1, field prompt/],
    [[{ id: "a", prompt: 3, answer: "b" }], "boxed", /line 1, field prompt/],
    [[{ id: "a", prompt: "p" }], "boxed", /line 1, field answer: no answer stands there/],
    [[{ id: "a", prompt: "p", answer: null }], "boxed", /line 1, field answer/],
    [[{ id: "a", prompt: "p", answer: "Paris" }], "last-number", /line 1, field answer: "Paris" is no plain number/],
    [[{ id: "a", prompt: "p", answer: "b", family: 3 }], "boxed", /line 1, field family/],
    [
      [
        { id: "1", prompt: "p", answer: "b" },
        { id: 1, prompt: "q", answer: "b" },
      ],
      "boxed",
      /line 2, field id: "1" was already given in line 1/,
    ],
    [[], "boxed", /^q\.jsonl holds no question/],
  ])("%j under %s is refused", (rows, form, sentence) => {
    expect(() => asked(rows, form)).toThrow(sentence);
  });
});
