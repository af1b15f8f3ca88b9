// test/ · Paper reader: what is read in texts on paper.
import { describe, expect, it } from "vitest";
import { NO_WORK, paperReader } from "../../src/experiments/paper-reader.ts";

const WAYS = [
  { name: "stepwise", share: 1, pace: 1, slip: 0, repair: 0 },
  { name: "at-once", share: 0, pace: Number.POSITIVE_INFINITY, slip: 0, repair: 0 },
];
const reader = paperReader(new Map([["p", WAYS]]), new Map([["p", 3]]));

describe("the reader of texts on paper", () => {
  it.each([
    ["A:+++\n#### 7", "stepwise", { planEnd: 2, answerStart: 5 }],
    ["A:+-!+\n#### 7", "stepwise", { planEnd: 2, answerStart: 6 }],
    ["A:+-+\n#### 3", "stepwise", { planEnd: 2 }],
    ["A:+\n#### 3", "stepwise", { planEnd: 2 }],
    ["A:+++~~~", "stepwise", { planEnd: 2, answerStart: 5 }],
    ["B:+\nThe answer is 7", "at-once", { planEnd: 2, answerStart: 3 }],
    ["M:\n#### 7", NO_WORK, { planEnd: 2, answerStart: 2 }],
    ["?:", NO_WORK, {}],
  ])("%j goes %s", (text, way, segments) => {
    expect(reader.strategy("p", text)).toBe(way);
    expect(reader.segments("p", text)).toEqual(segments);
  });

  it.each([
    ["A:+++\n#### 7", undefined],
    ["A:+++\n#### 3", 12],
    ["A:+-!+\n#### 7", undefined],
    ["A:+-", undefined],
    ["A:+-+\n#### 3", 5],
    ["A:++-\n#### 3", 6],
    ["A:+\n#### 3", 4],
    ["A:+++\nThe answer is 7", 6],
    ["M:\n#### 7", undefined],
    ["?:", 1],
  ])("%j is lost at character %j", (text, at) => {
    expect(reader.lost("p", text)).toBe(at);
  });

  it("sees slips and repairs, and right answers in any form", () => {
    expect(reader.steps("p", "A:+-!\n#### 7").map(({ right, repairs }) => [right, repairs])).toEqual([
      [true, false],
      [false, false],
      [true, true],
    ]);
    expect(reader.lenient("p", "A:+++\nThe answer is 7")).toBe(true);
    expect(reader.lenient("p", "A:+++\n#### seven or any")).toBe(false);
    expect(reader.answered("p", "A:++~")).toBe(false);
  });
});
