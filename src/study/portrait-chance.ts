// study/ · Portrait chance: what counts on many problems say of a chance on each of them, and of the tuned policy's beside the base's.
//
// Between problems a chance is Beta distributed, with the mean of all and the spread that counting leaves over (moments: J. Kleinman 1973, J. Am. Stat.
// Assoc. 68, 46). What training did to a problem is mostly what it did to all: the tuned policy's chance is looked for beside the base's, moved by one
// distance in logits where counts say that it moved at all, with the spread that is left. Told each by itself, both would be off by their own luck, and the gain by that of both. But where the
// base's chances lie at both ends and the tuned policy's do not, no distance leads there: what makes its counts likelier is taken, its own law or the base's.
import { crossing } from "../maths/crossing.ts";
import { betaBinomialLogPmf } from "../maths/distributions.ts";
import { latticePoint } from "../maths/lattice.ts";
import { expit, logit, logSumExp } from "../maths/logspace.ts";
import { betaQuantile } from "../maths/special.ts";

/** A chance on one problem: Beta(a, b); exactly 0 where a is 0, exactly 1 where b is. */
export interface Chance {
  readonly a: number;
  readonly b: number;
  /** Of the tuned policy, where the base's is known; of one step, where that of all steps is. */
  readonly beside?: Beside;
}

/** Given x, the chance beside it: Beta(events + strength · m, misses + strength · (1 − m)), m = expit(logit x + shift). */
export interface Beside {
  readonly shift: number;
  readonly strength: number;
  readonly events: number;
  readonly misses: number;
}

/** How often something could have been met, and how often it was. */
export interface Count {
  events: number;
  of: number;
}

/** A chance that was never met, or never missed, is told as half a one. */
const HALF = 0.5;
/** Problems that are alike but for counting have no spread; Beta's a and b add up to this at the most. */
const ALIKE = 1e7;
const LEAST_SPREAD = 0.5;
/** No chance is taken to be nearer to none or all: Beta's quantiles are numbers no longer. */
const NEARLY = 1e-9;
/** Training moves no chance by more logits. */
const FARTHEST = 30;
/** So many places stand for what is known of the base on a problem. */
const PLACES = 16;

const totalOf = (counts: readonly Count[], field: keyof Count): number =>
  counts.reduce((sum, one) => sum + one[field], 0);

const openly = (events: number, of: number): number => Math.max(HALF, Math.min(of - HALF, events));

/** @param intraclass share of the variance that lies between problems */
function strengthOf(intraclass: number): number {
  return intraclass <= 0 ? ALIKE : Math.min(ALIKE, Math.max(LEAST_SPREAD, 1 / intraclass - 1));
}

interface Law {
  readonly mean: number;
  readonly strength: number;
}

/** What may be, and what it is worth. */
interface Worth<T> {
  readonly it: T;
  readonly nats: number;
}

/**
 * Each number that a law has of its own costs a nat (H. Akaike 1974, IEEE Trans. Autom. Control 19, 716): that half an event in few is more than half
 * an event in many does not say that training moved anything, nor one event on one problem that problems differ.
 */
function likeliest<T>(list: readonly Worth<T>[]): Worth<T> {
  return list.reduce((best, one) => (one.nats > best.nats ? one : best));
}

/** Of all problems; undefined where none could have met it. */
function lawOf(counts: readonly Count[]): Worth<Law> | undefined {
  if (totalOf(counts, "of") === 0) return undefined;
  const mean = rateOf(counts);
  return likeliest(
    [ALIKE, strengthWithin([counts])].map((strength, numbers) => {
      const it = { mean, strength };
      return { it, nats: nats(counts, () => [it]) - 1 - numbers };
    }),
  );
}

const rateOf = (counts: readonly Count[]): number => {
  const of = totalOf(counts, "of");
  return openly(totalOf(counts, "events"), of) / of;
};

/** How near to what they have in common the counts of each group stay. */
function strengthWithin(groups: readonly (readonly Count[])[]): number {
  let [square, free, between] = [0, 0, 0];
  for (const group of groups) {
    const of = totalOf(group, "of");
    if (of === 0) continue;
    const mean = rateOf(group);
    const variance = mean * (1 - mean);
    // E Σ n (r − mean)² = Σ (1 − n/N) (binomial variance + (n − 1) · spread), in units of mean (1 − mean).
    for (const one of group) {
      if (one.of === 0) continue;
      square += one.of * (one.events / one.of - mean) ** 2;
      free += variance * (1 - one.of / of);
      between += variance * (1 - one.of / of) * (one.of - 1);
    }
  }
  return strengthOf(between <= 0 ? 0 : (square - free) / between);
}

/** Of each problem, given all: undefined where none could have met it. @param all more than these, where others do the same */
export function shrunk(counts: readonly Count[], all = counts): readonly Chance[] | undefined {
  const law = lawOf(all)?.it;
  return law && counts.map((one) => chanceOf(law, one));
}

const chanceOf = ({ mean, strength }: Law, { events, of }: Count): Chance => ({
  a: mean * strength + events,
  b: (1 - mean) * strength + of - events,
});

