// experiments/ · Mass lengths: whether right answers that began with the tuned policy are as long as those that the base came to by itself.
// Where not they are still the tuned policy's, and what was weighed is another part of what is right: no weight tells what nobody wrote.

export interface Spread {
  /** Groups that it was told from. */
  readonly count: number;
  readonly mean: number;
  /** Of the mean. */
  readonly variance: number;
}

/** Errors by which lengths may differ. */
const APART = 3;
/** Tokens: weighted means of the same number differ by rounding. */
const ALIKE = 1e-6;

/** @param groups tokens of texts; groups are independent, what is in one is not */
export function spreadOf(groups: readonly (readonly number[])[]): Spread {
  const means = groups.filter(({ length }) => length > 0).map((one) => one.reduce((x, y) => x + y, 0) / one.length);
  const mean = means.reduce((x, y) => x + y, 0) / means.length;
  const square = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / Math.max(1, means.length - 1);
  return { count: means.length, mean, variance: square / means.length };
}

/** @param texts independent; natural logs of their weights, one at least above −∞ */
export function weightedSpread(texts: readonly { readonly tokens: number; readonly logWeight: number }[]): Spread {
  const top = texts.reduce((most, { logWeight }) => Math.max(most, logWeight), Number.NEGATIVE_INFINITY);
  const weights = texts.map(({ logWeight }) => Math.exp(logWeight - top));
  const total = weights.reduce((a, b) => a + b, 0);
  const mean = texts.reduce((sum, { tokens }, i) => sum + (weights[i]! / total) * tokens, 0);
  const variance = texts.reduce((sum, { tokens }, i) => sum + ((weights[i]! / total) * (tokens - mean)) ** 2, 0);
  return { count: texts.length, mean, variance };
}

/** Both means where they are apart; nothing where one has nothing to say. */
export function lengthsApart(own: Spread, other: Spread): readonly [number, number] | undefined {
  if (own.count === 0 || other.count === 0) return undefined;
  const error = Math.sqrt(own.variance + other.variance);
  return Math.abs(own.mean - other.mean) > APART * error + ALIKE ? [own.mean, other.mean] : undefined;
}
