import { describe, expect, test } from "vitest";
import { type Stream, stream } from "../../src/maths/random.ts";
import { apply, OPERATORS } from "../../src/tasks/arithmetic.ts";
import { countdown, parseCountdown, posedCountdown } from "../../src/tasks/countdown.ts";
import type { Grading } from "../../src/tasks/task.ts";
import { conforms } from "../conformance/task.ts";

conforms({
  task: countdown,
  steps: [1, 2],
  foreign: ["3+4*2-5?", "3?", "2,3>6", "2>2?", "2,3,4,5,6>0?", "12,3>6?", "2,3>?", "2,3>6?\n"],
});

const P = "2,3,4>0?";
const kind = (answer: string, grading: Grading = "process", prompt = P) =>
  countdown.verify(prompt, answer, grading).kind;

/** Every result that can be reached, by places and not by values: written apart from the task. */
function reachable(values: readonly number[]): Set<number> {
  if (values.length === 1) return new Set(values);
  const found = new Set<number>();
  values.forEach((first, i) => {
    values.forEach((second, j) => {
      if (i === j) return;
      const rest = values.filter((_, k) => k !== i && k !== j);
      for (const operator of OPERATORS)
        for (const one of reachable([...rest, apply(first, operator, second)])) found.add(one);
    });
  });
  return found;
}

