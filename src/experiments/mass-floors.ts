// experiments/ · Mass floors: below which the base's chance of being right does not lie, from direct samples and from whatever is unbiased.
//
// What may go wrong is shared out before anything is seen: to direct samples; to bets on every group of unbiased draws (maths/wager, which is
// Markov's inequality asked once of them all); and to Bernstein's inequality on clipped weights, which wins where draws are many.
import { type ClippingGrid, meanLowerBound, WIDE_GRID } from "../maths/empirical-bernstein.ts";
import { clopperPearson } from "../maths/intervals.ts";
import { wagerLowerBound } from "../maths/wager.ts";

/** Direct samples, bets, Bernstein's inequality. */
const PARTS = 3;
/** Weights are clipped at what they are on other problems, and at doubles and halves of it. */
const DOUBLINGS = 4;

/** @param delta that all that was drawn of it may go wrong */
export function directFloor(right: number, drawn: number, delta: number): number {
  return clopperPearson(right, drawn, 1 - (2 * delta) / PARTS).low;
}

/**
 * @param groups natural logs of draws ≥ 0 whose means are no higher than the truth, those of a group independent of each other; −∞ for 0
 * @param logWeights the group that is clipped, its draws alike in law
 * @param clip made without a look at these weights
 */
export function weightedFloor(
  groups: readonly (readonly number[])[],
  logWeights: readonly number[],
  clip: ClippingGrid,
  delta: number,
): number {
  const part = delta / PARTS;
  const logs = [
    wagerLowerBound(groups, part),
    logWeights.length < 2 ? undefined : meanLowerBound(logWeights, part, clip)?.logBound,
  ];
  return Math.max(0, ...logs.flatMap((log) => (log === undefined ? [] : [Math.exp(log)])));
}

/** By problem, from the others' weights: about their median. */
export function clippingOf(logWeights: ReadonlyMap<string, readonly number[]>): (problem: string) => ClippingGrid {
  const finite = [...logWeights].flatMap(([problem, logs]) =>
    logs.flatMap((log) => (log > Number.NEGATIVE_INFINITY ? [{ problem, log }] : [])),
  );
  finite.sort((a, b) => a.log - b.log);
  return (problem) => {
    const others = finite.filter((one) => one.problem !== problem);
    const middle = others[Math.floor(others.length / 2)]?.log;
    if (middle === undefined) return WIDE_GRID;
    const reach = DOUBLINGS * Math.LN2;
    return { low: middle - reach, high: middle + reach, levels: 2 * DOUBLINGS + 1 };
  };
}
