// maths/ · Missing bits: where along right rollouts the base lacks the bits, and in how many places, with what is known of both.
//
// Total, bits per place, shares and N_eff as in bit-shapes.ts, averaged over a problem's rollouts and then over problems.
//
// Shares and N_eff of noisy counts are badly biased, and both ways: noise breaks even bits into lumps (8 even steps look like 4.4
// places at 16 continuations a cut) and puts bits where there are none (one fork looks like 1.7). What is reported is
//   f(counts) + average over draws of [ f(drawn profile) − f(counts sampled from that profile) ],
// the profiles drawn from the posterior of bit-profiles.ts: unbiased where its laws fit, and the counts' own answer where noise is
// small. Those laws know no dips (a slip, repaired later, lowers V on the way). Where the counts fall more than counts without dips
// would, by DIPS_AT standard errors, shares and N_eff are extrapolated instead, which needs no law and is several times noisier.
// Dips that a few dozen rollouts cannot show make N_eff too small by a tenth. The laws treat all segments alike; the last one (the
// statement of the answer) often lacks nothing where all others lack something, which cost N_eff a seventh until it was left out of
// the laws there (SETTLED).
//
// Errors: a bootstrap over problems that learns the profiles' laws anew in each resample (its draws reweighted, not redrawn). A
// problem's value carries its own binomial noise, so resampling problems resamples the noise; more added on top would count it twice.
// To this N_eff and the shares add LAW_DOUBT of their correction, without which their intervals are too sure of the laws.
import { profileModel } from "./bit-profiles.ts";
import { add, type CutCounts, extrapolatedShape, missingAt, type Shape, shapeOf } from "./bit-shapes.ts";
import { clusterBootstrap, type EntryInterval, jointIntervals } from "./cluster-bootstrap.ts";
import { oneSidedUpper } from "./intervals.ts";
import { type Stream, stream } from "./random.ts";

/** Continuations at a cut at least: they may be thinned to a quarter. */
export const FEWEST_CONTINUATIONS = 4;
/** Dips are believed above this many standard errors. */
const DIPS_AT = 3;
/**
 * What N_eff and the shares are corrected by is believed to this part of itself, as one more standard error: laws fit only so far.
 * On simulated chains (even and uneven slips, forks; 12 to 64 continuations) the mean correction was off by less than 1 to 13 % of it.
 */
const LAW_DOUBT = 0.05;
/** Laws leave out what is behind the last cut where that is less than this part of the mean segment before it, lumps not counted. */
const SETTLED = 0.2;
/** Posterior draws a rollout. */
const DRAWS = 16;

export interface CutRollout {
  /** Right of drawn continuations at each cut inside, in order of position; may be none. Each drawn ≥ FEWEST_CONTINUATIONS. */
  readonly right: readonly number[];
  readonly drawn: readonly number[];
  /** Place (0 … places − 1) of each of the segments, one more than cuts: a step number, or a bin of positions. */
  readonly places: readonly number[];
}

export interface BitsProblem {
  /** The base's own rollouts from the start: its V there. */
  readonly right: number;
  readonly drawn: number;
  /** Right ones. */
  readonly rollouts: readonly CutRollout[];
}

export interface BitsInput {
  readonly problems: readonly BitsProblem[];
  readonly places: number;
  /**
   * How the counts of the cuts inside come about where −log2 V at the start and the cuts is `missing` and the start's count is as
   * given. Needed where it was chosen by the first counts which cuts get more: the choice shapes the noise. Binomial where not said.
   */
  readonly redraw?: (start: CutCounts, missing: Float64Array, draws: Stream) => CutCounts;
  /** Of each interval, and of all at once for the joint limits, in (0, 1). */
  readonly level: number;
  /** Bootstrap replicates, 20 or more. */
  readonly replicates: number;
  readonly seed: number;
  /** What the draws are for. */
  readonly name: string;
  /** A quarter of the library's profiles and of the draws: for pictures of a study's size, not for its result. */
  readonly rough?: boolean;
}

