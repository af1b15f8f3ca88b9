// worlds/ · Truth: what a world's policies do, computed and not sampled, and whether that is what the world promises.
//
// The grading accepts few strings of a problem, and all of them are listed. So every number is a sum of their probabilities,
// token by token in float64 log space: exact to float precision, however small (DESIGN §4 and §10).
import { logSumExp } from "../maths/logspace.ts";
import { StudyError } from "../terms/errors.ts";
import type { Mass, PolicyTruth, ProblemTruth, Promised, Rung, TruthDocument } from "../terms/truth.ts";
import { probability } from "./measures.ts";
import { missingBits } from "./truth-bits.ts";
import { truthSchema } from "./truth-document.ts";
import { handoff } from "./truth-handoff.ts";
import { massOf, type ScoredPolicy, sum, tableOf, type TruthTable, valueAt } from "./truth-table.ts";
import type { Unjudged, World } from "./world.ts";

export interface TruthOptions {
  readonly world: World;
  /** That the world was built with. */
  readonly seed: number;
  /** Training order, the base first. */
  readonly policies: readonly ScoredPolicy[];
  /** Version that goes into the document. */
  readonly crucis: string;
  /** Share of the problems that are done, in (0, 1]. */
  readonly onProgress?: (done: number) => void;
}

/**
 * The truth of the world's study problems, held against its promises. One problem's strings are in memory at a time.
 *
 * @throws Error where an engine's scores are no log-probabilities, or a promise measured no finite number
 */
export async function truthOf({ world, seed, policies, crucis, onProgress }: TruthOptions): Promise<TruthDocument> {
  const { task, study, grading, maxTokens } = world;
  const posed = study.steps.flatMap((steps) => task.problems({ seed: study.seed, steps, count: study.count }));
  const problems: ProblemTruth[] = [];
  for (const problem of posed) {
    problems.push(problemTruth(await tableOf(world, problem, policies), task.strategies));
    onProgress?.(problems.length / posed.length);
  }
  const unjudged: Unjudged = {
    crucis,
    command: "world truth",
    world: world.name,
    seed,
    task: task.name,
    grading,
    maxTokens,
    policies: policies.map(({ name }) => name),
    problems,
    rungs: study.steps.map((steps) => rungOf(steps, problems)),
    strategies: Object.fromEntries(
      task.strategies.map((name) => [name, means(problems, ({ strategies }) => strategies[name])]),
    ),
  };
  const promises = world.promises(unjudged);
  const odd = promises.find((promise) => !Number.isFinite(promise.measured));
  if (odd !== undefined) throw new Error(`world ${world.name}: ${odd.what} is ${odd.measured} on these problems`);
  // Through the schema, so that no document leaves that could not be read back.
  return truthSchema.parse({ ...unjudged, promises, kept: promises.every(({ kept }) => kept) });
}

/** @param strategies  names to tell of, those without an accepted string too */
export function problemTruth(table: TruthTable, strategies: readonly string[]): ProblemTruth {
  return {
    problem: table.problem,
    accepted: table.rows.length,
    policies: table.policies.map((_, policy) => policyTruth(table, policy, strategies)),
    pairs: table.policies.slice(1).map((name, i) => ({
      policy: name,
      ...handoff(table, i + 1),
      ...missingBits(table, i + 1),
    })),
  };
}

function policyTruth(table: TruthTable, policy: number, strategies: readonly string[]): PolicyTruth {
  const each = (mass: (strategy: string) => Mass): Record<string, Mass> =>
    Object.fromEntries(strategies.map((strategy) => [strategy, mass(strategy)]));
  const rowsOf = (strategy: string) => table.rows.filter(({ accepted }) => accepted.strategy === strategy);
  return {
    policy: table.policies[policy]!,
    right: valueAt(table, policy, ""),
    lenient: massOf(logSumExp(table.lenient[policy]!)),
    strategies: each((strategy) =>
      massOf(
        logSumExp(rowsOf(strategy).map(({ accepted, logProbs }) => sum(logProbs[policy]!, 0, accepted.text.length))),
      ),
    ),
    plans: each((strategy) => {
      // Many strings share a beginning, and none begins another.
      const beginnings = new Map(
        rowsOf(strategy).map(({ accepted: { text, planEnd }, logProbs }) => [
          text.slice(0, planEnd),
          sum(logProbs[policy]!, 0, planEnd),
        ]),
      );
      return massOf(logSumExp([...beginnings.values()]));
    }),
    asides: Object.fromEntries(
      Object.entries(table.asides).map(([name, logs]) => [name, massOf(logSumExp(logs[policy]!))]),
    ),
  };
}

/** Means over the problems, one entry a policy. */
function means(problems: readonly ProblemTruth[], of: (policy: PolicyTruth) => Mass | undefined): number[] {
  const totals = problems[0]!.policies.map(() => 0);
  for (const { policies } of problems)
    policies.forEach((policy, m) => {
      totals[m] = totals[m]! + probability(of(policy));
    });
  return totals.map((total) => total / problems.length);
}

function rungOf(steps: number, all: readonly ProblemTruth[]): Rung {
  const problems = all.filter(({ problem }) => problem.steps === steps);
  const right = means(problems, (policy) => policy.right);
  // The base's mean may be zero, or so small that a double cannot hold the ratio.
  const ratio = right.map((mean) => mean / right[0]!);
  return {
    steps,
    problems: problems.length,
    right,
    lenient: means(problems, (policy) => policy.lenient),
    ...(ratio.every(Number.isFinite) ? { ratio } : {}),
  };
}

/** StudyError where the world broke a promise: the first one, with what was intended and what was measured. */
export function refuseUnkept({ world, seed, promises }: Pick<TruthDocument, "world" | "seed" | "promises">): void {
  const broken = promises.find(({ kept }) => !kept);
  if (broken === undefined) return;
  throw new StudyError({
    code: "world-unkept",
    what: `world ${world} with seed ${seed} is refused: ${broken.what} was intended to be ${broken.intended}, but is ${measured(broken)}`,
    why: "so training did not do what the world is there to show",
    mend: "build it with another seed, or change the world's recipe",
  });
}

/** Enough digits to tell a near miss. */
function measured({ measured: value, low, high }: Promised): string {
  const plain = (x: number): string => String(Number(x.toPrecision(6)));
  return low === undefined || high === undefined ? plain(value) : `${plain(value)} [${plain(low)}, ${plain(high)}]`;
}
