// What a study would have seen, made up rollout by rollout.
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Reader, Seen, SeenProblem } from "../../src/terms/seen.ts";

export interface Made {
  readonly policies: readonly string[];
  readonly problems: readonly SeenProblem[];
  readonly rollouts: number;
  /** What rollout i of a policy on a problem is; verdict "right" and no text where it does not say. */
  readonly draw: (policy: string, problem: SeenProblem, i: number) => Partial<RolloutRecord>;
  readonly reader?: Partial<Reader>;
}

export function madeSeen({ policies, problems, rollouts, draw, reader }: Made): Seen {
  return {
    policies,
    problems,
    rollouts: policies.flatMap((policy) =>
      problems.flatMap((problem) =>
        Array.from(
          { length: rollouts },
          (_, i): RolloutRecord => ({
            rollout: `paired-sampling/${policy}/${problem.id}/${i}`,
            experiment: "paired-sampling",
            problem: problem.id,
            index: i,
            chunk: "made up",
            policy,
            engine: "made up",
            verifier: "made up",
            verdict: "right",
            ...draw(policy, problem, i),
          }),
        ),
      ),
    ),
    scores: [],
    reader: { tokensWithin: () => 0, ...reader },
  };
}

/** So many problems of each number of steps. */
export function problemsOf(steps: readonly number[], count: number): SeenProblem[] {
  return steps.flatMap((L) =>
    Array.from({ length: count }, (_, i) => ({ id: `L${L}/${i}`, family: `family ${i % 2}`, steps: L })),
  );
}
