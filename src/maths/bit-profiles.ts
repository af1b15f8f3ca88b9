// maths/ · Bit profiles: how the missing bits of right rollouts may lie along them, given noisy counts at the cuts (empirical Bayes).
//
// A profile is the share of a rollout's bits in each of its T segments. Its prior is a mixture of symmetric Dirichlet laws, from
// "all in one place" (concentration 0.05) to "the same everywhere" (400), and the mixture's weights are what makes all rollouts'
// counts likeliest together (H. Robbins 1956; B. Efron 2010, Large-Scale Inference, ch. 1): whether the bits are even or lumped is
// learned from hundreds of rollouts where one alone, at a few dozen continuations a cut, cannot tell.
// Posterior: a library of profiles from each law, with every total, is weighted by the counts' likelihood (sampling importance
// resampling, D. B. Rubin 1988, Bayesian Statistics 3, 395–402), and each draw is then moved by Metropolis steps that re-divide
// neighbouring segments from the prior's own conditional law, Beta(α, α).
import type { CutCounts } from "./bit-shapes.ts";
import type { Stream } from "./random.ts";
import { betaQuantile } from "./special.ts";

/** A law: shares are (1 − even) · Dirichlet(concentration) + even / T. */
export interface ProfileLaw {
  readonly concentration: number;
  /** Part of the bits that lies evenly whatever the rest does: small slips everywhere beside a fork. */
  readonly even: number;
}

export const LAWS: readonly ProfileLaw[] = [
  ...[0.01, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 50, 400].map((concentration) => ({
    concentration,
    even: 0,
  })),
  ...[0.01, 0.05, 0.2, 0.8].flatMap((concentration) => [0.05, 0.1, 0.2, 0.5].map((even) => ({ concentration, even }))),
];
/** Profiles of each law in the library, about: whole sets of turns. */
const PER_LAW = 100;
/** Equally likely values of the total, from the start's posterior. Every profile meets every one of them. */
const TOTALS = 16;
/** Natural log of what is nothing beside 1. */
const NOTHING = -40;
/** log(1 − 2^−bits) is looked up between values of ln bits that are so far apart; what lies outside is taken to lie at the ends. */
const FINE = 0.02;
const LOWEST = Math.log(1e-9);
const HIGHEST = Math.log(100);
const SWEEPS = 20;
/** Bits at a cut inside are at least this: the end is V = 1, and the likelihood wants V < 1. */
const LEAST_BITS = 1e-9;

interface Library {
  readonly profiles: readonly {
    readonly law: number;
    /** The Dirichlet part, adding up to 1. */
    readonly lumps: Float64Array;
    /** Of the share of the bits that is still to come at each cut inside, and its natural log. */
    readonly rest: Float64Array;
    readonly logRest: Float64Array;
  }[];
}

interface Posterior {
  readonly counts: CutCounts;
  readonly totals: Float64Array;
  readonly library: Library;
  /** Likelihood of each profile, up to a factor: the sum over the totals. */
  readonly likelihood: Float64Array;
}

export interface ProfileDraw {
  /** −log2 V at the start and at each cut inside (T entries), never rising along the rollout. */
  readonly bits: Float64Array;
  /** Which of LAWS it came from. */
  readonly law: number;
}

export interface ProfileModel {
  /** Learned weight of each of LAWS; adds up to 1. */
  readonly weights: Float64Array;
  /** The weights learned anew where rollout i counts times[i] times. */
  relearn(times: ArrayLike<number>): Float64Array;
  /** A posterior draw for rollout i, under `weights`. */
  draw(i: number, stream: Stream): ProfileDraw;
}

/** Learns the mixture from all rollouts. The start's count must be neither none nor all. @param rough with a quarter of the library, and half of the totals */
export function profileModel(rollouts: readonly CutCounts[], stream: Stream, rough = false): ProfileModel {
  const places = rough ? TOTALS / 2 : TOTALS;
  const libraries = new Map<number, Library>();
  const totalsOf = new Map<string, Float64Array>();
  const posteriors = rollouts.map((counts): Posterior => {
    const segments = counts.right.length;
    const library = libraries.get(segments) ?? makeLibrary(segments, stream, rough ? PER_LAW / 4 : PER_LAW);
    libraries.set(segments, library);
    const [k, m] = [counts.right[0]!, counts.drawn[0]!];
    const totals =
      totalsOf.get(`${k}/${m}`) ??
      Float64Array.from(
        { length: places },
        (_, u) => -Math.log2(betaQuantile((u + 0.5) / places, k + 0.5, m - k + 0.5)),
      );
    totalsOf.set(`${k}/${m}`, totals);
    return { counts, totals, library, likelihood: likelihoods(counts, library, totals) };
  });
  const byLaw = posteriors.map(({ library, likelihood }) => {
    const sums = new Float64Array(LAWS.length);
    library.profiles.forEach(({ law }, a) => {
      sums[law] = sums[law]! + likelihood[a]!;
    });
    return sums;
  });
  const even = new Float64Array(LAWS.length).fill(1 / LAWS.length);
  const weights = learn(byLaw, new Float64Array(byLaw.length).fill(1), even, 200);
  return {
    weights,
    relearn: (times) => learn(byLaw, times, weights, 30),
    draw: (i, draws) => drawFrom(posteriors[i]!, weights, draws),
  };
}

