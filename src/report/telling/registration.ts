// report/ · Registration, told: what every rival foretold before the first answer, beside what was then seen.
import { percent, plain } from "../numbers.ts";
import { list, prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function registration(story: Story): Section | undefined {
  const { registration: sealed } = story.document;
  if (sealed === undefined) return undefined;
  const { at, sha256, studies, level, rivals, amendments } = sealed;
  return section("registration", "Foretold and seen", [
    prose(
      `Before the first answer, ${studies} studies on paper of each rival were played at this study's sizes, and their findings sealed (${at}, ${sha256.slice(0, 16)}…). Held against what was seen are shares, of the gain or of how the policies differ, which do not depend on how good the base is; one that is drawn as those on paper lies between their smallest and largest in ${percent(level)}. Policies on paper are simpler than real ones: how the rivals compare says more than how far one of them falls short.`,
    ),
    table(
      [
        "rival",
        right("shares foretold"),
        right("seen inside"),
        right("mean distance outside"),
        "farthest outside (seen; foretold)",
      ],
      rivals.map(({ name, findings, inside, distance, off }) => [
        name,
        String(findings),
        findings === 0 ? "–" : percent(inside / findings),
        findings === 0 ? "–" : distance.toFixed(2),
        off
          .slice(0, 2)
          .map(({ finding, low, high, observed }) => `${finding} ${plain(observed)}; ${plain(low)} to ${plain(high)}`)
          .join(", "),
      ]),
    ),
    amendments.length === 0
      ? prose("Nothing that was fixed beforehand was changed since.")
      : list(amendments.map((one) => `Amended at ${one.at}: ${one.field} was ${one.from} and is ${one.to}.`)),
  ]);
}
