// report/ · Gallery telling: a page of published numbers, judged again, as sections, before it becomes text or HTML.
import type { Wanted } from "../attribution/gallery.ts";
import type { GalleryItem, GalleryPage } from "../attribution/gallery-page.ts";
import type { Estimate } from "../terms/estimate.ts";
import { count, NBSP, percent, plain, rough, signed } from "./numbers.ts";
import { pairsInWords } from "./telling/pairs.ts";
import { list, prose, right, section, table, type Piece, type Section } from "./telling/section.ts";
import { ended, listed, sentence } from "./words.ts";

/** One sentence: how many claims stand. */
export function verdictOf({ claims }: GalleryPage): string {
  const of = (verdict: GalleryItem["verdict"]): number => claims.filter((one) => one.verdict === verdict).length;
  const [settled, assumed] = [of("settled"), of("settled under an assumption")];
  const open = claims.length - settled - assumed;
  const parts = [
    ...(settled > 0 ? [`${settled} ${settled === 1 ? "is" : "are"} settled`] : []),
    ...(assumed > 0 ? [`${assumed} ${assumed === 1 ? "is" : "are"} likely real, on an assumption`] : []),
    ...(open > 0 ? [`${open} ${open === 1 ? "is" : "are"} not settled`] : []),
  ];
  const many = `${count(claims.length)} ${claims.length === 1 ? "comparison" : "comparisons"}`;
  return `Of ${many} of a base with a later policy, ${listed(parts)}.`;
}

/** What it was computed from, and what the intervals leave out. */
export function basisOf({ source, level }: GalleryPage): string {
  return (
    `Computed from numbers printed in ${ended(`“${source.work}”, ${source.authors}, ${source.version}`)} ` +
    `Settled is said of the difference, never of what the source concludes from it: a paired test below ${errorLevel(level)}, with problems as the sample. ` +
    "It says that the policies differ at that number of tries, not why. One training run each: other seeds are not covered."
  );
}

/** 1 − 0.95 is not 0.05 in binary. */
const errorLevel = (level: number): string => percent(Number((1 - level).toPrecision(6)));

export function gallerySections(page: GalleryPage): Section[] {
  return [
    section("claims", "All claims", [claimsTable(page), prose(together(page))]),
    ...page.claims.map((item) => claimSection(item)),
    section("rivals", "Which rivals remain", rivals(page)),
    section("next", "What would part them", steps(page)),
    section("left-out", "Left out", [page.leftOut.length === 0 ? undefined : list(page.leftOut.map(sentence))]),
    section("source", "Source", [
      prose(
        `${ended(`${page.source.authors}: ${page.source.work}`)} ${ended(page.source.version)} Read from: ${ended(page.source.readFrom)} ${ended(page.licence)}`,
      ),
      prose(page.source.link),
    ]),
    section("reproduce", "How to get the same numbers", [{ kind: "code", text: `crucis gallery ${page.file}` }]),
  ].filter((one) => one !== undefined);
}

export const SHORT: Readonly<Record<GalleryItem["verdict"], string>> = {
  settled: "settled",
  "settled under an assumption": "likely",
  "not settled": "not settled",
};

function claimsTable({ claims }: GalleryPage): Piece | undefined {
  return table(
    ["claim", "verdict", right("p"), right("base only"), right("tuned only"), right("problems"), right("tries")],
    claims.map((item) => {
      const { claim, test, verdict } = item;
      const [cells, p] =
        test.kind === "cells"
          ? [test.cells, plain(test.cells.p)]
          : test.kind === "totals"
            ? [undefined, `${plain(test.best.p)} to ${plain(test.worst.p)}`]
            : [undefined, `≤ ${plain(test.worst)}`];
      return [
        claim.name,
        SHORT[verdict],
        p,
        cells === undefined ? "–" : count(cells.only0),
        cells === undefined ? "–" : count(cells.only1),
        count(claim.problems),
        claim.k === undefined ? "–" : count(claim.k),
      ];
    }),
  );
}

function together({ claims, level }: GalleryPage): string {
  const standing = claims.filter(({ verdict }) => verdict !== "not settled");
  if (claims.length < 2 || standing.length === 0) return "A p is the exact McNemar test’s, two-sided.";
  const kept = standing.filter(({ afterAll }) => afterAll).map(({ claim }) => claim.name);
  return (
    "A p is the exact McNemar test’s, two-sided, each taken alone. " +
    `Where all ${claims.length} share one error level of ${errorLevel(level)} (Bonferroni), ` +
    (kept.length === 0
      ? "none of them stays."
      : `${kept.length === standing.length ? "all that are settled or likely stay" : `${listed(kept)} ${kept.length === 1 ? "stays" : "stay"}`}.`)
  );
}

