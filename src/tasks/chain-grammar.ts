// tasks/ · Chain grammar: what chains of operations have in common, however strictly they are judged: prompts, steps, ways.
import type { Stream } from "../maths/random.ts";
import { StudyError } from "../terms/errors.ts";
import { RIGHT, ungradable, type Verdict, WRONG } from "../terms/verdict.ts";
import { apply, DIGITS, type Operator, OPERATORS } from "./arithmetic.ts";
import { END, Listing, MARK, statesAnswer, takesMark } from "./listing.ts";
import { pose } from "./posing.ts";
import type { Accepted, Grading, Step, Task } from "./task.ts";

/** L of a prompt, at most. */
const MOST_STEPS = 12;

/** How an answer is worked out, all of it the same way. */
export type Way = "stepwise" | "pairwise" | "direct";

export interface Grammar {
  readonly name: string;
  readonly what: string;
  /** Those that are accepted. */
  readonly ways: readonly Way[];
  /** Of one step and of one answer, at most; with none a slip is final. */
  readonly repairs: { readonly aStep: number; readonly anAnswer: number };
}

export interface Operation {
  readonly operator: Operator;
  /** 0 … 9. */
  readonly operand: number;
}

export interface Chain {
  /** 0 … 9. */
  readonly start: number;
  /** 1 … 12 of them. */
  readonly operations: readonly Operation[];
}

const PROMPT = new RegExp(`^\\d(?:[+*-]\\d){1,${MOST_STEPS}}\\?$`);

/** `3+4*2-5?` StudyError where it is no such prompt. */
export function parseChain(prompt: string): Chain {
  if (!PROMPT.test(prompt))
    throw new StudyError({
      code: "task-prompt",
      what: `${JSON.stringify(prompt)} is no prompt of chain`,
      why: `which is a digit, 1 to ${MOST_STEPS} operations and a question mark`,
      mend: "give one like 3+4*2-5?",
    });
  return { start: Number(prompt[0]), operations: operationsIn(prompt) };
}

/** One prompt of 1 … 12 steps; digits and operators are uniform and independent. */
export function posed(stream: Stream, steps: number): string {
  let prompt = `${stream.integer(10)}`;
  for (let i = 0; i < steps; i++) prompt += `${OPERATORS[stream.integer(OPERATORS.length)]}${stream.integer(10)}`;
  return `${prompt}?`;
}

function operationsIn(text: string): Operation[] {
  return [...text.matchAll(/([+*-])(\d)/g)].map(([, operator, operand]) => ({
    operator: operator as Operator,
    operand: Number(operand),
  }));
}

/** Of a text that begins with a digit and goes on in operations; what follows them does not matter. */
function valueOf(text: string): number {
  return operationsIn(text).reduce((value, { operator, operand }) => apply(value, operator, operand), Number(text[0]));
}

interface ReadStep extends Step {
  /** Operations in it. */
  readonly size: number;
  /** It begins with the value before it and goes on with the operations that come next; its result may be wrong. */
  readonly faithful: boolean;
  /** How many repair marks in a row stand before it. */
  readonly tries: number;
  /** A repair mark follows. */
  readonly withdrawn: boolean;
}

const STEP = /^(\d)((?:[+*-]\d)+)=(\d)$/;
const PIECE = /([^;!]*)([;!])/g;

/** What stands between the marks and is no step is passed over. */
function read(prompt: string, answer: string): ReadStep[] {
  const steps: ReadStep[] = [];
  let value = prompt[0]!;
  /** Operations done. */
  let done = 0;
  let tries = 0;
  for (const { 0: piece, 1: inside = "", 2: mark, index } of answer.matchAll(PIECE)) {
    const [, first, operations = "", result = ""] = STEP.exec(inside) ?? [];
    const withdrawn = mark === "!";
    const size = operations.length / 2;
    if (first !== undefined) {
      const faithful = first === value && prompt.startsWith(operations, 1 + 2 * done);
      const right = faithful && valueOf(inside) === Number(result);
      steps.push({
        from: index,
        to: index + piece.length,
        right,
        repairs: tries > 0,
        size,
        faithful,
        tries,
        withdrawn,
      });
      if (!withdrawn) {
        value = result;
        done += size;
      }
    }
    // After a repair mark the next piece meets the state that this one met.
    tries = withdrawn ? tries + 1 : 0;
  }
  return steps;
}