/**
 * Every draw stands in the library at all the turns of its segments, as the laws are symmetric, and laws of one concentration share
 * their draws. Else hundreds of rollouts, all with the one library, would choose a law by which of its profiles happened to have
 * their lump where the rollouts have theirs.
 */
function makeLibrary(segments: number, stream: Stream, perLaw: number): Library {
  const drawn = new Map<number, readonly Float64Array[]>();
  for (const { concentration } of LAWS)
    if (!drawn.has(concentration))
      drawn.set(
        concentration,
        Array.from({ length: Math.ceil(perLaw / segments) }, () => drawLumps(segments, concentration, stream)),
      );
  const turns = Array.from({ length: segments }, (_, turn) => turn);
  const profiles = LAWS.flatMap(({ concentration, even }, law) =>
    drawn.get(concentration)!.flatMap((lumps) =>
      turns.map((turn) => {
        const turned = Float64Array.of(...lumps.subarray(turn), ...lumps.subarray(0, turn));
        const rest = restOf(turned, even).subarray(1, segments);
        return { law, lumps: turned, rest, logRest: rest.map(Math.log) };
      }),
    ),
  );
  return { profiles };
}

function drawLumps(segments: number, concentration: number, stream: Stream): Float64Array {
  const logs = Float64Array.from({ length: segments }, () => stream.logGammaDraw(concentration));
  const top = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const lumps = logs.map((value) => Math.exp(value - top));
  const sum = lumps.reduce((total, lump) => total + lump, 0);
  return lumps.map((lump) => lump / sum);
}

const LOG_FAILURES = Float64Array.from({ length: Math.ceil((HIGHEST - LOWEST) / FINE) + 1 }, (_, i) =>
  Math.log(-Math.expm1(-Math.LN2 * Math.exp(LOWEST + i * FINE))),
);

const LAST = LOG_FAILURES.length - 1;

/** log(1 − 2^−bits) where ln bits stands in the table; its ends are as good as what lies beyond them. */
function logFailureAt(place: number): number {
  const x = place < 0 ? 0 : place > LAST ? LAST : place;
  const i = x < LAST ? x | 0 : LAST - 1;
  const low = LOG_FAILURES[i]!;
  return low + (x - i) * (LOG_FAILURES[i + 1]! - low);
}

/** rest[t]: share of the bits that are still to come at cut t. */
function restOf(lumps: Float64Array, even: number): Float64Array {
  const segments = lumps.length;
  const rest = new Float64Array(segments + 1);
  for (let t = segments - 1; t >= 0; t--) rest[t] = rest[t + 1]! + (1 - even) * lumps[t]! + even / segments;
  return rest;
}

/** Of every profile, up to a common factor: the sum over the totals. */
function likelihoods(counts: CutCounts, { profiles }: Library, totals: Float64Array): Float64Array {
  const { right, drawn } = counts;
  const size = totals.length;
  const logs = new Float64Array(profiles.length * size);
  const asked = [...drawn.keys()].slice(1).filter((t) => drawn[t]! > 0);
  const missed = asked.filter((t) => drawn[t]! > right[t]!);
  // It is looked up millions of times: where a total stands in the table beside where a cut does.
  const offsets = totals.map((total) => Math.log(total) / FINE);
  let top = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < profiles.length; a++) {
    const { rest, logRest } = profiles[a]!;
    const from = a * size;
    // Right ones fall with the total as a whole, whatever cuts they were at.
    let fall = 0;
    for (const t of asked) fall += right[t]! * Math.LN2 * rest[t - 1]!;
    for (let u = 0; u < size; u++) logs[from + u] = -fall * totals[u]!;
    for (const t of missed) {
      const failures = drawn[t]! - right[t]!;
      const place = (logRest[t - 1]! - LOWEST) / FINE;
      for (let u = 0; u < size; u++) logs[from + u] = logs[from + u]! + failures * logFailureAt(place + offsets[u]!);
    }
    for (let u = 0; u < size; u++) if (logs[from + u]! > top) top = logs[from + u]!;
  }
  return Float64Array.from(profiles, (_, a) => {
    let sum = 0;
    for (let u = 0; u < size; u++) {
      const below = logs[a * size + u]! - top;
      // What is left out is lost in rounding beside the top.
      if (below > NOTHING) sum += Math.exp(below);
    }
    return sum;
  });
}

