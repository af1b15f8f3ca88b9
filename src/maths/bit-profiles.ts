// maths/ · Bit profiles: how the missing bits of right rollouts may lie along them, given noisy counts at the cuts (empirical Bayes).
//
// A profile is the share of a rollout's bits in each of its T segments. Its prior is a mixture of symmetric Dirichlet laws, from
// "all in one place" (concentration 0.05) to "the same everywhere" (400), and the mixture's weights are what makes all rollouts'
// counts likeliest together (H. Robbins 1956; B. Efron 2010, Large-Scale Inference, ch. 1): whether the bits are even or lumped is
// learned from hundreds of rollouts where one alone, at a few dozen continuations a cut, cannot tell.
// Posterior: a library of profiles from each law is weighted by the counts' likelihood (sampling importance resampling, D. B. Rubin
// 1988, Bayesian Statistics 3, 395–402), and each draw is then moved by Metropolis steps that re-divide neighbouring segments
// from the prior's own conditional law, Beta(α, α).
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
/** Profiles of each law in the library. */
const PER_LAW = 100;
/** Equally likely values of the total, from the start's posterior. */
const TOTALS = 8;
const SWEEPS = 20;
/** Bits at a cut inside are at least this: the end is V = 1, and the likelihood wants V < 1. */
const LEAST_BITS = 1e-9;

interface Library {
  readonly profiles: readonly {
    readonly law: number;
    /** The Dirichlet part, adding up to 1. */
    readonly lumps: Float64Array;
  }[];
}

interface Posterior {
  readonly counts: CutCounts;
  readonly totals: Float64Array;
  readonly library: Library;
  /** Likelihood of each profile, up to a factor. */
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

/** Learns the mixture from all rollouts. The start's count must be neither none nor all. */
export function profileModel(rollouts: readonly CutCounts[], stream: Stream): ProfileModel {
  const libraries = new Map<number, Library>();
  const totalsOf = new Map<string, Float64Array>();
  const posteriors = rollouts.map((counts): Posterior => {
    const segments = counts.right.length;
    const library = libraries.get(segments) ?? makeLibrary(segments, stream);
    libraries.set(segments, library);
    const [k, m] = [counts.right[0]!, counts.drawn[0]!];
    const totals =
      totalsOf.get(`${k}/${m}`) ??
      Float64Array.from(
        { length: TOTALS },
        (_, u) => -Math.log2(betaQuantile((u + 0.5) / TOTALS, k + 0.5, m - k + 0.5)),
      );
    totalsOf.set(`${k}/${m}`, totals);
    const logs = Float64Array.from(library.profiles, ({ law, lumps }, a) => {
      const { even } = LAWS[law]!;
      let rest = 1;
      let sum = 0;
      for (let t = 1; t < segments; t++) {
        rest -= (1 - even) * lumps[t - 1]! + even / segments;
        sum += cutLikelihood(counts, t, totals[a % TOTALS]! * rest);
      }
      return sum;
    });
    const top = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    return { counts, totals, library, likelihood: logs.map((value) => Math.exp(value - top)) };
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

function makeLibrary(segments: number, stream: Stream): Library {
  const profiles = LAWS.flatMap(({ concentration }, law) =>
    Array.from({ length: PER_LAW }, () => {
      const logs = Float64Array.from({ length: segments }, () => stream.logGammaDraw(concentration));
      const top = logs.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
      const lumps = logs.map((value) => Math.exp(value - top));
      const sum = lumps.reduce((total, lump) => total + lump, 0);
      return { law, lumps: lumps.map((lump) => lump / sum) };
    }),
  );
  return { profiles };
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

function drawFrom(
  { counts, totals, library, likelihood }: Posterior,
  weights: Float64Array,
  stream: Stream,
): ProfileDraw {
  const { profiles } = library;
  let mass = 0;
  for (let a = 0; a < profiles.length; a++) mass += weights[profiles[a]!.law]! * likelihood[a]!;
  let left = stream.uniform() * mass;
  let chosen = 0;
  for (; chosen < profiles.length - 1; chosen++) {
    left -= weights[profiles[chosen]!.law]! * likelihood[chosen]!;
    if (left < 0) break;
  }
  const { concentration, even } = LAWS[profiles[chosen]!.law]!;
  const lumps = profiles[chosen]!.lumps.slice();
  const segments = lumps.length;
  let total = totals[chosen % TOTALS]!;
  // rest[t]: share of the bits that are still to come at cut t.
  const rest = new Float64Array(segments + 1);
  for (let t = segments - 1; t >= 0; t--) rest[t] = rest[t + 1]! + (1 - even) * lumps[t]! + even / segments;
  const accept = (gain: number): boolean => gain >= 0 || stream.uniform() < Math.exp(gain);
  // Log-likelihood of each cut's count where the walk stands, and where another total would put it.
  const fitsAt = (bits: number): Float64Array =>
    rest.map((share, t) => (t === 0 || t === segments ? 0 : cutLikelihood(counts, t, bits * share)));
  let fits = fitsAt(total);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let t = 1; t < segments; t++) {
      const both = lumps[t - 1]! + lumps[t]!;
      const before = stream.beta(concentration, concentration) * both;
      const moved = rest[t + 1]! + (1 - even) * (both - before) + even / segments;
      const fit = cutLikelihood(counts, t, total * moved);
      if (!accept(fit - fits[t]!)) continue;
      lumps[t - 1] = before;
      lumps[t] = both - before;
      rest[t] = moved;
      fits[t] = fit;
    }
    const other = totals[stream.integer(TOTALS)]!;
    const others = fitsAt(other);
    if (!accept(others.reduce((sum, fit, t) => sum + fit - fits[t]!, 0))) continue;
    total = other;
    fits = others;
  }
  const bits = Float64Array.from({ length: segments }, (_, t) =>
    Math.max(LEAST_BITS, total * (t === 0 ? 1 : rest[t]!)),
  );
  return { bits, law: profiles[chosen]!.law };
}
