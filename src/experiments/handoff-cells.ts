// experiments/ · Handoff cells: what came of the factorial, problem by problem. A source without the segment counts as a miss.
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import { CELLS, type Cell, ROUNDS, SOURCES, SOURCES_ON_THE_WAY } from "./handoff-plan.ts";
import { isOf, type Paired } from "./handoff-sources.ts";

/** Right answers of those drawn, in a cell on one problem. */
export interface Tally {
  readonly right: number;
  readonly of: number;
}

export type CellTallies = Readonly<Record<Cell, Tally>>;

/** One entry a problem, in the study's order; problems without a paired rollout on either side are left out. */
export function cellsOf(
  seen: Seen,
  paired: Paired,
  later: string,
): { readonly problem: string; readonly cells: CellTallies }[] {
  const base = seen.policies[0]!;
  const most = later === seen.policies.at(-1) ? SOURCES : SOURCES_ON_THE_WAY;
  const handed = Map.groupBy(
    seen.rollouts.filter(({ experiment }) => experiment === "handoff"),
    ({ problem }) => problem,
  );
  return seen.problems.flatMap(({ id }) => {
    const own = { base: paired.get(base)?.get(id) ?? [], later: paired.get(later)?.get(id) ?? [] };
    if (own.base.length === 0 || own.later.length === 0) return [];
    const list = handed.get(id) ?? [];
    // By rounds: the sources of the second are the answers of the first.
    const sources = new Map<string, number>([
      ["base", Math.min(most, own.base.length)],
      ["later", Math.min(most, own.later.length)],
    ]);
    const tallies: Record<string, Tally> = {
      "000": tallied(own.base, own.base.length),
      "111": tallied(own.later, own.later.length),
    };
    for (const { cell, from } of ROUNDS.flat()) {
      const drawn = list.filter(({ rollout }) => isOf(rollout, cell, later));
      const failed = drawn.filter(({ why }) => why === "engine error").length;
      const of = sources.get(from)! - failed;
      tallies[cell] = tallied(drawn, of);
      sources.set(cell, of);
    }
    return [{ problem: id, cells: Object.fromEntries(CELLS.map((cell) => [cell, tallies[cell]!])) as CellTallies }];
  });
}

function tallied(records: readonly RolloutRecord[], of: number): Tally {
  return { right: records.filter(({ verdict }) => verdict === "right").length, of };
}
