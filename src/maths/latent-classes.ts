// maths/ · Latent classes: groups among items of which each shows some signs and lacks others, and how many groups there are.
//
// P. F. Lazarsfeld & N. W. Henry (1968), "Latent Structure Analysis": within a class signs come independently, sign f with chance p_kf;
// weights and chances by EM (A. P. Dempster, N. M. Laird & D. B. Rubin 1977, J. R. Stat. Soc. B 39, 1–38) from several starts. The number of
// classes is the one with the largest integrated complete likelihood, log L − ½ ν log n − Σ H(class | item) (C. Biernacki, G. Celeux &
// G. Govaert 2000, IEEE Trans. Pattern Anal. Mach. Intell. 22, 719–725): classes that overlap do not count as several.
import { logSumExp } from "./logspace.ts";
import { type Stream, stream } from "./random.ts";

export interface LatentClasses {
  /** Share of items in each class, largest first; adds up to 1. */
  readonly weights: Float64Array;
  /** p_kf in (0, 1), a row a class. */
  readonly chances: readonly Float64Array[];
  readonly logLikelihood: number;
  readonly icl: number;
}

export interface LatentClassesInput {
  /** Of each item 1 for a sign that it shows, else 0; all of one length. */
  readonly items: readonly Uint8Array[];
  /** Largest number of classes to try, 1 or more. */
  readonly most: number;
  readonly seed: number;
  /** What the draws of starts are for. */
  readonly name: string;
}

/** Of each number of classes. The likelihood has many peaks; of five starts one is near the highest in all that was tried. */
const STARTS = 5;
const MOST_ROUNDS = 200;
/** Nats over all items: a thousandth could not turn any choice between numbers of classes. */
const TOLERANCE = 1e-3;
/** Half an item that shows a sign and half one that lacks it (Jeffreys): no chance is 0 or 1. */
const PRIOR = 0.5;
/** A second class may only pay with a third: the search goes on for so many numbers of classes that do not. */
const PATIENCE = 2;

/** An item that came several times, once. */
interface Pattern {
  /** Signs shown, ascending. */
  readonly shown: readonly number[];
  readonly count: number;
}

/** @throws RangeError without items, or with none of at most */
export function latentClasses({ items, most, seed, name }: LatentClassesInput): LatentClasses {
  if (items.length === 0) throw new RangeError("classes need an item");
  if (!(Number.isInteger(most) && most >= 1)) throw new RangeError(`at most 1 class or more are tried, got ${most}`);
  const signs = items[0]!.length;
  const patterns = patternsOf(items);
  let best = fitted(patterns, items.length, signs, 1, stream(seed, name));
  for (let k = 2, behind = 0; k <= Math.min(most, patterns.length) && behind < PATIENCE; k++) {
    const tries = Array.from({ length: STARTS }, (_, start) =>
      fitted(patterns, items.length, signs, k, stream(seed, `${name}/${k}`, start)),
    );
    const next = tries.reduce((a, b) => (b.logLikelihood > a.logLikelihood ? b : a));
    behind = next.icl > best.icl ? 0 : behind + 1;
    if (behind === 0) best = next;
  }
  return best;
}

/** P(class | signs) of one item, in the order of the classes. */
export function classChances({ weights, chances }: Pick<LatentClasses, "weights" | "chances">, item: Uint8Array) {
  const logs = chances.map((row, k) => {
    let sum = Math.log(weights[k]!);
    for (let f = 0; f < row.length; f++) sum += item[f] === 1 ? Math.log(row[f]!) : Math.log1p(-row[f]!);
    return sum;
  });
  const all = logSumExp(logs);
  return Float64Array.from(logs, (log) => Math.exp(log - all));
}

function patternsOf(items: readonly Uint8Array[]): Pattern[] {
  const byKey = Map.groupBy(items, (item) => item.join(""));
  return Array.from(byKey.values(), (alike) => ({
    shown: Array.from(alike[0]!.keys()).filter((f) => alike[0]![f] === 1),
    count: alike.length,
  }));
}