describe("countdown", () => {
  test("a prompt is two to four numbers and a target", () => {
    expect(parseCountdown(P)).toEqual({ numbers: [2, 3, 4], target: 0 });
    expect(parseCountdown("2,2>4?")).toEqual({ numbers: [2, 2], target: 4 });
  });

  test("steps that take what is there, use all numbers and reach the target are right", () => {
    expect(kind("2*3=6;6+4=0;#0.")).toBe("right");
    expect(kind("4+2=6;3-6=7;#7.", "process", "2,3,4>7?")).toBe("right");
    expect(kind("2*2=4;#4.", "process", "2,2>4?")).toBe("right");
  });

  test("a wrong result, a number used twice or left over, or another target is wrong", () => {
    const wrong = [
      "2*3=5;5+4=9;#9.",
      "2*3=5;6+4=0;#0.",
      "2*2=4;4-4=0;#0.",
      "2+3=5;#0.",
      "2*3=6;6-4=2;#2.",
      "2*3=6;6+4=0;#1.",
      "#0.",
    ];
    expect(wrong.filter((answer) => kind(answer) !== "wrong")).toEqual([]);
  });

  test("lenient grading takes the answer without its mark or with the wrong one", () => {
    expect(["#0.", "0.", ":0."].map((end) => kind(`2*3=6;6+4=0;${end}`, "lenient"))).toEqual(
      Array.from({ length: 3 }, () => "right"),
    );
    expect(kind("2*3=6;6+4=0;:0.")).toBe("wrong");
    expect(kind("2*3=5;5+4=0;0.", "lenient")).toBe("wrong");
  });

  test("outcome grading lets results be wrong, but they are what the next step takes, and the last is the target", () => {
    expect(kind("2*3=5;5+4=0;#0.", "outcome")).toBe("right");
    expect(kind("2*3=5;6+4=0;#0.", "outcome")).toBe("wrong");
    expect(kind("2*3=5;5+4=9;#0.", "outcome")).toBe("wrong");
    expect(kind("2*3=6;6+4=0;0.", "outcome")).toBe("wrong");
    expect(() => countdown.accepted("2,3,4,5>0?", "outcome")).toThrow(RangeError);
  });

  test("equal numbers give no text twice", () => {
    expect(countdown.accepted("2,2>4?", "process").map(({ text }) => text)).toEqual(["2*2=4;#4.", "2+2=4;#4."]);
    const texts = countdown.accepted("3,3,3,3>6?", "process").map(({ text }) => text);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("the strategy is fixed at the first operator, or before it where one number can only go one way", () => {
    const found = countdown.accepted(P, "process").find(({ text }) => text === "2*3=6;6+4=0;#0.");
    expect(found).toEqual({
      text: "2*3=6;6+4=0;#0.",
      strategy: "times",
      planEnd: 2,
      answerStart: 12,
      stepEnds: [6, 12],
    });
    expect(countdown.accepted("2,3>6?", "process").map(({ planEnd }) => planEnd)).toEqual([0, 0]);
  });

  test("a slip is counted once, and what is not there cannot be taken", () => {
    const rights = (answer: string) => countdown.steps(P, answer).map(({ right }) => right);
    expect(rights("2*3=5;5+4=9;")).toEqual([false, true]);
    expect(rights("2*2=4;4+4=8;")).toEqual([false, true]);
    expect(rights("2*3=6;2+4=6;")).toEqual([true, false]);
    expect(rights("x;2*3=6;6+4=0")).toEqual([true]);
  });

  test.each([
    ["2*3=5;5+4=9;#9.", "times"],
    ["2+", "plus"],
    ["4-2;", "minus"],
    ["#0.", "other"],
    ["", "other"],
  ])("%s is %s", (answer, strategy) => {
    expect(countdown.signature(P, answer)).toBe(strategy);
  });

  test("every problem comes with a right answer, of one, two and three steps", () => {
    const draws = stream(6, "test/countdown/posed");
    for (let i = 0; i < 300; i++) {
      const { prompt, answer } = posedCountdown(draws, 1 + (i % 3));
      expect(kind(answer, "process", prompt), `${prompt} ${answer}`).toBe("right");
      expect(parseCountdown(prompt).numbers).toHaveLength(2 + (i % 3));
    }
  });

  test("a problem of three steps lists its answers, right and of one text each", () => {
    for (const { prompt } of countdown.problems({ seed: 8, steps: 3, count: 6 })) {
      const texts = countdown.accepted(prompt, "process").map(({ text }) => text);
      expect(texts.length).toBeGreaterThan(0);
      expect(new Set(texts).size).toBe(texts.length);
      expect(texts.filter((text) => kind(text, "process", prompt) !== "right")).toEqual([]);
    }
  });

  test("all problems of one step can be posed, no more, and the supplies are what going through all numbers gives", () => {
    expect(countdown.problems({ seed: 1, steps: 1, count: 334 })).toHaveLength(334);
    const supplies = [1, 2, 3].map((steps) => {
      let supply = 0;
      const known = new Map<string, number>();
      for (let number = 0; number < 10 ** (steps + 1); number++) {
        const key = [...String(number).padStart(steps + 1, "0")].sort().join("");
        const size = known.get(key) ?? reachable([...key].map(Number)).size;
        known.set(key, size);
        supply += size;
      }
      return supply;
    });
    supplies.forEach((supply, i) => {
      expect(() => countdown.problems({ seed: 1, steps: i + 1, count: supply + 1 })).toThrow(
        `countdown can pose 0 to ${supply} problems of ${i + 1} steps, not ${supply + 1}`,
      );
    });
  });

  test("what a noisy writer writes is right where it is listed, and only there", () => {
    const draws = stream(3, "test/countdown/noisy");
    const tally: Record<Grading, number> = { process: 0, lenient: 0, outcome: 0 };
    for (let i = 0; i < 60; i++) {
      const { prompt } = posedCountdown(draws, 1 + (i % 2));
      const answers = Array.from({ length: 150 }, () => noisy(draws, prompt));
      for (const grading of ["process", "lenient", "outcome"] as const) {
        const listed = new Set(countdown.accepted(prompt, grading).map(({ text }) => text));
        const right = answers.filter((answer) => kind(answer, grading, prompt) === "right");
        expect(right).toEqual(answers.filter((answer) => listed.has(answer)));
        tally[grading] += right.length;
      }
    }
    for (const right of Object.values(tally)) expect(right > 300 && right < 6000, `${right} right`).toBe(true);
  });
});

/** Takes pairs at random, with slips, numbers that are not there, wrong marks and loose ends now and then. */
function noisy(draws: Stream, prompt: string): string {
  const { numbers, target } = parseCountdown(prompt);
  const chance = (p: number) => draws.uniform() < p;
  let text = "";
  let values = [...numbers];
  while (values.length > 1 && !chance(0.03)) {
    const [first = 0, second = 0, ...rest] = draws.shuffle(values);
    const operator = OPERATORS[draws.integer(3)]!;
    const stated = chance(0.15) ? draws.integer(10) : apply(first, operator, second);
    const result = values.length === 2 && chance(0.3) ? target : stated;
    text += `${chance(0.03) ? draws.integer(10) : first}${operator}${second}=${result};`;
    values = [...rest, result];
  }
  const mark = ["#", "#", "#", "#", "", ":", "##"][draws.integer(7)];
  return `${text}${mark}${chance(0.9) ? target : draws.integer(10)}${chance(0.97) ? "." : ""}`;
}
