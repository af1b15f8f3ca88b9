// experiments/ · Contamination control: perturbed twins and partial prompts: what is recalled breaks where what is solved holds.
//
// Twins are fresh problems of the same kind, so a gain that comes of solving is as large on them. Their difference is taken within numbers
// of steps and families; that twins are harder, or easier, for both policies cancels.
import { fieller } from "../maths/ratio.ts";
import { normalQuantile } from "../maths/special.ts";
import { type Estimate, type Measured, type Refused, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { LiveAsk, Seen, SeenProblem } from "../terms/seen.ts";
import { PARTIAL, TWIN } from "../terms/variant.ts";
import { labelsIn, meanOver } from "./cross-means.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { clusterLabels, type Drawn, drawnOf } from "./ladder-counts.ts";
import { putAsks, putRollouts, rightOf } from "./put-asks.ts";

const NAME = "contamination-control";
const ROLLOUTS = 8;
const PARTIAL_ROLLOUTS = 4;

export const contaminationControl: Experiment = {
  name: NAME,
  asks: "both policies on fresh twins of the problems, and on the first part of their prompts",
  finds: "the share of the gain that is recall",
  needs: "both policies behind an engine, and twins of the problems",
  sees: [["recall"]],
  price: ({ problems }) => ({ generatedRollouts: 2 * problems * (ROLLOUTS + PARTIAL_ROLLOUTS), scoredRollouts: 0 }),
  live: { onSome: true, refuse, plan, estimate },
};

function refuse({ twins = [], problems }: Seen): Refused | undefined {
  if (twins.length < 2 || problems.length < 2)
    return refused(
      "the study has no fresh problems of the same kind",
      "name a file of them as twins, written after the models were trained, or use a task that Crucis poses",
    );
  return undefined;
}

function plan({ policies, problems, twins = [] }: Seen, round: number, seed: number): LiveAsk[] {
  if (round > 0) return [];
  return [policies[0]!, policies.at(-1)!].flatMap((policy) => [
    ...putAsks({ experiment: NAME, policy, variant: TWIN, problems: twins, rollouts: ROLLOUTS }, seed),
    ...putAsks({ experiment: NAME, policy, variant: PARTIAL, problems, rollouts: PARTIAL_ROLLOUTS }, seed),
  ]);
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const ends = [seen.policies[0]!, seen.policies.at(-1)!] as const;
  const { level } = options;
  const paired = drawnOf(seen);
  const fresh: Drawn = new Map(ends.map((policy) => [policy, putRollouts(seen, NAME, policy, TWIN)]));
  const known = gainsOf(seen.problems, paired, ends);
  const twins = gainsOf(seen.twins ?? [], fresh, ends);
  // Only where both have problems of a kind can they be compared.
  const kinds = [...known.keys()].filter((kind) => twins.has(kind));
  const total = kinds.reduce((sum, kind) => sum + known.get(kind)!.length, 0);
  const weights = new Map(kinds.map((kind) => [kind, known.get(kind)!.length / total]));
  const [own, other] = [stratified(known, weights), stratified(twins, weights)];
  const findings: Finding[] = [];
  if (own === undefined || other === undefined) {
    const why = "no kind of problem has both problems and twins that both policies answered";
    findings.push({ name: "recall/share", estimate: refused(why, "give twins with the same numbers of steps") });
  } else {
    findings.push(
      { name: "recall/gain/twins", estimate: said(other, level, "gain on fresh twins, weighted as the problems are") },
      { name: "recall/share", estimate: shareOf(own, other, level) },
    );
  }
  for (const policy of ends) {
    const drawn = putRollouts(seen, NAME, policy, PARTIAL);
    const values = Array.from(drawn, ([problem, records]) => ({ problem, value: rightOf(records) }));
    const found = meanOver(values, labelsIn(drawn.keys(), clusterLabels(seen, options)), {
      level,
      method: "share of answers that are right with three fifths of the prompt alone",
      range: [0, 1],
    });
    if (found !== undefined) findings.push({ name: `recall/partial/${policy}`, estimate: found });
  }
  return { findings, exhibits: [] };
}

/** Gains of single problems, by kind: those of one family and one number of steps. */
function gainsOf(
  problems: readonly SeenProblem[],
  drawn: Drawn,
  [base, tuned]: readonly [string, string],
): ReadonlyMap<string, readonly number[]> {
  const kinds = new Map<string, number[]>();
  for (const { id, family, steps } of problems) {
    const [before, after] = [drawn.get(base)?.get(id), drawn.get(tuned)?.get(id)];
    if (before === undefined || after === undefined) continue;
    const kind = `${family} ${steps ?? ""}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), rightOf(after) - rightOf(before)]);
  }
  return kinds;
}

interface Mean {
  readonly value: number;
  readonly variance: number;
}

/** Weighted mean over kinds; kinds share one variance, pooled, so that one with a single problem has one too. */
function stratified(
  gains: ReadonlyMap<string, readonly number[]>,
  weights: ReadonlyMap<string, number>,
): Mean | undefined {
  const kinds = [...weights].map(([kind, weight]) => ({ weight, list: gains.get(kind)! }));
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const degrees = kinds.reduce((sum, { list }) => sum + list.length - 1, 0);
  if (kinds.length === 0 || degrees === 0) return undefined;
  const square = kinds.reduce((sum, { list }) => sum + list.reduce((s, one) => s + (one - mean(list)) ** 2, 0), 0);
  return {
    value: kinds.reduce((sum, { weight, list }) => sum + weight * mean(list), 0),
    variance: kinds.reduce((sum, { weight, list }) => sum + (weight ** 2 * square) / degrees / list.length, 0),
  };
}

function said({ value, variance }: Mean, level: number, method: string): Measured {
  const se = Math.sqrt(variance);
  const half = normalQuantile((1 + level) / 2) * se;
  return {
    kind: "measured",
    value,
    low: value - half,
    high: value + half,
    se,
    level,
    method: `${method}, normal interval`,
  };
}

/** Problems and twins are drawn apart, so their errors are independent. */
function shareOf(own: Mean, twins: Mean, level: number): Estimate {
  const ratio = fieller([own.value, twins.value], [own.variance, 0, twins.variance], normalQuantile((1 + level) / 2));
  if (own.value <= 0 || ratio.interval === undefined)
    return refused(
      `the gain on the problems is ${own.value.toFixed(3)} and its interval does not lie above 0, so there is no gain to take a share of`,
      "draw more rollouts or add problems until a gain is established",
    );
  return {
    kind: "measured",
    value: 1 - ratio.value,
    low: 1 - ratio.interval[1],
    high: 1 - ratio.interval[0],
    level,
    method: "share of the gain that is missing on fresh twins, Fieller's interval",
  };
}
