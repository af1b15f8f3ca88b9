import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { chain } from "../../src/tasks/chain.ts";
import { posed } from "../../src/tasks/chain-grammar.ts";
import { REPAIRS_A_STEP, REPAIRS_AN_ANSWER, repairedChain } from "../../src/tasks/repaired-chain.ts";
import type { Grading } from "../../src/tasks/task.ts";
import { conforms } from "../conformance/task.ts";
import { noisy } from "./noisy-chain.ts";

conforms({ task: repairedChain, steps: [1, 2, 3], foreign: ["2,3,4>0?", "3?", "3+4", "3/4?", "3+4?\n"] });

const P = "3+4*2-5?";
const kind = (answer: string, grading: Grading = "process", prompt = P) =>
  repairedChain.verify(prompt, answer, grading).kind;

describe("repaired-chain", () => {
  test("a slip may be withdrawn and mended, once a step and twice an answer", () => {
    expect([REPAIRS_A_STEP, REPAIRS_AN_ANSWER]).toEqual([1, 2]);
    expect(kind("3+4=6!3+4=7;7*2=4;4-5=9;#9.")).toBe("right");
    expect(kind("3+4=6!3+4=7;7*2=5!7*2=4;4-5=9;#9.")).toBe("right");
    expect(kind("3+4=6!3+4=7;7*2=5!7*2=4;4-5=8!4-5=9;#9.")).toBe("wrong");
    expect(kind("3+4=6!3+4=5!3+4=7;7*2=4;4-5=9;#9.")).toBe("wrong");
  });

  test("withdrawing what was right, mending it wrongly, or writing another step instead is wrong", () => {
    expect(kind("3+4=7!3+4=7;7*2=4;4-5=9;#9.")).toBe("wrong");
    expect(kind("3+4=6!3+4=5;5*2=0;0-5=5;#9.")).toBe("wrong");
    expect(kind("3+4=6!3+4*2=4;4-5=9;#9.")).toBe("wrong");
    expect(kind("3+4=7;7*2=4;4-5=8!#9.")).toBe("wrong");
  });

  test("pairs are not taken, without repairs it is judged as the chain", () => {
    expect(kind("3+4*2=4;4-5=9;#9.")).toBe("wrong");
    for (const answer of ["3+4=7;7*2=4;4-5=9;#9.", "#9.", "3+4=6;6*2=2;2-5=7;#7.", "3+4=7;7*2=4;#9."])
      expect(kind(answer)).toBe(chain.verify(P, answer, "process").kind);
  });

  test("outcome grading takes no repairs", () => {
    expect(kind("3+4=6!3+4=7;7*2=4;4-5=9;#9.", "outcome")).toBe("wrong");
    expect(kind("3+4=6;6*2=2;2-5=0;#9.", "outcome")).toBe("right");
  });

  test("its problems are the chain's, under its own name", () => {
    const own = repairedChain.problems({ seed: 4, steps: 3, count: 20 });
    expect(own.map(({ prompt }) => prompt)).toEqual(
      chain.problems({ seed: 4, steps: 3, count: 20 }).map(({ prompt }) => prompt),
    );
    expect(own[7]?.id).toBe("repaired-chain/L3/seed4/7");
  });

  test("the lists are as long as counting says", () => {
    // n steps: none, one or two of them mended, each from nine wrong digits; and the direct answer.
    const many = (n: number) => 2 + 9 * n + (81 * n * (n - 1)) / 2;
    const prompt = (L: number) => posed(stream(5, "test/chain/lists", L), L);
    for (const L of [1, 2, 3, 4, 5, 6]) expect(repairedChain.accepted(prompt(L), "process")).toHaveLength(many(L));
  });

  test("a repair lengthens its step, and its strategy is fixed as early as without it", () => {
    const row = repairedChain.accepted("3+4*2?", "process").find(({ text }) => text === "3+4=6!3+4=7;7*2=4;#4.");
    expect(row).toMatchObject({ strategy: "stepwise", planEnd: 1, answerStart: 18, stepEnds: [12, 18] });
  });

  test("what a noisy writer writes is right where it is listed, and only there", () => {
    const draws = stream(2, "test/repaired-chain/noisy");
    const tally: Record<Grading, number> = { process: 0, lenient: 0, outcome: 0 };
    for (let i = 0; i < 60; i++) {
      const prompt = posed(draws, 1 + (i % 4));
      const answers = Array.from({ length: 150 }, () => noisy(draws, prompt));
      for (const grading of ["process", "lenient", "outcome"] as const) {
        const listed = new Set(repairedChain.accepted(prompt, grading).map(({ text }) => text));
        const right = answers.filter((answer) => kind(answer, grading, prompt) === "right");
        expect(right).toEqual(answers.filter((answer) => listed.has(answer)));
        tally[grading] += right.length;
      }
    }
    for (const right of Object.values(tally)) expect(right > 300 && right < 6000, `${right} right`).toBe(true);
  });
});
