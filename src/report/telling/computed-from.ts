// report/ · Computed from: what the numbers rest on, before any number; and how to get the same ones again.
import { count, estimateInWords, plain } from "../numbers.ts";
import { listed } from "../words.ts";
import { prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

/** Own properties only: a policy may be called `constructor`. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined;

export function computedFrom(story: Story): Section | undefined {
  const { problems, files, formats, rollouts, ungradable, unpaired, rightAbove, families, clusteredBy, seed } =
    story.document.computedFrom;
  const rows = story.policies.map((policy, i) => {
    const drawn = own(rollouts, policy) ?? 0;
    return [
      i === 0 && policy !== "base" ? `${policy} (base)` : policy,
      own(files, policy) ?? "–",
      own(formats, policy) ?? "–",
      count(drawn),
      count(own(ungradable, policy) ?? 0),
      count(own(unpaired, policy) ?? 0),
    ];
  });
  const grouped = families.length > 1 ? ` in ${families.length} families (${familyList(families)})` : "";
  const unit =
    clusteredBy === "family"
      ? "Families are the sampling unit: intervals are clustered by family."
      : "Problems are the sampling unit.";
  const threshold = rightAbove === undefined ? "" : ` A reward counts as right above ${plain(rightAbove)}.`;
  const bounds = story.policies
    .filter((policy) => story.estimate(`rate/${policy}`)?.kind === "bounded")
    .map((policy) => `${policy} ${estimateInWords(story.estimate(`rate/${policy}`))}`);
  const minus =
    story.policies.length > 2
      ? ", here each later policy − " + story.base
      : story.base === "base" && story.tuned === "tuned"
        ? ""
        : `, here ${story.tuned} − ${story.base}`;
  return section("computed-from", "Computed from", [
    prose(
      `${count(problems)} ${problems === 1 ? "problem" : "problems"}${grouped}, the same for every policy. ${unit}${threshold} Differences are always tuned − base${minus}. Seed ${seed}.`,
    ),
    table(["policy", "file", "format", right("rollouts"), right("ungradable"), right("unpaired problems")], rows),
    bounds.length === 0
      ? undefined
      : prose(
          `Rollouts without a verdict make the success rates uncertain beyond any interval. From “all of them wrong” to “all of them right”: ${listed(bounds)}.`,
        ),
  ]);
}

function familyList(families: Story["document"]["computedFrom"]["families"]): string {
  const shown = families.slice(0, 8).map(({ name, problems }) => `${name} ${count(problems)}`);
  return `${shown.join(", ")}${families.length > shown.length ? `, and ${families.length - shown.length} more` : ""}`;
}

const quoted = (word: string): string => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

export function reproduce(story: Story): Section | undefined {
  const { files, rightAbove, keptFamilies, clusteredBy, seed } = story.document.computedFrom;
  const file = (policy: string): string => quoted(own(files, policy) ?? "FILE");
  const middle = story.policies.slice(1, -1).map((policy) => `--checkpoint ${quoted(policy)}=${file(policy)}`);
  const inputs =
    middle.length === 0
      ? `${file(story.base)} ${file(story.tuned)}`
      : [`--base ${file(story.base)}`, ...middle, `--tuned ${file(story.tuned)}`].join(" ");
  const threshold = rightAbove === undefined ? "" : ` --right-above ${rightAbove}`;
  const kept = (keptFamilies ?? []).map((family) => ` --family ${quoted(family)}`).join("");
  return section("reproduce", "How to get the same numbers", [
    prose(
      `Every random draw comes from a named stream under one seed; the same files, version (${story.document.crucis}) and seed give the same bytes.`,
    ),
    {
      kind: "code",
      text: `crucis explain ${inputs}${kept}${threshold}${clusteredBy === "family" ? " --cluster-by-family" : ""} --seed ${seed} --html report.html`,
    },
  ]);
}
