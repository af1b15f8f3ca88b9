// experiments/ · Budget: stored rollouts held to B tokens on both sides; what of the gain is only length.
import { supTBand } from "../maths/bands.ts";
import { stream } from "../maths/random.ts";
import { type Refused, refused } from "../terms/estimate.ts";
import type { Exhibit } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { PairedEvidence, ProblemRecord } from "../terms/observation.ts";
import { clustersOf } from "./counts.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { clusteredMeans, combined, shareGone } from "./shares.ts";

export const budget: Experiment = {
  name: "budget",
  asks: "stored rollouts of both policies, cut at the same number of tokens",
  finds: "the gain at matched token budgets",
  needs: "token counts of the stored rollouts",
  sees: [["cut-offs"]],
  price: () => ({ generatedRollouts: 0, scoredRollouts: 0 }),
  onEvidence: { refuse, estimate },
};

function refuse(evidence: PairedEvidence): Refused | undefined {
  if (evidence.problems.length < 2)
    return refused("fewer than 2 problems are paired", "give more problems that both policies answered");
  for (const side of [0, 1] as const) {
    let rollouts = 0;
    let counted = 0;
    for (const { sides } of evidence.problems) {
      rollouts += sides[side].n;
      for (const { tokens } of sides[side].rollouts ?? []) if (tokens !== undefined) counted += 1;
    }
    if (counted < (1 - LIMITS.unexplainedGrades) * rollouts) {
      return refused(
        `${counted} of ${rollouts} rollouts of ${evidence.policies[side]} have a token count`,
        "give rollouts with the field `tokens`",
      );
    }
  }
  return undefined;
}

/**
 * Right within B tokens: an answer that needed more is not counted, whatever it said. A rollout whose tokens were not counted
 * (at most one in twenty) counts only where there is no limit.
 */
function rateWithin(record: ProblemRecord, tokens: number): number {
  let right = 0;
  for (const rollout of record.rollouts ?? []) {
    if (rollout.verdict.kind === "right" && (rollout.tokens ?? Number.POSITIVE_INFINITY) <= tokens) right += 1;
  }
  return right / record.n;
}

function anythingRight(evidence: PairedEvidence, tokens: number): boolean {
  return evidence.problems.some(({ sides }) => sides.some((record) => rateWithin(record, tokens) > 0));
}

/** Mean use of one side were it held to B tokens, over the rollouts whose tokens were counted, problem by problem first. */
function meanUse(evidence: PairedEvidence, side: 0 | 1, tokens: number): number {
  let sum = 0;
  let problems = 0;
  for (const { sides } of evidence.problems) {
    const counted = (sides[side].rollouts ?? []).flatMap((rollout) => rollout.tokens ?? []);
    if (counted.length === 0) continue;
    problems += 1;
    sum += counted.reduce((total, used) => total + Math.min(used, tokens), 0) / counted.length;
  }
  return sum / problems;
}

function longest(evidence: PairedEvidence, side: 0 | 1): number {
  let most = 1;
  for (const { sides } of evidence.problems)
    for (const { tokens } of sides[side].rollouts ?? []) most = Math.max(most, tokens ?? 1);
  return most;
}

/**
 * The limit that makes the side that writes more use, in the mean, no more than the other does without one; undefined where
 * both use the same.
 */
function matchedLimit(evidence: PairedEvidence): { side: 0 | 1; limit: number } | undefined {
  const use = [meanUse(evidence, 0, Number.MAX_SAFE_INTEGER), meanUse(evidence, 1, Number.MAX_SAFE_INTEGER)] as const;
  if (use[0] === use[1]) return undefined;
  const side = use[1] > use[0] ? 1 : 0;
  let low = 0;
  let high = longest(evidence, side);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (meanUse(evidence, side, middle) <= use[side === 1 ? 0 : 1]) low = middle;
    else high = middle;
  }
  return { side, limit: low };
}

