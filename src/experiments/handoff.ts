// experiments/ · Handoff: one policy continues the other's prefix; the jump in success places the missing bits.
import { type Refused, refused } from "../terms/estimate.ts";
import type { Seen } from "../terms/seen.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { bitsOf } from "./handoff-bits.ts";
import { factorial } from "./handoff-findings.ts";
import { plan } from "./handoff-plan.ts";
import { pairedBy } from "./handoff-sources.ts";

/** Problems, rollouts a problem, cuts a rollout and continuations a cut; a continuation is half a rollout long in the mean. */
const PROBLEMS = 200;
const ROLLOUTS = 4;
const CUTS = 8;
const CONTINUATIONS = 16;
/** Either policy continues either policy's prefixes. */
const DIRECTIONS = 4;

export const handoff: Experiment = {
  name: "handoff",
  asks: "the base continues prefixes of the tuned policy's rollouts and the reverse, at adaptive cuts, with same-policy controls",
  finds: "where the base lacks the bits, and the plan, execution and answer shares of the gain",
  needs: "both policies behind engines that continue a given prefix",
  sees: [["strategy-share", "strategy-reach"], ["slips", "repairs", "joins"], ["readable"]],
  price: ({ problems }) => ({
    generatedRollouts: (Math.min(problems, PROBLEMS) * ROLLOUTS * CUTS * CONTINUATIONS * DIRECTIONS) / 2,
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
