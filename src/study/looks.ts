// study/ · Looks: a study that is judged several times on more and more problems, and ends once it is decided.
//
// A group-sequential design with fixed looks (C. Jennison & B. W. Turnbull 2000, Group Sequential Methods, ch. 2): problems are drawn alike, each
// look adds as many as there are, and each of K looks has a K-th of what may go wrong (Bonferroni), so intervals hold whichever look is the last
// and for whatever reason.
import type { Document } from "../attribution/document.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import type { Limits } from "../terms/limits.ts";
import type { Bench, BenchProblem } from "./bench.ts";

/** Fewer cannot carry an interval over problems. */
const FEWEST = 10;
/** Half a ledger entry's interval, in shares of the gain, at which it is known well enough. */
export const NARROW = 0.1;

/**
 * Parts of the bench, disjoint, each with every kind of problem in its share: of four looks ⅛, ⅛, ¼ and ½ of all. Fewer where the first would
 * have fewer than ten problems.
 */
export function blocksOf(bench: Bench, looks = 1): Bench[] {
  const parts = Math.max(1, Math.min(looks, 1 + Math.floor(Math.log2(Math.max(1, bench.problems.length / FEWEST)))));
  if (parts === 1) return [bench];
  const [problems, twins] = [bench.problems, bench.twins].map((list) => inBlocks(list, parts));
  return problems!.map((own, i) => ({ ...bench, problems: own, twins: twins![i]! }));
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

/** What is asked of an interval at each of so many looks. */
export function limitsAt(looks: number, limits: Limits): Limits {
  const each = (level: number): number => 1 - (1 - level) / looks;
  return looks === 1 ? limits : { ...limits, level: each(limits.level), ledgerLevel: each(limits.ledgerLevel) };
}

export interface Decision {
  readonly decided: boolean;
  /** What is open, a clause each; none where it is decided. */
  readonly open: readonly string[];
  /** Experiments that more problems are worth being asked. */
  readonly goesOn: readonly string[];
}

/**
 * Decided: something is claimed, no rival that an experiment of this study sees is left untold, and every entry of the ledger that was told is
 * known to ± 0.1 of the gain.
 *
 * @param done experiments that said something
 */
export function decisionOf({ explanations, ledger }: Document, done: ReadonlySet<string>): Decision {
  const seen = new Set(EXPERIMENTS.filter(({ name }) => done.has(name)).flatMap(({ sees }) => sees.flat()));
  const untold = explanations.filter(({ name, standing }) => {
    const { moves } = EXPLANATIONS.find((one) => one.name === name)!;
    return standing === "cannot be told" && (moves.length === 0 || moves.some((part) => seen.has(part)));
  });
  const claimed = explanations.some(({ standing }) => standing === "alone sufficient" || standing === "contributes");
  const wide = ledger.filter(({ share }) => {
    if (share.kind !== "measured") return false;
    const { aloneLow = share.low, aloneHigh = share.high } = (share.diagnostic ?? {}) as Record<string, number>;
    return aloneLow !== undefined && aloneHigh !== undefined && (aloneHigh - aloneLow) / 2 > NARROW;
  });
  const open = [
    ...(claimed ? [] : ["nothing is claimed yet"]),
    ...untold.map(({ name }) => `${name} cannot be told`),
    ...wide.map(({ cause }) => `the entry of ${cause} is not known to ± ${NARROW}`),
  ];
  const parts = new Set(untold.flatMap(({ name }) => EXPLANATIONS.find((one) => one.name === name)!.moves));
  const goesOn = EXPERIMENTS.filter(
    ({ live, sees }) =>
      live !== undefined && (live.onSome !== true || sees.some((group) => group.some((part) => parts.has(part)))),
  ).map(({ name }) => name);
  return { decided: open.length === 0, open, goesOn };
}
