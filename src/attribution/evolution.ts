// attribution/ · Evolution: what every policy from the base on does, what changed at which checkpoint, and what the base had already.
import type { Outcome } from "../experiments/experiment.ts";
import { clusteredShare } from "../maths/clustered-share.ts";
import { type EvolutionExhibit, type LedgerExhibit, type Missing, type Spot, spotOf } from "../terms/exhibit.ts";
import type { Finding, Findings } from "../terms/finding.ts";
import type { Seen } from "../terms/seen.ts";
import { measuresOf, pairedRollouts } from "./evolution-measures.ts";
import { changesIn } from "./evolution-series.ts";
import { type Status, statusOf } from "./evolution-status.ts";

export interface EvolutionOptions {
  readonly level: number;
  /** The share of rollouts above which training can meet a behaviour: 1 / rollouts that the training drew. */
  readonly yardstick: number;
  /** The ledger of the same study: causes whose share is told become measures. */
  readonly ledger?: LedgerExhibit;
}

/** A behaviour's share under every policy. */
interface Followed {
  readonly name: string;
  /** Where its status is told. */
  readonly finding: string;
  readonly shares: readonly (ReturnType<typeof clusteredShare> | undefined)[];
}

/**
 * Follows behaviours (ways of solving, repairs, the readable form) and measures over the policies of a study.
 *
 * @param found of the study's other experiments: slips, repairs, and what else is known a policy
 */
export function evolution(seen: Seen, found: Findings, options: EvolutionOptions): Outcome {
  const { level } = options;
  const { policies } = seen;
  const followed = behavioursOf(seen, level);
  const findings: Finding[] = [];
  const behaviours = followed.flatMap(({ name, finding, shares }) => {
    // Never seen under any policy: nothing to follow.
    if (shares.every((share) => share === undefined || share.events === 0)) return [];
    const status = statusOf(shares, options);
    const spots = shares.map(
      (share): Spot => (share === undefined ? {} : { value: share.value, low: share.low, high: share.high }),
    );
    const changes = changesIn(spots, policies, level);
    const emergedAt = status.emergedAt === undefined ? undefined : policies[status.emergedAt]!;
    findings.push(statusFinding(finding, shares[0], status, emergedAt, changes, level));
    return [
      {
        name,
        shares: spots,
        status: status.status,
        ...(emergedAt === undefined ? {} : { emergedAt }),
        ...(status.samples === undefined ? {} : { samples: status.samples }),
        changes,
      },
    ];
  });
  const missing: Missing[] = [];
  const measures = measuresOf(seen, found, options).flatMap((measure): EvolutionExhibit["measures"] => {
    if ("why" in measure) {
      missing.push(measure);
      return [];
    }
    const { name, unit, estimates, finding } = measure;
    if (finding !== undefined)
      estimates.forEach((estimate, i) => findings.push({ name: `${finding}/${policies[i]!}`, estimate }));
    const values = estimates.map(spotOf);
    return [{ name, unit, values, changes: changesIn(values, policies, level) }];
  });
  if (seen.reader.strategy === undefined)
    missing.push({
      what: "strategies",
      why: "the task does not say which way a rollout goes",
      mend: "give a task with signatures",
    });
  const exhibit: EvolutionExhibit = {
    kind: "evolution",
    policies: [policies[0]!, policies.at(-1)!],
    level,
    checkpoints: policies,
    behaviours,
    measures,
    missing,
  };
  return { findings, exhibits: [exhibit] };
}

function behavioursOf(seen: Seen, level: number): Followed[] {
  const { strategy, strategies, steps, lenient } = seen.reader;
  const drawn = pairedRollouts(seen);
  const followed = (
    name: string,
    finding: string,
    /** Undefined: the rollout is no trial. */
    shows: (problem: string, text: string, right: boolean) => boolean | undefined,
  ): Followed => ({
    name,
    finding,
    shares: drawn.map((problems) =>
      clusteredShare(
        [...problems].map(([problem, records]) => {
          const trials = records.flatMap(({ text, verdict }) => {
            const shown = text === undefined ? undefined : shows(problem, text, verdict === "right");
            return shown === undefined ? [] : [shown];
          });
          return { events: trials.filter((shown) => shown).length, trials: trials.length };
        }),
        level,
      ),
    ),
  });
  return [
    ...(strategies ?? []).map((name) =>
      followed(name, `strategy/${name}/status`, (problem, text) => strategy?.(problem, text) === name),
    ),
    ...(steps === undefined
      ? []
      : [
          followed("repair", "evolution/repair/status", (problem, text) =>
            steps(problem, text).some(({ repairs }) => repairs),
          ),
        ]),
    ...(lenient === undefined
      ? []
      : [
          followed("readable form", "evolution/readable-form/status", (problem, text, right) =>
            right || lenient(problem, text) ? right : undefined,
          ),
        ]),
  ];
}

function statusFinding(
  name: string,
  base: Followed["shares"][number],
  { status, samples }: Status,
  emergedAt: string | undefined,
  changes: readonly string[],
  level: number,
): Finding {
  const diagnostic = {
    status,
    ...(emergedAt === undefined ? {} : { emergedAt }),
    ...(samples === undefined ? {} : { samples }),
    ...(changes.length === 0 ? {} : { changes: changes.join(", ") }),
  };
  if (base === undefined)
    return {
      name,
      estimate: {
        kind: "refused",
        why: "the base has no rollout that could show it",
        mend: "draw more rollouts of the base",
      },
    };
  const { value, low, high } = base;
  return {
    name,
    estimate: {
      kind: "measured",
      value,
      low,
      high,
      level,
      method: "the base's share of rollouts that show it; what became of it is the status",
      diagnostic,
    },
  };
}
