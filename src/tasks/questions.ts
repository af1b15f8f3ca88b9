// tasks/ · Questions: a user's own problems, rows with a prompt and a reference answer, and who judges what is answered to them.
import { StudyError } from "../terms/errors.ts";
import { RIGHT, type Verdict, WRONG } from "../terms/verdict.ts";
import { type AnswerForm, answerIn, OPENINGS, plainNumber, sameAnswer } from "./answers-in.ts";

/** Goes up when a verdict may change. */
const VERSION = 1;

/** A row of the file, as JSON has it; further fields are passed over. */
export interface QuestionRow {
  readonly line: number;
  readonly row: Readonly<Record<string, unknown>>;
}

export interface Question {
  readonly id: string;
  readonly prompt: string;
  /** The reference answer. */
  readonly gold: string;
  /** Benchmark or dataset, where the row says one. */
  readonly family?: string;
}

export interface Questions {
  readonly problems: readonly Question[];
  /** Name and version of the judge: `questions/boxed@1`. */
  readonly verifier: string;
  /** The last answer in the declared form, held against the reference. No answer is wrong: whether it was cut off, the engine knows. */
  verify(question: Question, text: string): Verdict;
  /** The answer may stand in any form but `whole`. */
  lenient(question: Question, text: string): boolean;
  /** An answer stands in the declared form or behind another mark, right or wrong. */
  answered(text: string): boolean;
  /** How an answer in the declared form begins; absent where it has no beginning of its own. */
  readonly opening?: string;
}

/** Two forms of mark stand for one another before a bare number does. */
const MARKED: readonly AnswerForm[] = ["boxed", "tag", "mark"];
const LENIENT: readonly AnswerForm[] = [...MARKED, "last-number"];

/** @param rows `id`, `prompt`, `answer`, and where it has one `family`. @throws StudyError with file, line and field */
export function questions(rows: readonly QuestionRow[], form: AnswerForm, file: string): Questions {
  const lines = new Map<string, number>();
  const problems = rows.map(({ row, line }): Question => {
    const bad = (field: string, what: string, mend: string): StudyError =>
      new StudyError({ code: "question", what: `${file}, line ${line}, field ${field}: ${what}`, mend });
    const text = (field: string): string => {
      const value = row[field];
      if (typeof value === "string" && value.trim() !== "") return value;
      const exact = field === "prompt" ? false : field === "id" ? Number.isSafeInteger(value) : isExact(value);
      if (exact) return String(value);
      throw bad(field, `no ${field} stands there that could be used`, `give every question ${WANTED[field]}`);
    };
    const id = text("id");
    const first = lines.get(id);
    if (first !== undefined)
      throw bad("id", `${JSON.stringify(id)} was already given in line ${first}`, "keep one of the two");
    lines.set(id, line);
    const gold = text("answer");
    if (form === "last-number" && plainNumber(gold.trim()) === undefined)
      throw bad(
        "answer",
        `${JSON.stringify(gold)} is no plain number, and answerIn is last-number`,
        "declare another answerIn",
      );
    const family = row["family"];
    if (family !== undefined && family !== null && typeof family !== "string")
      throw bad("family", "it is no text", "write one, or leave it out");
    return { id, prompt: text("prompt"), gold, ...(family ? { family } : {}) };
  });
  if (problems.length === 0)
    throw new StudyError({ code: "question", what: `${file} holds no question`, mend: "give one JSON object a line" });
  const judge = ({ gold }: Question, text: string, one: AnswerForm): boolean => {
    const found = answerIn(text, one);
    return found !== undefined && sameAnswer(found, gold);
  };
  return {
    problems,
    verifier: `questions/${form}@${VERSION}`,
    verify: (question, text) => (judge(question, text, form) ? RIGHT : WRONG),
    lenient: (question, text) => judge(question, text, form) || LENIENT.some((one) => judge(question, text, one)),
    answered: (text) => [form, ...MARKED].some((one) => answerIn(text, one) !== undefined),
    ...(OPENINGS[form] === undefined ? {} : { opening: OPENINGS[form] }),
  };
}

const WANTED: Readonly<Record<string, string>> = {
  id: "an id of its own, a text or a whole number",
  prompt: "a prompt, a text that is not empty",
  answer: "an answer, a text or a number that JSON carries without loss",
};

function isExact(value: unknown): boolean {
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value));
}