const ANSWER = /^((?:\d(?:[+*-]\d){1,2}=\d[;!])*)([#:]?)(\d)\.$/;

function verify({ ways, repairs }: Grammar, prompt: string, answer: string, grading: Grading): Verdict {
  const { operations } = parseChain(prompt);
  if (!answer.endsWith(END)) return ungradable("cut off");
  const [, body = "", mark, digit] = ANSWER.exec(answer) ?? [];
  if (mark === undefined || !takesMark(mark, grading) || Number(digit) !== valueOf(prompt)) return WRONG;
  const steps = read(prompt, body);
  const taken = steps.filter(({ withdrawn }) => !withdrawn).map(({ size }) => size);
  const whole = body === "" || taken.reduce((sum, size) => sum + size, 0) === operations.length;
  const way = body === "" ? "direct" : strategyOf(taken, operations.length);
  const sound =
    grading === "outcome"
      ? steps.every(({ faithful, withdrawn }) => faithful && !withdrawn)
      : steps.every((step, i) => (step.withdrawn ? mended(step, steps[i + 1], repairs.aStep) : step.right));
  const few = steps.filter((step) => step.repairs).length <= repairs.anAnswer;
  return whole && sound && few && ways.some((known) => known === way) ? RIGHT : WRONG;
}

/** Only a wrong result may be withdrawn, and the same step must follow. */
function mended(slip: ReadStep, next: ReadStep | undefined, most: number): boolean {
  return slip.faithful && !slip.right && slip.tries < most && next?.faithful === true && next.size === slip.size;
}

function signature(prompt: string, answer: string): string {
  const { operations } = parseChain(prompt);
  const sizes: number[] = [];
  let repairs = false;
  for (const piece of answer.split(/(?<=[;!])/)) {
    // A step tells its size with its equals sign or its second operator, so one that was cut off after that still counts.
    if (!repairs && /^\d[+*-]\d[+*=-]/.test(piece)) sizes.push(piece.match(/[+*-]/g)?.length ?? 0);
    repairs = piece.endsWith("!");
  }
  if (sizes.length > 0) return strategyOf(sizes, operations.length);
  return /^(?:[#:]\d?|[#:]?\d\.)$/.test(answer) ? "direct" : "other";
}

/** By the operations in each step; pairwise takes two wherever two are left. */
function strategyOf(sizes: readonly number[], steps: number): string {
  if (sizes.some((size) => size > 2)) return "other";
  if (sizes.every((size) => size === 1)) return "stepwise";
  let left = steps;
  for (const size of sizes) {
    if (size === 1 && left >= 2) return "mixed";
    left -= size;
  }
  return "pairwise";
}

/** An answer that is being written. */
interface Draft {
  readonly text: string;
  readonly value: number;
  readonly stepEnds: readonly number[];
  /** Operations done. */
  readonly done: number;
  readonly repairs: number;
}

function accepted(grammar: Grammar, prompt: string, grading: Grading): readonly Accepted[] {
  const { start, operations } = parseChain(prompt);
  const steps = operations.length;
  const listing = new Listing(prompt, grading, valueOf(prompt));
  const most = grading === "outcome" ? 0 : grammar.repairs.anAnswer;

  for (const way of grammar.ways) {
    const widest = way === "pairwise" ? 2 : 1;
    const goOn = (draft: Draft): void => {
      if (draft.done === steps) listing.add(draft.text, way, draft.stepEnds);
      else takeStep(draft, Math.min(widest, steps - draft.done), 0);
    };
    const takeStep = (draft: Draft, size: number, tries: number): void => {
      const { text, value, done, repairs } = draft;
      const step = `${value}${prompt.slice(1 + 2 * done, 1 + 2 * (done + size))}`;
      const right = valueOf(step);
      for (const stated of grading === "outcome" ? DIGITS : [right]) {
        const longer = `${text}${step}=${stated};`;
        goOn({
          text: longer,
          value: stated,
          stepEnds: [...draft.stepEnds, longer.length],
          done: done + size,
          repairs,
        });
      }
      if (tries === grammar.repairs.aStep || repairs === most) return;
      for (const wrong of DIGITS.filter((digit) => digit !== right))
        takeStep({ ...draft, text: `${text}${step}=${wrong}!`, repairs: repairs + 1 }, size, tries + 1);
    };
    if (way === "direct") listing.add("", way, []);
    // One operation makes no pair: that answer is stepwise.
    else if (steps > 1 || way === "stepwise") goOn({ text: "", value: start, stepEnds: [], done: 0, repairs: 0 });
  }
  return listing.accepted();
}

const supply = Array.from({ length: MOST_STEPS }, (_, i) => 10 * 30 ** (i + 1));

/** The task of a grammar; both grammars' problems of a seed have the same prompts. */
export function chainTask(grammar: Grammar): Task {
  const { name, what } = grammar;
  return {
    name,
    what,
    alphabet: "0123456789+-*=?;#.!:",
    end: END,
    opening: MARK,
    strategies: ["stepwise", "pairwise", "direct", "mixed", "other"],
    problems: (ask) => pose({ task: name, stream: "chain", supply, draw: posed }, ask),
    verify: (prompt, answer, grading) => verify(grammar, prompt, answer, grading),
    steps(prompt, answer) {
      parseChain(prompt);
      return read(prompt, answer).map(({ from, to, right, repairs }) => ({ from, to, right, repairs }));
    },
    answered: statesAnswer,
    signature,
    accepted: (prompt, grading) => accepted(grammar, prompt, grading),
  };
}
