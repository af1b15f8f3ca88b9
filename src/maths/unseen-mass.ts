// maths/ · Unseen mass: how likely the next sample is of a kind not seen yet, and how many kinds there are at least.
//
// I. J. Good (1953), Biometrika 40, 237–264: with f1 kinds seen once among n samples, f1/n is the chance of the unseen, with a bias
// within 1/n. Its normal error is W. W. Esty's (1983), Ann. Stat. 11, 905–912. The bounds that always hold are of the kind of
// D. McAllester & R. E. Schapire (2000), COLT, 1–6, with the sharper constants of D. McAllester & L. Ortiz (2003), J. Mach. Learn. Res. 4,
// 895–911.
// Chao1: A. Chao (1984), Scand. J. Stat. 11, 265–270; log-normal interval: A. Chao (1987), Biometrics 43, 783–791; bias-corrected form
// and its variance: R. K. Colwell (2013), EstimateS 9 User's Guide, appendix B.
import { normalQuantile } from "./special.ts";

/** What both estimates need of the sample: n ≥ 1, kinds seen, and of those how many once and how many twice. */
export interface Frequencies {
  readonly samples: number;
  readonly kinds: number;
  readonly once: number;
  readonly twice: number;
}

/** @param counts how often each kind was seen: whole numbers ≥ 0, not all 0; RangeError else. Kinds never seen may be left out */
export function frequenciesOf(counts: ArrayLike<number>): Frequencies {
  let [samples, kinds, once, twice] = [0, 0, 0, 0];
  for (let i = 0; i < counts.length; i++) {
    const own = counts[i]!;
    if (!(Number.isInteger(own) && own >= 0)) throw new RangeError(`counts are whole and not negative, got ${own}`);
    samples += own;
    if (own > 0) kinds++;
    if (own === 1) once++;
    if (own === 2) twice++;
  }
  if (samples === 0) throw new RangeError("unseen kinds are told from samples, got none");
  return { samples, kinds, once, twice };
}

/** How often each label comes, in order of first sight. */
export function labelCounts(labels: Iterable<string | number>): number[] {
  const counts = new Map<string | number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts.values()];
}

export interface UnseenMass {
  /** f1/n in [0, 1]: the estimated chance that one more sample is of an unseen kind. */
  readonly mass: number;
  /** Esty's standard error of (estimate − truth), √(f1 (1 − f1/n) + 2 f2)/n; absent where it is 0, which no finite sample can know. */
  readonly se?: number;
  /** In [0, 1]: the unseen mass is above this with chance δ at most, for every law and every n. */
  readonly upper: number;
  /** Likewise below this. */
  readonly lower: number;
}

/**
 * Good–Turing's estimate with guaranteed one-sided bounds. With M the unseen mass and T = f1/n,
 *   P(M > E M + ε) ≤ e^{−nε²} and P(M < E M − ε) ≤ e^{−e n ε²/2}   (McAllester & Ortiz),
 *   P(|T − E T| > ε, one side) ≤ e^{−nε²/2}                         (McDiarmid: a sample changes f1 by 2 at most),
 * and 0 ≤ E T − E M ≤ 1/n. Each of the two errors gets δ/2.
 *
 * @param delta in (0, 1), of each bound on its own; RangeError else
 */
export function unseenMass({ samples: n, once, twice }: Frequencies, delta: number): UnseenMass {
  checkShare(delta, "δ");
  const mass = once / n;
  const price = Math.log(2 / delta) / n;
  const se = Math.sqrt(once * (1 - mass) + 2 * twice) / n;
  return {
    mass,
    ...(se > 0 && { se }),
    upper: Math.min(1, mass + Math.sqrt(2 * price) + Math.sqrt(price)),
    lower: Math.max(0, mass - 1 / n - Math.sqrt(2 * price) - Math.sqrt((2 / Math.E) * price)),
  };
}

export interface Richness {
  readonly seen: number;
  /** Chao1, a lower bound of the number of kinds on average, and that number where rare kinds are alike: seen + (n − 1)/n f1 (f1 − 1)/(2 (f2 + 1)). */
  readonly kinds: number;
  readonly se: number;
  /** Log-normal interval of the unseen kinds; not below `seen`. */
  readonly low: number;
  readonly high: number;
}

/**
 * Bias-corrected Chao1 with its interval. Where f1 ≤ 1 there is nothing to extrapolate from, and the interval is Colwell's for that case.
 *
 * @param level in (0, 1), two-sided; RangeError else
 */
export function chao1({ samples: n, kinds: seen, once: f1, twice: f2 }: Frequencies, level: number): Richness {
  checkShare(level, "a level");
  const z = normalQuantile((1 + level) / 2);
  const a = (n - 1) / n;
  const unseen = (a * f1 * (f1 - 1)) / (2 * (f2 + 1));
  const kinds = seen + unseen;
  if (!(unseen > 0)) {
    const missed = Math.exp(-n / seen);
    const se = Math.sqrt(seen * missed * (1 - missed));
    const centre = seen / (1 - missed);
    const half = (z * Math.sqrt(seen * missed)) / (1 - missed);
    return { seen, kinds, se, low: Math.max(seen, centre - half), high: centre + half };
  }
  const g = f2 + 1;
  const variance =
    f2 > 0
      ? (a * f1 * (f1 - 1)) / (2 * g) +
        (a * a * f1 * (2 * f1 - 1) ** 2) / (4 * g * g) +
        (a * a * f1 * f1 * f2 * (f1 - 1) ** 2) / (4 * g ** 4)
      : (a * f1 * (f1 - 1)) / 2 + (a * a * f1 * (2 * f1 - 1) ** 2) / 4 - (a * a * f1 ** 4) / (4 * kinds);
  const spread = Math.exp(z * Math.sqrt(Math.log1p(variance / (unseen * unseen))));
  return { seen, kinds, se: Math.sqrt(variance), low: seen + unseen / spread, high: seen + unseen * spread };
}

function checkShare(value: number, name: string): void {
  if (!(value > 0 && value < 1)) throw new RangeError(`${name} lies in (0, 1), got ${value}`);
}