function estimate(evidence: PairedEvidence, options: EstimateOptions): Outcome {
  const { level } = options;
  const most = Math.max(longest(evidence, 0), longest(evidence, 1));
  // Powers of two from the first at which anything is right, then the longest rollout: the official gain.
  const powers = Array.from({ length: Math.ceil(Math.log2(most)) }, (_, i) => 2 ** i);
  const begun = powers.filter((b) => b >= 16 && b < most && anythingRight(evidence, b));
  const budgets = [...begun, most];
  const clusters = clustersOf(evidence, options.clusterByFamily);
  const matched = matchedLimit(evidence);
  const columns = 2 * (budgets.length + 1);
  const values = new Float64Array(evidence.problems.length * columns);
  evidence.problems.forEach(({ sides }, i) => {
    sides.forEach((record, side) => {
      budgets.forEach((tokens, b) => {
        values[i * columns + 2 * b + side] = rateWithin(record, tokens === most ? Number.POSITIVE_INFINITY : tokens);
      });
      const limit = matched?.side === side ? matched.limit : Number.POSITIVE_INFINITY;
      values[i * columns + 2 * budgets.length + side] = rateWithin(record, limit);
    });
  });
  const means = clusteredMeans(values, columns, clusters);
  const gainAt = (b: number): number[] =>
    Array.from({ length: columns }, (_, k) => (k === 2 * b ? -1 : k === 2 * b + 1 ? 1 : 0));
  const official = gainAt(budgets.length - 1);
  const equalUse = gainAt(budgets.length);
  const names = evidence.policies;
  const how =
    matched === undefined
      ? "both sides use the same number of tokens"
      : `${names[matched.side]} held to ${matched.limit} tokens, so that both sides use the same number in the mean; a rollout that needed more counts as not right`;
  const findings: Finding[] = [
    ...budgets.map((tokens, b) => ({
      name: `budget/gain/B=${tokens}`,
      estimate: combined(
        means,
        gainAt(b),
        level,
        `paired gain with both sides held to ${tokens} tokens, pointwise normal interval`,
      ),
    })),
    {
      name: "budget/gain/matched",
      estimate: combined(means, equalUse, level, `paired gain at equal mean use: ${how}`),
    },
    {
      name: "budget/share",
      estimate: shareGone(
        means,
        official,
        equalUse,
        level,
        `share of the official gain gone at equal mean use: ${how}; Fieller's interval`,
      ),
    },
    ...([0, 1] as const).map((side) => ({
      name: `tokens/${names[side]}`,
      estimate: {
        kind: "measured" as const,
        value: meanUse(evidence, side, Number.MAX_SAFE_INTEGER),
        method: "mean tokens a rollout, problem by problem first",
        diagnostic: { longest: longest(evidence, side) },
      },
    })),
  ];
  return { findings, exhibits: [exhibit(evidence, values, columns, budgets, clusters, options)] };
}

function exhibit(
  evidence: PairedEvidence,
  values: Float64Array,
  columns: number,
  budgets: readonly number[],
  clusters: Int32Array | undefined,
  options: EstimateOptions,
): Exhibit {
  const size = budgets.length;
  const differences = new Float64Array(evidence.problems.length * size);
  for (let i = 0; i < evidence.problems.length; i++) {
    for (let b = 0; b < size; b++)
      differences[i * size + b] = values[i * columns + 2 * b + 1]! - values[i * columns + 2 * b]!;
  }
  const gains = clusteredMeans(differences, size, clusters);
  const band = supTBand({
    ...gains,
    level: options.level,
    draws: options.draws,
    stream: stream(options.seed, "budget/band"),
    support: [-1, 1],
  });
  const rate = (side: 0 | 1): number[] =>
    budgets.map((_, b) => {
      let sum = 0;
      for (let i = 0; i < evidence.problems.length; i++) sum += values[i * columns + 2 * b + side]!;
      return sum / evidence.problems.length;
    });
  return {
    kind: "budget",
    policies: evidence.policies,
    budget: budgets,
    base: rate(0),
    later: rate(1),
    gain: [...gains.mean],
    low: [...band.low],
    high: [...band.high],
    level: options.level,
  };
}