/** Of each step. @param wholes of all steps of a problem together @param counts of each step of a problem */
export function within(
  wholes: readonly Chance[],
  counts: readonly (readonly Count[])[],
): readonly (readonly Chance[])[] {
  const means = wholes.map(meanOf);
  const { it: strength } = likeliest(
    [ALIKE, strengthWithin(counts)].map((own, numbers) => {
      const known = counts.map((steps, i) => nats(steps, () => [{ mean: means[i]!, strength: own }]));
      return { it: own, nats: known.reduce((sum, one) => sum + one, 0) - numbers };
    }),
  );
  return counts.map((steps, i) =>
    steps.map((one) => ({
      ...chanceOf({ mean: means[i]!, strength }, one),
      beside: { shift: 0, strength, events: one.events, misses: one.of - one.events },
    })),
  );
}

const meanOf = ({ a, b }: Chance): number => a / (a + b);
const varianceOf = ({ a, b }: Chance): number => (a * b) / ((a + b) ** 2 * (a + b + 1));

/**
 * @param base what is known of the base on each problem, or on each step
 * @param wholes of all steps of that problem, where base is of each step
 * @returns nothing where that is not open, where the tuned policy could not have met it, or where its own law makes its counts likelier
 */
export function besideBase(
  base: readonly Chance[],
  counts: readonly Count[],
  wholes?: readonly Chance[],
): readonly Beside[] | undefined {
  const own = lawOf(counts);
  if (own === undefined || base.some(({ a, b }) => a === 0 || b === 0)) return undefined;
  const known = base.map((one, i) => placesOf(one, wholes?.[i]));
  const beside = likeliest(
    [0, shiftOf(base, counts)].flatMap((shift, moved) =>
      [ALIKE, strengthBeside(base, counts, shift)].map((strength, unlike) => {
        const laws = (i: number): Law[] => known[i]!.map((x) => ({ mean: movedFrom(x, shift), strength }));
        return { it: { shift, strength }, nats: nats(counts, laws) - moved - unlike };
      }),
    ),
  );
  if (own.nats > beside.nats) return undefined;
  return counts.map(({ events, of }) => ({ ...beside.it, events, misses: of - events }));
}

/** Where it may be, each as likely. A step's goes with that of all steps, which is open itself: told apart from it, it would be too sure. */
function placesOf(chance: Chance, whole: Chance | undefined): readonly number[] {
  return Array.from({ length: PLACES }, (_, k) => {
    const [lot, other] = latticePoint(k, PLACES);
    if (whole === undefined) return betaQuantile(lot, chance.a, chance.b);
    const { a, b } = chanceAt(chance, betaQuantile(lot, whole.a, whole.b));
    return betaQuantile(other, a, b);
  });
}

/** By which the base's chances give as many events as were counted. */
function shiftOf(base: readonly Chance[], counts: readonly Count[]): number {
  const events = openly(totalOf(counts, "events"), totalOf(counts, "of"));
  const places = base.map((one) => logit(meanOf(one)));
  const expected = (shift: number): number =>
    counts.reduce((sum, one, i) => sum + one.of * expit(places[i]! + shift), 0);
  return -crossing((down) => expected(-down) - events, -FARTHEST, FARTHEST);
}

/** How near to the base's, moved by that distance, the counts of each problem stay. */
function strengthBeside(base: readonly Chance[], counts: readonly Count[], shift: number): number {
  const of = totalOf(counts, "of");
  let [square, counting, between] = [0, 0, 0];
  counts.forEach((one, i) => {
    if (one.of === 0) return;
    const x = meanOf(base[i]!);
    const m = expit(logit(x) + shift);
    const variance = m * (1 - m);
    // What is not known of the base is no spread of what training did.
    const byBase = (variance / (x * (1 - x))) ** 2 * varianceOf(base[i]!);
    square += one.of * ((one.events / one.of - m) ** 2 - byBase);
    counting += variance * (1 - one.of / of);
    between += variance * (one.of - 1);
  });
  return strengthOf(between <= 0 ? 0 : (square - counting) / between);
}

/** Of what was counted, where each problem has one of these laws, nobody knows which. */
function nats(counts: readonly Count[], laws: (i: number) => readonly Law[]): number {
  return counts.reduce((sum, one, i) => {
    if (one.of === 0) return sum;
    const each = laws(i).map(({ mean, strength }) =>
      betaBinomialLogPmf(one.events, one.of, mean * strength, (1 - mean) * strength),
    );
    return sum + logSumExp(each) - Math.log(each.length);
  }, 0);
}

const movedFrom = (base: number, shift: number): number =>
  Math.min(1 - NEARLY, Math.max(NEARLY, expit(logit(base) + shift)));

/** What it is where the chance that it stands beside is x; nothing is moved from none or all. @param x in [0, 1] */
export function chanceAt(chance: Chance, x: number | undefined): Chance {
  const isOpen = x !== undefined && x > 0 && x < 1 && chance.beside !== undefined;
  return isOpen ? chanceBeside(chance.beside, x) : chance;
}

/** As a chance of its own. @param x in [0, 1] */
export function chanceBeside({ shift, strength, events, misses }: Beside, x: number): Chance {
  const m = movedFrom(x, shift);
  return { a: events + strength * m, b: misses + strength * (1 - m) };
}
