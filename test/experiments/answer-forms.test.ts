import { describe, expect, it } from "vitest";
import { extractAnswer, sameExactly, sameLeniently } from "../../src/experiments/answer-forms.ts";

describe("finding the answer in a text", () => {
  const cases: readonly [text: string, answer: string | undefined, form?: string][] = [
    ["<think>is it 3?</think>\n<answer> 4 </answer>", "4", "marked"],
    ["<answer>3</answer> no, wait: <answer>4</answer>", "4", "marked"],
    ["so \\boxed{\\frac{1}{2}}.", "\\frac{1}{2}", "marked"],
    ["5 + 5 = 10\n#### 10", "10", "marked"],
    ["<think>\\boxed{3} as a draft</think> The final answer is 4.", "4", "said"],
    ["Therefore the answer is: 12.5 apples", "12.5 apples", "said"],
    ["Yaseen", "Yaseen", "bare"],
    ["Yaseen\n<think> only Yaseen glorifies tea </think>", "Yaseen", "bare"],
    ["<think>never closed, and the answer is 4", undefined],
    ["", undefined],
    ["  \n ", undefined],
    ["<answer></answer>", "<answer></answer>", "bare"],
  ];
  it.each(cases)("%j holds %j", (text, answer, form) => {
    expect(extractAnswer(text)).toEqual(answer === undefined ? undefined : { answer, form });
  });

  it("comes to an end on long hostile texts, where a pattern that backtracks would not", () => {
    const hostile = ["\\boxed{", "<answer>", "</answer>", "the answer is ", "{", "<think>", "#### \n", " "];
    for (const part of hostile) expect(() => extractAnswer(part.repeat(300_000))).not.toThrow();
  });
});

describe("comparing answers", () => {
  it.each([
    ["95", "95"],
    ["u = 95", "95"],
    ["$95$", "95"],
    ["95.", "95"],
    ["95.0", "95"],
    ["1,234", "1234"],
    ["Yaseen", "yaseen"],
    ["\\text{Yaseen}", "Yaseen"],
    ["９５", "95"],
  ])("%j is %j in another dress", (answer, gold) => {
    expect(sameLeniently(answer, gold)).toBe(true);
  });

  it.each([
    ["96", "95"],
    ["1,2", "12"],
    ["9 5", "95"],
    ["95 or 96", "95"],
    ["", "0"],
    ["x", "y"],
  ])("%j is not %j", (answer, gold) => {
    expect(sameLeniently(answer, gold)).toBe(false);
  });

  it("forgives only outer white space when strict", () => {
    expect(sameExactly(" 95\n", "95")).toBe(true);
    expect(sameExactly("95.", "95")).toBe(false);
  });
});
