import { expect, it } from "vitest";
import { matchProblems, pairedWith } from "../../src/study/pair.ts";
import { counted, policy } from "../support/evidence.ts";

const ids = (...names: string[]) => names.map((id) => counted(id, 1, 4, "f"));

it("pairs by id, in the base's order, and counts what has no partner", () => {
  const matched = matchProblems([policy("base", ids("a", "b", "c")), policy("tuned", ids("c", "a", "x", "y"))]);
  expect(matched.rows.map(([record]) => record!.id)).toEqual(["a", "c"]);
  expect(matched.unpaired).toEqual([1, 2]);
});

it("keeps the problems that every policy has, so that checkpoints are compared on the same ones", () => {
  const matched = matchProblems([
    policy("base", ids("a", "b")),
    policy("step-1", ids("b")),
    policy("tuned", ids("a", "b")),
  ]);
  expect(pairedWith(matched, 2).problems.map(({ id }) => id)).toEqual(["b"]);
  expect(pairedWith(matched, 1).policies).toEqual(["base", "step-1"]);
});

it("refuses evidence without a common id, naming the first of each", () => {
  expect(() => matchProblems([policy("base", ids("a")), policy("tuned", ids("z"))])).toThrow(
    /base\.jsonl and tuned\.jsonl have no problem id in common.*"a".*"z"/,
  );
});

it("refuses two prompts or two reference answers under one id, with both", () => {
  const asked = (prompt: string) => [{ ...counted("a", 1, 4), prompt }];
  expect(() => matchProblems([policy("base", asked("1+1?")), policy("tuned", asked("1+2?"))])).toThrow(
    /"1\+1\?".*"1\+2\?"/,
  );
  const gold = (value: string) => [{ ...counted("a", 1, 4), gold: value }];
  expect(() => matchProblems([policy("base", gold("2")), policy("tuned", gold("3"))])).toThrow(/gold "2".*"3"/);
});

it("hostile ids pair like any other", () => {
  const hostile = ["__proto__", "constructor", "</script>", "../../etc/passwd", "\u202Eabc"];
  const matched = matchProblems([policy("base", ids(...hostile)), policy("tuned", ids(...hostile.toReversed()))]);
  expect(matched.rows.length).toBe(hostile.length);
});
