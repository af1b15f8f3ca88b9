// experiments/ · Handoff cells: what came of the factorial, problem by problem. A source without the segment stays what it is: wrong.
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import { CELLS, type Cell } from "./handoff-plan.ts";
import type { Paired } from "./handoff-sources.ts";
import { handedOver, passageOf, PrefixPool } from "./prefix-pool.ts";

/** P(right) in each cell on one problem, as the study grades. */
export type CellValues = Readonly<Record<Cell, number>>;

/** One entry a problem, in the study's order; those of which some cell was not drawn at all are left out. */
export function cellsOf(
  { reader, policies, problems, rollouts }: Seen,
  paired: Paired,
  later: string,
): { readonly problem: string; readonly cells: CellValues }[] {
  const base = policies[0]!;
  const handed = Map.groupBy(
    rollouts.filter(({ experiment }) => experiment === "handoff"),
    ({ problem }) => problem,
  );
  const outcome = ({ verdict }: RolloutRecord) => ({ right: verdict === "right", finished: true });
  return problems.flatMap(({ id }) => {
    const own = [base, later].flatMap((policy) => paired.get(policy)?.get(id) ?? []);
    const answered = own.filter(({ why }) => why !== "engine error");
    const pool = new PrefixPool({ base, later }, [
      ...answered.map((record) => passageOf(reader, record, 0, outcome(record))),
      ...handedOver(reader, handed.get(id) ?? [], later, outcome),
    ]);
    const cells = CELLS.map((cell) => [cell, pool.cell(cell)?.right] as const);
    if (cells.some(([, value]) => value === undefined)) return [];
    return [{ problem: id, cells: Object.fromEntries(cells) as CellValues }];
  });
}
