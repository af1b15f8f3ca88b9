// report/ · Re-grading, told: the same rollouts under three readings, and the share of the gain that is format.
import { fixed, interval, rate } from "../numbers.ts";
import { listed, sentence } from "../words.ts";
import { prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

const READINGS = ["strict", "official", "lenient"] as const;

export function regrade(story: Story): Section | undefined {
  const readings = READINGS.filter((reading) => story.estimate(`regrade/gain/${reading}`) !== undefined);
  const sides = story.policies.filter((policy) => story.estimate(`regrade/official/${policy}`) !== undefined);
  const success = (reading: string): string[] =>
    sides.map((policy) => successOf(story, `regrade/${reading}/${policy}`));
  const rows = readings.map((reading) =>
    [[reading], success(reading), story.words(`regrade/gain/${reading}`, true)].flat(),
  );
  const share = story.measured("regrade/share");
  const unmatched = story
    .under("regrade/unmatched/")
    .map((policy) => `${policy} ${story.words(`regrade/unmatched/${policy}`)}`);
  return section("regrade", "The same answers, read three ways", [
    ...story.of("waterfall").map((exhibit) => ({ kind: "figure", exhibit }) as const),
    table(
      ["reading", ...sides.map(right), right("gain")],
      rows,
      "Success rates when the stored texts are graded again",
    ),
    share === undefined
      ? undefined
      : prose(
          sentence(`share of the official gain that is format (official − lenient): ${story.words("regrade/share")}`),
        ),
    unmatched.length === 0
      ? undefined
      : prose(
          `Of the answers that the official grader passed, these shares are not the reference answer: ${listed(unmatched)}.`,
        ),
    story.refusals("regrade"),
  ]);
}

function successOf(story: Story, name: string): string {
  const found = story.measured(name);
  if (found === undefined) return story.words(name);
  const { value, low, high } = found;
  return low === undefined || high === undefined ? rate(value) : `${rate(value)} ${interval(low, high, fixed, 3)}`;
}
