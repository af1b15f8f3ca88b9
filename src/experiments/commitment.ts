// experiments/ · Commitment: are texts of one cluster fixed by how they begin? Clusters that no beginning fixes are put together.
//
// Two texts behind one beginning are draws of one law, and so are a policy's own from the prompt. If the beginning fixes the cluster the
// first two agree, whoever goes on; if it fixes nothing they agree as often as the second do by chance.
import { clusterJackknife } from "../maths/cluster-jackknife.ts";
import { classChances, type LatentClasses } from "../maths/latent-classes.ts";
import { studentHalfWidth } from "../maths/student.ts";
import type { Parted, Passage } from "./commitment-passages.ts";
import type { Clusters } from "./ladder-counts.ts";

/** Classes put together into ways, each a list of their numbers. */
export type Grouping = readonly (readonly number[])[];

export interface Commitment {
  /** Of what could be kept beyond chance: (kept − chance) / (1 − chance). 1 where every beginning fixes the cluster, 0 where none does. */
  readonly value: number;
  readonly se: number;
  readonly low: number;
  readonly high: number;
  /** Shares in the mean over beginnings, problem by problem. */
  readonly kept: number;
  readonly chance: number;
  /** On which something could have been kept beyond chance. */
  readonly problems: number;
}

/** Texts behind a beginning *mostly* end in its cluster: more than half of what chance leaves open. */
export const MOSTLY = 1 / 2;
/** A lower limit from fewer rests on one or two of them (as in maths/confusion). */
const FEWEST_PROBLEMS = 5;

/** Classes of whole texts, and of rests: what stands behind a beginning lacks the signs of the beginning, in every class. */
export class Shaped {
  readonly classes: LatentClasses;
  readonly #wholes: Remembered;
  readonly #rests: Remembered;

