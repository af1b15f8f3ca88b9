// maths/ · McNemar: paired yes and no, two policies on the same problems; the exact test, its power, and what two totals leave open.
//
// Q. McNemar (1947), Psychometrika 12, 153–157; exact: problems on which the two differ are fair coins if neither is better.
// Power without conditioning on their number: S. W. Duffy (1984), Biometrics 40, 1005–1015. Score limits of the difference:
// T. Tango (1998), Statistics in Medicine 17, 891–908, §2.
import { binomialAtLeast, binomialAtMost, binomialLogPmf } from "./distributions.ts";
import { clopperPearson, type Limits } from "./intervals.ts";
import { normalQuantile } from "./special.ts";

/** Problems solved by one side and not by the other: whole numbers ≥ 0. */
export interface Discordant {
  readonly only0: number;
  readonly only1: number;
}

function check({ only0, only1 }: Discordant): void {
  if (![only0, only1].every((n) => Number.isInteger(n) && n >= 0))
    throw new RangeError(`a paired test needs whole numbers from 0, got ${only0} and ${only1}`);
}

/** Two-sided p in (0, 1]; 1 where the sides differ on no problem. */
export function mcnemarExact(cells: Discordant): number {
  check(cells);
  const { only0, only1 } = cells;
  return Math.min(1, 2 * atMostOfFairCoins(Math.min(only0, only1), only0 + only1));
}

/** Up to 50 coins the counts of outcomes are whole numbers that a double holds: 1/8 is 1/8. */
function atMostOfFairCoins(heads: number, coins: number): number {
  if (coins > 50) return binomialAtMost(heads, coins, 0.5);
  let outcomes = 1;
  let sum = 0;
  for (let i = 0; i <= heads; i++) {
    sum += outcomes;
    outcomes = (outcomes * (coins - i)) / (i + 1);
  }
  return sum / 2 ** coins;
}

/**
 * Interval of P(only side 1 solves it) − P(only side 0 does), in [−1, 1]. At each end the wider of Tango's score limits and of
 * the exact ones given how many problems differ: so it excludes 0 only where `mcnemarExact` is below 1 − level.
 */
export function pairedDifference(cells: Discordant, problems: number, level: number): Limits {
  check(cells);
  const { only0, only1 } = cells;
  const differ = only0 + only1;
  if (!(Number.isInteger(problems) && problems >= Math.max(1, differ)))
    throw new RangeError(`${differ} problems differ of ${problems}`);
  const share = differ === 0 ? { low: 0.5, high: 0.5 } : clopperPearson(only1, differ, level);
  const exact = (limit: number): number => ((2 * limit - 1) * differ) / problems;
  const z = normalQuantile((1 + level) / 2);
  const low = scoreLimit(cells, problems, z);
  const high = -scoreLimit({ only0: only1, only1: only0 }, problems, z);
  return { low: Math.min(low, exact(share.low)), high: Math.max(high, exact(share.high)) };
}

/** The δ below the estimate at which the score statistic is z, by halving: the statistic falls as δ grows. */
function scoreLimit({ only0, only1 }: Discordant, n: number, z: number): number {
  const statistic = (delta: number): number => {
    const b = (2 * n + only0 - only1) * delta - only0 - only1;
    const c = -only0 * delta * (1 - delta);
    const q = (Math.sqrt(Math.max(0, b * b - 8 * n * c)) - b) / (4 * n); // P(only side 0), most likely at this δ
    const variance = n * (2 * q + delta * (1 - delta));
    const above = only1 - only0 - n * delta;
    return variance > 0 ? above / Math.sqrt(variance) : above > 0 ? Number.POSITIVE_INFINITY : 0;
  };
  let low = -1;
  let high = (only1 - only0) / n;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (statistic(middle) > z) low = middle;
    else high = middle;
  }
  return low;
}

/** The fewest differing problems that can come below `alpha` at all, all on one side: 2^(1 − n) < alpha. */
export function fewestDiscordant(alpha: number): number {
  return Math.floor(1 - Math.log2(alpha)) + 1;
}

/**
 * Chance that the exact test comes below `alpha` on `problems` problems, where a problem is solved by side 0 only with chance
 * `chance0` and by side 1 only with chance `chance1`.
 */
export function mcnemarPower(problems: number, chance0: number, chance1: number, alpha: number): number {
  const differ = chance0 + chance1;
  if (!(chance0 >= 0 && chance1 >= 0 && differ > 0 && differ <= 1 + 1e-12))
    throw new RangeError(`chances lie from 0, their sum above 0 and up to 1, got ${chance0} and ${chance1}`);
  const p = Math.min(1, differ);
  const toSide1 = Math.min(1, chance1 / differ);
  const [centre, spread] = [problems * p, 9 * Math.sqrt(problems * p * (1 - p)) + 9];
  const last = Math.min(problems, Math.ceil(centre + spread));
  const first = Math.max(1, Math.floor(centre - spread));
  let power = 0;
  let reject = largestMinority(first, alpha);
  for (let n = first; n <= last; n++) {
    while (2 * atMostOfFairCoins(reject + 1, n) < alpha) reject++; // it grows with n, by one at most
    if (reject < 0) continue;
    const seen = binomialAtMost(reject, n, toSide1) + binomialAtLeast(n - reject, n, toSide1);
    power += Math.exp(binomialLogPmf(n, problems, p)) * seen;
  }
  return Math.min(1, power);
}

/** The most problems that the lesser side may have, of n that differ, for the test to come below alpha; −1 where it never does. */
function largestMinority(n: number, alpha: number): number {
  let low = -1;
  let high = Math.floor(n / 2) + 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (2 * atMostOfFairCoins(middle, n) < alpha) low = middle;
    else high = middle;
  }
  return low;
}

/** About how many problems give that power: one where it is reached and with one fewer is not. Undefined beyond `most`. */
export function problemsForPower(
  chance0: number,
  chance1: number,
  { power, alpha, most }: { readonly power: number; readonly alpha: number; readonly most: number },
): number | undefined {
  const enough = (problems: number): boolean => mcnemarPower(problems, chance0, chance1, alpha) >= power;
  let high = 8;
  while (!enough(high)) {
    if (high >= most) return undefined;
    high = Math.min(most, 2 * high);
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** All that two totals leave open: the pairing with the fewest differing problems, with the most, and the one of independence. */
export interface Pairings {
  readonly nested: Discordant;
  readonly independent: Discordant;
  readonly opposed: Discordant;
}

/** @param solved by side 0 and by side 1, whole numbers from 0 to `problems` */
export function pairings([solved0, solved1]: readonly [number, number], problems: number): Pairings {
  if (![solved0, solved1].every((n) => Number.isInteger(n) && n >= 0 && n <= problems))
    throw new RangeError(`totals are whole numbers from 0 to ${problems}, got ${solved0} and ${solved1}`);
  const pairing = (only1: number): Discordant => ({ only0: only1 + solved0 - solved1, only1 });
  const fewest = Math.max(0, solved1 - solved0);
  const most = Math.min(solved1, problems - solved0);
  const independent = Math.round((solved1 * (problems - solved0)) / problems);
  return {
    nested: pairing(fewest),
    independent: pairing(Math.min(most, Math.max(fewest, independent))),
    opposed: pairing(most),
  };
}
