// experiments/ · Main way: the way of solving that most right answers of the tuned policy take.
import type { RolloutRecord } from "../terms/record.ts";
import type { Reader } from "../terms/seen.ts";

/** @param tuned paired rollouts of the tuned policy. Undefined where the task tells no ways, or nothing was right */
export function mainWay({ strategy }: Reader, tuned: Iterable<RolloutRecord>): string | undefined {
  if (strategy === undefined) return undefined;
  const ways = Map.groupBy(
    [...tuned].flatMap(({ problem, text, verdict }) =>
      verdict !== "right" || text === undefined ? [] : [strategy(problem, text)],
    ),
    (name) => name,
  );
  return [...ways].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1))[0]?.[0];
}
