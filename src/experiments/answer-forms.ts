// experiments/ · Answer forms: where an answer stands in a text, and when two answers are the same.

const THINKING = /<think(?:ing)?>[\s\S]*?(?:<\/think(?:ing)?>|$)/gi;
const SAID = /(?:final answer|the answer)\s*(?:is|[:=])[\s:]*(.*)/gi;
const HASHES = /^####(.*)$/gm;

export interface Extraction {
  readonly answer: string;
  /** `marked`: in a form a grader can ask for; `said`: announced in words; `bare`: the text's last line. */
  readonly form: "marked" | "said" | "bare";
}

/** One answer a text, or undefined where the text holds none: several guesses would reward long outputs. */
export function extractAnswer(text: string): Extraction | undefined {
  const outside = text.replace(THINKING, "\n");
  const found = (answer: string | undefined, form: Extraction["form"]): Extraction | undefined =>
    answer === undefined || answer === "" ? undefined : { answer, form };
  return (
    found(lastMarked(outside), "marked") ??
    found(lastSaid(outside), "said") ??
    // A mark inside the chain of thought is a draft; it counts only where nothing was said after it.
    found(lastMarked(text), "marked") ??
    found(lastLine(outside), "bare")
  );
}

/** The last answer in a form that graders of the field ask for; models correct themselves, so the last one counts. */
function lastMarked(text: string): string | undefined {
  return lastTagged(text) ?? lastBoxed(text) ?? [...text.matchAll(HASHES)].at(-1)?.[1]?.trim();
}

// Found from the end by plain search: a pattern with a lazy middle takes quadratic time on a hostile text.
function lastTagged(text: string): string | undefined {
  const lower = text.toLowerCase();
  const close = lower.lastIndexOf("</answer>");
  const open = close === -1 ? -1 : lower.lastIndexOf("<answer>", close);
  return open === -1 ? undefined : text.slice(open + "<answer>".length, close).trim();
}

function lastBoxed(text: string): string | undefined {
  const open = text.lastIndexOf("\\boxed{");
  if (open === -1) return undefined;
  const begin = open + "\\boxed{".length;
  let depth = 1;
  for (let i = begin; i < text.length; i++) {
    if (text[i] === "{") depth += 1;
    else if (text[i] === "}") depth -= 1;
    if (depth === 0) return text.slice(begin, i).trim();
  }
  return undefined;
}

function lastSaid(text: string): string | undefined {
  const rest = [...text.matchAll(SAID)].at(-1)?.[1];
  // The sentence ends at a full stop before white space; one inside a number goes on.
  return rest?.split(/\.(?:\s|$)/, 1)[0]?.trim();
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split("\n").at(-1)?.trim();
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
