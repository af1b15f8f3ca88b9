// report/ · Pictures of a section: the figures of one kind, or why there is none, said where it would stand.
import type { Exhibit, Missing } from "../../terms/exhibit.ts";
import { sentence } from "../words.ts";
import { list, type Piece } from "./section.ts";
import type { Story } from "./story.ts";

/** @param parts finding names, or their beginnings, whose refusals are those of the picture */
export function pictures(
  story: Story,
  kind: Exhibit["kind"],
  ...parts: readonly string[]
): readonly (Piece | undefined)[] {
  const all = story.of(kind);
  return all.length === 0 ? [story.refusals(...parts)] : all.map((exhibit) => ({ kind: "figure", exhibit }));
}

/** Refusals that did not already stand in the picture's place. */
export function otherRefusals(story: Story, kind: Exhibit["kind"], ...parts: readonly string[]): Piece | undefined {
  return story.of(kind).length === 0 ? undefined : story.refusals(...parts);
}

/** What a picture lacks, one line each. */
export function missing(parts: readonly Missing[]): Piece | undefined {
  return parts.length === 0
    ? undefined
    : list(parts.map(({ what, why, mend }) => `Not in the picture: ${what}. ${sentence(why)} ${sentence(mend)}`));
}
