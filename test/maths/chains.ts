// test/maths · Chains: simulated bases whose V is exact at every step, and counts of continuations drawn from it.
import { effectivePlaces } from "../../src/maths/bit-shapes.ts";
import type { BitsProblem } from "../../src/maths/missing-bits.ts";
import { type Stream, stream } from "../../src/maths/random.ts";

/** Exact V0 at the start and after each step of one right rollout; the last is 1. */
export type Path = readonly number[];
/** A problem of some kind; each call of what it gives is one more right rollout of it. */
export type Kind = (draws: Stream, steps: number) => () => Path;

/** Every step slips with the same chance, 5 to 20 % by problem. */
export const evenSlips: Kind = (draws, steps) => {
  const right = 1 - (0.05 + 0.15 * draws.uniform());
  const path = Array.from({ length: steps + 1 }, (_, t) => right ** (steps - t));
  return () => path;
};

/** The same on average, but some steps are harder than others. */
export const unevenSlips: Kind = (draws, steps) => {
  const hazard = 0.05 + 0.15 * draws.uniform();
  const path = [1];
  for (let t = 0; t < steps; t++) path.unshift(path[0]! * Math.exp((-hazard * draws.gamma(3)) / 3));
  return () => path;
};

/** A fork at one of the first three steps, taken rightly with chance 0.12; 1 % slips elsewhere. */
export const fork: Kind = (draws, steps) => {
  const at = draws.integer(3);
  const path = [1];
  for (let t = steps - 1; t >= 0; t--) path.unshift(path[0]! * (t === at ? 0.12 : 0.99));
  return () => path;
};

/** Slips are repaired now and then, so V falls and rises along a rollout that ends right. */
export const repairs: Kind = (draws, steps) => {
  const slip = 0.1 + 0.1 * draws.uniform();
  const repair = 0.15 + 0.3 * draws.uniform();
  // V by steps left, from right and from wrong.
  const [right, wrong] = [[1], [0]];
  for (let left = 1; left <= steps; left++) {
    right.push((1 - slip) * right[left - 1]! + slip * wrong[left - 1]!);
    wrong.push(repair * right[left - 1]! + (1 - repair) * wrong[left - 1]!);
  }
  return () => {
    for (;;) {
      let is = true;
      const path = [right[steps]!];
      for (let left = steps - 1; left >= 0; left--) {
        is = is ? draws.uniform() >= slip : draws.uniform() < repair;
        path.push(is ? right[left]! : wrong[left]!);
      }
      if (is) return path;
    }
  };
};

export interface Design {
  readonly problems: number;
  readonly rollouts: number;
  readonly steps: number;
  /** At each cut, one after every step but the last. */
  readonly continuations: number;
  /** From the start. */
  readonly start: number;
}

/** Counts of one study of this kind. */
export function countsOf(kind: Kind, design: Design, study: number): BitsProblem[] {
  const { problems, rollouts, steps, continuations, start } = design;
  return Array.from({ length: problems }, (_, problem) => {
    const draws = stream(91 + study, "chains", problem);
    const next = kind(draws, steps);
    const paths = Array.from({ length: rollouts }, next);
    return {
      right: draws.binomial(start, paths[0]![0]!),
      drawn: start,
      rollouts: paths.map((path) => ({
        right: path.slice(1, -1).map((v) => draws.binomial(continuations, v)),
        drawn: path.slice(1, -1).map(() => continuations),
        places: [...Array(steps).keys()],
      })),
    };
  });
}

/** The same quantities from exact V, over 4,000 problems of the kind: their own error is a tenth of a study's, or less. */
export function truthOf(
  kind: Kind,
  steps: number,
): { readonly total: number; readonly neff: number; readonly bits: readonly number[] } {
  const size = 4000;
  const bits = new Array<number>(steps).fill(0);
  let neff = 0;
  for (let problem = 0; problem < size; problem++) {
    const path = kind(stream(90, "truth", problem), steps)();
    const own = path.slice(1).map((v, t) => Math.log2(v / path[t]!));
    neff += effectivePlaces(own) / size;
    own.forEach((value, t) => {
      bits[t] = bits[t]! + value / size;
    });
  }
  return { total: bits.reduce((sum, value) => sum + value, 0), neff, bits };
}
