// attribution/ · Evolution series: values of the policies in training order, and the checkpoints at which their level changes.
import { changePoints } from "../maths/change-points.ts";
import { normalQuantile } from "../maths/special.ts";
import type { Spot } from "../terms/exhibit.ts";

/** Policies at which a new level begins. Those without a value or a spread are passed over; no level changes among fewer than two. */
export function changesIn(spots: readonly Spot[], policies: readonly string[], level: number): string[] {
  const z = normalQuantile((1 + level) / 2);
  const known = spots.flatMap(({ value, low, high }, i) =>
    value !== undefined && low !== undefined && high !== undefined && high > low
      ? [{ policy: policies[i]!, value, error: (high - low) / (2 * z) }]
      : [],
  );
  if (known.length < 2) return [];
  const { changes } = changePoints({
    values: known.map(({ value }) => value),
    errors: known.map(({ error }) => error),
    falseAlarm: 1 - level,
  });
  return changes.map(({ at }) => known[at]!.policy);
}
