// experiments/ · Ladder hazards: where the first error comes, how often a step slips, and how often a slip is mended at once.
import { type Trials } from "../maths/clustered-share.ts";
import { type FirstError, firstErrorHazards } from "../maths/hazards.ts";
import { type Rate, slipRepair, type StepStates } from "../maths/slip-repair.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import type { EstimateOptions } from "./experiment.ts";
import { type Clusters, clusterLabels, type Drawn, shareEstimate, shareOver, tally } from "./ladder-counts.ts";
import { type Worked, workedOf } from "./ladder-states.ts";

/** A hazard of fewer rollouts than this is not told. */
const FEWEST_AT_RISK = 10;

interface Chain extends Worked {
  readonly record: RolloutRecord;
  readonly cluster: number;
}

/** @param way the way that most right answers of the tuned policy take, where there is more than one */
export function hazardFindings(seen: Seen, drawn: Drawn, way: string | undefined, options: EstimateOptions): Finding[] {
  const { steps, strategy } = seen.reader;
  if (steps === undefined)
    return [
      {
        name: "hazard",
        estimate: refused("the task does not verify steps", "give a task whose steps are verified"),
      },
    ];
  const clusters = clusterLabels(seen, options);
  return seen.policies.flatMap((policy): Finding[] => {
    const chains = [...(drawn.get(policy)?.values() ?? [])].flat().flatMap((record): Chain[] => {
      const { text, problem, finish } = record;
      if (text === undefined) return [];
      const worked = workedOf(steps(problem, text), finish !== "length");
      return worked.right.length === 0 ? [] : [{ ...worked, record, cluster: clusters.get(problem)! }];
    });
    const onWay = chains.filter(({ record }) => strategy?.(record.problem, record.text!) === way);
    return [
      ...rates(chains, policy, "", options.level),
      ...(way === undefined || strategy === undefined ? [] : rates(onWay, policy, "/way", options.level)),
      ...firstErrors(chains, policy, clusters, options.level),
      afterAnError(chains, policy, clusters, options.level),
    ];
  });
}

function rates(chains: readonly Chain[], policy: string, of: "" | "/way", level: number): Finding[] {
  const states = chains.map(({ right, cluster }): StepStates => ({ right, cluster }));
  const few = new Set(chains.map(({ cluster }) => cluster)).size < 2;
  const { slip, repair } = few ? {} : slipRepair(states, level);
  return [
    {
      name: `slips${of}/${policy}`,
      estimate: rateEstimate(slip, level, "share of first tries of a step that go wrong, work right before", [
        "fewer than 2 problems have a rollout with verified steps",
        "draw more rollouts, or give a task whose steps are verified",
      ]),
    },
    {
      name: `repairs${of}/${policy}`,
      estimate: rateEstimate(repair, level, "share of chances to mend a slip that mend it", [
        "no rollout slipped, so there was nothing to mend",
        "give longer problems, or draw more rollouts",
      ]),
    },
  ];
}

function rateEstimate(
  rate: Rate | undefined,
  level: number,
  method: string,
  none: readonly [why: string, mend: string],
): Estimate {
  if (rate === undefined) return refused(...none);
  const { value, low, high, se, events, atRisk } = rate;
  return {
    kind: "measured",
    value,
    low,
    high,
    ...(se === undefined ? {} : { se }),
    level,
    method: `${method}; two-state chain, errors by problem`,
    diagnostic: { events, atRisk },
  };
}

function firstErrors(chains: readonly Chain[], policy: string, clusters: Clusters, level: number): Finding[] {
  if (new Set(chains.map(({ cluster }) => cluster)).size < 2) return [];
  const curve = firstErrorHazards(
    chains.map(({ steps, erred, cluster }): FirstError => ({ steps, erred, cluster })),
    level,
  );
  return curve
    .filter(({ atRisk }) => atRisk >= FEWEST_AT_RISK)
    .map(({ step, atRisk, errors, reliable, greenwood }): Finding => {
      const here = new Map<string, Trials>();
      for (const { steps, erred, record } of chains)
        if (steps >= step) tally(here, record.problem, erred && steps === step);
      const share = shareOver(here, clusters, level)!;
      const estimate = shareEstimate(share, level, "share whose first error is here, of those right so far", ["", ""]);
      const diagnostic = { errors, atRisk, reliable, ...(greenwood === undefined ? {} : { greenwood }) };
      return { name: `hazard/step=${step}/${policy}`, estimate: { ...estimate, diagnostic } as Estimate };
    });
}

/** Success after an error: what repairs bring about. */
function afterAnError(chains: readonly Chain[], policy: string, clusters: Clusters, level: number): Finding {
  const erred = new Map<string, Trials>();
  for (const chain of chains) if (chain.erred) tally(erred, chain.record.problem, chain.record.verdict === "right");
  return {
    name: `ladder/after-error/${policy}`,
    estimate: shareEstimate(
      shareOver(erred, clusters, level),
      level,
      "share of the rollouts with a wrong step that end right",
      ["no rollout had a wrong step", "give longer problems, or draw more rollouts"],
    ),
  };
}
