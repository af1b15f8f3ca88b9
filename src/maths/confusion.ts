// maths/ · Confusion: how common each class is, from labels by a labeller whose confusions were measured on a calibration sample.
//
// The maximum-likelihood shares on the simplex given the measured confusions θ_ij = P(label j | class i), which for two classes are those
// of W. J. Rogan & B. Gladen (1978), Am. J. Epidemiol. 107, 71–76, with a Bayesian bootstrap (D. B. Rubin 1981, Ann. Stat. 9, 130–134) of
// the labels' clusters and of the calibration. What a labeller no better than a coin says of a class tells nothing, and is refused.
import { mixtureWeights } from "./mixture-weights.ts";
import { type Stream, stream } from "./random.ts";
import { normalQuantile } from "./special.ts";
import { studentHalfWidth } from "./student.ts";

export interface RefusedPrevalence {
  readonly kind: "refused";
  readonly why: string;
}

/** Items of one kind, for which the labeller's confusions are the same. */
export interface LabelledGroup {
  /**
   * Of each cluster of items, how many were labelled j: J ≥ K whole numbers. Label j < K names class j, the labels behind them none. Every
   * group has the same clusters in the same order.
   */
  readonly labels: readonly (readonly number[])[];
  /** K rows of J: calibration items of class i that were labelled j. Rows are samples of their class; their sizes say nothing of shares. */
  readonly calibration: readonly (readonly number[])[];
}

export interface ClassesInput {
  /** One, or several that are calibrated each by itself. */
  readonly groups: readonly LabelledGroup[];
  /** Of each interval, in (0, 1). */
  readonly level: number;
  /** Bootstrap draws, 100 or more. */
  readonly replicates: number;
  readonly seed: number;
  /** What the draws are for. */
  readonly name: string;
}