function claimSection(item: GalleryItem): Section | undefined {
  const { claim, sides, difference, onlyTuned, because, wanted } = item;
  const tries =
    claim.k === undefined ? "an unsaid number of tries" : `${count(claim.k)} ${claim.k === 1 ? "try" : "tries"}`;
  const of = claim.printed.kind === "means" ? "Mean chance of success" : "Problems solved";
  return section(`claim-${claim.name}`, `${claim.name}: ${VERDICT[item.verdict]}`, [
    prose(`The claim: ${ended(claim.says)} ${claim.where}; ${claim.benchmark}, ${count(claim.problems)} problems.`),
    prose(
      `${of} within ${tries}: ${claim.policies[0]} ${share(sides[0])}, ${claim.policies[1]} ${share(sides[1])}; difference ${share(difference, true)}.`,
    ),
    prose(
      onlyTuned === undefined
        ? because
        : `${because} Of problems like these ${claim.policies[1]} alone solves ${share(onlyTuned)}.`,
    ),
    prose(wantedInWords(item, wanted)),
    claim.note === undefined ? undefined : prose(ended(claim.note)),
  ]);
}

const VERDICT: Readonly<Record<GalleryItem["verdict"], string>> = {
  settled: "settled",
  "settled under an assumption": "likely real, on an assumption",
  "not settled": "not settled",
};

/** In percent: "63.3 % [43.9, 80.1]". */
export function share(estimate: Estimate, signs = false): string {
  if (estimate.kind !== "measured") return "not known";
  const say = (x: number): string => (signs ? signed(100 * x, 1) : (100 * x).toFixed(1));
  const { value, low, high } = estimate;
  const unit = signs ? "points" : "%";
  return `${say(value)}${NBSP}${unit}${low === undefined || high === undefined ? "" : ` [${say(low)}, ${say(high)}]`}`;
}

function wantedInWords({ test, claim, verdict }: GalleryItem, wanted: Wanted): string {
  const free =
    test.kind === "totals"
      ? "The lists of solved problems, which the authors have, would say which pairing it is, without a new rollout. "
      : "";
  if (wanted.kind === "nothing")
    return "More problems are not needed for that; to say where it comes from, other experiments are.";
  if (wanted.kind === "refused")
    return `${free}How many problems would settle it is not known: ${wanted.why}; ${ended(wanted.mend)}`;
  const { least, most, rolloutsEach } = wanted;
  const range = (each: number): string =>
    most === undefined ? rough(least * each) : `${rough(least * each)} to ${rough(most * each)}`;
  const price =
    rolloutsEach === undefined
      ? "its price hangs on the number of tries, which is not said"
      : `${range(rolloutsEach)} rollouts, ${count(rolloutsEach / 2)} by each policy on each`;
  const more = verdict === "not settled" ? "Were " : "To do without the assumption: were ";
  return `${free}${more}the truth what was seen, a fresh set of about ${range(1)} problems like those of ${claim.benchmark} would settle it with power ${percent(wanted.power)}: ${price}.`;
}

const few = (names: readonly string[]): string =>
  names.length > 4 ? listed([...names.slice(0, 3), `${names.length - 3} more`]) : listed(names);

interface Group {
  readonly names: readonly string[];
  readonly items: readonly GalleryItem[];
}

/** Claims that leave the same rivals. */
function groups({ claims }: GalleryPage): Group[] {
  const byRivals = new Map<string, GalleryItem[]>();
  for (const item of claims) {
    const key = item.open.join(" ");
    byRivals.set(key, [...(byRivals.get(key) ?? []), item]);
  }
  return [...byRivals.values()].map((items) => ({ names: items.map(({ claim }) => claim.name), items }));
}

function rivals(page: GalleryPage): Piece[] {
  const told = groups(page).map(({ names, items: [first] }) => {
    const { open = [], closed = [] } = first ?? {};
    const whys = [...new Set(closed.map(({ why }) => why))].map((why) => {
      const those = closed.filter((one) => one.why === why).map(({ name }) => name);
      return `not ${listed(those, "or")} alone, for ${why}`;
    });
    const all = closed.length === 0 ? `all ${open.length} rivals remain` : `there remain ${listed(open)}`;
    return ended([`${listed(names)}: ${all}`, ...whys].join("; "));
  });
  return [
    prose(
      "A table at one number of tries gives no counts by problem, no texts and no steps: of what a rival moves it sees no more than whether problems are gained or lost.",
    ),
    list(told),
  ];
}

function steps(page: GalleryPage): (Piece | undefined)[] {
  return groups(page).flatMap(({ names, items }) => {
    const largest = items.reduce((most, item) => (item.claim.problems > most.claim.problems ? item : most));
    const priced = `${largest.claim.name}: ${count(largest.claim.problems)} problems`;
    return [
      table(
        ["experiment", right("rollouts"), right("scored"), "parts"],
        largest.next.map(({ experiment, generatedRollouts, scoredRollouts, separates }) => {
          const pairs = pairsInWords(separates, largest.open);
          return [
            experiment,
            generatedRollouts === 0 ? "none" : rough(generatedRollouts),
            scoredRollouts === 0 ? "none" : rough(scoredRollouts),
            `${pairs[0] ?? ""}${pairs.length > 1 ? "; and more" : ""}`,
          ];
        }),
        `Of what ${few(names)} ${names.length === 1 ? "leaves" : "leave"} open; cheapest first, priced for ${priced}. Where no rollout is drawn, the authors’ own are read again`,
      ),
    ];
  });
}
