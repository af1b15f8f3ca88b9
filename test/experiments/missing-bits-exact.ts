// What the missing-bits profile of a study is an estimate of: the base's exact V at every cut of the very answers that were followed.
import { shapeOf } from "../../src/maths/bit-shapes.ts";
import type { Followed } from "../../src/experiments/handoff-cuts.ts";
import type { Problem } from "../../src/terms/problem.ts";
import type { OpenWorld } from "../../src/worlds/open.ts";
import { logValues, tableOf } from "../../src/worlds/truth-table.ts";

export interface ExactAnswer {
  readonly problem: string;
  /** −log2 V of the base at the start and at each cut. */
  readonly missing: readonly number[];
  readonly neff: number;
}

/** One entry for each of the answers, in their order. */
export async function exactAnswers(
  { world, policies }: OpenWorld,
  problems: readonly Problem[],
  answers: readonly Followed[],
): Promise<ExactAnswer[]> {
  const base = policies[0]!;
  const tables = new Map(
    await Promise.all(problems.map(async (one) => [one.id, await tableOf(world, one, [base])] as const)),
  );
  return answers.map(({ source: { problem, text = "" }, cuts }) => {
    const prefixes = [0, ...cuts.map(({ characters }) => characters)].map((end) => text.slice(0, end));
    const values = logValues(tables.get(problem)!, 0, prefixes);
    const missing = prefixes.map((prefix) => -values.get(prefix)! / Math.LN2);
    const places = missing.map((_, place) => place);
    return { problem, missing, neff: shapeOf(missing, places, places.length).values[0]! };
  });
}

/** Mean over a problem's answers, then over the problems that are wanted. */
export function meanOver(
  exact: readonly ExactAnswer[],
  wanted: (problem: string) => boolean,
  of: (one: ExactAnswer) => number,
): number {
  const byProblem = [...Map.groupBy(exact, ({ problem }) => problem)].filter(([problem]) => wanted(problem));
  const means = byProblem.map(([, list]) => list.reduce((sum, one) => sum + of(one), 0) / list.length);
  return means.reduce((sum, one) => sum + one, 0) / means.length;
}
