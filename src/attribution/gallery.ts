// attribution/ · Gallery: published tables of base against later policy, judged again: is the difference more than chance?
import {
  type Discordant,
  fewestDiscordant,
  mcnemarExact,
  pairedDifference,
  pairings,
  problemsForPower,
} from "../maths/mcnemar.ts";
import { clopperPearson } from "../maths/intervals.ts";
import { normalCdf, normalQuantile } from "../maths/special.ts";
import { type Estimate, refused } from "../terms/estimate.ts";

/** What a table says of one pair of policies on one set of problems. */
export type Printed =
  | { readonly kind: "cells"; readonly both: number; readonly onlyBase: number; readonly onlyTuned: number }
  | { readonly kind: "solved"; readonly solved: readonly [number, number] }
  /** Means of chances, shares in [0, 1], each printed to within `rounding`. */
  | { readonly kind: "means"; readonly means: readonly [number, number]; readonly rounding: number };

export interface GalleryClaim {
  /** Unique on its page. */
  readonly name: string;
  /** The claim that the numbers are given for, in our words. */
  readonly says: string;
  /** Table or section. */
  readonly where: string;
  readonly benchmark: string;
  readonly policies: readonly [string, string];
  readonly problems: number;
  /** Tries a problem; absent where the source does not say. */
  readonly k?: number;
  readonly note?: string;
  readonly printed: Printed;
}

export interface GalleryEntry {
  readonly title: string;
  readonly source: {
    readonly work: string;
    readonly authors: string;
    readonly link: string;
    readonly version: string;
    /** How the numbers came here. */
    readonly readFrom: string;
  };
  readonly licence: string;
  readonly claims: readonly GalleryClaim[];
  /** What the source shows and this page does not judge, and why. */
  readonly leftOut: readonly string[];
}

/** One way in which problems may be solved by one policy only, and the exact test of it. */
export interface Tested extends Discordant {
  readonly p: number;
}

/**
 * What the numbers allow: `cells` where the source counts problems; `totals` where it gives each policy's alone, and many
 * pairings fit; `means` where it gives means of chances, tested at the widest spread that they allow.
 */
export type Test =
  | { readonly kind: "cells"; readonly cells: Tested }
  | { readonly kind: "totals"; readonly best: Tested; readonly independent: Tested; readonly worst: Tested }
  | { readonly kind: "means"; readonly worst: number };

export type GalleryVerdict = "settled" | "settled under an assumption" | "not settled";

export interface GalleryJudgement {
  readonly claim: GalleryClaim;
  /** Share of problems solved (or mean chance) of base and of tuned, in general, not on these problems only. */
  readonly sides: readonly [Estimate, Estimate];
  /** Tuned − base; where many pairings fit, the interval holds under every one of them. */
  readonly difference: Estimate;
  /** Share of problems that tuned alone solves, where cells are given: how much may be new, at most. */
  readonly onlyTuned?: Estimate;
  readonly test: Test;
  readonly verdict: GalleryVerdict;
  /** What the verdict rests on, one sentence or two. */
  readonly because: string;
  /** Whether it is so even if all tests of the page share one error level. */
  readonly afterAll: boolean;
  /** Problems that would settle it, were the truth what was seen. */
  readonly wanted: Wanted;
}

/** Fresh problems of the same kind in all, and rollouts of both policies on them; `most` where the pairing is not known. */
export type Wanted =
  | {
      readonly kind: "problems";
      readonly power: number;
      readonly least: number;
      readonly most?: number;
      readonly rolloutsEach?: number;
    }
  | { readonly kind: "nothing" }
  | { readonly kind: "refused"; readonly why: string; readonly mend: string };

const POWER = 0.9;
/** More problems than any benchmark has. */
const MOST = 1_000_000;

/** @param level of the intervals, in (0, 1); a test settles below 1 − level */
export function judgeEntry({ claims }: GalleryEntry, level: number): GalleryJudgement[] {
  return claims.map((claim) => judgeClaim(claim, level, claims.length));
}

