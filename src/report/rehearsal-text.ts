// report/ · Rehearsal text: what a study could tell, before it is run: the matrix of pairs, experiments, entries, and what stays dark.
import { type Chance, EVERYTHING, type Rehearsal, STORED } from "../attribution/rehearsal.ts";
import { NBSP, percent, rough } from "./numbers.ts";
import { pairsInWords } from "./telling/pairs.ts";
import { list, prose, right, type Section, section, table } from "./telling/section.ts";
import { told } from "./text.ts";
import { clean, listed } from "./words.ts";

/** What was rehearsed, in words: the first paragraph. */
export interface RehearsedOf {
  readonly title: string;
  readonly basis: string;
}

/** From here on a pair counts as told apart. */
const APART = 0.9;

/** No line has more than 100 columns. */
export function renderRehearsalText(rehearsal: Rehearsal, of: RehearsedOf): string {
  return `${rehearsalSections(rehearsal, of)
    .map((one) => told(clean(one)))
    .join("\n\n")}\n`.replaceAll(NBSP, " ");
}

function rehearsalSections(rehearsal: Rehearsal, { title, basis }: RehearsedOf): Section[] {
  return [
    section("top", title, [prose(basis), prose(verdictOf(rehearsal))]),
    section("pairs", "How often each pair of rivals is told apart", [
      prose(
        `Of studies whose cause is one of the two: the share in which that one is claimed and the other set aside, everything at hand. ${errorOf(rehearsal)}`,
      ),
      matrixOf(rehearsal),
    ]),
    section("experiments", "What each experiment tells apart by itself", [experimentsOf(rehearsal)]),
    section("as-seen", "If all goes on as the answers at hand show", [asSeenOf(rehearsal)]),
    section("ledger", "How well the ledger's entries are known", [widthsOf(rehearsal)]),
    section("together", "Two causes at once", [togetherOf(rehearsal)]),
    section("never", "What this design hardly ever separates", [neverOf(rehearsal)]),
  ].filter((one) => one !== undefined);
}

function verdictOf({ pairs, widths }: Rehearsal): string {
  const apart = pairs.filter((one) => one.apart[EVERYTHING]!.value >= APART).length;
  const wide = widths.filter(({ halfWidth }) => halfWidth > 0.1).map(({ cause }) => cause);
  const mistaken = Math.max(0, ...pairs.map((one) => one.mistaken.value));
  return [
    `It tells ${apart} of ${pairs.length} pairs of rivals apart in ${percent(APART)} of studies or more.`,
    wide.length === 0
      ? "Every entry of the ledger is known to ± 0.1 of the gain or better."
      : `${listed(wide)} ${wide.length === 1 ? "is" : "are"} not known to ± 0.1 of the gain.`,
    `The pair that it mistakes for one another most often it mistakes in ${percent(mistaken)}.`,
  ].join(" ");
}

/** The error where it is largest, at one half. */
function errorOf({ pairs, level }: Rehearsal): string {
  const widest = pairs.reduce<Chance | undefined>((most, { apart }) => {
    const own = apart[EVERYTHING]!;
    return most === undefined || own.high - own.low > most.high - most.low ? own : most;
  }, undefined);
  if (widest === undefined) return "";
  return `Monte Carlo error: ${percent(widest.value)} of ${widest.studies} studies means ${percent(widest.low)} to ${percent(widest.high)} at ${percent(level)}; more of them by --studies.`;
}

const cell = ({ value }: Chance): string =>
  value === 1 ? "1" : value === 0 ? "0" : value.toFixed(2).replace(/^0/, "");

function matrixOf({ rivals, pairs }: Rehearsal): ReturnType<typeof table> {
  const byPair = new Map(pairs.map((one) => [one.pair.join(" "), one.apart[EVERYTHING]!]));
  const of = (a: string, b: string): Chance | undefined => byPair.get(`${a} ${b}`) ?? byPair.get(`${b} ${a}`);
  return table(
    [right("#"), "rival", ...rivals.map((_, i) => right(String(i + 1)))],
    rivals.map((a, i) => [
      String(i + 1),
      a,
      ...rivals.map((b, k) => {
        if (k >= i) return k === i ? "·" : "";
        const own = of(a, b);
        return own === undefined ? "" : cell(own);
      }),
    ]),
  );
}

function experimentsOf({ pairs, price }: Rehearsal): ReturnType<typeof table> {
  const grounds = Object.keys(pairs[0]?.apart ?? {});
  const rows = grounds.map((ground) => {
    const own = pairs.map((one) => one.apart[ground]!.value);
    const all = Object.values(price);
    const cost =
      ground === EVERYTHING
        ? {
            generated: all.reduce((sum, { generated }) => sum + generated, 0),
            scored: all.reduce((sum, { scored }) => sum + scored, 0),
          }
        : (price[ground] ?? { generated: 0, scored: 0 });
    return {
      ground,
      apart: own.filter((value) => value >= APART).length,
      mean: own.reduce((sum, value) => sum + value, 0) / own.length,
      ...cost,
    };
  });
  const name = (ground: string): string =>
    ground === EVERYTHING ? "everything" : ground === STORED ? "paired rollouts alone" : `with ${ground}`;
  return table(
    ["judged on", right("pairs apart"), right("mean chance"), right("rollouts drawn"), right("scored")],
    rows
      .sort((a, b) => a.generated + a.scored - b.generated - b.scored)
      .map(({ ground, apart, mean, generated, scored }) => [
        name(ground),
        `${apart} of ${pairs.length}`,
        mean.toFixed(2),
        rough(generated),
        rough(scored),
      ]),
    `Beside the paired rollouts; pairs apart in ${percent(APART)} of studies or more; rollouts of mean length`,
  );
}

function asSeenOf({ asSeen }: Rehearsal): ReturnType<typeof table> | undefined {
  if (asSeen === undefined) return undefined;
  return table(
    ["rival", right("claimed"), right("set aside"), right("left open")],
    asSeen.map(({ rival, claimed, setAside }) => [
      rival,
      percent(claimed.value),
      percent(setAside.value),
      percent(Math.max(0, 1 - claimed.value - setAside.value)),
    ]),
    `Of ${asSeen[0]!.claimed.studies} studies whose policies do on each problem what the answers at hand leave open`,
  );
}

function widthsOf({ widths, asSeen }: Rehearsal): ReturnType<typeof table> {
  return table(
    ["entry", right("half-width"), right("told in")],
    widths.map(({ cause, halfWidth, told: share }) => [cause, `± ${halfWidth.toFixed(2)}`, percent(share.value)]),
    asSeen === undefined
      ? "Mean half of the 90 % interval, in shares of the gain, over the studies in which the entry was told. Nothing but their causes moved in them: where training moved more, entries are wider, and a first look at a quarter of the problems, at ten or more, says how wide"
      : "Mean half of the 90 % interval, in shares of the gain, over the studies as seen in which the entry was told",
  );
}

function togetherOf({ together }: Rehearsal): ReturnType<typeof table> {
  return table(
    ["causes", right("both claimed"), right("studies")],
    together.map(({ truth, both }) => [truth.join(" + "), percent(both.value), String(both.studies)]),
    "Studies with two causes",
  );
}

function neverOf({ never, rivals }: Rehearsal): ReturnType<typeof list> | undefined {
  if (never.length === 0) return undefined;
  const byWhy = Map.groupBy(never, ({ why }) => why);
  return list(
    Array.from(
      byWhy,
      ([why, pairs]) =>
        `${pairsInWords(
          pairs.map(({ pair }) => pair),
          rivals,
        ).join("; ")}: ${why}.`,
    ),
  );
}
