// experiments/ · Put asks: whole rollouts of problems that are put otherwise than the study puts them, and what came of them.
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen, SeenProblem } from "../terms/seen.ts";

export interface PutAsk {
  readonly experiment: string;
  readonly policy: string;
  readonly variant: string;
  readonly problems: readonly SeenProblem[];
  /** Rollouts of each. */
  readonly rollouts: number;
}

/** All in one round; rollouts are named `<experiment>/0/<variant>/<policy>/<problem>/<index>`. */
export function putAsks({ experiment, policy, variant, problems, rollouts }: PutAsk, seed: number): LiveAsk[] {
  return problems.flatMap(({ id }) =>
    Array.from({ length: rollouts }, (_, index): LiveAsk => {
      const rollout = `${experiment}/0/${variant}/${policy}/${id}/${index}`;
      return {
        kind: "sample",
        policy,
        ask: { rollout, experiment, problem: id, index, seed: stream(seed, rollout).uint32(), variant },
      };
    }),
  );
}

/** By problem; what an engine or a grader lost is left out. */
export function putRollouts(
  { rollouts }: Seen,
  experiment: string,
  policy: string,
  variant: string,
): ReadonlyMap<string, readonly RolloutRecord[]> {
  const own = rollouts.filter(
    (one) =>
      one.experiment === experiment &&
      one.policy === policy &&
      one.variant === variant &&
      one.why !== "engine error" &&
      one.why !== "grader crash",
  );
  return Map.groupBy(own, ({ problem }) => problem);
}

/** Share of rollouts that are right; one that was cut off is not. */
export function rightOf(records: readonly RolloutRecord[]): number {
  return records.filter(({ verdict }) => verdict === "right").length / records.length;
}
