// study/ · Estimates: what each experiment says of the evidence, by itself, before anything is judged.
import { EXPERIMENTS } from "../experiments/all.ts";
import type { EstimateOptions } from "../experiments/experiment.ts";
import type { Refused } from "../terms/estimate.ts";
import type { Exhibit } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import { JUDGE } from "../terms/judge.ts";
import type { PairedEvidence } from "../terms/observation.ts";
import type { Seen } from "../terms/seen.ts";
import { type Matched, pairedWith } from "./pair.ts";
import { unusable } from "./usable.ts";

export interface Estimated {
  readonly experiment: string;
  /** It said something; else its one finding is the refusal. */
  readonly done: boolean;
  /** It reads answers that exist, and asks for none. */
  readonly stored: boolean;
  readonly findings: readonly Finding[];
  readonly exhibits: readonly Exhibit[];
}

/** Problems and twins that an experiment was asked on, where that was not all of them. */
export type AskedOn = ReadonlyMap<string, ReadonlySet<string>>;

/** Those that read stored answers first, then those that plan as they go, each in the list's order. */
export function estimatesOf(
  matched: Matched,
  main: PairedEvidence,
  seen: Seen | undefined,
  settings: EstimateOptions,
  askedOn: AskedOn = new Map(),
): Estimated[] {
  const last = matched.policies.length - 1;
  const refusedBy = (experiment: string, stored: boolean, estimate: Refused): Estimated => ({
    experiment,
    done: false,
    stored,
    findings: [{ name: experiment, estimate }],
    exhibits: [],
  });
  const stored = EXPERIMENTS.flatMap(({ name, onEvidence }): Estimated[] => {
    if (onEvidence === undefined) return [];
    const refusal = unusable(matched, [0, last]) ?? onEvidence.refuse(main);
    if (refusal !== undefined) return [refusedBy(name, true, refusal)];
    const { findings, exhibits } = onEvidence.estimate(main, settings);
    const along = onEvidence.alongTheWay;
    const onTheWay =
      along === undefined
        ? []
        : matched.policies.slice(1, -1).flatMap(({ policy }, i) => {
            const unseen = unusable(matched, [i + 1]);
            return unseen === undefined
              ? along(pairedWith(matched, i + 1), settings)
              : [{ name: `pass@1/${policy}`, estimate: unseen }];
          });
    return [{ experiment: name, done: true, stored: true, findings: [...findings, ...onTheWay], exhibits }];
  });
  const live = EXPERIMENTS.flatMap((one): Estimated[] => {
    if (one.live === undefined || seen === undefined) return [];
    const own = onlyOn(seen, askedOn.get(one.name));
    const refusal = one.live.refuse(own);
    if (refusal !== undefined) return [refusedBy(one.name, false, refusal)];
    return [{ experiment: one.name, done: true, stored: false, ...one.live.estimate(own, settings) }];
  });
  return [...stored, ...live];
}

/** A study as if it had these problems alone. A judge's examples belong to none of them, and stay. */
export function onlyOn(seen: Seen, problems: ReadonlySet<string> | undefined): Seen {
  if (problems === undefined) return seen;
  const rollouts = seen.rollouts.filter(({ problem, policy }) => problems.has(problem) || policy === JUDGE);
  const own = new Set(rollouts.map(({ rollout }) => rollout));
  return {
    ...seen,
    problems: seen.problems.filter(({ id }) => problems.has(id)),
    ...(seen.twins === undefined ? {} : { twins: seen.twins.filter(({ id }) => problems.has(id)) }),
    rollouts,
    scores: seen.scores.filter(({ rollout }) => own.has(rollout)),
  };
}