function judgeClaim(claim: GalleryClaim, level: number, tests: number): GalleryJudgement {
  const alpha = 1 - level;
  const test = testOf(claim);
  const verdict = verdictOf(test, alpha);
  return {
    claim,
    sides: [sideOf(claim, 0, level), sideOf(claim, 1, level)],
    difference: differenceOf(claim, test, level),
    ...(test.kind === "cells" ? { onlyTuned: aloneOf(test.cells.only1, claim.problems, level) } : {}),
    test,
    verdict,
    because: because(claim, test, verdict, alpha),
    afterAll: verdict !== "not settled" && verdictOf(test, alpha / tests) === verdict,
    wanted: verdict === "settled" ? { kind: "nothing" } : wantedOf(claim, test, alpha),
  };
}

const tested = (cells: Discordant): Tested => ({ ...cells, p: mcnemarExact(cells) });

function testOf({ printed, problems }: GalleryClaim): Test {
  if (printed.kind === "cells")
    return { kind: "cells", cells: tested({ only0: printed.onlyBase, only1: printed.onlyTuned }) };
  if (printed.kind === "solved") {
    const { nested, independent, opposed } = pairings(printed.solved, problems);
    return { kind: "totals", best: tested(nested), independent: tested(independent), worst: tested(opposed) };
  }
  const { difference, spread } = widest(printed.means, printed.rounding);
  const z = spread === 0 ? 0 : (difference * Math.sqrt(problems)) / spread;
  return { kind: "means", worst: Math.min(1, 2 * normalCdf(-z)) };
}

/**
 * |difference| less what rounding may have added, and the largest standard deviation of a problem's difference D in [−1, 1]
 * that the means allow: E D² ≤ E |D| ≤ min(m0 + m1, 2 − m0 − m1).
 */
function widest([m0, m1]: readonly [number, number], rounding: number): { difference: number; spread: number } {
  const difference = Math.max(0, Math.abs(m1 - m0) - 2 * rounding);
  const square = Math.min(m0 + m1, 2 - m0 - m1);
  return { difference, spread: Math.sqrt(Math.max(0, square - difference ** 2)) };
}

function verdictOf(test: Test, alpha: number): GalleryVerdict {
  const certain = test.kind === "cells" ? test.cells.p : test.kind === "totals" ? test.worst.p : test.worst;
  if (certain < alpha) return "settled";
  return test.kind === "totals" && test.independent.p < alpha ? "settled under an assumption" : "not settled";
}

function sideOf({ printed, problems }: GalleryClaim, side: 0 | 1, level: number): Estimate {
  if (printed.kind === "means") {
    // Wilson's interval takes any mean; of all spreads, right or wrong on every problem is the widest.
    const value = printed.means[side];
    const z2 = normalQuantile((1 + level) / 2) ** 2 / problems;
    const half = Math.sqrt(z2 * value * (1 - value) + z2 ** 2 / 4);
    return {
      kind: "measured",
      value,
      low: Math.max(0, (value + z2 / 2 - half) / (1 + z2)),
      high: Math.min(1, (value + z2 / 2 + half) / (1 + z2)),
      level,
      method: "Wilson, as if every problem were always or never solved",
    };
  }
  const solved =
    printed.kind === "solved" ? printed.solved[side] : printed.both + [printed.onlyBase, printed.onlyTuned][side]!;
  const limits = clopperPearson(solved, problems, level);
  return { kind: "measured", value: solved / problems, ...limits, level, method: "Clopper–Pearson over problems" };
}

function aloneOf(only: number, problems: number, level: number): Estimate {
  const limits = clopperPearson(only, problems, level);
  return { kind: "measured", value: only / problems, ...limits, level, method: "Clopper–Pearson over problems" };
}

