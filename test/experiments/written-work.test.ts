import { expect, test } from "vitest";
import { writtenWork } from "../../src/experiments/written-work.ts";

test("nothing but the answer is direct, however it is marked", () => {
  for (const text of ["<answer>12,082</answer>", "\\boxed{-3}", "#### 42", "42", "The answer is 42.", "42.5\n"])
    expect([text, writtenWork(text)]).toEqual([text, "direct"]);
});

test("numbers beside a marked answer, or an equation, are working", () => {
  for (const text of [
    "8048 + 8432 = 16480\n<answer>16480</answer>",
    "First 3 and 4 make 7.\n\\boxed{7}",
    "x = 3",
    "3 plus 4, so 7",
    "<answer>3+4=7</answer> since 3+4=7",
  ])
    expect([text, writtenWork(text)]).toEqual([text, "stepwise"]);
});

test("a tag that was cut off still holds the answer only", () => {
  expect(writtenWork("<answer>12 + 13")).toBe("direct");
});