function fitted(patterns: readonly Pattern[], n: number, signs: number, k: number, random: Stream): LatentClasses {
  let shares = startOf(patterns, signs, k, random);
  let logLikelihood = Number.NEGATIVE_INFINITY;
  for (let round = 0; ; round++) {
    const { weights, chances } = maximised(patterns, shares, n, signs, k);
    const again = expected(patterns, weights, chances);
    const gained = again.logLikelihood - logLikelihood;
    logLikelihood = again.logLikelihood;
    shares = again.shares;
    if (gained >= TOLERANCE && round < MOST_ROUNDS) continue;
    const free = k - 1 + k * signs;
    const order = Array.from(weights.keys()).sort((a, b) => weights[b]! - weights[a]!);
    return {
      weights: Float64Array.from(order, (i) => weights[i]!),
      chances: order.map((i) => chances[i]!),
      logLikelihood,
      icl: logLikelihood - (free / 2) * Math.log(n) - again.entropy,
    };
  }
}

/** Every pattern to the nearest of k that lie far from each other: each is drawn in proportion to its items and the signs it lies apart from those before. */
function startOf(patterns: readonly Pattern[], signs: number, k: number, random: Stream): Float64Array[] {
  const apart = (a: Pattern, b: Pattern): number => {
    const own = new Set(a.shown);
    const both = b.shown.filter((f) => own.has(f)).length;
    return a.shown.length + b.shown.length - 2 * both;
  };
  const nearest = new Float64Array(patterns.length).fill(signs);
  const of = new Int32Array(patterns.length);
  for (let c = 0; c < k; c++) {
    const total = patterns.reduce((sum, { count }, i) => sum + count * nearest[i]!, 0);
    let left = random.uniform() * total;
    const drawn = patterns.findIndex(({ count }, i) => (left -= count * nearest[i]!) < 0);
    const centre = patterns[Math.max(0, drawn)]!;
    patterns.forEach((pattern, i) => {
      const distance = apart(pattern, centre);
      if (c === 0 || distance < nearest[i]!) {
        nearest[i] = distance;
        of[i] = c;
      }
    });
  }
  return Array.from(of, (own) => Float64Array.from({ length: k }, (_, c) => (c === own ? 1 : 0)));
}

function maximised(
  patterns: readonly Pattern[],
  shares: readonly Float64Array[],
  n: number,
  signs: number,
  k: number,
): Pick<LatentClasses, "weights" | "chances"> {
  const sizes = new Float64Array(k);
  const chances = Array.from({ length: k }, () => new Float64Array(signs));
  patterns.forEach(({ shown, count }, i) => {
    for (let c = 0; c < k; c++) {
      const part = count * shares[i]![c]!;
      sizes[c] = sizes[c]! + part;
      for (const f of shown) chances[c]![f] = chances[c]![f]! + part;
    }
  });
  for (let c = 0; c < k; c++)
    for (let f = 0; f < signs; f++) chances[c]![f] = (chances[c]![f]! + PRIOR) / (sizes[c]! + 2 * PRIOR);
  return { weights: sizes.map((size) => (size + PRIOR) / (n + k * PRIOR)), chances };
}

function expected(patterns: readonly Pattern[], weights: Float64Array, chances: readonly Float64Array[]) {
  // A pattern's log-likelihood is that of showing nothing, and what each shown sign adds.
  const logits = chances.map((row) => row.map((p) => Math.log(p) - Math.log1p(-p)));
  const nothing = chances.map((row, k) => row.reduce((sum, p) => sum + Math.log1p(-p), Math.log(weights[k]!)));
  let logLikelihood = 0;
  let entropy = 0;
  const shares = patterns.map(({ shown, count }) => {
    const logs = nothing.map((start, k) => shown.reduce((sum, f) => sum + logits[k]![f]!, start));
    const all = logSumExp(logs);
    logLikelihood += count * all;
    const own = Float64Array.from(logs, (log) => Math.exp(log - all));
    for (const p of own) if (p > 0) entropy -= count * p * Math.log(p);
    return own;
  });
  return { shares, logLikelihood, entropy };
}