export interface MissingBits {
  /** −log2 of the base's chance: of the problems it solved, see `unseen`. Nothing, here and below, where there is no spread over problems. */
  readonly total: EntryInterval | undefined;
  /** Bits per place; the values add up to the total's. */
  readonly bits: readonly (EntryInterval | undefined)[];
  /** Mean share per place in a rollout's positive bits. */
  readonly shares: readonly (EntryInterval | undefined)[];
  readonly neff: EntryInterval | undefined;
  /** Indices of problems the base never solved: their V is a bound, and they are in none of the means. */
  readonly unseen: readonly number[];
  /** Where some are unseen: mean total over all problems with the unseen at −log2 of their count's upper limit, so a lower bound. */
  readonly atLeast?: number;
  /** Indices of problems the base always solved: they lack no bits, count 0 in the bits, and are not in shares and N_eff. */
  readonly alwaysSolved: readonly number[];
  /** Cuts, and those of them at which no continuation was right: V is a bound there, and the rest is told by the other cuts. */
  readonly cuts: number;
  readonly emptyCuts: number;
  readonly shapeBy: "profiles" | "extrapolation";
  /** By how many standard errors the counts fall more than counts without dips would. */
  readonly dips: number;
  /** Weight of each of bit-profiles' LAWS: low concentrations are single places, high ones even steps. */
  readonly evenness: Float64Array;
}

interface Line {
  /** Index among the problems with a shape. */
  readonly problem: number;
  readonly counts: CutCounts;
  readonly places: readonly number[];
}

/** One rollout's shape from its counts, and the corrections to it that each draw proposes. */
interface Corrected {
  readonly seen: Shape;
  readonly laws: readonly number[];
  readonly shifts: readonly Float64Array[];
  /** Bits that fall, above what counts of the drawn profiles fall. */
  readonly excessFall: number;
}

