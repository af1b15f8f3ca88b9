// test/worlds · Truth toy: five letters and answers of at most five, so few that every number can be had by walking through them all.
import type { ScoreRequest } from "../../src/engines/engine.ts";
import { logSumExp } from "../../src/maths/logspace.ts";
import { stream } from "../../src/maths/random.ts";
import type { Accepted, Grading, Task } from "../../src/tasks/task.ts";
import type { Problem } from "../../src/terms/problem.ts";
import { RIGHT, WRONG } from "../../src/terms/verdict.ts";
import type { ScoredPolicy } from "../../src/worlds/truth-table.ts";
import { decode } from "../../src/worlds/vocabulary.ts";

export const LETTERS = ["a", "b", "c", "#", "."] as const;
export const MOST = 5;

/** What may stand before the mark: its strategy, the commitment's end, the steps' ends. No body begins another. */
const BODIES: Readonly<Record<string, Omit<Accepted, "text" | "answerStart">>> = {
  aa: { strategy: "one", planEnd: 1, stepEnds: [1, 2] },
  ab: { strategy: "one", planEnd: 1, stepEnds: [1, 2] },
  acb: { strategy: "one", planEnd: 1, stepEnds: [1, 3] },
  ca: { strategy: "one", planEnd: 2, stepEnds: [2] },
  bb: { strategy: "two", planEnd: 1, stepEnds: [2] },
  bca: { strategy: "two", planEnd: 1, stepEnds: [1, 2, 3] },
  cb: { strategy: "two", planEnd: 2, stepEnds: [2] },
  // Too long with its mark: accepted, but nobody can write it.
  acaa: { strategy: "one", planEnd: 1, stepEnds: [1, 2, 4] },
};
const DIRECT: Accepted = { text: "#.", strategy: "direct", planEnd: 1, answerStart: 1, stepEnds: [] };

export const toy: Task = {
  name: "toy",
  what: "a few words",
  alphabet: `12?${LETTERS.join("")}`,
  end: ".",
  strategies: ["one", "two", "direct", "other"],
  problems: ({ steps, count }) =>
    Array.from({ length: count }, (_, i): Problem => {
      return { id: `toy/L${steps}/${i}`, task: "toy", prompt: `${steps}${i}?`, steps };
    }),
  verify: (_, answer, grading) => (isRight(answer, grading) ? RIGHT : WRONG),
  steps: () => [],
  answered: () => true,
  signature: () => "other",
  accepted(_, grading) {
    const marks = grading === "lenient" ? ["#", ""] : ["#"];
    const listed = Object.entries(BODIES).flatMap(([body, one]) =>
      marks.map((mark) => ({ text: `${body}${mark}.`, answerStart: body.length, ...one })),
    );
    return [...listed, DIRECT];
  },
};

export const ASIDES = { "gave up": [".", "c.", "c."], "ran over": ["ccccc", "cccccc"], never: [] };

// What follows says the same again without the list: what is right, and who writes next, by what was written.

export const isRight = (answer: string, grading: Grading): boolean =>
  answer.length <= MOST + 1 &&
  (grading === "lenient" ? /^(aa|ab|acb|ca|bb|bca|cb|acaa)#?\.$|^#\.$/ : /^(aa|ab|acb|ca|bb|bca|cb|acaa)?#\.$/).test(
    answer,
  );
const isCommitted = (prefix: string): boolean => /^(a|b|#|c[ab])/.test(prefix);
const isDone = (prefix: string): boolean => /^(aa|ab|acb|acaa|ca|bb|bca|cb|#)/.test(prefix);
/** 0 the plan, 1 the execution, 2 the answer. */
export const segmentOf = (prefix: string): number => (isCommitted(prefix) ? (isDone(prefix) ? 2 : 1) : 0);
/** Natural log of P(letter | prefix), given the prompt; −∞ where it is cut off. */
export type LogChance = (prompt: string, prefix: string, letter: string) => number;

export interface Toy extends ScoredPolicy {
  readonly log: LogChance;
  /** Requests scored, call by call. */
  readonly calls: (readonly ScoreRequest[])[];
}

/** A policy whose engine only scores. */
export function toyOf(name: string, log: LogChance): Toy {
  const calls: (readonly ScoreRequest[])[] = [];
  return {
    name,
    log,
    calls,
    engine: {
      async score(requests) {
        calls.push(requests);
        return requests.map(({ tokenIds, from }) => {
          const text = decode(tokenIds);
          const start = text.indexOf("?") + 1;
          const prompt = text.slice(0, start);
          return {
            rawLogProbs: Array.from(text.slice(from), (letter, i) => log(prompt, text.slice(start, from + i), letter)),
          };
        });
      },
    },
  };
}

/** Chances without any structure: logits are normal, of the given spread; letters less likely than `cut` of the likeliest are cut off. */
export function hashed(name: string, seed: number, { cut = 0, spread = 1.5 } = {}): Toy {
  return toyOf(name, (prompt, prefix, letter) => {
    const random = stream(seed, `toy/${name}/${prompt}${prefix}`);
    const drawn = LETTERS.map(() => spread * random.normal());
    const kept = drawn.map((logit) => (logit < Math.max(...drawn) + Math.log(cut) ? Number.NEGATIVE_INFINITY : logit));
    return kept[LETTERS.indexOf(letter as "a")]! - logSumExp(kept);
  });
}

/** All that can be written: ended, or run out of letters. */
export function everyAnswer(prefix = ""): string[] {
  if (prefix.endsWith(".") || prefix.length === MOST) return [prefix];
  return LETTERS.flatMap((letter) => everyAnswer(prefix + letter));
}

export function everyPrefix(): string[] {
  return [...new Set(everyAnswer().flatMap((text) => [...text, ""].map((_, i) => text.slice(0, i))))];
}

/** P(what is finished from a prefix is wanted), the writer of each letter chosen by what stands before it. */
export function finishing(
  writer: (prefix: string) => Toy,
  prompt: string,
  wanted: (answer: string) => boolean,
  prefix = "",
): number {
  if (prefix.endsWith(".") || prefix.length === MOST) return wanted(prefix) ? 1 : 0;
  return LETTERS.reduce((total, letter) => {
    const chance = Math.exp(writer(prefix).log(prompt, prefix, letter));
    return total + chance * finishing(writer, prompt, wanted, prefix + letter);
  }, 0);
}
