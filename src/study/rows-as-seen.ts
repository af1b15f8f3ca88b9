// study/ · Rows as seen: what the ledger of a study to come will be told, from problems that were asked in full already. Problems like them are drawn, each with its own row.
//
// A row (gain-rows) holds what its problem gave and the luck of its rollouts, so as many problems drawn from those at hand spread as a study of them
// would: B. Efron (1979), Ann. Stat. 7, 1–26. Nothing is assumed of what policies do; it needs rows of as many rollouts as the study will draw.
import type { Stream } from "../maths/random.ts";
import type { GainRow } from "../terms/gain-row.ts";
import { nearestOf } from "./nearest.ts";

/** Fewer problems do not show how problems differ. */
const FEWEST = 10;
/** Rows count as of a study's rollouts where they have as many, to a tenth. */
const AS_MANY = 0.1;

export interface RowsPlanned {
  /** L of each planned problem. */
  readonly steps: readonly number[];
  /** For each problem and policy. */
  readonly rollouts: number;
  /** Whether answers will be handed over. */
  readonly handed: boolean;
}

/** One row a planned problem, each of a problem that was asked in full; nothing where too few were. */
export function rowsAsSeen(
  rows: readonly GainRow[],
  { steps, rollouts, handed }: RowsPlanned,
  random: Stream,
): GainRow[] | undefined {
  const full = rows.filter(
    ({ drawn, segments }) =>
      drawn.every((own) => Math.abs(own / rollouts - 1) <= AS_MANY) && (!handed || segments !== undefined),
  );
  if (full.length < FEWEST) return undefined;
  return steps.map((own, i) => {
    const alike = nearestOf(full, own);
    const row = { ...alike[random.integer(alike.length)]!, problem: `${i}` };
    return handed ? row : unhanded(row);
  });
}

/** As if nothing had been handed over. */
export function unhanded(row: GainRow): GainRow {
  const { segments: _, stated: __, ...rest } = row;
  return rest;
}
