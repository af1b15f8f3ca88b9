// study/ · Looks: a study that is judged several times on more and more problems, and ends once it is decided.
//
// A group-sequential design with fixed looks (C. Jennison & B. W. Turnbull 2000, Group Sequential Methods, ch. 7 and 9): problems are drawn alike, each
// look adds as many as there are, and what may go wrong is spent as problems come (maths/group-sequential), so intervals hold whichever look is the
// last and for whatever reason.
import type { Document } from "../attribution/document.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import { undividedFor } from "../explanations/by-ledger.ts";
import { powerSpent, spendingLimits } from "../maths/group-sequential.ts";
import { type Limits, LIMITS } from "../terms/limits.ts";
import type { Bench, BenchProblem } from "./bench.ts";

/** Fewer cannot carry an interval over problems. */
const FEWEST = 10;
/** Half a ledger entry's interval, in shares of the gain, at which it is known well enough: what was asked for. */
export const NARROW = 0.1;
/**
 * Of all that may go wrong, t^ρ is spent once a share t of the problems is in. At 2 the last of three looks has three quarters of it, and its intervals
 * are hardly wider than those of a study with one look (1.70 standard errors for 1.64); small first looks need not decide much, and pay for that.
 */
export const RHO = 2;

/** Which look it is of those that were fixed before anything was asked. */
export interface Look {
  /** From 0. */
  readonly at: number;
  /** Problems of each look over those of the last: rising, to 1. */
  readonly information: readonly number[];
}

/**
 * Parts of the bench, disjoint, each with every kind of problem in its share: of four looks ⅛, ⅛, ¼ and ½ of all. Fewer where the first would
 * have fewer than ten problems.
 */
export function blocksOf(bench: Bench, looks = 1): Bench[] {
  const parts = Math.max(1, Math.min(looks, 1 + Math.floor(Math.log2(Math.max(1, bench.problems.length / FEWEST)))));
  if (parts === 1) return [bench];
  const [problems, twins] = [bench.problems, bench.twins].map((list) => inBlocks(list, parts));
  const blocks = problems!.map((own, i) => ({ ...bench, problems: own, twins: twins![i]! }));
  return blocks.reduce<Bench[]>(withoutEmpty, []);
}

/** Where there are few of each kind some blocks have no problem: that is no look, and their twins are asked with the block before, or the first. */
function withoutEmpty(blocks: readonly Bench[], next: Bench): Bench[] {
  const last = blocks.at(-1);
  if (last === undefined || (last.problems.length > 0 && next.problems.length > 0)) return [...blocks, next];
  const both = { ...last, problems: [...last.problems, ...next.problems], twins: [...last.twins, ...next.twins] };
  return [...blocks.slice(0, -1), both];
}

/** What is known at each look, beside all that will be: problems are drawn alike. */
export function informationOf(blocks: readonly Pick<Bench, "problems">[]): number[] {
  const upTo = (look: number): number =>
    blocks.slice(0, look + 1).reduce((sum, { problems }) => sum + problems.length, 0);
  return blocks.map((_, look) => upTo(look) / upTo(blocks.length - 1));
}

/** By place among those of its kind: the first 2^−(parts − 1) of each kind, then as many again, and so on. */
function inBlocks(list: readonly BenchProblem[], parts: number): BenchProblem[][] {
  const kinds = Map.groupBy(list, ({ family, steps }) => `${family} ${steps}`);
  const blockOf = new Map<BenchProblem, number>();
  for (const own of kinds.values())
    own.forEach((problem, i) => {
      const share = (i + 0.5) / own.length;
      const block = Math.max(0, Math.ceil(Math.log2(share) + parts - 1));
      blockOf.set(problem, Math.min(parts - 1, block));
    });
  return Array.from({ length: parts }, (_, block) => list.filter((problem) => blockOf.get(problem) === block));
}

/** What is asked of an interval at a look: all of them, at all looks up to the last, hold as often as those of a study with one look. */
export function limitsAt(look: Look | undefined, limits: Limits): Limits {
  if (look === undefined || look.information.length === 1) return limits;
  const { at, information } = look;
  const own = (level: number): number => {
    const spent = information.map((t) => powerSpent(1 - level, RHO, t));
    const { nominal } = spendingLimits(information, spent)[at]!;
    // The last digits are the machine's; without them every machine asks, and seals, the same. Where six are all there are, nothing is added.
    return Math.ceil((1 - nominal) * DIGITS - ROUNDING) / DIGITS;
  };
  return { ...limits, level: own(limits.level), ledgerLevel: own(limits.ledgerLevel) };
}

