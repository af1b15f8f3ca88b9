// Problems that a base on paper hardly ever solves, because of ever more steps or of a fork: its chance of a right answer is exact, down to 1e-10.
import { PaperPolicy } from "../../src/experiments/paper-policy.ts";
import { type ImaginedProblem, matchedPair } from "../../src/study/imagined.ts";

export interface RareLadder {
  readonly steps: readonly number[];
  readonly problems: number;
  /** Of the base's slips; the tuned policy's are the same. */
  readonly repair: number;
}

/** The base slips at every second step and the tuned policy at every fiftieth; a tenth goes a way that never succeeds. */
export function rareLadder({ steps, problems, repair }: RareLadder): ImaginedProblem[] {
  const usual = matchedPair(2, [[0.2, 0.5]], [2]).reliability[0]!.behaviours[0]!;
  const slipping = (slip: number) => ({
    ...usual,
    ways: [
      { ...usual.ways[0]!, share: 0.9, slip, repair },
      { ...usual.ways[1]!, share: 0.1, slip: 1, repair: 0 },
    ],
  });
  return Array.from({ length: problems }, (_, i) => {
    const own = steps[i % steps.length]!;
    return { id: `L${own}/${i}`, family: "on paper", steps: own, behaviours: [slipping(0.5), slipping(0.02)] };
  });
}

export const exactBase = ({ behaviours, steps }: ImaginedProblem): number =>
  new PaperPolicy(behaviours[0]!, steps).success;

export interface Forked {
  /** Of the way that can be right. */
  readonly share: number;
  /** The chance to go on behind the first step. */
  readonly joins: number;
  readonly slip: number;
}

/** Problems on which two policies differ in what one likes: the way, going on behind the first step, slips. */
export function forkedLadder(
  base: Forked,
  tuned: Forked,
  { steps, problems }: Omit<RareLadder, "repair">,
): ImaginedProblem[] {
  const usual = matchedPair(2, [[0.2, 0.5]], [2]).reliability[0]!.behaviours[0]!;
  const policy = ({ share, joins, slip }: Forked) => ({
    ...usual,
    joins,
    ways: [
      { ...usual.ways[0]!, share, slip, repair: 0.15 },
      { ...usual.ways[1]!, share: 1 - share, slip: 1, repair: 0 },
    ],
  });
  return Array.from({ length: problems }, (_, i) => {
    const own = steps[i % steps.length]!;
    return { id: `L${own}/${i}`, family: "on paper", steps: own, behaviours: [policy(base), policy(tuned)] };
  });
}

/** Policies that slip ever less, the base first, and mend some of it: many texts are right, and none stands for all. */
export function mendedLadder({
  steps,
  slips,
  problems,
  repair = 0.3,
}: {
  readonly steps: readonly number[];
  readonly slips: readonly number[];
  readonly problems: number;
  readonly repair?: number;
}): ImaginedProblem[] {
  const usual = matchedPair(2, [[0.2, 0.5]], [2]).reliability[0]!.behaviours[0]!;
  const shares = slips.map((_, k) => 0.9 - (0.6 * (slips.length - 1 - k)) / (slips.length - 1));
  const behaviours = slips.map((slip, k) => ({
    ...usual,
    ways: [
      { ...usual.ways[0]!, share: shares[k]!, slip, repair, wrongs: 2 },
      { ...usual.ways[1]!, share: 1 - shares[k]!, slip: 1, repair: 0 },
    ],
  }));
  return Array.from({ length: problems }, (_, i) => {
    const own = steps[i % steps.length]!;
    return { id: `L${own}/${i}`, family: "on paper", steps: own, behaviours };
  });
}
