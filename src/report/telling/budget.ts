// report/ · Matched budgets, told: the gain when both sides may use the same number of tokens.
import { count } from "../numbers.ts";
import { listed, sentence } from "../words.ts";
import { prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function budget(story: Story): Section | undefined {
  const rows = story
    .under("budget/gain/B=")
    .map(Number)
    .filter(Number.isFinite)
    .sort((a, b) => a - b)
    .map((tokens) => [count(tokens), story.words(`budget/gain/B=${tokens}`, true)]);
  const matched = story.measured("budget/gain/matched");
  const share = story.measured("budget/share");
  const use = story
    .under("tokens/")
    .map((policy) => `${policy} ${count(story.measured(`tokens/${policy}`)?.value ?? NaN)}`);
  return section("budget", "The gain at matched token budgets", [
    ...story.of("budget").map((exhibit) => ({ kind: "figure", exhibit }) as const),
    table(
      [right("tokens per rollout"), right(`gain, ${story.tuned} − ${story.base}`)],
      rows,
      "Intervals hold one budget at a time",
    ),
    matched === undefined
      ? undefined
      : prose(sentence(`gain at the matched budget: ${story.words("budget/gain/matched", true)}`)),
    share === undefined
      ? undefined
      : prose(sentence(`share of the gain that is longer output: ${story.words("budget/share")}`)),
    use.length === 0 ? undefined : prose(`Mean tokens per rollout: ${listed(use)}.`),
    story.refusals("budget"),
  ]);
}