const DIGITS = 1e6;
const ROUNDING = 1e-3;

export interface Decision {
  readonly decided: boolean;
  /** What is open, a clause each; none where it is decided. */
  readonly open: readonly string[];
  /** What is as well known as was asked for and still not judged, a clause each: more problems would not be worth their price. */
  readonly known: readonly string[];
  /** Experiments that more problems are worth being asked. */
  readonly goesOn: readonly string[];
}

/**
 * Decided: something is claimed, every entry of the ledger that was told is known to ± 0.1 of the gain, and no rival is open. Open is one that cannot
 * be told and that an experiment of this study sees, unless its own entry is known to ± 0.1, with what nobody can tell from it: that is what was
 * asked for. A share that lies at the limit between *needed* and *not needed* is settled by no number of problems.
 *
 * @param done experiments that said something
 */
export function decisionOf({ explanations, ledger }: Document, done: ReadonlySet<string>): Decision {
  const seen = new Set(EXPERIMENTS.filter(({ name }) => done.has(name)).flatMap(({ sees }) => sees.flat()));
  const shares = new Map(ledger.map(({ cause, share }) => [cause, share]));
  const untold = explanations.flatMap(({ name, standing }) => {
    const { moves } = EXPLANATIONS.find((one) => one.name === name)!;
    const isSeen = moves.length === 0 || moves.some((part) => seen.has(part));
    return standing === "cannot be told" && isSeen ? [{ name, moves, precision: precisionOf(name, shares) }] : [];
  });
  const claimed = explanations.some(({ standing }) => standing === "alone sufficient" || standing === "contributes");
  const wide = ledger.filter(({ share }) => (halfWidth(share) ?? 0) > NARROW);
  const open = [
    ...(claimed ? [] : ["nothing is claimed yet"]),
    ...untold.flatMap(({ name, precision }) => (precision === "none" ? [`${name} cannot be told`] : [])),
    ...wide.map(({ cause }) => `the entry of ${cause} is not known to ± ${NARROW}`),
    ...untold.flatMap(({ name, precision }) =>
      precision === "shared"
        ? [`${name} cannot be told: more than its own entry may be its (${undividedFor(name).join(", ")})`]
        : [],
    ),
  ];
  const known = untold.flatMap(({ name, precision }) =>
    precision === "known"
      ? [`${name} is known to ± ${NARROW}, on neither side of ${LIMITS.negligibleShare} of the gain`]
      : [],
  );
  const parts = new Set(untold.flatMap(({ moves, precision }) => (precision === "known" ? [] : moves)));
  const goesOn = EXPERIMENTS.filter(
    ({ live, sees }) =>
      live !== undefined && (live.onSome !== true || sees.some((group) => group.some((part) => parts.has(part)))),
  ).map(({ name }) => name);
  return { decided: open.length === 0, open, known, goesOn };
}

type Share = Document["ledger"][number]["share"];

/**
 * How well a rival's share is known: `none` where it has no entry of its own with an interval, `wide` where that is wider than was asked for, `shared`
 * where it is with what may be its in an entry that nobody divides, else `known`.
 */
function precisionOf(name: string, shares: ReadonlyMap<string, Share>): "none" | "wide" | "shared" | "known" {
  const own = halfWidth(shares.get(name));
  if (own === undefined) return "none";
  if (own > NARROW) return "wide";
  const more = undividedFor(name).reduce((sum, entry) => sum + Math.max(0, mostOf(shares.get(entry))), 0);
  return own + more / 2 > NARROW ? "shared" : "known";
}

/** An entry that is not there, or not told, has its part in *unexplained*. */
function mostOf(share: Share | undefined): number {
  return share?.kind === "measured" ? (limitsOf(share)?.high ?? share.value) : 0;
}

function halfWidth(share: Share | undefined): number | undefined {
  const limits = limitsOf(share);
  return limits && (limits.high - limits.low) / 2;
}

/** Of this entry alone. A bound on one side is no interval, and neither is a value whose error nothing shows. */
function limitsOf(share: Share | undefined): { readonly low: number; readonly high: number } | undefined {
  if (share?.kind !== "measured") return undefined;
  const { aloneLow: low = share.low, aloneHigh: high = share.high } = (share.diagnostic ?? {}) as Record<
    string,
    number
  >;
  return low === undefined || high === undefined ? undefined : { low, high };
}
