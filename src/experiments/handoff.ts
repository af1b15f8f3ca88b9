// experiments/ · Handoff: one policy continues the other's prefix; the jump in success places the missing bits.
import { type Refused, refused } from "../terms/estimate.ts";
import type { Seen } from "../terms/seen.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { bitsOf } from "./handoff-bits.ts";
import { factorial } from "./handoff-findings.ts";
import { CONTINUING, USUAL } from "./handoff-cuts.ts";
import { CONTROLS, plan, ROUNDS } from "./handoff-plan.ts";
import { pairedBy } from "./handoff-sources.ts";

/** A continuation is half a rollout long in the mean. */
const LENGTH = 1 / 2;

/** Of a problem, at most: whoever went through a prefix by itself is not asked to go on from it. */
function continuationsOf(rollouts: number): number {
  const sources = Math.min(rollouts, USUAL.sources);
  const cells = ROUNDS.flat().length * sources + CONTROLS.length * Math.ceil(sources / 2);
  const { answers, first, more, rounds } = CONTINUING;
  // Two cuts get more in each further round.
  return cells + answers * (USUAL.cuts * first + 2 * more * (rounds - 1));
}

export const handoff: Experiment = {
  name: "handoff",
  asks: "the base continues prefixes of the tuned policy's rollouts and the reverse, at adaptive cuts, with same-policy controls",
  finds: "where the base lacks the bits, and the plan, execution and answer shares of the gain",
  needs: "both policies behind engines that continue a given prefix",
  sees: [["strategy-share", "strategy-reach"], ["slips", "repairs", "joins"], ["readable"]],
  price: ({ problems, rolloutsPerProblem }) => ({
    generatedRollouts: problems * continuationsOf(rolloutsPerProblem) * LENGTH,
    scoredRollouts: 0,
  }),
  live: { refuse, plan, estimate },
};

function refuse({ reader, problems, rollouts }: Seen): Refused | undefined {
  if (reader.segments === undefined)
    return refused(
      "the task does not say where a rollout's plan and answer begin and end",
      "give a task with segments",
    );
  if (!rollouts.some(({ tokenIds }) => tokenIds !== undefined))
    return refused(
      "no rollout has its token ids, so no prefix can be continued",
      "use an engine that speaks in token ids",
    );
  if (problems.length < 10) return refused(`the study has ${problems.length} problems`, "give at least 10");
  return undefined;
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const paired = pairedBy(seen);
  const cells = seen.policies.slice(1).flatMap((later) => factorial(seen, paired, later, options.level));
  const bits = bitsOf(seen, paired, options);
  return { findings: [...cells, ...bits.findings], exhibits: bits.exhibits };
}
