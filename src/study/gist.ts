// study/ · Gist: as little of an answer's text as says the same to whoever reads it again; logs hold millions of texts.
import { type Extraction, extractAnswer } from "../experiments/answer-forms.ts";

/** How an answer may stand alone, in any of the forms. */
const ALONE: readonly ((answer: string) => string)[] = [
  (answer) => `\\boxed{${answer}}`,
  (answer) => `<answer>${answer}</answer>`,
  (answer) => `#### ${answer}`,
  (answer) => `the answer is ${answer}`,
  (answer) => answer,
];

/** A text of which `extractAnswer` says what it says of this one: as a rule the answer alone, marked as it was; the text itself where nothing shorter does. */
export function gistOf(text: string): string {
  const found = extractAnswer(text);
  if (found === undefined) return "";
  for (const form of ALONE) {
    const short = form(found.answer);
    if (short.length < text.length && same(extractAnswer(short), found)) return short;
  }
  return text;
}

function same(a: Extraction | undefined, b: Extraction): boolean {
  return a?.answer === b.answer && a.form === b.form;
}
