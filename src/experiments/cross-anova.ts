// experiments/ · Cross anova: what the log-ratio of whole rollouts follows, problem by problem: the base's own log-probability
// (sharpening), being right (a tilt), length, format, strategy.
import { clusterJackknife } from "../maths/cluster-jackknife.ts";
import {
  allBut,
  type CrossProducts,
  explainedShares,
  pooled,
  withinBlock,
  variationLeft,
  withinFit,
} from "../maths/within-regression.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Reader } from "../terms/seen.ts";
import { type Labels, labelsOf, ROUNDING, withError } from "./cross-means.ts";
import type { Reading } from "./cross-read.ts";
import type { Clusters } from "./ladder-counts.ts";

export const FOLLOWED = ["sharpening", "correctness", "length", "format", "strategy"] as const;
export type Followed = (typeof FOLLOWED)[number];

export interface Anova {
  /** Of log π(later) on log π(base), all else in the regression held: 1 where nothing is sharpened. */
  readonly slope: Estimate;
  /** What being right adds to log π(later), in nats. */
  readonly step: Estimate;
  /** Of log π(later) on log π(base) of the token after one and the same prefix. */
  readonly forkSlope: Estimate;
  /** Of the log-ratio's variation between tokens after one and the same prefix, what that slope accounts for: 1 for a lower temperature. */
  readonly forkLaw: Estimate;
  /** Of the variation within problems, in [0, 1]. */
  readonly parts: Readonly<Record<Followed, Part>>;
  /** What the base's own log-probability and being right account for together, with nothing else in the regression. */
  readonly laws: Estimate;
}

export interface Part {
  /** By Shapley: what it has in common with others is divided; the parts add up to R². */
  readonly share: Estimate;
  /** All that it accounts for with nothing else in the regression: 1 where the log-ratio follows it exactly. */
  readonly alone: Estimate;
  /** What it adds when all others are in already: 0 where it only goes with them. */
  readonly beyond: Estimate;
}

/** Columns; after them one for each strategy. */
const BASE_LOG_PROB = 0;
const RIGHT = 1;
const LENGTH = 2;
const FORMAT = 3;
const FIRST_STRATEGY = 4;

/** What a regression is made of. */
interface Made {
  readonly columns: number;
  /** Cross-products within blocks, summed over each cluster's. */
  readonly clusters: readonly CrossProducts[];
  readonly rows: number;
}

interface Block {
  readonly problem: string;
  readonly rows: readonly (readonly number[])[];
}

export function anovaOf(readings: readonly Reading[], reader: Reader, clusters: Clusters, level: number): Anova {
  const labels = labelsOf(readings, clusters);
  const strategies = reader.strategies ?? [];
  const whole = wholeRollouts(readings, reader, strategies, labels);
  const parting = forks(readings, labels);
  const wholeLeft = readings.length - whole.rows;
  const diagnostic = {
    rollouts: whole.rows,
    ...(wholeLeft === 0 ? {} : { "left out, probability zero": wholeLeft }),
  };
  const method = "least squares over whole rollouts, each problem its own intercept";
  return {
    slope: coefficient(whole, BASE_LOG_PROB, 1, { level, method, diagnostic, unvaried: UNVARIED.sharpening }),
    step: coefficient(whole, RIGHT, 0, { level, method, diagnostic, unvaried: UNVARIED.correctness }),
    forkSlope: coefficient(parting, 0, 1, {
      level,
      method: "least squares over tokens, each prefix its own intercept",
      diagnostic: {},
      unvaried: UNPARTED,
    }),
    forkLaw: lawAtForks(parting, level),
    ...partsOf(whole, reader, strategies, level, diagnostic),
  };
}

function wholeRollouts(
  readings: readonly Reading[],
  { strategy, lenient }: Reader,
  strategies: readonly string[],
  labels: Labels,
): Made {
  const columns = FIRST_STRATEGY + strategies.length;
  const rows = readings.flatMap(({ rollout, right, base, later }) => {
    const [zero, one] = [base, later].map((logs) => logs.reduce((sum, log) => sum + log, 0));
    if (!Number.isFinite(zero) || !Number.isFinite(one)) return [];
    const { problem, text = "" } = rollout;
    const way = strategies.length === 0 ? undefined : strategy?.(problem, text);
    const onlyFormat = !right && lenient?.(problem, text) === true;
    const row = [
      zero!,
      right ? 1 : 0,
      base.length,
      onlyFormat ? 1 : 0,
      ...strategies.map((name) => (name === way ? 1 : 0)),
    ];
    return [{ problem, row: [...row, one! - zero!] }];
  });
  const problems = Array.from(
    Map.groupBy(rows, ({ problem }) => problem),
    ([problem, list]) => ({ problem, rows: list.map(({ row }) => row) }),
  );
  return made(problems, columns, labels);
}

