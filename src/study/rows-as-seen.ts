// study/ · Rows as seen: how well the ledger will be known, from problems that were asked in full already. Problems like them are drawn, each with its own row.
//
// A row (gain-rows) holds what its problem gave and the luck of its rollouts, so as many problems drawn from those at hand spread as a study of them
// would: B. Efron (1979), Ann. Stat. 7, 1–26. Nothing is assumed of what policies do; it needs rows of as many rollouts as the study will draw.
import { split } from "../attribution/split.ts";
import type { Stream } from "../maths/random.ts";
import type { GainRow } from "../terms/gain-row.ts";
import { nearestOf } from "./nearest.ts";

/** Fewer problems do not show how problems differ. */
const FEWEST = 10;
/** Rows count as of a study's rollouts where they have as many, to a tenth. */
const AS_MANY = 0.1;

export interface WidthOptions {
  /** L of each planned problem. */
  readonly steps: readonly number[];
  /** Planned for each problem and policy. */
  readonly rollouts: number;
  /** Whether answers will be handed over. */
  readonly handed: boolean;
  /** Of the intervals, in (0, 1). */
  readonly level: number;
  readonly replicates: number;
  readonly yardstick: number;
  readonly seed: number;
}

/**
 * Half of each entry's own interval, in shares of the gain, of one study of problems like these.
 *
 * @returns by cause; none where too few problems were asked in full, or no gain is told from none
 */
export function widthsAsSeen(
  rows: readonly GainRow[],
  { steps, rollouts, handed, seed, ...options }: WidthOptions,
  random: Stream,
): Record<string, number> {
  const full = rows.filter(
    ({ drawn, segments }) =>
      drawn.every((own) => Math.abs(own / rollouts - 1) <= AS_MANY) && (!handed || segments !== undefined),
  );
  if (full.length < FEWEST) return {};
  const drawn = steps.map((own, i): GainRow => {
    const alike = nearestOf(full, own);
    const { segments, stated, ...row } = alike[random.integer(alike.length)]!;
    const problem = `${i}`;
    return handed ? { ...row, problem, segments: segments!, stated: stated! } : { ...row, problem };
  });
  const told = split(drawn, drawn, { ...options, seed });
  return Object.fromEntries(
    Object.entries(told?.shares ?? {}).flatMap(([cause, { interval }]) =>
      interval === undefined || !Number.isFinite(interval.high - interval.low)
        ? []
        : [[cause, (interval.high - interval.low) / 2]],
    ),
  );
}
