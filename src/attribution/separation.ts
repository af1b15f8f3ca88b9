// attribution/ · Separation: which pairs of rivals the evidence leaves together, and which experiments would part them.
import type { Experiment, Price, Scale } from "../experiments/experiment.ts";
import type { Explanation } from "../explanations/explanation.ts";
import type { StandingName } from "../terms/standing.ts";
import type { Judged } from "./judgement.ts";

export type Pair = readonly [string, string];

export interface Proposal {
  readonly experiment: Experiment;
  readonly price: Price;
  readonly separates: readonly Pair[];
}

/** A rival with one of these standings may still be (part of) the answer. */
const OPEN: readonly StandingName[] = ["alone sufficient", "contributes", "cannot be told"];

/**
 * Pairs of rivals that both stay open, at least one of them untold: two rivals that are each shown to contribute are not
 * confused with one another.
 */
export function inseparablePairs(judged: readonly Judged[]): Pair[] {
  const open = judged.filter(({ standing }) => OPEN.includes(standing));
  return open.flatMap((a, i) =>
    open
      .slice(i + 1)
      .filter((b) => a.standing === "cannot be told" || b.standing === "cannot be told")
      .map((b): Pair => [a.explanation.name, b.explanation.name]),
  );
}

/** Whether the experiment can tell the movement of one rival's parts from the other's. */
export function separates(experiment: Experiment, a: Explanation, b: Explanation): boolean {
  const signature = (explanation: Explanation): string =>
    experiment.sees.map((group) => Number(group.some((part) => explanation.moves.includes(part)))).join("");
  return signature(a) !== signature(b);
}

/**
 * Experiments that would part open pairs, cheapest first (generated rollouts, then scored ones). One that was already done on
 * this evidence is proposed again only where it would draw more rollouts than are at hand.
 */
export function proposals(
  experiments: readonly Experiment[],
  judged: readonly Judged[],
  done: ReadonlySet<string>,
  atHand: Scale,
  planned: Scale,
): Proposal[] {
  const byName = new Map(judged.map(({ explanation }) => [explanation.name, explanation]));
  const pairs = inseparablePairs(judged);
  return experiments
    .filter((one) => !done.has(one.name) || one.price(planned).generatedRollouts > one.price(atHand).generatedRollouts)
    .map((experiment) => ({
      experiment,
      price: experiment.price(planned),
      separates: pairs.filter(([a, b]) => separates(experiment, byName.get(a)!, byName.get(b)!)),
    }))
    .filter((proposal) => proposal.separates.length > 0)
    .sort(
      (a, b) =>
        a.price.generatedRollouts - b.price.generatedRollouts || a.price.scoredRollouts - b.price.scoredRollouts,
    );
}