/**
 * A problem along which the policies differ far more than elsewhere pulls no more than the mean one does: a few such problems would
 * else carry the study, and no interval from so few is honest. An exact law stays exact under any weights.
 */
function made(list: readonly Block[], columns: number, labels: Labels): Made {
  const blocks = list.map(({ rows }) => withinBlock(rows, columns));
  const variation = new Map<string, number>();
  blocks.forEach(({ products }, i) => {
    const { problem } = list[i]!;
    variation.set(problem, (variation.get(problem) ?? 0) + products.at(-1)!);
  });
  const mean = [...variation.values()].reduce((sum, one) => sum + one, 0) / variation.size;
  const members: number[][] = Array.from({ length: labels.count }, () => []);
  list.forEach(({ problem }, i) => {
    members[labels.of(problem)]!.push(i);
  });
  return {
    columns,
    clusters: members.map((own) =>
      pooled(
        own.map((i) => blocks[i]!),
        columns,
        own.map((i) => (mean > 0 ? mean / (mean + variation.get(list[i]!.problem)!) : 1)),
      ),
    ),
    rows: list.reduce((sum, { rows }) => sum + rows.length, 0),
  };
}

/** Tokens that follow one prefix of one problem, wherever rollouts part. */
function forks(readings: readonly Reading[], labels: Labels): Made {
  const blocks: Block[] = [];
  const walk = (problem: string, list: readonly Reading[], depth: number): void => {
    const next = Map.groupBy(list, ({ rollout }) => rollout.tokenIds?.[depth]);
    next.delete(undefined);
    if (next.size > 1) {
      const rows = [...next.values()].flat().flatMap(({ base, later }) => {
        const [zero, one] = [base[depth]!, later[depth]!];
        return Number.isFinite(zero) && Number.isFinite(one) ? [[zero, one - zero]] : [];
      });
      blocks.push({ problem, rows });
    }
    for (const same of next.values()) if (same.length > 1) walk(problem, same, depth + 1);
  };
  for (const [problem, list] of Map.groupBy(readings, ({ rollout }) => rollout.problem)) walk(problem, list, 0);
  return made(blocks, 1, labels);
}

const UNPARTED = "rollouts of a problem part at tokens that the base gives equal probability, or not at all";

function lawAtForks(of: Made, level: number): Estimate {
  const rest = allBut(of.clusters, of.columns);
  const found =
    informative(of, [0]) < 2
      ? undefined
      : clusterJackknife(of.clusters.length, (without) => {
          const { residual, total } = withinFit(rest(without));
          return total > 0 ? [1 - residual / total] : undefined;
        });
  if (found === undefined) return refused(UNPARTED, MORE);
  const count = effectiveCount(of.clusters.map(({ products }) => products.at(-1)!));
  return withError(found.value[0]!, found.se[0]!, count - 1, {
    level,
    method:
      "share of the variation between tokens after one prefix that one slope on the base's log-probability accounts for",
    range: [0, 1],
    diagnostic: {},
  });
}

interface Told {
  readonly level: number;
  readonly method: string;
  readonly diagnostic: Readonly<Record<string, number>>;
  /** Why there is none where nothing varies. */
  readonly unvaried: string;
}

function coefficient(of: Made, column: number, plus: number, told: Told): Estimate {
  const telling = informative(of, [column]);
  if (telling === 0) return refused(told.unvaried, MORE);
  const left = variationLeft(of.clusters, of.columns, column);
  if (left === undefined) return refused(`${told.unvaried} beyond what comes with the rest of the regression`, MORE);
  const rest = allBut(of.clusters, of.columns);
  const found =
    telling < 2
      ? undefined
      : clusterJackknife(of.clusters.length, (without) => {
          const one = withinFit(rest(without)).coefficients[column];
          return one === undefined ? undefined : [one];
        });
  if (found === undefined) return refused("it rests on a single problem", MORE);
  const count = effectiveCount(left);
  return withError(found.value[0]! + plus, found.se[0]!, count - 1, {
    level: told.level,
    method: told.method,
    least: ROUNDING,
    diagnostic: { ...told.diagnostic, "problems that tell": Number(count.toFixed(1)) },
  });
}

