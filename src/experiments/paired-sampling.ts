// experiments/ · Paired sampling: n rollouts per problem and policy; what their success counts say, and what they cannot.
import { compareKernels } from "../maths/kernel-comparison.ts";
import { stream } from "../maths/random.ts";
import { refused } from "../terms/estimate.ts";
import type { Exhibit } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import type { PairedEvidence } from "../terms/observation.ts";
import { cellsOf } from "./counts.ts";
import { checkpointFindings, curveFindings, rateBounds } from "./curve-findings.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { kernelFindings } from "./kernel-findings.ts";
import { reachFindings } from "./reach-findings.ts";

/** Fewer problems than this cannot carry a law over problems, held out fold by fold. */
const LEAST_PROBLEMS = 30;
/** With one rollout a side, a problem shows no law of p0: any mixing law with the same mean fits. */
const LEAST_ROLLOUTS = 2;
/** Beyond this many problems a fold is large enough that four of them do. */
const MANY_PROBLEMS = 20_000;
/** Of studies on paper. */
const ROUGH = { folds: 4, points: 32, fitTolerance: 5e-5 };

export const pairedSampling: Experiment = {
  name: "paired-sampling",
  asks: "n rollouts of both policies on the same problems",
  finds: "paired pass@k with a simultaneous band, solved-only sets against their null, and the gain kernel",
  needs: "both policies behind an engine, or their success counts",
  sees: [["odds"], ["temperature"], ["slips"], ["strategy-share", "strategy-reach"]],
  price: ({ problems, rolloutsPerProblem }) => ({
    generatedRollouts: 2 * problems * rolloutsPerProblem,
    scoredRollouts: 0,
  }),
  onEvidence: {
    refuse: (evidence) =>
      evidence.problems.length >= 2
        ? undefined
        : refused(
            `${evidence.problems.length} problem is paired and spread needs at least 2`,
            "give more problems that both policies answered",
          ),
    estimate,
    alongTheWay: (evidence, options) => checkpointFindings(evidence, cellsOf(evidence), options),
  },
};

function estimate(evidence: PairedEvidence, options: EstimateOptions): Outcome {
  const cells = cellsOf(evidence);
  options.onProgress?.("pass@k and its band", 0);
  const curves = curveFindings(evidence, cells, options);
  const reach = reachFindings(evidence, cells);
  const kernel = kernelOutcome(evidence, options);
  return {
    findings: [...curves.findings, ...rateBounds(evidence), ...reach.findings, ...kernel.findings],
    exhibits: [...curves.exhibits, ...reach.exhibits, ...kernel.exhibits],
  };
}

function kernelOutcome(
  evidence: PairedEvidence,
  options: EstimateOptions,
): { findings: Finding[]; exhibits: Exhibit[] } {
  const problems = evidence.problems.length;
  const deepest = (side: 0 | 1): number =>
    evidence.problems.reduce((most, { sides }) => Math.max(most, sides[side].n), 0);
  if (problems < LEAST_PROBLEMS) {
    return refusal(`${problems} problems are paired and the gain kernel needs ${LEAST_PROBLEMS}`, "add problems");
  }
  const rollouts = Math.min(deepest(0), deepest(1));
  if (rollouts < LEAST_ROLLOUTS) {
    return refusal(
      `${rollouts} rollout a problem shows no law of p0 over problems`,
      "draw at least 2 rollouts a problem, better 16",
    );
  }
  for (const side of [0, 1] as const) {
    const rights = evidence.problems.map(({ sides }) => sides[side]);
    const policy = evidence.policies[side];
    if (rights.every(({ right }) => right === 0))
      return refusal(
        `${policy} solves none of the problems, so how its odds lie is not seen`,
        "choose problems that it sometimes solves",
      );
    if (rights.every(({ right, n }) => right === n))
      return refusal(`${policy} never fails, so how its odds lie is not seen`, "choose harder problems");
  }
  const comparison = compareKernels(cellsOf(evidence), {
    stream: stream(options.seed, "paired-sampling/folds"),
    folds: problems > MANY_PROBLEMS ? 4 : 10,
    ...(options.rough === true ? ROUGH : {}),
    onProgress: (done) => options.onProgress?.("gain kernel", done),
  });
  return kernelFindings(evidence, comparison, options);
}

function refusal(why: string, mend: string): { findings: Finding[]; exhibits: Exhibit[] } {
  return { findings: [{ name: "kernel/adequacy", estimate: refused(why, mend) }], exhibits: [] };
}