/** log-likelihood of the count at cut t, V = 2^−bits there. */
function cutLikelihood({ right, drawn }: CutCounts, t: number, bits: number): number {
  const log = -Math.LN2 * Math.max(LEAST_BITS, bits);
  const failures = drawn[t]! - right[t]!;
  return right[t]! * log + (failures === 0 ? 0 : failures * Math.log(-Math.expm1(log)));
}

/** EM for the weights of the laws; one pseudo-rollout, spread over them, keeps a handful of rollouts from deciding wholly. */
function learn(
  byLaw: readonly Float64Array[],
  times: ArrayLike<number>,
  start: Float64Array,
  rounds: number,
): Float64Array {
  const laws = LAWS.length;
  let weights = start;
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(laws).fill(1 / laws);
    let size = 1;
    for (let i = 0; i < byLaw.length; i++) {
      if (times[i] === 0) continue;
      const sums = byLaw[i]!;
      let total = 0;
      for (let g = 0; g < laws; g++) total += weights[g]! * sums[g]!;
      for (let g = 0; g < laws; g++) next[g] = next[g]! + (times[i]! * weights[g]! * sums[g]!) / total;
      size += times[i]!;
    }
    weights = next.map((value) => value / size);
  }
  return weights;
}

/** An index, with chances that go as `weight`. */
function pick(length: number, weight: (i: number) => number, stream: Stream): number {
  let mass = 0;
  for (let i = 0; i < length; i++) mass += weight(i);
  let left = stream.uniform() * mass;
  for (let i = 0; i < length - 1; i++) {
    left -= weight(i);
    if (left < 0) return i;
  }
  return length - 1;
}

function drawFrom(
  { counts, totals, library, likelihood }: Posterior,
  weights: Float64Array,
  stream: Stream,
): ProfileDraw {
  const { profiles } = library;
  const chosen = pick(profiles.length, (a) => weights[profiles[a]!.law]! * likelihood[a]!, stream);
  const { law, lumps: drawn } = profiles[chosen]!;
  const { concentration, even } = LAWS[law]!;
  const lumps = drawn.slice();
  const segments = lumps.length;
  const rest = restOf(lumps, even);
  const accept = (gain: number): boolean => gain >= 0 || stream.uniform() < Math.exp(gain);
  // Log-likelihood of each cut's count where the walk stands, and where another total would put it.
  const fitsAt = (bits: number): Float64Array =>
    rest.map((share, t) => (t === 0 || t === segments ? 0 : cutLikelihood(counts, t, bits * share)));
  const fitsOf = Array.from(totals, fitsAt);
  const logs = fitsOf.map((own) => own.reduce((sum, fit) => sum + fit, 0));
  const top = Math.max(...logs);
  const first = pick(totals.length, (u) => Math.exp(logs[u]! - top), stream);
  let total = totals[first]!;
  let fits = fitsOf[first]!;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let t = 1; t < segments; t++) {
      const both = lumps[t - 1]! + lumps[t]!;
      const share = stream.beta(concentration, concentration) * both;
      const moved = rest[t + 1]! + (1 - even) * (both - share) + even / segments;
      const fit = cutLikelihood(counts, t, total * moved);
      if (!accept(fit - fits[t]!)) continue;
      lumps[t - 1] = share;
      lumps[t] = both - share;
      rest[t] = moved;
      fits[t] = fit;
    }
    const other = totals[stream.integer(totals.length)]!;
    const others = fitsAt(other);
    if (!accept(others.reduce((sum, fit, t) => sum + fit - fits[t]!, 0))) continue;
    total = other;
    fits = others;
  }
  const bits = Float64Array.from({ length: segments }, (_, t) =>
    Math.max(LEAST_BITS, total * (t === 0 ? 1 : rest[t]!)),
  );
  return { bits, law };
}