export interface ClassShare {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ClassPrevalence {
  readonly kind: "measured";
  /** One a class, of all items; the values add up to 1. `ofFirst`: of the class's items, those in the first of several groups; absent where it has no items. */
  readonly classes: readonly (ClassShare & { readonly ofFirst?: ClassShare })[];
  /** |θ|, labels of no class spread evenly: 1 for a perfect labeller, 0 for one that cannot tell some mixture of classes from another. The least of the groups'. */
  readonly determinant: number;
}

/** Clusters with labels that an interval needs: with fewer, Student's t asks for more spread than weights can have. */
const FEWEST_CLUSTERS = 5;
/** Labels of no class that calibration never showed are left out; with more of them nobody knows whose they are. */
const STRANGE = 0.05;

/**
 * Shares of K classes: at the calibrated θ those that maximise the likelihood of the labels, group by group. The interval is between
 * quantiles of the same over draws: θ from Dirichlet posteriors with one prior observation a row, so that a confusion the calibration
 * did not show is not held to be impossible; clusters with Dirichlet weights, spread so that the variance of a mean is that of
 * Student's t with their number less one; one prior observation over all labels.
 *
 * @returns refused where a class has no calibration or no item a label, labels were given that calibration never showed, too few
 *   clusters have one, or a determinant is not told from 0: more than (1 − level)/2 of the draws have it at 0 or below
 * @throws RangeError for counts that are not whole, rows of another length, or fewer than 100 replicates
 */
export function classPrevalence(input: ClassesInput): ClassPrevalence | RefusedPrevalence {
  const { level, replicates, seed, name } = input;
  checkClasses(input);
  const told = withoutStrange(input.groups);
  if ("why" in told) return told;
  const { groups } = told;
  const k = groups[0]!.calibration.length;
  const empty = groups.flatMap(({ calibration }) =>
    calibration.flatMap((row, i) => (totalOf(row) === 0 ? [i] : [])),
  )[0];
  if (empty !== undefined) return { kind: "refused", why: `class ${empty} was never calibrated` };
  const clusters = merged(groups);
  const count = clusters.reduce((adding, { times }) => adding + times, 0);
  if (count === 0) return { kind: "refused", why: "nothing was labelled" };
  const tail = (1 - level) / 2;
  const concentration = count < FEWEST_CLUSTERS ? 0 : concentrationOf(count, level);
  if (!(concentration > 0))
    return { kind: "refused", why: `labels lie in ${count} clusters, too few to tell their spread` };
  const filled = groups.map((_, g) => clusters.some(({ rows }) => totalOf(rows[g]!) > 0));
  const laws = groups.map((_, g) => lawOf(clusters.map(({ rows, times }) => ({ row: rows[g]!, weight: times }))));
  const here = together(
    groups.map(({ calibration }) => calibration.map((row) => Float64Array.from(row, (own) => own / totalOf(row)))),
    laws,
    filled,
  );
  const draws: (typeof here)[] = [];
  let flat = 0;
  for (let r = 0; r < replicates; r++) {
    const random = stream(seed, name, r);
    const theta = groups.map(({ calibration }) => calibration.map((row) => dirichlet(row, random)));
    const weights = clusters.map(({ times }) => Math.exp(random.logGammaDraw(concentration * times)) / concentration);
    const again = groups.map((_, g) => {
      const law = lawOf(clusters.map(({ rows }, c) => ({ row: rows[g]!, weight: weights[c]! })));
      return law.map((own) => own + Math.exp(random.logGammaDraw(1 / (law.length * groups.length))));
    });
    const found = together(theta, again);
    if (!(leastOf(found.determinants, filled) > 0)) flat++;
    draws.push(found);
  }
  const determinant = leastOf(here.determinants, filled);
  if (determinant <= 0 || flat > tail * replicates)
    return {
      kind: "refused",
      why: `the labeller's confusions are not told from ones that mix classes up: their determinant is ${determinant.toFixed(3)}, and at or below 0 in ${flat} of ${replicates} draws`,
    };
  const between = (value: number, lows: Float64Array, highs: Float64Array): ClassShare => ({
    value,
    low: Math.min(value, lows.sort()[Math.floor(tail * (replicates - 1))]!),
    high: Math.max(value, highs.sort()[Math.ceil((1 - tail) * (replicates - 1))]!),
  });
  const classes = Array.from({ length: k }, (_, i) => {
    const own = Float64Array.from(draws, ({ shares }) => shares[i]!);
    const share = between(here.shares[i]!, own, own);
    const first = here.ofFirst[i];
    if (groups.length === 1 || first === undefined) return share;
    // A draw in which the class has no item says nothing of them: it may be none and all.
    const [lows, highs] = [0, 1].map((none) => Float64Array.from(draws, ({ ofFirst }) => ofFirst[i] ?? none));
    return { ...share, ofFirst: between(first, lows!, highs!) };
  });
  return { kind: "measured", classes, determinant };
}

/** Of the Dirichlet law of so many clusters' weights. */
function concentrationOf(count: number, level: number): number {
  const narrower = normalQuantile((1 + level) / 2) / studentHalfWidth(level, count - 1);
  return ((count - 1) * narrower ** 2 - 1) / count;
}

const totalOf = (row: readonly number[]): number => row.reduce((adding, count) => adding + count, 0);

/** Labels of no class that no calibration item was given are left out, where they are few. */
function withoutStrange(groups: readonly LabelledGroup[]): { groups: readonly LabelledGroup[] } | RefusedPrevalence {
  const k = groups[0]!.calibration.length;
  const given = (j: number): number =>
    groups.reduce((adding, { labels }) => adding + labels.reduce((own, row) => own + row[j]!, 0), 0);
  const shown = groups[0]!.calibration[0]!.map((_, j) =>
    groups.some(({ calibration }) => calibration.some((row) => row[j]! > 0)),
  );
  const total = shown.reduce((adding, _, j) => adding + given(j), 0);
  const strange = shown.findIndex((is, j) => !is && given(j) > (j < k ? 0 : STRANGE * total));
  if (strange >= 0) return { kind: "refused", why: `label ${strange} was given, but never in calibration` };
  const left = (row: readonly number[]): number[] => row.filter((_, j) => j < k || shown[j]);
  return {
    groups: groups.map(({ labels, calibration }) => ({ labels: labels.map(left), calibration: calibration.map(left) })),
  };
}

interface Cluster {
  /** One a group. */
  readonly rows: readonly (readonly number[])[];
  /** So many clusters have the same rows. */
  readonly times: number;
}

/** In an order of their own, so that the order in which they came says nothing. */
function merged(groups: readonly LabelledGroup[]): Cluster[] {
  const rows = groups[0]!.labels.map((_, c) => JSON.stringify(groups.map(({ labels }) => labels[c]!)));
  return [...Map.groupBy(rows.sort(), (row) => row)].flatMap(([row, { length }]) => {
    const own = JSON.parse(row) as number[][];
    return own.every((one) => totalOf(one) === 0) ? [] : [{ rows: own, times: length }];
  });
}

function lawOf(rows: readonly { readonly row: readonly number[]; readonly weight: number }[]): Float64Array {
  const law = new Float64Array(rows[0]!.row.length);
  for (const { row, weight } of rows) for (let j = 0; j < law.length; j++) law[j]! += weight * row[j]!;
  return law;
}

interface Together {
  readonly shares: Float64Array;
  readonly ofFirst: readonly (number | undefined)[];
  readonly determinants: readonly number[];
}

/** Shares of all groups' items. @param laws labels of each group's items, in items; a group that is not `filled` has none */
function together(
  theta: readonly (readonly Float64Array[])[],
  laws: readonly Float64Array[],
  filled: readonly boolean[] = laws.map(() => true),
): Together {
  const k = theta[0]!.length;
  const masses = laws.map((law) => law.reduce((adding, own) => adding + own, 0));
  const total = masses.reduce((adding, own) => adding + own, 0);
  const parts = laws.map((law, g) =>
    filled[g]
      ? simplexShares(
          theta[g]!,
          law.map((own) => own / masses[g]!),
        ).map((own) => (own * masses[g]!) / total)
      : new Float64Array(k),
  );
  const shares = Float64Array.from({ length: k }, (_, i) => parts.reduce((adding, own) => adding + own[i]!, 0));
  return {
    shares,
    ofFirst: Array.from(shares, (own, i) => (own > 0 ? parts[0]![i]! / own : undefined)),
    determinants: theta.map(determinantOf),
  };
}

const leastOf = (determinants: readonly number[], filled: readonly boolean[]): number =>
  Math.min(...determinants.filter((_, g) => filled[g]));

/** A label of no class counts for each of them alike. */
function determinantOf(theta: readonly Float64Array[]): number {
  const k = theta.length;
  const square = theta.map((row) => {
    const none = row.subarray(k).reduce((adding, own) => adding + own, 0);
    return row.slice(0, k).map((own) => own + none / k);
  });
  return solveTransposed(square, new Float64Array(k)).determinant;
}

/** A draw of shares from the posterior of counts, one observation spread over all cells before. */
function dirichlet(counts: readonly number[], draws: Stream): Float64Array {
  const logs = Float64Array.from(counts, (count) => draws.logGammaDraw(count + 1 / counts.length));
  const top = logs.reduce((most, own) => Math.max(most, own), Number.NEGATIVE_INFINITY);
  const weights = logs.map((own) => Math.exp(own - top));
  const total = weights.reduce((sum, own) => sum + own, 0);
  return weights.map((own) => own / total);
}

/** The π on the simplex that maximises Σ_j law_j log Σ_i π_i θ_ij. */
function simplexShares(theta: readonly Float64Array[], law: Float64Array): Float64Array {
  const k = theta.length;
  const solution = law.length === k ? solveTransposed(theta, law).solution : undefined;
  // Where some shares give the labels' law exactly, no others can be more likely.
  if (solution?.every((own) => own >= 0)) return solution;
  const fit = mixtureWeights({
    multiplicity: law,
    background: law.map((_, j) => theta.reduce((sum, row) => sum + row[j]! / k, 0)),
    // In nats of one item.
    tolerance: 1e-10,
    oracle: {
      column: (i) => theta[i]!,
      propose: (ratio) => {
        const gains = theta.map((row) => row.reduce((sum, own, j) => sum + (law[j]! > 0 ? own * ratio[j]! : 0), 0));
        return { atoms: gains.flatMap((gain, i) => (gain > 1 ? [i] : [])), largest: Math.max(...gains) };
      },
    },
  });
  const shares = new Float64Array(k);
  fit.atoms.forEach((i, at) => (shares[i] = fit.weights[at]!));
  return shares;
}

/** θᵀ π = law by elimination with pivots; no solution where a pivot is 0. */
function solveTransposed(
  theta: readonly Float64Array[],
  law: Float64Array,
): { solution: Float64Array | undefined; determinant: number } {
  const k = law.length;
  const rows = Array.from({ length: k }, (_, j) => Float64Array.of(...theta.map((row) => row[j]!), law[j]!));
  let determinant = 1;
  for (let c = 0; c < k; c++) {
    let pivot = c;
    for (let r = c + 1; r < k; r++) if (Math.abs(rows[r]![c]!) > Math.abs(rows[pivot]![c]!)) pivot = r;
    if (pivot !== c) {
      [rows[c], rows[pivot]] = [rows[pivot]!, rows[c]!];
      determinant = -determinant;
    }
    const own = rows[c]!;
    determinant *= own[c]!;
    if (own[c] === 0) return { solution: undefined, determinant: 0 };
    for (let r = 0; r < k; r++) {
      if (r === c) continue;
      const factor = rows[r]![c]! / own[c]!;
      for (let at = c; at <= k; at++) rows[r]![at] = rows[r]![at]! - factor * own[at]!;
    }
  }
  return { solution: Float64Array.from(rows, (row, i) => row[k]! / row[i]!), determinant };
}

function checkClasses({ groups, level, replicates }: ClassesInput): void {
  const k = groups[0]?.calibration.length ?? 0;
  const width = groups[0]?.calibration[0]?.length ?? 0;
  for (const { labels, calibration } of groups) {
    if (k < 2 || width < k || calibration.length !== k || labels.length !== groups[0]!.labels.length)
      throw new RangeError(`${width} labels need a calibration of 2 rows or more and no more than that, got ${k}`);
    const rows = [...labels, ...calibration];
    if (rows.some((row) => row.length !== width)) throw new RangeError(`every row needs ${width} labels`);
    if (!rows.every((row) => row.every((count) => Number.isInteger(count) && count >= 0)))
      throw new RangeError("labels and calibration are whole counts");
  }
  if (!(level > 0 && level < 1)) throw new RangeError(`a level lies in (0, 1), got ${level}`);
  if (!(replicates >= 100)) throw new RangeError(`intervals need 100 draws or more, got ${replicates}`);
}
