// experiments/ · Mass samples: the base's chance and the answers to be drawn for a right one, and on which side of the yardstick problems lie.
//
// Problems are averaged on the scale of bits: the mean of chances would be that of the easiest, the mean of answers that of the hardest.
import { type Bounded, type Estimate, type Measured } from "../terms/estimate.ts";

/** Guaranteed limits of one problem's chance, in [0, 1], and what methods agree on; that is absent where they do not. */
export interface Limited {
  readonly problem: string;
  readonly low: number;
  readonly high: number;
  readonly mass?: { readonly low: number; readonly high: number };
}

type Diagnostic = NonNullable<Measured["diagnostic"]>;

/** Geometric mean of the chances, between those of the guaranteed limits. @param problems one or more */
export function chanceOf(problems: readonly Limited[], level: number): Bounded {
  const mean = (of: (one: Limited) => number): number =>
    Math.exp(problems.reduce((sum, one) => sum + Math.log(of(one)), 0) / problems.length);
  const floorless = problems.filter(({ low }) => low === 0).length;
  const rarest = problems.reduce((least, one) => (one.high < least.high ? one : least));
  return {
    kind: "bounded",
    ...(floorless > 0 ? {} : { low: mean(({ low }) => low) }),
    high: mean(({ high }) => high),
    level,
    method: `geometric mean over problems of the base's chance of a right answer, between guaranteed limits of each${floorless === 0 ? "" : `; on ${floorless} of ${problems.length} nothing bounds it from below`}`,
    diagnostic: {
      problems: problems.length,
      floorless,
      rarest: `${rarest.problem}: ${rarest.low.toExponential(1)} to ${rarest.high.toExponential(1)}`,
    },
  };
}

/** Answers for a right one, 2^bits. */
export function answersOf(bits: Estimate, diagnostic: Diagnostic): Estimate {
  if (bits.kind === "refused") return bits;
  // No problem takes less than one answer, whatever an interval of bits says.
  const answers = (of: number): number => Math.max(1, 2 ** of);
  const end = (name: "low" | "high", of: number | undefined): object =>
    of === undefined || !Number.isFinite(answers(of)) ? {} : { [name]: answers(of) };
  const method = "answers for a right one: 2 to the mean of bits over problems";
  const ends = { ...end("low", bits.low), ...end("high", bits.high) };
  const level = bits.level === undefined ? {} : { level: bits.level };
  if (bits.kind === "bounded") return { kind: "bounded", ...ends, ...level, method, diagnostic };
  // Beyond the largest double it is not a number any more.
  if (!Number.isFinite(answers(bits.value)))
    return { kind: "bounded", low: Number.MAX_VALUE, ...level, method, diagnostic };
  return { kind: "measured", value: answers(bits.value), ...ends, ...level, method, diagnostic };
}

/**
 * How many problems lie certainly above the yardstick, 1 in as many rollouts as training drew; certainly below; and across. Of those across,
 * how many are below it by what methods agree on. Without a yardstick nothing.
 */
export function againstYardstick(problems: readonly Limited[], rlRollouts: number | undefined): Diagnostic {
  if (rlRollouts === undefined) return { problems: problems.length };
  const yardstick = 1 / rlRollouts;
  const above = problems.filter(({ low }) => low > yardstick).length;
  const below = problems.filter(({ high }) => high < yardstick).length;
  const across = problems.filter(({ low, high }) => low <= yardstick && high >= yardstick);
  return {
    problems: problems.length,
    rlRollouts,
    above,
    below,
    across: across.length,
    estimatedAbove: across.filter(({ mass }) => mass !== undefined && mass.low > yardstick).length,
    estimatedBelow: across.filter(({ mass }) => mass !== undefined && mass.high < yardstick).length,
  };
}
