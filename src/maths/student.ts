// maths/ · Student: quantiles of Student's t, for intervals from a few clusters.
//
// ν / (ν + T²) is Beta(ν/2, ½), whose small values, the large T, come out exactly (Abramowitz & Stegun 1964, 26.7.1 with 26.5.1).
import { betaQuantile } from "./special.ts";

/**
 * The t with P(|T| ≤ t) = level: what standard errors are multiplied by for a two-sided interval.
 *
 * @param level in (0, 1); RangeError outside
 * @param degrees degrees of freedom ν > 0; RangeError else
 */
export function studentHalfWidth(level: number, degrees: number): number {
  if (!(level > 0 && level < 1)) throw new RangeError(`a level lies in (0, 1), got ${level}`);
  if (!(degrees > 0)) throw new RangeError(`Student's t needs degrees of freedom above 0, got ${degrees}`);
  const x = betaQuantile(1 - level, degrees / 2, 0.5);
  return Math.sqrt((degrees * (1 - x)) / x);
}
