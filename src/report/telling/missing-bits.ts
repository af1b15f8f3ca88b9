// report/ · Missing bits, told: the profile along right answers, and totals with the effective number of places.
import { panelName } from "../figures/missing-bits.ts";
import { spotInWords } from "../figures/spots.ts";
import { missing, otherRefusals, pictures } from "./pictures.ts";
import { right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function missingBits(story: Story): Section | undefined {
  const exhibits = story.of("missing-bits");
  const overall = story.policies
    .slice(1)
    .map((policy) => ({ policy, suffix: policy === story.tuned ? "" : `/${policy}` }))
    .filter(({ suffix }) =>
      ["total", "neff"].some(
        (one) => (story.estimate(`missing-bits/${one}${suffix}`)?.kind ?? "refused") !== "refused",
      ),
    )
    .map(({ policy, suffix }) => [
      policy,
      ...["total", "neff", "steps"].map((one) => story.words(`missing-bits/${one}${suffix}`)),
    ]);
  const byLength = exhibits.flatMap(({ panels }) =>
    panels.flatMap((panel) =>
      panel.series.map((series) => [
        panelName(panel),
        series.checkpoint,
        spotInWords(series.total),
        spotInWords(series.neff),
        String(series.places.length),
      ]),
    ),
  );
  return section("missing-bits", `Where ${story.base} lacks bits`, [
    ...pictures(story, "missing-bits", "missing-bits"),
    table(
      ["along right answers of", right("bits lacked"), right("effective places"), right("places, mean")],
      overall,
      `Bits that ${story.base} lacks, mean over problems`,
    ),
    table(
      ["problems", "along right answers of", right("bits lacked"), right("effective places"), right("places")],
      byLength,
      "By number of steps",
    ),
    ...exhibits.map((exhibit) => missing(exhibit.missing)),
    otherRefusals(story, "missing-bits", "missing-bits"),
  ]);
}
