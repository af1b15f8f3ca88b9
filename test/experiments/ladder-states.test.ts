import { expect, test } from "vitest";
import { workedOf } from "../../src/experiments/ladder-states.ts";
import { repairedChain } from "../../src/tasks/repaired-chain.ts";

const prompt = "3+4*2-5?";
const read = (text: string, ended = true) => workedOf(repairedChain.steps(prompt, text), ended);

test("three clean steps slip nowhere", () => {
  expect(read("3+4=7;7*2=4;4-5=9;#9.")).toEqual({ steps: 3, erred: false, right: [true, true, true] });
});

test("after a slip that stands, steps that are right for themselves are no repair and no success", () => {
  expect(read("3+4=6;6*2=2;2-5=7;#7.")).toEqual({ steps: 1, erred: true, right: [false, false] });
});

test("a slip that is done again rightly is mended, and the chain goes on", () => {
  expect(read("3+4=7;7*2=5!7*2=4;4-5=9;#9.")).toEqual({ steps: 2, erred: true, right: [true, false, true, true] });
});

test("a repair that goes wrong again is a chance missed, and the next try another chance", () => {
  expect(read("3+4=6!3+4=8!3+4=7;7*2=4;4-5=9;#9.").right).toEqual([false, false, true, true, true]);
});

test("a slip on the last step is passed over where the text ends, and open where it was cut off", () => {
  expect(read("3+4=7;7*2=4;4-5=8;#8.").right).toEqual([true, true, false, false]);
  expect(read("3+4=7;7*2=4;4-5=8;", false).right).toEqual([true, true, false]);
});

test("doing again what was right is neither slip nor repair", () => {
  expect(read("3+4=7!3+4=7;7*2=4;4-5=9;#9.")).toEqual({ steps: 3, erred: false, right: [true, true, true] });
});

test("without steps there is no chain", () => {
  expect(read("#9.")).toEqual({ steps: 0, erred: false, right: [] });
});
