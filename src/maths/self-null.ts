// maths/ · Self-null: how many problems two equal policies would seem to solve one without the other, by luck of the draw alone.
//
// If both sides have the same success probability on a problem, then, given s = c0 + c1 successes in all, every choice of the s
// successful rollouts among the n0 + n1 is equally likely (Fisher 1935), so P(all s on side 0) = C(n0, s) / C(n0 + n1, s).
// Problems are independent, so the number solved only by side 0 is Poisson-binomial; its law is convolved exactly.
import { binomialLogPmf } from "./distributions.ts";
import type { PairedCounts } from "./paired-cells.ts";

/** The problems solved by one side only: as seen, and under equal policies. */
export interface OneSided {
  readonly observed: number;
  readonly expected: number;
  readonly variance: number;
  /** P(count = i), i = 0, 1, 2 …, cut where less than 1e−12 of probability is left. */
  readonly law: Float64Array;
  /** P(count ≥ observed); relatively accurate down to 1e−280, where `law` has long been cut. */
  readonly atLeastObserved: number;
}

/** Below this an entry of the law, or a problem's chance, is dropped. */
const NEGLIGIBLE = 1e-290;

/**
 * @param counts columns, one entry a problem, or one a cell with how many problems are in it (PairedCells); n0, n1 ≥ 1
 * @returns the problems solved only by side 0 (base) and only by side 1 (later)
 */
export function selfNull(counts: PairedCounts & { readonly multiplicity?: ArrayLike<number> }): {
  onlyBase: OneSided;
  onlyLater: OneSided;
} {
  const chances = [new Map<number, number>(), new Map<number, number>()] as const;
  const observed: [number, number] = [0, 0];
  for (let i = 0; i < counts.c0.length; i++) {
    const [c0, n0, c1, n1] = [counts.c0[i]!, counts.n0[i]!, counts.c1[i]!, counts.n1[i]!];
    const many = counts.multiplicity === undefined ? 1 : counts.multiplicity[i]!;
    if (
      ![c0, n0, c1, n1, many].every(Number.isInteger) ||
      n0 < 1 ||
      n1 < 1 ||
      c0 < 0 ||
      c1 < 0 ||
      c0 > n0 ||
      c1 > n1 ||
      many < 0
    ) {
      throw new RangeError(
        `the self-null needs whole numbers, 0 ≤ c ≤ n and n ≥ 1, got ${c0} of ${n0} and ${c1} of ${n1}, ${many} times`,
      );
    }
    if (c0 + c1 === 0 || many === 0) continue; // solved by neither: it cannot be one-sided
    if (c1 === 0) observed[0] += many;
    if (c0 === 0) observed[1] += many;
    count(chances[0], oneSidedChance(n0, n1, c0 + c1), many);
    count(chances[1], oneSidedChance(n1, n0, c0 + c1), many);
  }
  return { onlyBase: oneSided(chances[0], observed[0]), onlyLater: oneSided(chances[1], observed[1]) };
}

function count(chances: Map<number, number>, chance: number, many: number): void {
  if (chance > NEGLIGIBLE) chances.set(chance, (chances.get(chance) ?? 0) + many);
}

/** C(own, s) / C(own + other, s); 0 for s > own. */
export function oneSidedChance(own: number, other: number, s: number): number {
  let chance = 1;
  for (let i = 0; i < s && chance > NEGLIGIBLE; i++) chance *= Math.max(0, own - i) / (own + other - i);
  return chance;
}

function oneSided(chances: ReadonlyMap<number, number>, observed: number): OneSided {
  let expected = 0;
  let variance = 0;
  for (const [p, m] of chances) {
    expected += m * p;
    variance += m * p * (1 - p);
  }
  const { first, mass } = poissonBinomial([...chances].sort(([p], [q]) => p - q));
  // Sums from the far end, small terms first.
  let atLeastObserved = 0;
  for (let i = mass.length - 1; i >= Math.max(0, observed - first); i--) atLeastObserved += mass[i]!;
  if (observed <= first) atLeastObserved = 1;
  let end = mass.length;
  for (let tail = 0; end > 1 && tail + mass[end - 1]! < 1e-12; end--) tail += mass[end - 1]!;
  const law = new Float64Array(first + end);
  law.set(mass.subarray(0, end), first);
  return { observed, expected, variance, law, atLeastObserved: Math.min(1, atLeastObserved) };
}

/** A law over first, first + 1, …; what lies outside is negligible. */
interface Law {
  readonly first: number;
  readonly mass: Float64Array;
}

/** The law of a sum of independent trials, m of probability p for each (p, m); by halves, so that short laws meet short laws. */
function poissonBinomial(trials: readonly (readonly [p: number, m: number])[]): Law {
  if (trials.length === 0) return { first: 0, mass: Float64Array.of(1) };
  if (trials.length === 1) return binomialLaw(trials[0]![1], trials[0]![0]);
  const half = trials.length >> 1;
  return convolve(poissonBinomial(trials.slice(0, half)), poissonBinomial(trials.slice(half)));
}

function binomialLaw(m: number, p: number): Law {
  if (m === 1) return { first: 0, mass: Float64Array.of(1 - p, p) };
  const mean = m * p;
  const mass: number[] = [];
  for (let i = 0; i <= m; i++) {
    const chance = Math.exp(binomialLogPmf(i, m, p));
    if (chance < NEGLIGIBLE && i > mean) break;
    mass.push(chance);
  }
  return trim({ first: 0, mass: Float64Array.from(mass) });
}

function convolve(a: Law, b: Law): Law {
  const mass = new Float64Array(a.mass.length + b.mass.length - 1);
  for (let j = 0; j < b.mass.length; j++) {
    const weight = b.mass[j]!;
    for (let i = 0; i < a.mass.length; i++) mass[i + j] = mass[i + j]! + weight * a.mass[i]!;
  }
  return trim({ first: a.first + b.first, mass });
}

/** Drops the lower end where it holds less than 1e−20 in all, but the upper only where it underflows: the upper tail is asked for. */
function trim({ first, mass }: Law): Law {
  let from = 0;
  for (let tail = 0; from < mass.length - 1 && tail + mass[from]! < 1e-20; from++) tail += mass[from]!;
  let end = mass.length;
  while (end > from + 1 && mass[end - 1]! < NEGLIGIBLE) end--;
  return { first: first + from, mass: mass.subarray(from, end) };
}
