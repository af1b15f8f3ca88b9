// tasks/ · Countdown: reach the target from all the numbers, two of them a step, modulo 10.
import type { Stream } from "../maths/random.ts";
import { StudyError } from "../terms/errors.ts";
import { RIGHT, ungradable, type Verdict, WRONG } from "../terms/verdict.ts";
import { apply, DIGITS, type Operator, OPERATORS } from "./arithmetic.ts";
import { END, Listing, statesAnswer, takesMark } from "./listing.ts";
import { pose } from "./posing.ts";
import type { Accepted, Grading, Step, Task } from "./task.ts";

export interface Countdown {
  /** Two to four of 0 … 9, in the prompt's order. */
  readonly numbers: readonly number[];
  /** 0 … 9. */
  readonly target: number;
}

/** `2,3,4>0?` StudyError where it is no such prompt. Whether the target can be reached is not looked at. */
export function parseCountdown(prompt: string): Countdown {
  if (!/^\d(?:,\d){1,3}>\d\?$/.test(prompt))
    throw new StudyError({
      code: "task-prompt",
      what: `${JSON.stringify(prompt)} is no prompt of countdown`,
      why: "which is two to four digits with commas, a target after > and a question mark",
      mend: "give one like 2,3,4>0?",
    });
  const digits = prompt.match(/\d/g)!.map(Number);
  return { numbers: digits.slice(0, -1), target: digits.at(-1)! };
}

/** A prompt of 1 … 3 steps with the solution that its target was drawn by; numbers, pairs and operators are uniform. */
export function posedCountdown(stream: Stream, steps: number): { readonly prompt: string; readonly answer: string } {
  const numbers = Array.from({ length: steps + 1 }, () => stream.integer(10));
  let values: readonly number[] = numbers;
  let answer = "";
  while (values.length > 1) {
    const first = values[stream.integer(values.length)]!;
    const others = without(values, first);
    const second = others[stream.integer(others.length)]!;
    const operator = OPERATORS[stream.integer(OPERATORS.length)]!;
    const result = apply(first, operator, second);
    answer += `${first}${operator}${second}=${result};`;
    values = [...without(others, second), result];
  }
  return { prompt: `${numbers}>${values[0]}?`, answer: `${answer}#${values[0]}${END}` };
}

/** Without one of that value; the same where there is none. */
function without(values: readonly number[], value: number): readonly number[] {
  const at = values.indexOf(value);
  return at < 0 ? values : values.toSpliced(at, 1);
}

interface ReadStep extends Step {
  /** Both operands were there to take. */
  readonly possible: boolean;
  readonly result: number;
}

const STEP = /^(\d)([+*-])(\d)=(\d);$/;

/** What stands between the semicolons and is no step is passed over. What is not there cannot be taken, the result is put back all the same. */
function read(numbers: readonly number[], answer: string): ReadStep[] {
  const steps: ReadStep[] = [];
  let values = numbers;
  for (const { 0: piece, index } of answer.matchAll(/[^;]*;/g)) {
    const match = STEP.exec(piece);
    if (match === null) continue;
    const [first, second, result] = [Number(match[1]), Number(match[3]), Number(match[4])];
    const rest = without(without(values, first), second);
    const possible = rest.length === values.length - 2;
    const right = possible && apply(first, match[2] as Operator, second) === result;
    steps.push({ from: index, to: index + piece.length, right, repairs: false, possible, result });
    values = [...rest, result];
  }
  return steps;
}

const ANSWER = /^(?:\d[+*-]\d=\d;){1,3}([#:]?)(\d)\.$/;

function verify(prompt: string, answer: string, grading: Grading): Verdict {
  const { numbers, target } = parseCountdown(prompt);
  if (!answer.endsWith(END)) return ungradable("cut off");
  const [, mark, digit] = ANSWER.exec(answer) ?? [];
  if (mark === undefined || !takesMark(mark, grading) || Number(digit) !== target) return WRONG;
  const steps = read(numbers, answer);
  // Each possible step leaves one value less, so as many as there are numbers to lose use them all.
  const whole = steps.length === numbers.length - 1 && steps.at(-1)!.result === target;
  const sound = steps.every(({ right, possible }) => (grading === "outcome" ? possible : right));
  return whole && sound ? RIGHT : WRONG;
}

const STRATEGIES: Readonly<Record<Operator, string>> = { "+": "plus", "-": "minus", "*": "times" };

/** By the first operator that stands after a digit. */
function strategyOf(answer: string): string {
  const operator = /\d([+*-])/.exec(answer)?.[1];
  return operator === undefined ? "other" : STRATEGIES[operator as Operator];
}

function accepted(prompt: string, grading: Grading): readonly Accepted[] {
  const { numbers, target } = parseCountdown(prompt);
  const listing = new Listing(prompt, grading, target);
  const goOn = (values: readonly number[], text: string, stepEnds: readonly number[]): void => {
    if (values.length === 1) {
      if (values[0] === target) listing.add(text, strategyOf(text), stepEnds);
      return;
    }
    // Equal values give equal texts: each is taken once.
    for (const first of new Set(values)) {
      const others = without(values, first);
      for (const second of new Set(others)) {
        const rest = without(others, second);
        for (const operator of OPERATORS) {
          for (const stated of grading === "outcome" ? DIGITS : [apply(first, operator, second)]) {
            const longer = `${text}${first}${operator}${second}=${stated};`;
            goOn([...rest, stated], longer, [...stepEnds, longer.length]);
          }
        }
      }
    }
  };
  goOn(numbers, "", []);
  return listing.accepted();
}

/** Prompts whose target can be reached, counted by going through them all (test/tasks/countdown.test.ts does it again). */
const SUPPLY = [334, 8160, 94941];

export const countdown: Task = {
  name: "countdown",
  what: "numbers to be made into a target, two a step, modulo 10",
  alphabet: "0123456789+-*=?;#.,>:",
  end: END,
  strategies: [...Object.values(STRATEGIES), "other"],
  problems: (ask) =>
    pose({ task: "countdown", supply: SUPPLY, draw: (draws, steps) => posedCountdown(draws, steps).prompt }, ask),
  verify,
  steps: (prompt, answer) =>
    read(parseCountdown(prompt).numbers, answer).map(({ from, to, right, repairs }) => ({ from, to, right, repairs })),
  answered: statesAnswer,
  signature(prompt, answer) {
    parseCountdown(prompt);
    return strategyOf(answer);
  },
  accepted,
};
