// experiments/ · Answer forms: where an answer stands in a text, and when two answers are the same.

/** Forms in which graders of the field ask for the answer; the last occurrence counts, since models correct themselves. */
const MARKED: readonly RegExp[] = [
  /<answer>([\s\S]*?)<\/answer>/gi,
  /\\boxed\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}/g,
  /^####\s*(.+)$/gm,
];
const THINKING = /<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi;
const SAID = /(?:final answer|the answer)\s*(?:is|:|=)\s*:?\s*(.+?)(?:\.\s|\.?$|\n)/gim;

export interface Extraction {
  readonly answer: string;
  /** `marked`: in a form a grader can ask for; `said`: announced in words; `bare`: the text's last line. */
  readonly form: "marked" | "said" | "bare";
}

/** One answer a text, or undefined where the text holds none: several guesses would reward long outputs. */
export function extractAnswer(text: string): Extraction | undefined {
  const outside = text.replace(THINKING, "\n");
  for (const pattern of MARKED) {
    // A mark inside the chain of thought is a draft; it counts only when nothing follows it.
    const found = last(outside, pattern) ?? last(text, pattern);
    if (found !== undefined) return { answer: found, form: "marked" };
  }
  const said = last(outside, SAID);
  if (said !== undefined) return { answer: said, form: "said" };
  const line = outside
    .split("\n")
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .at(-1);
  return line === undefined ? undefined : { answer: line, form: "bare" };
}

function last(text: string, pattern: RegExp): string | undefined {
  const found = [...text.matchAll(pattern)].at(-1)?.[1]?.trim();
  return found === "" ? undefined : found;
}

/** Letter for letter, outer white space aside: what a grader that forgives nothing accepts. */
export function sameExactly(answer: string, gold: string): boolean {
  return answer.trim() === gold.trim();
}

/** The same value in another dress: case, dollar signs, a final full stop, thousands separators, `x = ` in front, 4.0 for 4. */
export function sameLeniently(answer: string, gold: string): boolean {
  const a = plain(answer);
  const b = plain(gold);
  if (a === b) return true;
  const x = numeric(a);
  const y = numeric(b);
  return x !== undefined && y !== undefined && x === y;
}

function plain(answer: string): string {
  const text = answer
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\\(?:text|mathrm|mathbf)\{([^{}]*)\}/g, "$1")
    .replace(/[$*`"]/g, "")
    .replace(/\\[,;!() ]/g, "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/\.$/, "")
    .trim();
  return text.replace(/^[a-z]\s*=\s*/, "");
}

function numeric(answer: string): number | undefined {
  const text = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(answer) ? answer.replaceAll(",", "") : answer;
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}