function differenceOf({ printed, problems }: GalleryClaim, test: Test, level: number): Estimate {
  if (printed.kind === "means") {
    const value = printed.means[1] - printed.means[0];
    const square = Math.min(printed.means[0] + printed.means[1], 2 - printed.means[0] - printed.means[1]);
    const half =
      normalQuantile((1 + level) / 2) * Math.sqrt(Math.max(0, square - value ** 2) / problems) + 2 * printed.rounding;
    return {
      kind: "measured",
      value,
      low: Math.max(-1, value - half),
      high: Math.min(1, value + half),
      level,
      method: "normal, at the widest spread that the means allow",
    };
  }
  const cells = test.kind === "cells" ? [test.cells] : test.kind === "totals" ? [test.best, test.worst] : [];
  const [first] = cells;
  if (first === undefined) return refused("no counts are given", "give them");
  const limits = cells.map((one) => pairedDifference(one, problems, level));
  return {
    kind: "measured",
    value: (first.only1 - first.only0) / problems,
    low: Math.min(...limits.map(({ low }) => low)),
    high: Math.max(...limits.map(({ high }) => high)),
    level,
    method:
      test.kind === "cells"
        ? "score limits, or exact ones where these are wider"
        : "score or exact limits, the widest under every pairing that fits both totals",
  };
}

const against = ({ only0, only1 }: Discordant): string => `${only0} against ${only1}`;
/** Three digits. */
const about = (p: number): string => String(Number(p.toPrecision(3))).replace("e-", "e−");

function because(
  { printed, problems, policies: [base, tuned] }: GalleryClaim,
  test: Test,
  verdict: GalleryVerdict,
  alpha: number,
): string {
  if (test.kind === "means")
    return verdict === "settled"
      ? `Even at the widest spread between problems that the two means allow, p = ${about(test.worst)}.`
      : `At the widest spread between problems that the two means allow, p = ${about(test.worst)}; the source gives no spread, so it may be less.`;
  if (test.kind === "cells") {
    const { only0, only1, p } = test.cells;
    const said = `${only0} solved by ${base} only, ${only1} by ${tuned} only: exact McNemar p = ${about(p)} (were they equal, each such problem would be a fair coin).`;
    const fewest = fewestDiscordant(alpha);
    return only0 + only1 < fewest && verdict === "not settled"
      ? `${said} Fewer than ${fewest} such problems settle nothing, even if all are on one side.`
      : said;
  }
  const { best, independent, worst } = test;
  const range =
    best.p === worst.p
      ? `p = ${about(best.p)}`
      : `p lies between ${about(best.p)} (${against(best)}, one set within the other) and ${about(worst.p)} (${against(worst)})`;
  const known =
    printed.kind === "solved"
      ? `Only totals are given, ${printed.solved[0]} and ${printed.solved[1]} of ${problems}: ${range}.`
      : "";
  if (verdict === "settled") return `${known} It is settled under every pairing that fits.`;
  if (verdict === "settled under an assumption")
    return (
      `${known} Likely real, on one assumption: that a problem which ${base} solves is no less often solved by ${tuned} than another. ` +
      `Were the two independent, ${against(independent)}, p = ${about(independent.p)}; the more they agree, the smaller p.`
    );
  return best.p < alpha
    ? `${known} It would be settled only if nearly all that one solves the other solved too; were they independent, p = ${about(independent.p)}.`
    : `${known} No pairing that fits settles it.`;
}

function wantedOf({ problems, k }: GalleryClaim, test: Test, alpha: number): Wanted {
  if (test.kind === "means")
    return {
      kind: "refused",
      why: "two means do not say how much problems differ, and on that the number of problems hangs",
      mend: "count right answers problem by problem, which costs nothing where the answers were kept",
    };
  const cases = test.kind === "cells" ? [test.cells] : [test.best, test.worst];
  if (cases[0]!.only0 === cases[0]!.only1)
    return {
      kind: "refused",
      why: "no difference was seen, so no number of problems would show it",
      mend: "say which difference would matter, and plan for that",
    };
  const enough = cases.map(({ only0, only1 }) =>
    problemsForPower(only0 / problems, only1 / problems, { power: POWER, alpha, most: MOST }),
  );
  const [least, most] = enough;
  if (least === undefined)
    return {
      kind: "refused",
      why: `a difference as small as the one seen needs more than ${MOST.toLocaleString("en-US")} problems`,
      mend: "ask for a difference that matters",
    };
  return {
    kind: "problems",
    power: POWER,
    least,
    ...(most === undefined || most === least ? {} : { most }),
    ...(k === undefined ? {} : { rolloutsEach: 2 * k }),
  };
}
