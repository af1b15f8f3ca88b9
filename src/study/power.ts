// study/ · Power: what an experiment would tell of pairs that are open, from rehearsals of a usual study.
import { STORED } from "../attribution/rehearsal.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import { clopperPearson } from "../maths/intervals.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import { GROUNDS, USUAL_POWER, USUAL_STUDIES } from "./usual-power.ts";

/** Of Monte Carlo. */
const LEVEL = 0.9;

/** Chance that it tells such a pair apart, mean over the pairs; limits as if all were one pair. */
export function usualPower(experiment: string, pairs: readonly (readonly [string, string])[]): Estimate {
  const own = GROUNDS.indexOf(experiment);
  // What reads stored answers was judged together with the paired rollouts.
  const ground =
    own < 0 && EXPERIMENTS.some(({ name, live }) => name === experiment && live === undefined)
      ? GROUNDS.indexOf(STORED)
      : own;
  const chances = pairs.flatMap(([a, b]) => (USUAL_POWER[`${a} ${b}`] ?? USUAL_POWER[`${b} ${a}`])?.[ground] ?? []);
  if (ground < 0 || chances.length === 0)
    return refused(`${experiment} was not rehearsed by itself`, "run crucis rehearse on a study of yours");
  const value = chances.reduce((sum, one) => sum + one, 0) / chances.length;
  const studies = 2 * USUAL_STUDIES;
  const { low, high } = clopperPearson(Math.round(value * studies), studies, LEVEL);
  return {
    kind: "measured",
    value,
    low: Math.min(low, value),
    high: Math.max(high, value),
    level: LEVEL,
    method: `such a pair is told apart by it and paired rollouts, mean over ${chances.length} pairs, in ${studies} studies on paper of a usual size each`,
    diagnostic: { pairs: chances.length, most: Math.max(...chances) },
  };
}
