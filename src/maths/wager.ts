// maths/ · Wager: what the mean of independent non-negative draws is at least, however heavy their tail: by bets that it is higher.
//
// I. Waudby-Smith & A. Ramdas (2024), J. R. Stat. Soc. B 86, 1–27, with fixed bets. Were the mean of every draw m or less, then for λ in [0, 1]
//   K_λ(m) = Π_i (1 − λ + λ W_i/m)
// would have mean 1 or less, and so would the average K of several: over λ, and over groups of draws, of which only those within a group need
// be independent of each other. By Markov's inequality P(K(m) ≥ 1/δ) ≤ δ, and K falls in m, so the largest m with K(m) ≥ 1/δ is a lower bound
// with confidence 1 − δ. Nothing needs to be known of the range. With one draw and λ = 1 it is Markov's own bound δ W; n draws that are
// alike, W each, give W δ^{1/n}. Bets are fixed, so the order of draws has no say in it.
import { logSumExp } from "./logspace.ts";

/** Shares of the stake: small ones for many draws of which few are large, all of it for few that are alike. */
const BETS = [0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 0.85, 0.95, 1];
/** Halvings of an interval of logs; the lower end is told. */
const HALVINGS = 40;

/**
 * Log of the bound.
 *
 * @param groups natural logs of draws, none of whose means is above the one that is asked for; −∞ for a draw of 0. Draws of a group are independent
 * @param delta in (0, 1): the chance that the bound may be above it
 * @returns nothing where all draws are 0, or there are none
 * @throws RangeError for NaN or +∞ among the draws, or δ outside (0, 1)
 */
export function wagerLowerBound(groups: readonly (readonly number[])[], delta: number): number | undefined {
  if (!(delta > 0 && delta < 1)) throw new RangeError(`δ lies in (0, 1), got ${delta}`);
  const stakes = groups.map((logDraws) => {
    logDraws.forEach((own, i) => {
      if (!(own < Number.POSITIVE_INFINITY))
        throw new RangeError(`log draws are finite or −Infinity, but number ${i} is ${own}`);
    });
    // Sums of the same numbers in another order differ in the last bit.
    const positive = logDraws.filter((own) => own > Number.NEGATIVE_INFINITY).sort((a, b) => a - b);
    return { positive, zeros: logDraws.length - positive.length };
  });
  let above = stakes.reduce((most, { positive }) => Math.max(most, positive.at(-1) ?? most), Number.NEGATIVE_INFINITY);
  if (above === Number.NEGATIVE_INFINITY) return undefined;
  const wanted = -Math.log(delta);
  const capital = (logMean: number): number =>
    logSumExp(
      stakes.flatMap(({ positive, zeros }) =>
        BETS.map((bet) => {
          const kept = Math.log1p(-bet);
          // No stake is put on nothing: 0 · −∞ would not be a number.
          const lost = zeros === 0 ? 0 : zeros * kept;
          return positive.reduce((sum, own) => sum + logSumExp([kept, Math.log(bet) + own - logMean]), lost);
        }),
      ),
    ) - Math.log(stakes.length * BETS.length);
  // Above the largest draw every bet loses.
  let step = 1;
  let below = above - step;
  while (capital(below) < wanted) {
    above = below;
    step *= 2;
    below -= step;
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (below + above) / 2;
    if (capital(middle) >= wanted) below = middle;
    else above = middle;
  }
  return below;
}
