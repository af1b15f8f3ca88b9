// experiments/ · Regrade: stored rollouts read again under a strict and a lenient rule; what of the gain is only readability.
import { clopperPearson } from "../maths/intervals.ts";
import { type Estimate, type Refused, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { PairedEvidence, ProblemRecord } from "../terms/observation.ts";
import type { Rollout } from "../terms/rollout.ts";
import { extractAnswer, sameExactly, sameLeniently } from "./answer-forms.ts";
import { clustersOf } from "./counts.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { clusteredMeans, combined, type Means, shareGone } from "./shares.ts";

const READINGS = ["strict", "official", "lenient"] as const;
/** Columns of the means: strict, official, lenient of the base, then of the later policy. */
const COLUMNS = 2 * READINGS.length;

export const regrade: Experiment = {
  name: "regrade",
  asks: "stored rollouts of both policies, graded again under strict and lenient extraction of the answer",
  finds: "the share of the gain that is format",
  needs: "the texts of the stored rollouts and the reference answers",
  sees: [["readable"], ["grader"]],
  price: () => ({ generatedRollouts: 0, scoredRollouts: 0 }),
  onEvidence: { refuse, estimate },
};

function refuse(evidence: PairedEvidence): Refused | undefined {
  if (evidence.problems.length < 2)
    return refused("fewer than 2 problems are paired", "give more problems that both policies answered");
  let rollouts = 0;
  let readable = 0;
  let golds = 0;
  for (const { sides } of evidence.problems) {
    if (goldOf(sides) !== undefined) golds += 1;
    for (const side of sides) {
      rollouts += side.n;
      for (const rollout of side.rollouts ?? []) if (rollout.text !== undefined) readable += 1;
    }
  }
  if (readable === 0) return refused("no rollout has its text", "give rollouts with texts instead of counts");
  const lacks = (have: number, of: number): boolean => have < (1 - LIMITS.unexplainedGrades) * of;
  if (lacks(readable, rollouts)) {
    return refused(
      `only ${readable} of ${rollouts} rollouts have a text`,
      "give the texts of all rollouts: those left out are not left out at random",
    );
  }
  if (lacks(golds, evidence.problems.length)) {
    return refused(
      `only ${golds} of ${evidence.problems.length} problems have a reference answer`,
      "add the field `gold`, or keep to problems with one answer",
    );
  }
  return undefined;
}

function goldOf(sides: readonly [ProblemRecord, ProblemRecord]): string | undefined {
  return sides[0].gold ?? sides[1].gold;
}

/** What the grader passed stays right under the lenient reading; under the strict one it must also be marked, letter for letter. */
function grade(rollout: Rollout, gold: string | undefined): { readings: readonly boolean[]; disputed: boolean } {
  const official = rollout.verdict.kind === "right";
  if (gold === undefined || rollout.text === undefined)
    return { readings: [official, official, official], disputed: false };
  const found = extractAnswer(rollout.text);
  const matches = found !== undefined && sameLeniently(found.answer, gold);
  const strict = official && found?.form === "marked" && sameExactly(found.answer, gold);
  return { readings: [strict, official, official || matches], disputed: official && !matches };
}

function estimate(evidence: PairedEvidence, options: EstimateOptions): Outcome {
  const values = new Float64Array(evidence.problems.length * COLUMNS);
  const passed = [0, 0];
  const unmatched = [0, 0];
  evidence.problems.forEach(({ sides }, i) => {
    const gold = goldOf(sides);
    sides.forEach((side, s) => {
      for (const rollout of side.rollouts ?? []) {
        const { readings, disputed } = grade(rollout, gold);
        if (readings[1] && gold !== undefined && rollout.text !== undefined) passed[s] = passed[s]! + 1;
        if (disputed) unmatched[s] = unmatched[s]! + 1;
        readings.forEach((right, reading) => {
          const at = i * COLUMNS + s * READINGS.length + reading;
          if (right) values[at] = values[at]! + 1 / side.n;
        });
      }
    });
  });
  const means = clusteredMeans(values, COLUMNS, clustersOf(evidence, options.clusterByFamily));
  const { level } = options;
  const gainOf = (reading: number): number[] => pick(reading + READINGS.length, 1, reading, -1);
  const method = "mean over problems, normal interval";
  const disagreement: Finding[] = evidence.policies.flatMap((policy, s) =>
    passed[s] === 0
      ? []
      : [{ name: `regrade/unmatched/${policy}`, estimate: unmatchedShare(unmatched[s]!, passed[s]!, level) }],
  );
  const worst = Math.max(...[0, 1].map((s) => (passed[s] === 0 ? 0 : unmatched[s]! / passed[s]!)));
  if (worst > LIMITS.unexplainedGrades) {
    const refusal = refused(
      `${(100 * worst).toFixed(1)} % of the answers that the official grader passed are not the reference answer, more than ${100 * LIMITS.unexplainedGrades} %`,
      "this grader accepts answers that the reference does not name, or is fooled: re-grade with its own lenient mode and check those answers by hand",
    );
    return { findings: [...disagreement, { name: "regrade/share", estimate: refusal }], exhibits: [] };
  }
  const findings: Finding[] = [
    ...evidence.policies.flatMap((policy, s) =>
      READINGS.map((reading, r) => ({
        name: `regrade/${reading}/${policy}`,
        estimate: combined(
          means,
          pick(s * READINGS.length + r, 1),
          level,
          `share of right rollouts under the ${reading} reading, ${method}`,
        ),
      })),
    ),
    ...READINGS.map((reading, r) => ({
      name: `regrade/gain/${reading}`,
      estimate: combined(means, gainOf(r), level, `paired gain under the ${reading} reading, ${method}`),
    })),
    {
      name: "regrade/share",
      estimate: shareGone(
        means,
        gainOf(1),
        gainOf(2),
        level,
        "share of the official gain that lenient reading removes, Fieller's interval",
      ),
    },
    ...disagreement,
  ];
  return { findings, exhibits: [waterfall(evidence, means, gainOf, level)] };
}

function unmatchedShare(count: number, of: number, level: number): Estimate {
  const { low, high } = clopperPearson(count, of, level);
  return {
    kind: "measured",
    value: count / of,
    low,
    high,
    level,
    method: "share of officially right answers that are not the reference answer, Clopper–Pearson over rollouts",
    diagnostic: { count, of },
  };
}

function pick(...pairs: number[]): number[] {
  const weights = new Array<number>(COLUMNS).fill(0);
  for (let i = 0; i < pairs.length; i += 2) weights[pairs[i]!] = pairs[i + 1]!;
  return weights;
}

function waterfall(
  evidence: PairedEvidence,
  means: Means,
  gainOf: (reading: number) => number[],
  level: number,
): Outcome["exhibits"][number] {
  const official = gainOf(1);
  const lenient = gainOf(2);
  const bar = (label: string, weights: readonly number[], total: boolean) => {
    const { value, low, high } = combined(means, weights, level, label);
    return { label, value, total, ...(low === undefined || high === undefined ? {} : { low, high }) };
  };
  return {
    kind: "waterfall",
    policies: evidence.policies,
    bars: [
      bar("official gain", official, true),
      bar(
        "format",
        lenient.map((w, k) => w - official[k]!),
        false,
      ),
      bar("gain read leniently", lenient, true),
    ],
    readings: READINGS.map((reading, r) => ({
      reading,
      base: means.mean[r]!,
      later: means.mean[READINGS.length + r]!,
    })),
    level,
  };
}
