// experiments/ · Chance floor: how often an answer to one problem would pass as an answer to another. What passes there passes by chance.
//
// The permutation baseline: answers keep their law and lose their problem, so no knowledge of it is left in them.
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader, SeenProblem } from "../terms/seen.ts";

/** Answers to others that each problem is held against, about; two in a hundred are told from none. */
const HELD_AGAINST = 256;

/**
 * Share, in [0, 1], of one policy's answers to other problems of the same family that would pass on each problem; cut-off answers do not.
 * Problems that stand alone in their family have none.
 *
 * @param drawn of one policy, by problem, in the order of their numbers
 * @param passes whether a text would be right on a problem, by the grader and by its work
 */
export function chanceFloor(
  problems: readonly SeenProblem[],
  drawn: ReadonlyMap<string, readonly RolloutRecord[]>,
  passes: NonNullable<Reader["passes"]>,
): Map<string, number> {
  const floors = new Map<string, number>();
  for (const family of Map.groupBy(problems, (one) => one.family).values()) {
    const each = Math.ceil(HELD_AGAINST / Math.max(1, family.length - 1));
    for (const { id } of family) {
      const others = family.flatMap((one) => (one.id === id ? [] : (drawn.get(one.id) ?? []).slice(0, each)));
      if (others.length === 0) continue;
      const hits = others.filter(({ text, finish }) => text !== undefined && finish !== "length" && passes(id, text));
      floors.set(id, hits.length / others.length);
    }
  }
  return floors;
}

/** Passed by the grader and, where the work is looked at, right in it too. */
export function passesSoundly({ passes, sound }: Reader): Reader["passes"] {
  if (passes === undefined) return undefined;
  return (problem, text) => passes(problem, text) && (sound?.(problem, text) ?? true);
}
