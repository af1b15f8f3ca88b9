// experiments/ · Written work: direct or stepwise, read off any text: is there working beside the answer?
//
// For tasks that have no signature of their own. What stands in an <answer> tag, a \boxed{} or after #### is the answer; a number or an equals
// sign in what is left is working.

/** The one for everything else last. */
export const WRITTEN_WAYS = ["stepwise", "direct"] as const;

const ANSWERS = /<answer>[^]*?(?:<\/answer>|$)|\\boxed\{[^{}]*\}|####.*$/gim;

export function writtenWork(text: string): (typeof WRITTEN_WAYS)[number] {
  const rest = text.replace(ANSWERS, "");
  // An answer without any mark is the whole text: one number, perhaps with words about it.
  const numbers = rest.match(/\d+(?:[.,]\d+)*/g)?.length ?? 0;
  const marked = rest.length < text.length;
  return numbers > (marked ? 0 : 1) || rest.includes("=") ? "stepwise" : "direct";
}
