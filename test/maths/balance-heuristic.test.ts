// test/maths · Balance heuristic: a chance of 1e−9 known by theory, honest errors with and without clusters, weights that stay bounded.
import { describe, expect, test } from "vitest";
import { balanceHeuristic, balanceWeights, type MixtureInput } from "../../src/maths/balance-heuristic.ts";
import { type Stream, stream } from "../../src/maths/random.ts";
import { normalCdf } from "../../src/maths/special.ts";

const never = Number.NEGATIVE_INFINITY;
const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);
const logNormal = (x: number, mean: number): number => -0.5 * (x - mean) ** 2 - HALF_LOG_2PI;

/** P(X > 6) of X ~ N(0, 1), from unit normals at the means given; each cluster's draws share a part √ρ. */
function rollouts(
  means: readonly number[],
  clustersOf: readonly number[],
  [size, rho]: readonly [number, number],
  draws: Stream,
): MixtureInput & { readonly clusters: number[] } {
  const x: number[] = [];
  const madeBy: number[] = [];
  const clusters: number[] = [];
  means.forEach((mean, j) => {
    for (let g = 0; g < clustersOf[j]!; g++) {
      const shared = draws.normal();
      for (let i = 0; i < size; i++) {
        x.push(mean + Math.sqrt(rho) * shared + Math.sqrt(1 - rho) * draws.normal());
        madeBy.push(j);
        clusters.push(g);
      }
    }
  });
  return {
    logTarget: x.map((at) => logNormal(at, 0)),
    logProposals: means.map((mean) => x.map((at) => logNormal(at, mean))),
    madeBy,
    logValues: x.map((at) => (at > 6 ? 0 : never)),
    clusters,
  };
}

function meanAndSd(values: readonly number[]): [number, number] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1))];
}

const TRUTH = normalCdf(-6);

