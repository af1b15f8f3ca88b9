// report/ · The rivals, told: each one's standing, and the pairs that this evidence cannot separate.
import type { Document } from "../../attribution/document.ts";
import { list, prose, section, table, type Section } from "./section.ts";
import { pairsInWords } from "./pairs.ts";
import type { Story } from "./story.ts";

type Rival = Document["explanations"][number];

/** What each standing means; also the order in which they are told. */
export const STANDINGS: Readonly<Record<Rival["standing"], string>> = {
  "alone sufficient": "carries the whole gain by itself",
  contributes: "carries a part that is not negligible",
  "not needed": "carries no part worth naming",
  "ruled out": "contradicted by the evidence",
  "cannot be told": "the evidence at hand does not decide",
};

export function byStanding(all: readonly Rival[]): { standing: Rival["standing"]; rivals: Rival[] }[] {
  return (Object.keys(STANDINGS) as Rival["standing"][])
    .map((standing) => ({ standing, rivals: all.filter((rival) => rival.standing === standing) }))
    .filter((group) => group.rivals.length > 0);
}

export function rivals(story: Story): Section | undefined {
  const rows = byStanding(story.document.explanations).flatMap((group) =>
    group.rivals.map((rival) => [rival.name, rival.standing, rival.reason]),
  );
  return section("rivals", "The rival explanations", [table(["explanation", "standing", "because"], rows)]);
}

export function inseparable(story: Story): Section | undefined {
  const pairs = story.document.inseparable;
  return section("inseparable", "What this evidence cannot tell apart", [
    pairs.length === 0
      ? undefined
      : prose(
          `${pairs.length} ${pairs.length === 1 ? "pair" : "pairs"} of rivals stay unseparated. These data cannot tell:`,
        ),
    pairs.length === 0 ? undefined : list(pairsInWords(pairs)),
  ]);
}
