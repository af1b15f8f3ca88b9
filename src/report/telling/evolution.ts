// report/ · Evolution, told: each behaviour from the base to the tuned policy, and whether it was amplified or emerged.
import type { Spot } from "../../terms/exhibit.ts";
import { statusOf } from "../figures/evolution.ts";
import { inWords } from "../figures/kernel.ts";
import { numbersOf, spotInWords } from "../figures/spots.ts";
import { listed } from "../words.ts";
import { missing, otherRefusals, pictures } from "./pictures.ts";
import { list, prose, section, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function evolution(story: Story): Section | undefined {
  const exhibits = story.of("evolution");
  return section("evolution", "What changed when", [
    ...pictures(story, "evolution", "evolution"),
    ...exhibits.flatMap(({ behaviours, measures, checkpoints, missing: lacking }) => {
      const along = (spots: readonly Spot[], saying: "plain" | "percent"): string =>
        numbersOf(spots).length === 0
          ? "not known"
          : checkpoints.map((policy, i) => `${policy} ${spotInWords(spots[i] ?? {}, saying)}`).join(", ");
      const changed = (at: readonly string[]): string => (at.length === 0 ? "" : `; changes at ${listed(at)}`);
      return [
        prose("Every policy in training order; behaviours as shares of rollouts."),
        list([
          ...behaviours.map(
            (one) => `${inWords(one.name)}, ${statusOf(one)}: ${along(one.shares, "percent")}${changed(one.changes)}.`,
          ),
          ...measures.map(
            ({ name, unit, values, changes }) => `${name}, ${unit}: ${along(values, "plain")}${changed(changes)}.`,
          ),
        ]),
        missing(lacking),
      ];
    }),
    otherRefusals(story, "evolution", "evolution"),
  ]);
}
