// report/ · World facts: what the telling of a world's truth reads off the document, as numbers and as words.
import {
  type LearningCurve,
  type Mass,
  type PairTruth,
  type PolicyTruth,
  SEGMENTS,
  type Segment,
  type TruthDocument,
} from "../../terms/truth.ts";
import { fixed, rate } from "../numbers.ts";

export interface Facts {
  readonly truth: TruthDocument;
  /** Absent where only the document is at hand. */
  readonly curve?: LearningCurve;
}

export const baseOf = (truth: TruthDocument): string => truth.policies[0] ?? "base";
export const tunedOf = (truth: TruthDocument): string => truth.policies.at(-1) ?? "tuned";

/** 0 where it is zero, and where it lies below the smallest double. */
const probability = (mass: Mass | undefined): number => (mass?.kind === "mass" ? Math.exp(mass.log) : 0);

/** However small: `0.812`, `3.1e-9`, `2.0e-412`, and `0` only where it is zero exactly. */
export function massInWords(mass: Mass | undefined): string {
  if (mass?.kind !== "mass") return "0";
  const digits = mass.log / Math.LN10;
  if (digits > -4) return rate(Math.exp(mass.log));
  const exponent = Math.floor(digits);
  const mantissa = (10 ** (digits - exponent)).toFixed(1);
  return mantissa === "10.0" ? `1.0e${exponent + 1}` : `${mantissa}e${exponent}`;
}

/** A rate; `0` only where it is zero. */
export const exact = (p: number): string => (p === 0 ? "0" : rate(p));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean over the problems, one entry a policy; undefined where no problem has any. */
export function meanMass(
  truth: TruthDocument,
  of: (policy: PolicyTruth) => Mass | undefined,
): readonly number[] | undefined {
  if (!truth.problems.some(({ policies }) => policies.some((policy) => of(policy) !== undefined))) return undefined;
  return truth.policies.map((_, i) =>
    mean(truth.problems.map(({ policies }) => probability(policies[i] && of(policies[i])))),
  );
}

/** Names that any policy has on any problem, in order of appearance. */
export function namesOf(truth: TruthDocument, of: (policy: PolicyTruth) => Readonly<Record<string, Mass>>): string[] {
  return [...new Set(truth.problems.flatMap(({ policies }) => policies.flatMap((policy) => Object.keys(of(policy)))))];
}

export interface Bits {
  readonly steps: number;
  /** Problems that have bits, and all of this many steps. */
  readonly problems: number;
  readonly of: number;
  /** Mean bits: one entry a step, then the answer. */
  readonly bits: readonly number[];
  readonly total: number;
  readonly effectivePlaces?: number;
}

/** Missing bits of the base along the tuned policy's answers, for each number of steps where any problem has them. */
export function bitsBySteps(truth: TruthDocument): readonly Bits[] {
  return truth.rungs.flatMap(({ steps }) => {
    const pairs = truth.problems
      .filter(({ problem }) => problem.steps === steps)
      .map((problem) => problem.pairs.at(-1));
    const told = pairs.filter((pair) => pair?.missingBits !== undefined) as PairTruth[];
    if (told.length === 0) return [];
    const lists = told.map(({ missingBits = [] }) => missingBits);
    const places = Math.max(...lists.map((list) => list.length));
    // Answers may have fewer steps than the problem: the last entry is always the statement of the answer.
    const stepwise = Array.from({ length: places - 1 }, (_, i) =>
      mean(lists.map((list) => (i < list.length - 1 ? list[i]! : 0))),
    );
    const bits = [...stepwise, mean(lists.map((list) => list.at(-1) ?? 0))];
    const effective = told.flatMap(({ effectivePlaces }) => (effectivePlaces === undefined ? [] : [effectivePlaces]));
    return [
      {
        steps,
        problems: told.length,
        of: pairs.length,
        bits,
        total: bits.reduce((sum, value) => sum + value, 0),
        ...(effective.length === 0 ? {} : { effectivePlaces: mean(effective) }),
      },
    ];
  });
}

export const placeName = (i: number, places: number): string => (i === places - 1 ? "answer" : `step ${i + 1}`);

export interface Shares {
  readonly policy: string;
  /** Mean over all problems; adds up to the mean gain. */
  readonly probability: Readonly<Record<Segment, number>>;
  readonly gain: number;
  /** Mean over the problems where every cell of the factorial is above zero; adds up to log2 p1 − log2 p0 there. */
  readonly bits?: Readonly<Record<Segment, number>>;
  readonly gainBits?: number;
  readonly problems: number;
  readonly withBits: number;
}

const total = (shares: Readonly<Record<Segment, number>>): number =>
  SEGMENTS.reduce((sum, name) => sum + shares[name], 0);

/** Shapley shares of every later policy against the base, mean over problems. */
export function sharesOf(truth: TruthDocument): readonly Shares[] {
  const averaged = (list: readonly Readonly<Record<Segment, number>>[]): Record<Segment, number> =>
    Object.fromEntries(SEGMENTS.map((name) => [name, mean(list.map((one) => one[name]))])) as Record<Segment, number>;
  return truth.policies.slice(1).map((policy, i) => {
    const pairs = truth.problems.flatMap((problem) => problem.pairs[i] ?? []);
    const probabilityShares = averaged(pairs.map(({ shares }) => shares));
    const bits = pairs.flatMap((pair) => pair.bits ?? []);
    const bitShares = bits.length === 0 ? undefined : averaged(bits);
    return {
      policy,
      probability: probabilityShares,
      gain: total(probabilityShares),
      ...(bitShares === undefined ? {} : { bits: bitShares, gainBits: total(bitShares) }),
      problems: pairs.length,
      withBits: bits.length,
    };
  });
}

/** Bits to two decimals. */
export const bitsInWords = (bits: number): string => fixed(bits, 2);

/** How policy lines are drawn: blue the base, vermilion the tuned one, thin and dashed those in between. */
export function lineOf(i: number, policies: number): string {
  if (i === 0) return "curve base";
  return i === policies - 1 ? "curve later" : `shape dash-${((i - 1) % 6) + 1}`;
}

export function inkOf(i: number, policies: number): string {
  return i === 0 ? "is-base" : i === policies - 1 ? "is-later" : "";
}
