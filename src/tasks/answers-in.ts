// tasks/ · Answers in: where a text says its answer, and when two answers are the same. In doubt there is none, and they differ.

export const ANSWER_FORMS = ["boxed", "tag", "mark", "last-number", "whole"] as const;
export type AnswerForm = (typeof ANSWER_FORMS)[number];

/** How an answer in that form begins, as a policy would write it. */
export const OPENINGS: Readonly<Partial<Record<AnswerForm, string>>> = {
  boxed: "\\boxed{",
  tag: "<answer>",
  mark: "#### ",
};

/**
 * The last answer in that form, as it stands there, trimmed; undefined where there is none. Thinking (all up to the last
 * `</think>`) holds no answer, and a text that never ends its thinking has none.
 *
 * `boxed`: in `\boxed{…}`, braces balanced. `tag`: in `<answer>…</answer>`. `mark`: behind `####` to the end of the line, or
 * where there is none of these, behind a single `#` that stands right before it. `last-number`: the last word that holds a
 * digit, if it is a plain number. `whole`: all of it.
 */
export function answerIn(text: string, form: AnswerForm): string | undefined {
  const said = afterThinking(text);
  const found = said === undefined ? undefined : FINDERS[form](said)?.trim();
  return found === "" ? undefined : found;
}

function afterThinking(text: string): string | undefined {
  const end = text.lastIndexOf("</think>");
  const rest = end < 0 ? text : text.slice(end + "</think>".length);
  return rest.includes("<think>") ? undefined : rest;
}

// Found from the end by plain search: a pattern with a lazy middle takes quadratic time on a hostile text.
const FINDERS: Readonly<Record<AnswerForm, (text: string) => string | undefined>> = {
  boxed(text) {
    const open = text.lastIndexOf(BOX);
    if (open < 0) return undefined;
    const begin = open + BOX.length;
    let depth = 1;
    for (let i = begin; i < text.length; i++) {
      if (text[i] === "\\") i++;
      else if (text[i] === "{") depth++;
      else if (text[i] === "}" && --depth === 0) return text.slice(begin, i);
    }
    return undefined;
  },
  tag(text) {
    const close = text.lastIndexOf("</answer>");
    const open = close < 0 ? -1 : text.lastIndexOf("<answer>", close);
    return open < 0 ? undefined : text.slice(open + "<answer>".length, close);
  },
  mark(text) {
    const four = text.lastIndexOf("####");
    if (four >= 0) return line(text, four + 4);
    const one = [...text.matchAll(/(?<!#)#(?=[^\s#])/g)].at(-1);
    return one === undefined ? undefined : line(text, one.index + 1);
  },
  "last-number"(text) {
    const words = text
      .replaceAll("{,}", ",")
      .replace(/\\[dt]?frac\{(\d{1,400})\}\{(\d{1,400})\}/g, "$1/$2")
      .split(/[^\p{L}\d_.,/+−-]+/u);
    const last = words.findLast((one) => /\d/.test(one)) ?? "";
    const word = last.length > MOST_DIGITS ? "" : last.replace(/^[,/]+|[.,/]+$/g, "");
    return plainNumber(word) === undefined ? undefined : word;
  },
  whole: (text) => text,
};

const BOX = "\\boxed{";

function line(text: string, from: number): string {
  const end = text.indexOf("\n", from);
  return text.slice(from, end < 0 ? undefined : end);
}

/**
 * Plain numbers (1,000 = 1000 = 1000.0; 0.5 = 1/2 = \frac{1}{2}) by their exact value; else text, but for outer blanks, runs of
 * blanks, one full stop at the end, $…$ \(…\) \[…\] \text{…} around all of it, and, of a single letter, its case and parentheses.
 */
export function sameAnswer(a: string, b: string): boolean {
  const [x, y] = [undressed(a), undressed(b)];
  const [p, q] = [plainNumber(x), plainNumber(y)];
  if (p !== undefined && q !== undefined) return p.over * q.under === q.over * p.under;
  return x !== "" && letter(x) === letter(y);
}

const WRAPPERS = [
  /^\$\$([^$]*)\$\$$/,
  /^\$([^$]*)\$$/,
  /^\\\(((?:(?!\\\().)*)\\\)$/s,
  /^\\\[((?:(?!\\\[).)*)\\\]$/s,
  /^\\(?:text|textbf|mathrm|mathbf)\{([^{}]*)\}$/,
];

function undressed(answer: string): string {
  let text = answer.trim().replace(/\s+/g, " ");
  for (;;) {
    const inside = WRAPPERS.map((wrapper) => wrapper.exec(text)?.[1]).find((one) => one !== undefined);
    const shorter = (inside ?? text.replace(/(?<!\.)\.$/, "")).trim();
    if (shorter === text) return text;
    text = shorter;
  }
}

function letter(text: string): string {
  return /^(?:\p{L}|\(\p{L}\))$/u.test(text) ? text.replace(/[()]/g, "").toUpperCase() : text;
}

interface Fraction {
  readonly over: bigint;
  /** > 0. */
  readonly under: bigint;
}

/** Longer ones are text: nobody states them, and their exact value takes long. */
const MOST_DIGITS = 400;
const WHOLE = /^(?:\d+|\d{1,3}(?:(?:,|\{,\}|\\,)\d{3})+)$/;

/** Without exponent, unit or per cent sign; undefined where it is no such number. */
export function plainNumber(text: string): Fraction | undefined {
  if (text.length > MOST_DIGITS) return undefined;
  const [, sign = "", size = ""] = /^([+−-]?)\s?(.*)$/s.exec(text) ?? [];
  const [, over, under] = /^\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}$/.exec(size) ?? /^(\d+)\s?\/\s?(\d+)$/.exec(size) ?? [];
  const top = decimal(over ?? size);
  const bottom = under === undefined ? ONE : decimal(under);
  if (top === undefined || bottom === undefined || bottom.over === 0n) return undefined;
  const value = top.over * bottom.under;
  return { over: sign === "" || sign === "+" ? value : -value, under: top.under * bottom.over };
}

const ONE: Fraction = { over: 1n, under: 1n };

/** Without a sign: `1,000`, `3.50`, `.5`, `4.` */
function decimal(text: string): Fraction | undefined {
  const [, front = "", back = ""] = /^([^.]*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (front + back === "" || (front !== "" && !WHOLE.test(front))) return undefined;
  return { over: BigInt(front.replace(/\D/g, "") + back), under: 10n ** BigInt(back.length) };
}
