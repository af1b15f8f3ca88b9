// test/ · Skeleton: what moves a text's shape, and what does not.
import { expect, it } from "vitest";
import { knownWords, signsOf, skeletonOf } from "../../src/experiments/skeleton.ts";

const same = (a: string, b: string): boolean => [...signsOf(a)].sort().join("\n") === [...signsOf(b)].sort().join("\n");

it("a slip does not move it, nor does which operation is done", () => {
  expect(same("3+4=7;7*2=4;#4.", "3+4=8;8-2=6;#6.")).toBe(true);
});

it("two steps and six are of one shape", () => {
  expect(same("3+4=7;7*2=4;#4.", "1+1=2;2+2=4;4*2=8;8-1=7;7+5=2;2*2=4;#4.")).toBe(true);
});

it("two operations in one step are another shape than one", () => {
  expect(same("3+4=7;7*2=4;#4.", "3+4*2=4;#4.")).toBe(false);
  expect(same("3+4=7;7*2=4;#4.", "#4.")).toBe(false);
});

it("a name that only one problem has is a name, and a word that two have is itself", () => {
  const texts = [
    { problem: "1", text: "Anna has 3 apples" },
    { problem: "1", text: "Anna has none" },
    { problem: "2", text: "Ben has 4 pears" },
  ];
  const words = knownWords(texts);
  expect(skeletonOf("Anna has 3.5 apples", words)).toEqual([["w", "has", "0", "w"]]);
  expect(skeletonOf("Ben has 4 pears", words)).toEqual(skeletonOf("Anna has 3 apples", words));
});
