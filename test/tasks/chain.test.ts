import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { taskNamed, TASKS } from "../../src/tasks/all.ts";
import { apply } from "../../src/tasks/arithmetic.ts";
import { chain } from "../../src/tasks/chain.ts";
import { parseChain, posed } from "../../src/tasks/chain-grammar.ts";
import type { Grading } from "../../src/tasks/task.ts";
import { StudyError } from "../../src/terms/errors.ts";
import { CHARACTERS } from "../../src/worlds/vocabulary.ts";
import { conforms } from "../conformance/task.ts";
import { noisy } from "./noisy-chain.ts";

conforms({
  task: chain,
  steps: [1, 2, 3],
  foreign: ["2,3,4>0?", "3?", "3+4", "3+4*2-5?.", "3/4?", "13+4?", "3+4?\n", `3${"+4".repeat(13)}?`],
});

const P = "3+4*2-5?";
const kind = (answer: string, grading: Grading = "process", prompt = P) => chain.verify(prompt, answer, grading).kind;

describe("chain", () => {
  test("operations go from left to right, modulo 10", () => {
    expect([apply(3, "+", 4), apply(7, "*", 2), apply(3, "-", 5), apply(9, "+", 9), apply(0, "-", 9)]).toEqual([
      7, 4, 8, 8, 1,
    ]);
    expect(parseChain(P)).toEqual({
      start: 3,
      operations: [
        { operator: "+", operand: 4 },
        { operator: "*", operand: 2 },
        { operator: "-", operand: 5 },
      ],
    });
  });

  test("stepwise, pairwise and direct answers are right, and such as change their way are not", () => {
    const answers = ["3+4=7;7*2=4;4-5=9;#9.", "3+4*2=4;4-5=9;#9.", "#9."];
    expect(answers.filter((answer) => kind(answer) !== "right")).toEqual([]);
    for (const grading of ["process", "lenient", "outcome"] as const)
      expect(kind("3+4=7;7*2-5=9;#9.", grading)).toBe("wrong");
    expect(chain.accepted(P, "process").map(({ text }) => text)).toEqual(answers.toSorted());
  });

  test("a wrong result, a missing step, another operand, three operations in a step, or a wrong end is wrong", () => {
    const wrong = [
      "3+4=6;6*2=2;2-5=7;#7.",
      "3+4=6;6*2=2;2-5=7;#9.",
      "3+4=7;7*2=4;#9.",
      "3+4=7;7*3=1;1-5=6;#9.",
      "3+4*2-5=9;#9.",
      "3+4=7;7*2=4;4-5=9;#8.",
      "3+4=7;7*2=4;4-5=9;9+0=9;#9.",
      ".",
    ];
    expect(wrong.filter((answer) => kind(answer) !== "wrong")).toEqual([]);
  });

  test("a slip is final: what is withdrawn and done again is wrong", () => {
    expect(kind("3+4=6!3+4=7;7*2=4;4-5=9;#9.")).toBe("wrong");
    expect(kind("3+4=7!3+4=7;7*2=4;4-5=9;#9.")).toBe("wrong");
  });

  test("lenient grading takes the answer without its mark or with the wrong one, and lists three times as many", () => {
    for (const body of ["3+4=7;7*2=4;4-5=9;", ""])
      expect(["#9.", "9.", ":9."].map((end) => [kind(body + end), kind(body + end, "lenient")])).toEqual([
        ["right", "right"],
        ["wrong", "right"],
        ["wrong", "right"],
      ]);
    expect(kind("3+4=6;6*2=2;2-5=7;#9.", "lenient")).toBe("wrong");
    expect(chain.accepted(P, "lenient")).toHaveLength(3 * chain.accepted(P, "process").length);
  });

  test("outcome grading looks at the form and the answer alone", () => {
    expect(kind("3+4=6;6*2=2;2-5=0;#9.", "outcome")).toBe("right");
    expect(kind("#9.", "outcome")).toBe("right");
    expect(kind("3+4=6;6*2=2;2-5=7;#7.", "outcome")).toBe("wrong");
    expect(kind("3+4=6;7*2=4;4-5=9;#9.", "outcome")).toBe("wrong");
    expect(kind("3+4=6!3+4=7;7*2=4;4-5=9;#9.", "outcome")).toBe("wrong");
    expect(kind("3+4=7;7*2=4;4-5=9;9.", "outcome")).toBe("wrong");
  });

  test("the lists are as long as counting says", () => {
    const prompt = (L: number) => posed(stream(5, "test/chain/lists", L), L);
    // One operation makes no pair.
    for (const L of [1, 2, 3, 4, 5, 6, 12]) expect(chain.accepted(prompt(L), "process")).toHaveLength(L === 1 ? 2 : 3);
    for (const L of [2, 3, 4])
      expect(chain.accepted(prompt(L), "outcome")).toHaveLength(10 ** L + 10 ** Math.ceil(L / 2) + 1);
  });

  test("a list that would be too long is a RangeError that says how long lists may be", () => {
    const long = (steps: number) => posed(stream(5, "test/chain/long"), steps);
    expect(() => chain.accepted(long(5), "outcome")).toThrow(/^\S+ has more than the 20000 answers .*outcome grading$/);
    expect(kind("#9.", "process", `3${"+9".repeat(10)}+8*2?`)).toBe("wrong");
    expect(kind("#2.", "process", `3${"+9".repeat(10)}+8*2?`)).toBe("right");
  });

  test("stepwise and pairwise part after the second operand, direct at its first character", () => {
    const plans = new Map(chain.accepted("3+4*2?", "process").map((one) => [one.text, one]));
    const cuts = (text: string) => [plans.get(text)?.planEnd, plans.get(text)?.answerStart, plans.get(text)?.stepEnds];
    expect(cuts("3+4=7;7*2=4;#4.")).toEqual([4, 12, [6, 12]]);
    expect(cuts("3+4*2=4;#4.")).toEqual([4, 8, [8]]);
    // The statement of a direct answer begins where it is known to be one, so the plan is its mark.
    expect(cuts("#4.")).toEqual([1, 1, []]);
  });

  test("an unmarked direct answer that looks like the start is fixed only when it ends", () => {
    const ends = (prompt: string) => new Map(chain.accepted(prompt, "lenient").map((one) => [one.text, one.planEnd]));
    expect(ends("3+0?").get("3.")).toBe(2);
    expect(ends("3+1?").get("4.")).toBe(1);
    expect(ends("3+1?").get(":4.")).toBe(1);
  });

  test("a slip is counted once, and a repair meets the state that the slip met", () => {
    const steps = chain.steps(P, "3+4=6;6*2=2;2-5=7;#7.");
    expect(steps).toEqual([
      { from: 0, to: 6, right: false, repairs: false },
      { from: 6, to: 12, right: true, repairs: false },
      { from: 12, to: 18, right: true, repairs: false },
    ]);
    const rights = (answer: string) => chain.steps(P, answer).map(({ right, repairs }) => [right, repairs]);
    expect(rights("3+4=6!3+4=7;7*2=4;")).toEqual([
      [false, false],
      [true, true],
      [true, false],
    ]);
    expect(rights("3+4=7!7*2=4;")).toEqual([
      [true, false],
      [false, true],
    ]);
    expect(rights("4+4=8;8*3=4;4-5=9;9+1=0;")).toEqual([
      [false, false],
      [false, false],
      [true, false],
      [false, false],
    ]);
  });

  test("steps are read from whatever stands around them, and what was cut off is none", () => {
    expect(chain.steps(P, "b;3+4=7;7*2=4")).toEqual([{ from: 2, to: 8, right: true, repairs: false }]);
    expect(chain.steps(P, "#9.")).toEqual([]);
  });

  test.each([
    ["3+4=6;6*2=2;2-5=7;#7.", "stepwise"],
    ["3+4=6!3+4=5!3+4=7;", "stepwise"],
    ["3+4=7;7*2=4", "stepwise"],
    ["3+4=7.", "stepwise"],
    ["3+4=7;7*2=4;4-5=9;9+1=0;", "stepwise"],
    ["3+4*2=5;5-5=0;", "pairwise"],
    ["3+4*2=5;", "pairwise"],
    ["3+4*", "pairwise"],
    ["3+4=7;7*2-5=1;", "mixed"],
    ["3+4*2=5;5-5=0;0+1=1;#1.", "pairwise"],
    ["3+4*2-5=9;#9.", "other"],
    ["#8.", "direct"],
    ["8.", "direct"],
    [":8.", "direct"],
    ["#", "direct"],
    ["", "other"],
    ["3+", "other"],
    [";;!.", "other"],
    ["##8.", "other"],
  ])("%s is %s", (answer, strategy) => {
    expect(chain.signature(P, answer)).toBe(strategy);
  });

  test.each([
    ["3+4=7;7*2=4;4-5=9;9+1=0;#0.", true],
    ["3+4=7;#7.", true],
    ["3+4=7;8.", true],
    [":8.", true],
    ["3+4=7;.", false],
    [".", false],
    ["3+4=7;#7", false],
    ["3+4=7.", false],
    ["", false],
  ])("%s states an answer: %s", (answer, states) => expect(chain.answered(answer)).toBe(states));

  test("a pairwise step where one would have to stand alone is mixed only if two were left", () => {
    expect(chain.signature("3+4*2-5+1?", "3+4*2=4;4-5=9;9+1=0;#0.")).toBe("mixed");
    expect(chain.signature("3+4?", "3+4=7;#7.")).toBe("stepwise");
  });

  test("from its commitment on an accepted answer of two steps or more has its signature, wherever it is cut off", () => {
    const strange = ["3+4*2?", P, "3+4*2-5+1?"].flatMap((prompt) =>
      chain
        .accepted(prompt, "process")
        .flatMap(({ text, strategy, planEnd }) =>
          Array.from({ length: text.length - planEnd }, (_, i) => text.slice(0, planEnd + i)).filter(
            (prefix) => chain.signature(prompt, prefix) !== strategy,
          ),
        ),
    );
    expect(strange).toEqual([]);
  });

  test("what a noisy writer writes is right where it is listed, and only there", () => {
    const draws = stream(2, "test/chain/noisy");
    const tally: Record<Grading, number> = { process: 0, lenient: 0, outcome: 0 };
    for (let i = 0; i < 60; i++) {
      const prompt = posed(draws, 1 + (i % 4));
      const answers = Array.from({ length: 150 }, () => noisy(draws, prompt));
      for (const grading of ["process", "lenient", "outcome"] as const) {
        const listed = new Set(chain.accepted(prompt, grading).map(({ text }) => text));
        const right = answers.filter((answer) => kind(answer, grading, prompt) === "right");
        expect(right).toEqual(answers.filter((answer) => listed.has(answer)));
        tally[grading] += right.length;
      }
    }
    // Both sides of the claim are met often: of 9,000 answers hundreds are right and thousands are not.
    for (const right of Object.values(tally)) expect(right > 300 && right < 6000, `${right} right`).toBe(true);
  });

  test("all 300 problems of one step can be posed, no more", () => {
    expect(chain.problems({ seed: 1, steps: 1, count: 300 })).toHaveLength(300);
    expect(() => chain.problems({ seed: 1, steps: 1, count: 301 })).toThrow(
      "chain can pose 0 to 300 problems of 1 steps, not 301",
    );
    expect(chain.problems({ seed: 1, steps: 12, count: 2 })).toHaveLength(2);
  });

  test("digits and operators are uniform", () => {
    const text = chain
      .problems({ seed: 9, steps: 8, count: 1500 })
      .map(({ prompt }) => prompt)
      .join("");
    // Chi-squared with 9 and 2 degrees of freedom: exceeded with probability 1e-6 by 45.1 and 27.6 (scipy.stats.chi2.isf).
    const spread = (characters: string) => {
      const counts = [...characters].map((character) => text.split(character).length - 1);
      const mean = counts.reduce((a, b) => a + b) / counts.length;
      return counts.reduce((sum, n) => sum + (n - mean) ** 2 / mean, 0);
    };
    expect(spread("0123456789")).toBeLessThan(45.1);
    expect(spread("+-*")).toBeLessThan(27.6);
  });
});

describe("the list of tasks", () => {
  test("a task is found by its name, and an unknown one is refused with the names there are", () => {
    expect(taskNamed("chain")).toBe(chain);
    expect(() => taskNamed("chains")).toThrow(StudyError);
    expect(() => taskNamed("chains")).toThrow(
      'there is no task "chains"; name one of chain, repaired-chain, countdown.',
    );
  });

  test("every character of a task is a token of the worlds", () => {
    expect(TASKS.flatMap(({ alphabet }) => [...alphabet]).filter((one) => !CHARACTERS.includes(one))).toEqual([]);
  });
});
