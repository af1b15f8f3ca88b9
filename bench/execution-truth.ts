// bench/ · Execution truth: of what the execution is worth, how much is slips, repairs and joins, exactly; for worlds of chains.
//
// Every token of an accepted answer's execution has one writer's role: a repair from the mark of withdrawal to the end of the step
// done again, a join where the first step is gone on from and no answer stated instead, a slip everything else. Roles change hands one by one between base and later
// policy, and each is worth its Owen value: the Shapley value where execution is one player beside plan and answer (G. Owen 1977,
// "Values of games with a priori unions"). So the three add up to the execution's exact share in worlds/truth-handoff.ts.
import type { ScoreRequest } from "../src/engines/engine.ts";
import { logSumExp } from "../src/maths/logspace.ts";
import { shapley } from "../src/maths/shapley.ts";
import type { Accepted } from "../src/tasks/task.ts";
import type { ScoredPolicy, TruthTable } from "../src/worlds/truth-table.ts";
import { encode } from "../src/worlds/vocabulary.ts";

const ROLES = ["plan", "slips", "repairs", "joins", "answer"] as const;
type Role = (typeof ROLES)[number];

/** Orders of plan (first) and answer (second) around the execution, with Shapley's weights: who wrote them before it joined. */
const AROUND = [
  [0, 0, 1 / 3],
  [1, 0, 1 / 6],
  [0, 1, 1 / 6],
  [1, 1, 1 / 3],
] as const;

/** P(an answer is stated at once), [base, later] by what stands before it. */
export type Stops = ReadonlyMap<string, readonly [number, number]>;

/** A mark, or a digit and the end: how an answer begins, which no step does. */
const STATED = ["#", ":", ...Array.from({ length: 10 }, (_, digit) => `${digit}.`)];

/** After the first of several steps of every accepted string: not to join is to state an answer there. */
export async function stopsOf(table: TruthTable, policies: readonly [ScoredPolicy, ScoredPolicy]): Promise<Stops> {
  const { prompt, steps } = table.problem;
  const prefixes = new Set(
    table.rows.flatMap(({ accepted: { text, stepEnds } }) =>
      isJoined(stepEnds, steps) ? [text.slice(0, stepEnds[0])] : [],
    ),
  );
  const requests = [...prefixes].flatMap((prefix) =>
    STATED.map(
      (stated): ScoreRequest => ({ tokenIds: encode(prompt + prefix + stated), from: prompt.length + prefix.length }),
    ),
  );
  const chances: number[][] = [];
  for (const { engine } of policies)
    chances.push(
      (await engine.score(requests)).map(({ rawLogProbs }) => Math.exp(rawLogProbs.reduce((a, b) => a + b, 0))),
    );
  const total = (who: 0 | 1, i: number): number =>
    chances[who]!.slice(i * STATED.length, (i + 1) * STATED.length).reduce((a, b) => a + b, 0);
  return new Map([...prefixes].map((prefix, i) => [prefix, [total(0, i), total(1, i)]]));
}

/**
 * In probability, of one problem; of strings that the table's grading accepts.
 * @param stops of the base and that policy
 */
export function executionTruth(
  table: TruthTable,
  policy: number,
  stops: Stops,
): Record<"slips" | "repairs" | "joins", number> {
  const rows = table.rows.map(({ accepted, logProbs }) => {
    const { steps } = table.problem;
    const roles = rolesOf(accepted);
    const joined = isJoined(accepted.stepEnds, steps)
      ? stops.get(accepted.text.slice(0, accepted.stepEnds[0]))
      : undefined;
    return [0, policy].map((who, i) => {
      // No step is likelier than that no answer is stated; where nearly all are, rounding says otherwise.
      const joins =
        joined === undefined
          ? 0
          : Math.max(Math.log1p(-Math.min(joined[i]!, 1)), logProbs[who]![accepted.stepEnds[0]!]!);
      return ROLES.map((role) => {
        const own = logProbs[who]!.reduce((sum, log, t) => sum + (roles[t] === role ? log : 0), 0);
        // What is written where the answer could have been stated is a slip or none, given that it was not.
        return role === "joins" ? joins : role === "slips" ? own - joins : own;
      });
    });
  });
  // Bit i of a coalition is set where the later policy writes slips, repairs, joins.
  const right = (plan: number, coalition: number, answer: number): number => {
    if (rows.length === 0) return 0;
    const writers = [plan, coalition & 1, (coalition >> 1) & 1, (coalition >> 2) & 1, answer];
    return Math.exp(logSumExp(rows.map((row) => writers.reduce((sum, who, role) => sum + row[who]![role]!, 0))));
  };
  const worth = [0, 0, 0];
  for (const [plan, answer, weight] of AROUND)
    shapley(3, (coalition) => right(plan, coalition, answer)).forEach((value, i) => {
      worth[i] = worth[i]! + weight * value;
    });
  return { slips: worth[0]!, repairs: worth[1]!, joins: worth[2]! };
}

function isJoined(stepEnds: readonly number[], steps: number | undefined): boolean {
  return (steps ?? 0) > 1 && stepEnds.length > 1;
}

function rolesOf({ text, planEnd, answerStart }: Accepted): Role[] {
  const roles = Array.from(text, (_, i): Role => (i < planEnd ? "plan" : i >= answerStart ? "answer" : "slips"));
  for (let i = text.indexOf("!"); i >= 0; i = text.indexOf("!", i + 1)) {
    const end = text.indexOf(";", i);
    for (let t = i; t <= end; t++) if (roles[t] === "slips") roles[t] = "repairs";
  }
  return roles;
}