  /** @param passages those from which it is learnt what rests of each class look like */
  constructor(classes: LatentClasses, passages: readonly Passage[]) {
    this.classes = classes;
    this.#wholes = new Remembered(classes);
    const sizes = classes.weights.map(() => 0);
    const shown = classes.chances.map((row) => row.map(() => 0));
    // What was written behind the beginnings decides, so it teaches nothing.
    for (const { whole, rest } of new Set(passages.flatMap(({ source, alone }) => [source, ...alone]))) {
      const k = this.groupOf(single(classes), whole);
      sizes[k] = sizes[k]! + 1;
      for (let f = 0; f < rest.length; f++) shown[k]![f] = shown[k]![f]! + rest[f]!;
    }
    this.#rests = new Remembered({
      weights: classes.weights,
      chances: shown.map((row, k) => row.map((count) => (count + PRIOR) / (sizes[k]! + 2 * PRIOR))),
    });
  }

  /** Which of the groups a whole text is of. */
  groupOf(grouping: Grouping, whole: Uint8Array): number {
    return largest(grouping, this.#wholes.of(whole));
  }

  /** Which of the groups a rest is of. */
  restOf(grouping: Grouping, rest: Uint8Array): number {
    return largest(grouping, this.#rests.of(rest));
  }
}

/** Half a rest that shows a sign and half one that lacks it, as in maths/latent-classes. */
const PRIOR = 0.5;

/** Every class by itself. */
function single({ chances }: Pick<LatentClasses, "chances">): Grouping {
  return chances.map((_, k) => [k]);
}

function largest(grouping: Grouping, chances: Float64Array): number {
  let best = 0;
  let most = -1;
  grouping.forEach((group, g) => {
    const own = group.reduce((sum, k) => sum + chances[k]!, 0);
    if (own > most) [best, most] = [g, own];
  });
  return best;
}

/** Shapes repeat: the class of each is worked out once, however classes are put together. */
class Remembered {
  readonly #classes: Pick<LatentClasses, "weights" | "chances">;
  readonly #byItem = new Map<Uint8Array, Float64Array>();
  readonly #byKey = new Map<string, Float64Array>();

  constructor(classes: Pick<LatentClasses, "weights" | "chances">) {
    this.#classes = classes;
  }

  of(item: Uint8Array): Float64Array {
    let found = this.#byItem.get(item);
    if (found === undefined) {
      const key = item.join("");
      found = this.#byKey.get(key) ?? classChances(this.#classes, item);
      this.#byKey.set(key, found);
      this.#byItem.set(item, found);
    }
    return found;
  }
}

export interface Committing {
  readonly shaped: Shaped;
  readonly grouping: Grouping;
  readonly clusters: Clusters;
  /** Of these two groups alone: texts of others are left out. */
  readonly pair?: readonly [number, number];
}

/** Of one problem, or family: sums over beginnings. */
export interface KeptRow {
  readonly kept: number;
  readonly chance: number;
  readonly of: number;
}

export function keptRows(passages: readonly Passage[], options: Committing): KeptRow[] {
  const { shaped, grouping, clusters, pair } = options;
  const taken = pair === undefined ? grouping : pair.map((g) => grouping[g]!);
  const side = (item: Uint8Array): number => shaped.restOf(taken, item);
  const counts = ({ whole }: Parted): boolean => pair === undefined || pair.includes(shaped.groupOf(grouping, whole));
  const rows = new Map<number, KeptRow>();
  for (const { problem, source, continued, alone } of passages) {
    const [after, before] = [continued.filter(counts), alone.filter(counts)];
    if (!counts(source) || after.length === 0 || before.length === 0) continue;
    const own = side(source.rest);
    const share = (list: readonly Parted[]): number =>
      list.filter(({ rest }) => side(rest) === own).length / list.length;
    const row = rows.get(clusters.get(problem)!) ?? { kept: 0, chance: 0, of: 0 };
    rows.set(clusters.get(problem)!, {
      kept: row.kept + share(after),
      chance: row.chance + share(before),
      of: row.of + 1,
    });
  }
  return [...rows.values()];
}

/** @returns nothing where nothing could be kept beyond chance on five problems */
export function commitment(rows: readonly KeptRow[], level: number): Commitment | undefined {
  const open = rows
    .map(({ kept, chance, of }) => ({ kept: kept / of, chance: chance / of }))
    .filter(({ chance }) => chance < 1);
  if (open.length < FEWEST_PROBLEMS) return undefined;
  const found = clusterJackknife(open.length, (without) => {
    const some = open.filter((_, i) => i !== without);
    const sum = (of: (one: (typeof open)[number]) => number): number => some.reduce((all, one) => all + of(one), 0);
    return [sum(({ kept, chance }) => kept - chance) / sum(({ chance }) => 1 - chance)];
  })!;
  const [value, se] = [found.value[0]!, found.se[0]!];
  const half = studentHalfWidth(level, open.length - 1) * se;
  // Where all is kept the jackknife sees no spread. No limit is above Clopper and Pearson's for as many problems, all of which kept it.
  const mean = (of: "kept" | "chance"): number => open.reduce((sum, one) => sum + one[of], 0) / open.length;
  return {
    value,
    se,
    low: Math.min(value - half, ((1 - level) / 2) ** (1 / open.length)),
    high: Math.min(1, value + half),
    kept: mean("kept"),
    chance: mean("chance"),
    problems: open.length,
  };
}

/**
 * Classes are put together until each is kept apart from every other by how its texts begin: first those that beginnings certainly do not
 * keep apart, then those for which nothing speaks, then those for which too little does; of each the most alike.
 *
 * @param passages those that may decide it
 */
export function committedGroups(
  passages: readonly Passage[],
  { shaped, level, clusters }: Omit<Committing, "grouping" | "pair"> & { readonly level: number },
): Grouping {
  let grouping = single(shaped.classes);
  while (grouping.length > 1) {
    const pairs = grouping.flatMap((_, a) => Array.from({ length: a }, (_unused, b): [number, number] => [b, a]));
    const found = pairs.map((pair) => ({
      pair,
      is: commitment(keptRows(passages, { shaped, grouping, clusters, pair }), level),
    }));
    const open = found.filter(({ is }) => is === undefined || !(is.low > MOSTLY));
    if (open.length === 0) return grouping;
    const told = open.filter(({ is }) => is !== undefined && is.high < MOSTLY);
    const silent = open.filter(({ is }) => is === undefined || is.value < MOSTLY);
    const { pair } = [told, silent, open]
      .find(({ length }) => length > 0)!
      .map((one) => ({ ...one, apart: apart(shaped.classes, grouping, one.pair) }))
      .reduce((least, one) => (one.apart < least.apart ? one : least));
    const [a, b] = pair;
    grouping = [...grouping.filter((_, g) => g !== a && g !== b), [...grouping[a]!, ...grouping[b]!]];
  }
  return grouping;
}

/**
 * Jensen and Shannon's divergence of two groups' laws, sign by sign, in nats. However many texts they have: by what is lost over all texts
 * two small groups would always be nearer than a small one and the large one that it belongs to.
 */
function apart(classes: LatentClasses, grouping: Grouping, [a, b]: readonly [number, number]): number {
  const [one, other] = [lawOf(classes, grouping[a]!), lawOf(classes, grouping[b]!)];
  return one.reduce((sum, p, f) => {
    const both = (p + other[f]!) / 2;
    return sum + (divergence(p, both) + divergence(other[f]!, both)) / 2;
  }, 0);
}

/** P(sign | group). */
export function lawOf({ weights, chances }: LatentClasses, group: readonly number[]): Float64Array {
  const weight = group.reduce((sum, k) => sum + weights[k]!, 0);
  return chances[0]!.map((_, f) => group.reduce((sum, k) => sum + (weights[k]! / weight) * chances[k]![f]!, 0));
}

/** Of two chances in (0, 1), in nats. */
const divergence = (p: number, q: number): number => p * Math.log(p / q) + (1 - p) * Math.log((1 - p) / (1 - q));
