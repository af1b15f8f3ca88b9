// evidence/ · Rows: a record as one line of canonical JSON and back. Log-probabilities are kept as float32, as engines compute them.
import type { RolloutRecord, ScoreRecord } from "../terms/record.ts";
import { canonical } from "./canonical.ts";

export type Row = RolloutRecord | ScoreRecord;

/** What takes most of the room, and what counting can do without. */
export const ARRAYS = ["promptTokenIds", "tokenIds", "rawLogProbs", "processedLogProbs", "ranks"] as const;
const LOG_PROBS = ["rawLogProbs", "processedLogProbs"] as const;

/** JSON has no infinity; DuckDB and pandas read this word as one. */
const ZERO_PROBABILITY = "-Infinity";

/** One line without its end. Error where a log-probability is NaN or +∞. */
export function lineOf(record: Row): string {
  const written: Record<string, unknown> = { ...record };
  for (const field of LOG_PROBS) if (record[field] !== undefined) written[field] = record[field].map(single);
  return canonical(written);
}

/** Nine digits tell every float32 from its neighbours. */
function single(value: number): number | string {
  if (value === Number.NEGATIVE_INFINITY) return ZERO_PROBABILITY;
  if (!Number.isFinite(Math.fround(value))) throw new Error(`${value} is no log-probability`);
  return Number(Math.fround(value).toPrecision(9));
}

export function recordOf(line: string): Row {
  const read = JSON.parse(line) as Record<string, unknown>;
  for (const field of LOG_PROBS)
    if (read[field] !== undefined)
      read[field] = (read[field] as (number | string)[]).map((value) =>
        value === ZERO_PROBABILITY ? Number.NEGATIVE_INFINITY : Number(value),
      );
  return read as unknown as Row;
}
