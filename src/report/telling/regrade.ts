// report/ · Re-grading, told: the same rollouts under three readings, and the share of the gain that is form.
import { rate } from "../numbers.ts";
import { sentence } from "../words.ts";
import { prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

const READINGS = ["strict", "official", "lenient"] as const;

export function regrade(story: Story): Section | undefined {
  const rows = READINGS.filter((reading) => story.estimate(`regrade/gain/${reading}`) !== undefined || story.under(`regrade/${reading}/`).length > 0).map((reading) => [
    reading,
    ...story.policies.filter((policy) => sideName(story, reading, policy) !== undefined).map((policy) => success(story, sideName(story, reading, policy) ?? "")),
    story.words(`regrade/gain/${reading}`, true),
  ]);
  const sides = story.policies.filter((policy) => READINGS.some((reading) => sideName(story, reading, policy) !== undefined));
  const share = story.measured("regrade/share");
  return section("regrade", "The same answers, read three ways", [
    ...story.of("waterfall").map((exhibit) => ({ kind: "figure", exhibit }) as const),
    table(["reading", ...sides.map(right), right("gain")], rows, "Success rates when the stored texts are graded again"),
    share === undefined ? undefined : prose(sentence(`share of the official gain that is form (official − lenient): ${story.words("regrade/share")}`)),
    story.refusals("regrade"),
  ]);
}

function success(story: Story, name: string): string {
  const found = story.measured(name);
  return found === undefined || found.low !== undefined ? story.words(name) : rate(found.value);
}

/** The base and the last policy may be listed by role instead of by their names. */
function sideName(story: Story, reading: string, policy: string): string | undefined {
  const roles = policy === story.base ? [policy, "base"] : policy === story.tuned ? [policy, "tuned"] : [policy];
  return roles.map((role) => `regrade/${reading}/${role}`).find((name) => story.estimate(name) !== undefined);
}
