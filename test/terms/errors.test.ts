import { expect, it } from "vitest";
import { StudyError } from "../../src/terms/errors.ts";
import { refused } from "../../src/terms/estimate.ts";
import { Findings } from "../../src/terms/finding.ts";
import { ungradable } from "../../src/terms/verdict.ts";

it("an error says what disagreed, why, and the mend, in one sentence", () => {
  const error = new StudyError({
    code: "c",
    what: "c is 9 and n is 8",
    why: "more right than drawn",
    mend: "correct the row",
  });
  expect(error.message).toBe("c is 9 and n is 8, more right than drawn; correct the row.");
  expect(new StudyError({ code: "c", what: "a", mend: "b" }).message).toBe("a; b.");
});

it("a refusal is a value and is never read as a number", () => {
  const found = new Findings([{ name: "a", estimate: refused("too few", "add more") }]);
  expect(found.measured("a")).toBeUndefined();
  expect(found.get("b")).toBeUndefined();
});

it("two findings of one name are our mistake", () => {
  const estimate = refused("too few", "add more");
  expect(
    () =>
      new Findings([
        { name: "a", estimate },
        { name: "a", estimate },
      ]),
  ).toThrow(/named a/);
});

it("the same absence is the same value", () => {
  expect(ungradable("cut off")).toBe(ungradable("cut off"));
});
