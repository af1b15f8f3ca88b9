// bench/ · Execution truth: of what the execution is worth, how much is slips, repairs and joins, exactly; for worlds of chains.
//
// Every token of an accepted answer's execution has one writer's role: a repair from the mark of withdrawal to the end of the step
// done again, a join where the first step is gone on from, a slip everything else. Roles change hands one by one between base and later
// policy, and each is worth its Owen value: the Shapley value where execution is one player beside plan and answer (G. Owen 1977,
// "Values of games with a priori unions"). So the three add up to the execution's exact share in worlds/truth-handoff.ts.
import { logSumExp } from "../src/maths/logspace.ts";
import { shapley } from "../src/maths/shapley.ts";
import type { Accepted } from "../src/tasks/task.ts";
import type { TruthTable } from "../src/worlds/truth-table.ts";

const ROLES = ["plan", "slips", "repairs", "joins", "answer"] as const;
type Role = (typeof ROLES)[number];

/** Orders of plan (first) and answer (second) around the execution, with Shapley's weights: who wrote them before it joined. */
const AROUND = [
  [0, 0, 1 / 3],
  [1, 0, 1 / 6],
  [0, 1, 1 / 6],
  [1, 1, 1 / 3],
] as const;

/** In probability, of one problem; of strings that the table's grading accepts. */
export function executionTruth(table: TruthTable, policy: number): Record<"slips" | "repairs" | "joins", number> {
  const rows = table.rows.map(({ accepted, logProbs }) => {
    const roles = rolesOf(accepted, table.problem.steps);
    return [logProbs[0]!, logProbs[policy]!].map((tokens) =>
      ROLES.map((role) => tokens.reduce((sum, log, i) => sum + (roles[i] === role ? log : 0), 0)),
    );
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

function rolesOf({ text, planEnd, answerStart, stepEnds }: Accepted, steps: number): Role[] {
  const roles = Array.from(text, (_, i): Role => (i < planEnd ? "plan" : i >= answerStart ? "answer" : "slips"));
  const give = (i: number, role: Role): void => {
    if (roles[i] === "slips") roles[i] = role;
  };
  for (let i = text.indexOf("!"); i >= 0; i = text.indexOf("!", i + 1)) {
    const end = text.indexOf(";", i);
    for (let t = i; t <= end; t++) give(t, "repairs");
  }
  if (steps > 1 && stepEnds.length > 1) give(stepEnds[0]!, "joins");
  return roles;
}
