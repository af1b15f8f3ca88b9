// experiments/ · Shapes: every text as the signs that it shows of those that differ between rollouts of one problem.
import { knownWords, signsOf } from "./skeleton.ts";

export interface Shapes {
  /** In a fixed order; none where all rollouts of every problem show the same. */
  readonly signs: readonly string[];
  /** 1 for a sign that a text shows. */
  of(text: string): Uint8Array;
}

/** What is read: all that can be, so that failed rollouts count. */
export interface ShapedText {
  readonly problem: string;
  readonly text: string;
}

/** Among rollouts of one problem a sign's variance is at least this in the mean: one in a hundred shows it, or all but one. Rarer ones tell no way that a study could count. */
const LEAST_VARIANCE = 0.01 * 0.99;
/** The signs that vary most: long texts have thousands, and what tells a way shows in many. */
const MOST_SIGNS = 100;

/** What differs between problems alone is the problem's and not a way's, so only variance within problems counts. */
export function shapesOf(texts: readonly ShapedText[]): Shapes {
  const words = knownWords(texts);
  const counts = new Map<string, number>();
  const problems = Map.groupBy(texts, ({ problem }) => problem);
  for (const own of problems.values()) {
    const shown = new Map<string, number>();
    for (const { text } of own) for (const sign of signsOf(text, words)) shown.set(sign, (shown.get(sign) ?? 0) + 1);
    for (const [sign, count] of shown) {
      const share = count / own.length;
      counts.set(sign, (counts.get(sign) ?? 0) + share * (1 - share));
    }
  }
  const signs = Array.from(counts, ([sign, sum]) => ({ sign, variance: sum / problems.size }))
    .filter(({ variance }) => variance >= LEAST_VARIANCE)
    // Equal ones by name, so that no order of rollouts decides.
    .sort((a, b) => b.variance - a.variance || (a.sign < b.sign ? -1 : 1))
    .slice(0, MOST_SIGNS)
    .map(({ sign }) => sign);
  const place = new Map(signs.map((sign, i) => [sign, i]));
  return {
    signs,
    of(text) {
      const item = new Uint8Array(signs.length);
      for (const sign of signsOf(text, words)) {
        const at = place.get(sign);
        if (at !== undefined) item[at] = 1;
      }
      return item;
    },
  };
}
