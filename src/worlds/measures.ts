// worlds/ · Measures: what worlds promise about, read off the exact truth. `policy` counts in training order; −1 is the tuned one.
import type { Mass, PolicyTruth, ProblemTruth } from "../terms/truth.ts";
import type { Unjudged } from "./world.ts";

export const probability = (mass: Mass | undefined): number =>
  mass === undefined || mass.kind === "zero" ? 0 : Math.exp(mass.log);

const meanOver = (truth: Unjudged, of: (problem: ProblemTruth) => number): number =>
  truth.problems.reduce((sum, problem) => sum + of(problem), 0) / truth.problems.length;

export const policyOf = (problem: ProblemTruth, policy: number): PolicyTruth => problem.policies.at(policy)!;

/** P(right), mean over the problems of this many steps, or over all. */
export function success(truth: Unjudged, policy: number, steps?: number): number {
  if (steps !== undefined) return truth.rungs.find((rung) => rung.steps === steps)!.right.at(policy)!;
  return meanOver(truth, (problem) => probability(policyOf(problem, policy).right));
}

/** Of the longest problems. */
export function longest(truth: Unjudged): number {
  return Math.max(...truth.rungs.map(({ steps }) => steps));
}

/** P(commitment to the strategy), mean over all problems. */
export function share(truth: Unjudged, policy: number, strategy: string): number {
  return meanOver(truth, (problem) => probability(policyOf(problem, policy).plans[strategy]));
}

/** P(right | commitment to the strategy)^(1/L), mean over all problems where it can be committed to. */
export function reliability(truth: Unjudged, policy: number, strategy: string): number {
  const rates = truth.problems.flatMap(({ problem, policies }) => {
    const { plans, strategies } = policies.at(policy)!;
    const plan = plans[strategy];
    const done = strategies[strategy];
    if (plan?.kind !== "mass" || done?.kind !== "mass") return [];
    return [Math.exp((done.log - plan.log) / problem.steps)];
  });
  return rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}

/** P(marked as asked | every step right): of the means. */
export function readable(truth: Unjudged, policy: number): number {
  return success(truth, policy) / lenient(truth, policy);
}

export function lenient(truth: Unjudged, policy: number): number {
  return meanOver(truth, (problem) => probability(policyOf(problem, policy).lenient));
}

/** Mass of the strings that the world names so, mean over all problems. */
export function aside(truth: Unjudged, policy: number, name: string): number {
  return meanOver(truth, (problem) => probability(policyOf(problem, policy).asides[name]));
}

/** The largest mass of a strategy's accepted strings on any problem. */
export function largest(truth: Unjudged, policy: number, strategy: string): number {
  return Math.max(...truth.problems.map((problem) => probability(policyOf(problem, policy).strategies[strategy])));
}