/** Nothing below 2 problems that the base solved sometimes but not always and that have a rollout. RangeError for broken counts, places or lengths. */
export function missingBits(input: BitsInput): MissingBits | undefined {
  const { problems, places, level, replicates, seed, name } = input;
  check(input);
  const all = problems.map((problem, index) => ({ ...problem, index }));
  const unseen = all.filter(({ right }) => right === 0).map(({ index }) => index);
  const whole = all.filter(({ right, drawn }) => right === drawn).map(({ index }) => index);
  const shaped = all.filter(({ right, drawn, rollouts }) => right > 0 && right < drawn && rollouts.length > 0);
  if (shaped.length < 2) return undefined;
  const lines = shaped.flatMap(({ right, drawn, rollouts }, problem) =>
    rollouts.map((rollout): Line => {
      const counts = { right: [right, ...rollout.right], drawn: [drawn, ...rollout.drawn] };
      return { problem, counts, places: rollout.places };
    }),
  );
  const rolloutsOf = new Float64Array(shaped.length);
  for (const { problem } of lines) rolloutsOf[problem] = rolloutsOf[problem]! + 1;

  const settled = settledAt(lines.map(({ counts }) => counts));
  const model = profileModel(
    lines.map(({ counts }) => (settled === undefined ? counts : withoutLast(counts))),
    stream(seed, `${name}: profiles`),
    input.rough,
  );
  const drawsEach = input.rough === true ? DRAWS / 4 : DRAWS;
  const corrected = lines.map((line, i): Corrected => {
    const draws = stream(seed, `${name}: rollout`, i);
    const seen = shapeOf(missingAt(line.counts), line.places, places);
    const laws: number[] = [];
    const shifts: Float64Array[] = [];
    let excessFall = seen.fall;
    for (let d = 0; d < drawsEach; d++) {
      const { bits: before, law } = model.draw(i, draws);
      const bits = settled === undefined ? before : withLast(before, line.counts, settled);
      const again = shapeOf(missingAt(sampled(bits, line.counts, draws, input.redraw)), line.places, places);
      const shift = shapeOf(bits, line.places, places).values;
      add(shift, again.values, -1);
      laws.push(law);
      shifts.push(shift);
      excessFall -= again.fall / drawsEach;
    }
    return { seen, laws, shifts, excessFall };
  });
  const falls = new Float64Array(shaped.length);
  lines.forEach(({ problem }, i) => {
    falls[problem] = falls[problem]! + corrected[i]!.excessFall / rolloutsOf[problem]!;
  });
  const dips = zOf(falls);
  const thin =
    dips > DIPS_AT
      ? lines.map((line, i) => extrapolatedShape(line.counts, line.places, places, stream(seed, `${name}: thin`, i)))
      : undefined;

  // Entries: total, bits per place over all solved problems; then N_eff, shares per place over those with a shape.
  const clusters = shaped.length + whole.length;
  const drawn = clusterBootstrap({
    clusters,
    replicates,
    seed,
    name: `${name}: problems`,
    statistic: (weights) => {
      const times = lines.map(({ problem }) => weights[problem]!);
      const learned = thin === undefined ? model.relearn(times) : model.weights;
      const ratios = learned.map((weight, law) => weight / model.weights[law]!);
      const sum = new Float64Array(1 + 2 * places);
      let solved = 0;
      let withShape = 0;
      for (let problem = 0; problem < clusters; problem++) {
        solved += weights[problem]!;
        if (problem < shaped.length) withShape += weights[problem]!;
      }
      if (withShape === 0) return undefined;
      lines.forEach(({ problem }, i) => {
        const weight = weights[problem]! / rolloutsOf[problem]!;
        if (weight === 0) return;
        const { seen, laws, shifts } = corrected[i]!;
        if (thin !== undefined) {
          add(sum, thin[i]!.values, weight);
          return;
        }
        add(sum, seen.values, weight);
        const mass = laws.reduce((total, law) => total + ratios[law]!, 0);
        shifts.forEach((shift, d) => {
          add(sum, shift, (weight * ratios[laws[d]!]!) / mass);
        });
      });
      const bits = sum.subarray(1, 1 + places).map((value) => value / solved);
      const shares = sum.subarray(1 + places).map((value) => value / withShape);
      const total = bits.reduce((adding, value) => adding + value, 0);
      return [total, sum[0]! / withShape, ...bits, ...shares];
    },
  })!;
  const bare = new Float64Array(1 + 2 * places);
  lines.forEach(({ problem }, i) => {
    add(bare, corrected[i]!.seen.values, 1 / rolloutsOf[problem]! / shaped.length);
  });
  const doubted = (entry: EntryInterval | undefined, uncorrected: number): EntryInterval | undefined =>
    entry && widened(entry, LAW_DOUBT * (entry.value - uncorrected));
  const { entries } = jointIntervals(drawn, level);
  const total = drawn.estimate[0]!;
  const bounds = unseen.reduce((sum, i) => sum - Math.log2(oneSidedUpper(0, problems[i]!.drawn, level)), 0);
  const inside = lines.flatMap(({ counts }) => counts.right.slice(1));
  return {
    total: entries[0],
    neff: doubted(entries[1], bare[0]!),
    bits: entries.slice(2, 2 + places),
    shares: entries.slice(2 + places).map((entry, k) => doubted(entry, bare[1 + places + k]!)),
    unseen,
    ...(unseen.length > 0 && { atLeast: (total * clusters + bounds) / (clusters + unseen.length) }),
    alwaysSolved: whole,
    cuts: inside.length,
    emptyCuts: inside.filter((count) => count === 0).length,
    shapeBy: thin === undefined ? "profiles" : "extrapolation",
    dips,
    evenness: model.weights,
  };
}