const MORE = "score more rollouts a problem, or bring problems where they differ";

/** (Σ w)² / Σ w²: so many clusters of equal weight would know as much (A. V. Carter, K. T. Schnepel & D. G. Steigerwald 2017, Rev. Econ. Stat. 99, 698–709). */
function effectiveCount(weights: readonly number[]): number {
  const [sum, square] = [1, 2].map((power) => weights.reduce((total, weight) => total + weight ** power, 0));
  return sum! ** 2 / square!;
}

/** Clusters in which one of the columns varies. */
function informative({ clusters, columns }: Made, of: readonly number[]): number {
  return clusters.filter(({ products }) => of.some((column) => products[column * (columns + 2)]! > 0)).length;
}

function partsOf(
  of: Made,
  { strategy, lenient }: Reader,
  strategies: readonly string[],
  level: number,
  diagnostic: Told["diagnostic"],
): Pick<Anova, "parts" | "laws"> {
  const groups: Readonly<Record<Followed, readonly number[]>> = {
    sharpening: [BASE_LOG_PROB],
    correctness: [RIGHT],
    length: [LENGTH],
    format: [FORMAT],
    strategy: strategies.map((_, i) => FIRST_STRATEGY + i),
  };
  const rest = allBut(of.clusters, of.columns);
  const differs = Math.sqrt(withinFit(rest()).total / Math.max(1, of.rows)) > ROUNDING;
  const found =
    differs && of.clusters.length >= 2
      ? clusterJackknife(of.clusters.length, (without) =>
          explainedBy(
            rest(without),
            FOLLOWED.map((name) => groups[name]),
          ),
        )
      : undefined;
  const count = effectiveCount(of.clusters.map(({ products }) => products.at(-1)!));
  const none = (name: Followed): Estimate | undefined => {
    if (!differs)
      return refused(
        "both policies give the rollouts of a problem the same log-ratio, so there is nothing to follow",
        "nothing is to be mended: in whole rollouts the policies do not differ",
      );
    if (name === "format" && lenient === undefined)
      return refused("the task has no lenient reading of an answer", "give a task with one");
    if (name === "strategy" && (strategy === undefined || strategies.length === 0))
      return refused("the task tells no strategies", "give a task that does");
    return informative(of, groups[name]) === 0 ? refused(UNVARIED[name], MORE) : undefined;
  };
  const estimate = (name: Followed, at: number, method: string): Estimate =>
    none(name) ??
    (found === undefined
      ? refused("the log-ratio varies within a single problem only", "add problems")
      : withError(found.value[at]!, found.se[at]!, count - 1, { level, method, range: [0, 1], diagnostic }));
  const kinds = FOLLOWED.length;
  const parts = Object.fromEntries(
    FOLLOWED.map((name, i) => [
      name,
      {
        share: estimate(name, i, "Shapley share of the variation within problems (LMG)"),
        alone: estimate(name, kinds + i, "share of the variation within problems, with nothing else in the regression"),
        beyond: estimate(name, 2 * kinds + i, "share of the variation within problems, beyond all others"),
      },
    ]),
  ) as Record<Followed, Part>;
  // A law that no rollout can follow adds nothing to the other; where there are none at all, it says why.
  const either = (["correctness", "sharpening"] as const).find((name) => none(name) === undefined) ?? "correctness";
  const laws = estimate(
    either,
    3 * kinds,
    "share of the variation within problems, both laws of texts in the regression",
  );
  return { parts, laws };
}

/** Shares, then what each group explains alone, then what it adds to all others; last what the first two explain together. */
function explainedBy(of: CrossProducts, groups: readonly (readonly number[])[]): readonly number[] | undefined {
  const shares = explainedShares(of, groups);
  if (shares === undefined) return undefined;
  const explained = (columns: readonly number[]): number => {
    const { residual, total } = withinFit(of, new Set(columns));
    return 1 - residual / total;
  };
  const all = explained(groups.flat());
  return [
    ...shares,
    ...groups.map(explained),
    ...groups.map((own) => all - explained(groups.filter((group) => group !== own).flat())),
    explained(groups.slice(0, 2).flat()),
  ];
}

const UNVARIED: Readonly<Record<Followed, string>> = {
  sharpening: "the base gives all rollouts of a problem the same probability",
  correctness: "no problem has both right and wrong rollouts",
  length: "all rollouts of a problem are equally long",
  format: "no problem has rollouts that fail by their format alone beside others",
  strategy: "all rollouts of a problem go one way",
};
