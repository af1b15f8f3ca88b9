// experiments/ · Mass floors: below which the base's chance of being right does not lie, from direct samples and from whatever is unbiased.
//
// What may go wrong is shared out before anything is seen. Markov's inequality is asked once, of the mean of all unbiased estimates: it is one
// itself, however they depend on each other, and never gives less than the best of them with its part of the chance.
import { type ClippingGrid, markovLowerBound, meanLowerBound, WIDE_GRID } from "../maths/empirical-bernstein.ts";
import { clopperPearson } from "../maths/intervals.ts";

/** Direct samples, Markov's inequality, Bernstein's. */
const PARTS = 3;
/** Weights are clipped at what they are on other problems, and at doubles and halves of it. */
const DOUBLINGS = 4;

/** @param delta that all that was drawn of it may go wrong */
export function directFloor(right: number, drawn: number, delta: number): number {
  return clopperPearson(right, drawn, 1 - (2 * delta) / PARTS).low;
}

/**
 * @param logEstimates natural logs, each of an estimate ≥ 0 whose mean is no higher than the truth; −∞ for 0
 * @param logWeights of independent draws, their mean no higher than the truth
 * @param clip made without a look at these weights
 */
export function weightedFloor(
  logEstimates: readonly number[],
  logWeights: readonly number[],
  clip: ClippingGrid,
  delta: number,
): number {
  const part = delta / PARTS;
  const mean = logEstimates.reduce((sum, log) => sum + Math.exp(log) / logEstimates.length, 0);
  const bernstein = logWeights.length < 2 ? undefined : meanLowerBound(logWeights, part, clip);
  return Math.max(
    mean === 0 ? 0 : Math.exp(markovLowerBound(Math.log(mean), part)),
    bernstein === undefined ? 0 : Math.exp(bernstein.logBound),
  );
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