/** −log2 V at the last cut, of all rollouts together, where it is next to nothing beside the segments before. */
function settledAt(all: readonly CutCounts[]): number | undefined {
  const cut = all.filter(({ right }) => right.length > 2);
  if (cut.length === 0) return undefined;
  const sum = (counts: (of: CutCounts) => readonly number[]): number =>
    cut.reduce((adding, one) => adding + counts(one).at(-1)!, 0);
  const last = -Math.log2((sum(({ right }) => right) + 0.5) / (sum(({ drawn }) => drawn) + 1));
  // Without each rollout's largest segment: a fork would make small slips look settled.
  const others = cut.flatMap((counts) => {
    const missing = missingAt(counts);
    const before = Array.from(missing.subarray(1), (own, t) => missing[t]! - own);
    return before.sort((a, b) => a - b).slice(0, -1);
  });
  const mean = others.reduce((adding, own) => adding + own, 0) / others.length;
  return last < SETTLED * mean ? last : undefined;
}

function withoutLast({ right, drawn }: CutCounts): CutCounts {
  return right.length === 1 ? { right, drawn } : { right: right.slice(0, -1), drawn: drawn.slice(0, -1) };
}

/** A profile drawn without the last cut, with it. */
function withLast(bits: Float64Array, { right }: CutCounts, last: number): Float64Array {
  return right.length === 1 ? bits : Float64Array.of(...bits.map((own) => Math.max(own, last)), last);
}

/** Counts as they would be if −log2 V were `missing`; the start's neither none nor all, as it must be to be let in. */
function sampled(missing: Float64Array, { drawn }: CutCounts, draws: Stream, redraw: BitsInput["redraw"]): CutCounts {
  const count = (t: number): number => draws.binomial(drawn[t]!, 2 ** -missing[t]!);
  const start = Math.min(drawn[0]! - 1, Math.max(1, count(0)));
  const inside = redraw?.({ right: [start], drawn: [drawn[0]!] }, missing, draws) ?? {
    right: Array.from({ length: drawn.length - 1 }, (_, t) => count(t + 1)),
    drawn: drawn.slice(1),
  };
  return { right: [start, ...inside.right], drawn: [drawn[0]!, ...inside.drawn] };
}

/** The interval with one more independent error. */
function widened(entry: EntryInterval, error: number): EntryInterval {
  const se = Math.hypot(entry.se, error);
  const from = (limit: number): number => entry.value + ((limit - entry.value) * se) / entry.se;
  const { low, high, jointLow, jointHigh } = entry;
  return { ...entry, se, low: from(low), high: from(high), jointLow: from(jointLow), jointHigh: from(jointHigh) };
}

/** Mean over its standard error; 0 where there is no spread. */
function zOf(values: Float64Array): number {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const se = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) / n);
  return se > 0 ? mean / se : 0;
}

function check({ problems, places }: BitsInput): void {
  const count = (right: number, drawn: number | undefined, least: number, where: string): void => {
    if (
      !(Number.isInteger(right) && right >= 0 && drawn !== undefined && Number.isInteger(drawn)) ||
      right > drawn ||
      drawn < least
    )
      throw new RangeError(
        `${where} needs whole numbers 0 ≤ right ≤ drawn and drawn ≥ ${least}, got ${right} of ${drawn}`,
      );
  };
  problems.forEach((problem, i) => {
    count(problem.right, problem.drawn, 1, `the start of problem ${i}`);
    problem.rollouts.forEach(({ right, drawn, places: at }, r) => {
      const where = `rollout ${r} of problem ${i}`;
      right.forEach((k, t) => {
        count(k, drawn[t], FEWEST_CONTINUATIONS, `cut ${t} of ${where}`);
      });
      if (at.length !== right.length + 1)
        throw new RangeError(
          `${where} has ${right.length} cuts, so ${right.length + 1} segments, but ${at.length} places`,
        );
      const outside = at.find((place) => !(Number.isInteger(place) && place >= 0 && place < places));
      if (outside !== undefined) throw new RangeError(`a place is a whole number 0 to ${places - 1}, got ${outside}`);
    });
  });
}