describe("the balance heuristic", () => {
  test("finds P(X > 6) = 1e−9 without bias and with honest errors, from normals at 0, 3 and 6", () => {
    const ratios: number[] = [];
    const errors: number[] = [];
    for (let repeat = 0; repeat < 400; repeat++) {
      const input = rollouts([0, 3, 6], [400, 300, 300], [1, 0], stream(61, "independent", repeat));
      const { logValue, relativeError } = balanceHeuristic(input)!;
      ratios.push(Math.exp(logValue) / TRUTH);
      errors.push((relativeError! * Math.exp(logValue)) / TRUTH);
    }
    const [mean, sd] = meanAndSd(ratios);
    expect(Math.abs(mean - 1)).toBeLessThan((3 * sd) / 20);
    // A standard deviation of 400 is known to 3.5 %.
    expect(Math.abs(meanAndSd(errors)[0] / sd - 1)).toBeLessThan(0.11);
  });

  test("takes clusters at their word: errors are honest with them, and too small without", () => {
    // What counts lies within 0.2 of 6, so draws of a cluster must be as near to each other to share it.
    const within: number[] = [];
    const without: number[] = [];
    for (let repeat = 0; repeat < 400; repeat++) {
      const { clusters, ...input } = rollouts([0, 6], [50, 120], [5, 0.99], stream(62, "clusters", repeat));
      const one = balanceHeuristic({ ...input, clusters })!;
      const error = Math.exp(one.logValue) / TRUTH - 1;
      within.push(error / (one.relativeError! * (1 + error)));
      without.push(error / (balanceHeuristic(input)!.relativeError! * (1 + error)));
    }
    expect(Math.abs(meanAndSd(within)[0])).toBeLessThan(0.3);
    expect(meanAndSd(within)[1]).toBeGreaterThan(0.87);
    expect(meanAndSd(within)[1]).toBeLessThan(1.15);
    expect(meanAndSd(without)[1]).toBeGreaterThan(1.3);
  });

  test("by hand: two policies on three outcomes", () => {
    // p = (½, ½, 0), q0 = p, q1 = (0, ½, ½); one rollout each of outcomes 0, 1 by q0 and 1, 2 by q1; f = (1, 1, 1).
    const outcome = [0, 1, 1, 2];
    const p = [0.5, 0.5, 0].map(Math.log);
    const q1 = [0, 0.5, 0.5].map(Math.log);
    const input = {
      logTarget: outcome.map((x) => p[x]!),
      logProposals: [outcome.map((x) => p[x]!), outcome.map((x) => q1[x]!)],
      madeBy: [0, 0, 1, 1],
    };
    // Σ n q = 2 × ½, 2 × ½ + 2 × ½ and 2 × ½: shares ½, ¼, ¼, 0 and Ẑ = 1.
    const { logValue, relativeError, contributing, largestShare } = balanceHeuristic(input)!;
    expect(logValue).toBeCloseTo(0, 14);
    // Strata: (½, ¼) and (¼, 0): each 2 × 2 × (⅛)².
    expect(relativeError).toBeCloseTo(Math.sqrt(8 / 64), 14);
    expect([contributing, largestShare]).toEqual([3, 0.5]);
    const weights = balanceWeights(input);
    [2, 1, 1, 0].forEach((w, i) => expect(Math.exp(weights[i]!)).toBeCloseTo(w, 14));
  });

  test("no weight is above N/n of the target, whatever the other policies", () => {
    const input = rollouts([0, 40, -9], [50, 400, 300], [1, 0], stream(63, "bounded"));
    const weights = balanceWeights(input);
    expect(Math.max(...weights)).toBeLessThanOrEqual(Math.log(750 / 50) + 1e-12);
    // Its own rollouts, which the others never make, have just that weight.
    expect(weights[0]).toBeCloseTo(Math.log(15), 6);
  });

  test("chances far below the smallest double are no worse", () => {
    const shifted = (input: MixtureInput): MixtureInput => ({
      ...input,
      logValues: Array.from(input.logValues!, (own) => own - 5000),
    });
    const input = rollouts([0, 6], [100, 100], [1, 0], stream(64, "tiny"));
    const [here, there] = [balanceHeuristic(input)!, balanceHeuristic(shifted(input))!];
    expect(there.logValue + 5000).toBeCloseTo(here.logValue, 9);
    expect(there.relativeError).toBeCloseTo(here.relativeError!, 9);
  });

  test("nothing from no sighting, and no error from one cluster", () => {
    const { clusters, ...input } = rollouts([0, 6], [3, 3], [1, 0], stream(65, "none"));
    expect(balanceHeuristic({ ...input, logValues: clusters.map(() => never) })).toBeUndefined();
    const one = balanceHeuristic({ ...input, clusters: clusters.map(() => 0) })!;
    expect(one.relativeError).toBeUndefined();
    expect(Number.isFinite(one.logValue)).toBe(true);
  });

  test("refuses rows that do not fit", () => {
    const input = { logTarget: [0, 0], logProposals: [[0, 0]], madeBy: [0, 0] };
    expect(() => balanceHeuristic({ ...input, madeBy: [0, 1] })).toThrow(/rollout 1 is of policy 1, of 1 from 0/);
    expect(() => balanceHeuristic({ ...input, logProposals: [[0]] })).toThrow(/each of 2 rollouts/);
    expect(() => balanceHeuristic({ ...input, logProposals: [[0, never]] })).toThrow(
      /rollout 1 is impossible under policy 0/,
    );
    expect(() => balanceHeuristic({ ...input, logTarget: [0, Number.NaN] })).toThrow(/one of rollout 1 is NaN/);
    expect(() => balanceHeuristic({ ...input, logValues: [0] })).toThrow(/logValues must have a number for each of 2/);
    expect(() => balanceHeuristic({ ...input, logValues: [0, Number.NaN] })).toThrow(/number 1 is NaN/);
  });
});
