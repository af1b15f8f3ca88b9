// maths/ · Adjusted Rand index: how far two groupings of the same items agree beyond what chance would have them.
//
// L. Hubert & P. Arabie (1985), J. Classif. 2, 193–218, eq. 5: pairs of items that lie together in both, less those expected of groups of
// these sizes at random, over the most there could be less the same.

/** @returns 1 where the groupings are the same, about 0 where they have nothing to do with each other; 1 where both have but one group, or all items alone. @throws RangeError for lists of two lengths */
export function adjustedRand(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  if (a.length !== b.length) throw new RangeError(`two groupings of the same items, got ${a.length} and ${b.length}`);
  const pairs = (keys: readonly (string | number)[]): number =>
    Array.from(Map.groupBy(keys, (key) => key).values()).reduce((sum, { length }) => sum + pairsOf(length), 0);
  const [own, other] = [pairs(a), pairs(b)];
  const both = pairs(a.map((key, i) => JSON.stringify([key, b[i]!])));
  const all = pairsOf(a.length);
  const chance = all === 0 ? 0 : (own * other) / all;
  const most = (own + other) / 2;
  return most === chance ? 1 : (both - chance) / (most - chance);
}

const pairsOf = (n: number): number => (n * (n - 1)) / 2;
