// report/ · The ledger, told: cause by cause, its share of the gain, how it was identified and what that assumes.
import type { LedgerExhibit } from "../../terms/exhibit.ts";
import { estimateInWords } from "../numbers.ts";
import { inWords } from "../figures/kernel.ts";
import { spotInWords } from "../figures/spots.ts";
import { missing, otherRefusals, pictures } from "./pictures.ts";
import { list, right, section, table, type Piece, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function ledger(story: Story): Section | undefined {
  const entries = story.document.ledger;
  const exhibits = story.of("ledger");
  const said = new Set(exhibits.flatMap((exhibit) => exhibit.missing.map(({ what }) => what)));
  const refused = entries.flatMap(({ cause, share }) =>
    share.kind === "refused" && !said.has(cause) ? [`${cause}: ${share.why}; ${share.mend}`] : [],
  );
  const withAssumptions = entries.some((entry) => assumptionOf(entry) !== undefined);
  return section("ledger", "The gain, by cause", [
    ...pictures(story, "ledger", "ledger"),
    table(
      ["cause", right("share of the gain"), "identified by", ...(withAssumptions ? ["assumes"] : [])],
      entries.map((entry) => [
        inWords(entry.cause),
        estimateInWords(entry.share),
        entry.identifiedBy,
        ...(withAssumptions ? [assumptionOf(entry) ?? "–"] : []),
      ]),
    ),
    refused.length > 0 ? list(refused) : undefined,
    ...exhibits.flatMap((exhibit) => [alongTheWay(exhibit), missing(exhibit.missing)]),
    otherRefusals(story, "ledger", "ledger"),
  ]);
}

/** Ledgers of stored answers alone assume nothing further and say nothing. */
function assumptionOf(entry: object): string | undefined {
  return "assumes" in entry && typeof entry.assumes === "string" ? entry.assumes : undefined;
}

function alongTheWay({ causes, checkpoints }: LedgerExhibit): Piece | undefined {
  if (checkpoints.length < 2) return undefined;
  return table(
    ["cause", ...checkpoints.map(({ checkpoint }) => right(checkpoint))],
    causes.map((cause, i) => [
      inWords(cause),
      ...checkpoints.map(({ shares }) => spotInWords(shares[i] ?? {}, "percent")),
    ]),
    "Part of the whole gain, from the base up to each checkpoint",
  );
}
