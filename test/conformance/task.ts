// What every task must keep.
import { existsSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import { TASKS } from "../../src/tasks/all.ts";
import type { Accepted, Grading, Task } from "../../src/tasks/task.ts";
import { StudyError } from "../../src/terms/errors.ts";
import type { Problem } from "../../src/terms/problem.ts";
import { ungradable } from "../../src/terms/verdict.ts";

export interface Conforming {
  readonly task: Task;
  /** Numbers of steps for which every grading's list is short: they are gone through whole. */
  readonly steps: readonly number[];
  /** Prompts of other tasks, and some that are nearly this one's. */
  readonly foreign: readonly string[];
}

const GRADINGS: readonly Grading[] = ["process", "lenient", "outcome"];

export function conforms({ task, steps, foreign }: Conforming): void {
  const problems = steps.flatMap((L) => task.problems({ seed: 7, steps: L, count: 2 }));
  const lists = problems.flatMap((problem) =>
    GRADINGS.map((grading) => ({ problem, grading, list: task.accepted(problem.prompt, grading) })),
  );
  const named = lists.map((one) => ({ ...one, title: `${one.problem.prompt} under ${one.grading} grading` }));
  const right = (problem: Problem, answer: string, grading: Grading) =>
    task.verify(problem.prompt, answer, grading).kind === "right";

  describe(`${task.name} keeps the tasks' contract`, () => {
    test("it is listed once, and is a file of its name", () => {
      expect(TASKS.filter(({ name }) => name === task.name)).toEqual([task]);
      expect(existsSync(`src/tasks/${task.name}.ts`)).toBe(true);
      expect(task.what).toMatch(/^\S.*[^.]$/);
    });

    test("no more than 32 characters, each once, the end mark among them", () => {
      expect(new Set(task.alphabet).size).toBe(task.alphabet.length);
      expect(task.alphabet.length).toBeLessThanOrEqual(32);
      expect(task.end).toHaveLength(1);
      expect(task.alphabet).toContain(task.end);
    });

    test("problems are distinct, named by task, steps and seed, and within the alphabet", () => {
      for (const L of steps) {
        const posed = task.problems({ seed: 3, steps: L, count: 50 });
        expect(posed.map(({ id }) => id)).toEqual(posed.map((_, i) => `${task.name}/L${L}/seed3/${i}`));
        expect(posed.every((problem) => problem.task === task.name && problem.steps === L)).toBe(true);
        expect(new Set(posed.map(({ prompt }) => prompt)).size).toBe(50);
        expect(posed.flatMap(({ prompt }) => outside(task, prompt))).toEqual([]);
      }
    });

    test("the same ask gives the same problems, a longer one begins with them, another seed gives others", () => {
      for (const L of steps) {
        const posed = task.problems({ seed: 3, steps: L, count: 20 });
        expect(task.problems({ seed: 3, steps: L, count: 20 })).toEqual(posed);
        expect(task.problems({ seed: 3, steps: L, count: 30 }).slice(0, 20)).toEqual(posed);
        const others = task.problems({ seed: 4, steps: L, count: 20 });
        expect(others.map(({ prompt }) => prompt)).not.toEqual(posed.map(({ prompt }) => prompt));
      }
    });

    test("an ask that cannot be met is a RangeError", () => {
      for (const L of [0, -1, 1.5, Number.NaN, 1000])
        expect(() => task.problems({ seed: 1, steps: L, count: 1 }), `${L} steps`).toThrow(RangeError);
      for (const count of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
        expect(() => task.problems({ seed: 1, steps: 1, count }), `${count} problems`).toThrow(RangeError);
    });

    test("a prompt that is none of this task is refused by a sentence that quotes it", () => {
      for (const prompt of ["", "x", ...foreign]) {
        const uses = [
          () => task.verify(prompt, "#1.", "process"),
          () => task.verify(prompt, "", "outcome"),
          () => task.steps(prompt, "#1."),
          () => task.signature(prompt, "#1."),
          () => task.accepted(prompt, "process"),
        ];
        for (const use of uses) {
          expect(use).toThrow(StudyError);
          expect(use).toThrow(JSON.stringify(prompt));
        }
      }
    });

    test("what process grading accepts lenient grading accepts, cut into the same steps", () => {
      for (const { prompt } of problems) {
        const lenient = new Map(task.accepted(prompt, "lenient").map((one) => [one.text, one]));
        const process = task.accepted(prompt, "process");
        expect(process.map(({ text }) => lenient.get(text)?.stepEnds)).toEqual(process.map((one) => one.stepEnds));
        expect(process.length).toBeLessThan(lenient.size);
      }
    });

    describe.each(named)("$title", ({ problem, grading, list }) => {
      const texts = new Set(list.map(({ text }) => text));

      test("every problem has an accepted answer, each is listed once, is right, and ends with the end mark alone", () => {
        expect(list.length).toBeGreaterThan(0);
        expect(texts.size).toBe(list.length);
        expect(list.filter(({ text }) => !right(problem, text, grading))).toEqual([]);
        expect(list.filter(({ text }) => text.indexOf(task.end) !== text.length - 1)).toEqual([]);
        expect(list.flatMap(({ text }) => outside(task, text))).toEqual([]);
      });

      test("an accepted answer cut off anywhere is ungradable", () => {
        const cut = ungradable("cut off");
        const judged = sample(list).flatMap(({ text }) =>
          [...text].map((_, end) => task.verify(problem.prompt, text.slice(0, end), grading)),
        );
        expect(judged.filter((verdict) => verdict !== cut)).toEqual([]);
      });

      test("an accepted answer that is changed anywhere is right where it is listed, and only there", () => {
        const strange = neighbours(task, sample(list)).filter(
          (text) => right(problem, text, grading) !== texts.has(text),
        );
        expect(strange).toEqual([]);
      });

      test("the signature is the strategy, and is one of those that the task names", () => {
        expect(list.filter(({ text, strategy }) => task.signature(problem.prompt, text) !== strategy)).toEqual([]);
        expect(list.filter(({ strategy }) => !task.strategies.slice(0, -1).includes(strategy))).toEqual([]);
      });

      test("cuts lie within the answer, in order", () => {
        const strange = list.filter(({ text, planEnd, answerStart, stepEnds }) => {
          const cuts = [0, ...stepEnds];
          const ascending = cuts.every((end, i) => i === 0 || end > cuts[i - 1]!);
          return !(
            0 <= planEnd &&
            planEnd <= answerStart &&
            answerStart <= text.length &&
            ascending &&
            cuts.at(-1)! <= text.length
          );
        });
        expect(strange).toEqual([]);
      });

      test("the plan fixes the strategy, and nothing shorter does", () => {
        const strategies = new Map<string, string>();
        for (const { text, strategy } of list)
          for (let end = 0; end <= text.length; end++) {
            const prefix = text.slice(0, end);
            strategies.set(prefix, (strategies.get(prefix) ?? strategy) === strategy ? strategy : "several");
          }
        const strange = list.filter(
          ({ text, planEnd, strategy }) =>
            strategies.get(text.slice(0, planEnd)) !== strategy ||
            (planEnd > 0 && strategies.get(text.slice(0, planEnd - 1)) !== "several"),
        );
        expect(strange).toEqual([]);
      });

      test("where a segment ends follows from what stands before it: no plan begins another, nor does a plan with its execution", () => {
        for (const cut of ["planEnd", "answerStart"] as const) {
          const segments = new Set(list.map((one) => one.text.slice(0, one[cut])));
          const begun = [...segments].filter((text) => [...text].some((_, end) => segments.has(text.slice(0, end))));
          expect(begun).toEqual([]);
        }
      });

      test("steps stand in order, end where the list says, and are right unless outcome grading looks away or a repair follows", () => {
        for (const { text, stepEnds } of list) {
          const read = task.steps(problem.prompt, text);
          expect(read.every(({ from, to }, i) => from >= (read[i - 1]?.to ?? 0) && to > from)).toBe(true);
          const kept = read.filter((_, i) => read[i + 1]?.repairs !== true);
          expect(kept.map(({ to }) => to)).toEqual(stepEnds);
          const good = read.filter((step) => (grading === "outcome" ? kept.includes(step) : step.right));
          expect(good).toEqual(kept);
        }
      });
    });

    test("whatever is written, it is judged, its steps lie within it, and its signature is one of the names", () => {
      const noise = stream(11, "test/tasks/noise");
      for (const { prompt } of problems)
        for (let i = 0; i < 300; i++) {
          const length = noise.integer(20);
          const text = Array.from({ length }, () => task.alphabet[noise.integer(task.alphabet.length)]).join("");
          const { kind } = task.verify(prompt, text, "process");
          expect(kind === "ungradable").toBe(!text.endsWith(task.end));
          expect(task.strategies).toContain(task.signature(prompt, text));
          const read = task.steps(prompt, text);
          expect(read.every(({ from, to }, k) => from >= (read[k - 1]?.to ?? 0) && to > from && to <= length)).toBe(
            true,
          );
        }
    });
  });
}

const outside = ({ alphabet }: Task, text: string) => [...text].filter((character) => !alphabet.includes(character));

/** Up to thirty of them, spread over the list. */
function sample(list: readonly Accepted[]): readonly Accepted[] {
  const every = Math.ceil(list.length / 30);
  return list.filter((_, i) => i % every === 0);
}

/** One character replaced, put in or taken out; or the beginning of one with the end of another. All with the end mark. */
function neighbours(task: Task, list: readonly Accepted[]): string[] {
  const found = new Set<string>();
  list.forEach(({ text }, i) => {
    const other = list[(i + 1) % list.length]!.text;
    for (let at = 0; at < text.length; at++) {
      const [before, after] = [text.slice(0, at), text.slice(at + 1)];
      found.add(before + after);
      for (const character of task.alphabet)
        found.add(before + character + after).add(before + character + text.slice(at));
      for (let from = 0; from < other.length; from += 3) found.add(before + other.slice(from));
    }
  });
  return [...found].filter((text) => text.endsWith(task.end));
}
