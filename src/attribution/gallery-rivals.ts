// attribution/ · Gallery rivals: which rivals a published difference leaves open, and which experiments would part them.
import type { Experiment } from "../experiments/experiment.ts";
import type { Explanation } from "../explanations/explanation.ts";
import type { Part } from "../terms/behaviour.ts";
import type { GalleryJudgement } from "./gallery.ts";
import type { Judged } from "./judgement.ts";
import { type Proposal, proposals } from "./separation.ts";

export interface Left {
  /** Names of rivals that these numbers cannot tell. */
  readonly open: readonly string[];
  /** Rivals that cannot, alone, have made this difference. */
  readonly closed: readonly { readonly name: string; readonly why: string }[];
  /** Experiments that would part some of the open ones, cheapest first, at the size of the claim. */
  readonly next: readonly Proposal[];
}

/**
 * Whether training that moves a part, the way its rival says, can leave a problem *less* often solved. A table at one k sees
 * nothing else of a part: it gives no counts by problem, no texts, no steps.
 */
const LOWERS: Readonly<Record<Part, boolean>> = {
  "strategy-reach": true, // the new way takes mass from ways that worked
  "strategy-share": true, // so does the one chosen more often
  temperature: true, // where the usual answer is wrong, right ones become rarer
  "cut-offs": true, // longer answers run out of tokens
  luck: true, // who guesses less hits less often by luck
  grader: true, // fewer wrong answers that the grader passes
  slips: false,
  repairs: false,
  joins: false,
  odds: false,
  readable: false,
  baseline: false,
  recall: false,
};

/** Rollouts a problem where the source does not say how many. */
const PLANNED = 64;

export function leftBy(
  { claim, difference, verdict }: GalleryJudgement,
  explanations: readonly Explanation[],
  experiments: readonly Experiment[],
): Left {
  const settled = verdict === "settled";
  const fewer = settled && difference.kind === "measured" && difference.value < 0;
  const judged = explanations.map((explanation): Judged => {
    const reason = settled ? contradiction(explanation, fewer) : undefined;
    return {
      explanation,
      standing: reason === undefined ? "cannot be told" : "ruled out",
      reason: reason ?? "the numbers are at one number of tries, without counts by problem",
      because: [],
    };
  });
  const scale = {
    problems: claim.problems,
    rolloutsPerProblem: claim.k === undefined || claim.k < PLANNED ? PLANNED : claim.k,
  };
  const of = (standing: Judged["standing"]): Judged[] => judged.filter((one) => one.standing === standing);
  return {
    open: of("cannot be told").map(({ explanation }) => explanation.name),
    closed: of("ruled out").map(({ explanation, reason }) => ({ name: explanation.name, why: reason })),
    next: proposals(experiments, judged, new Set(), scale, scale),
  };
}

function contradiction({ moves }: Explanation, fewer: boolean): string | undefined {
  if (moves.length === 0) return "the difference is more than chance";
  return fewer && !moves.some((part) => LOWERS[part])
    ? "such a change only makes right answers more frequent, and here fewer problems are solved"
    : undefined;
}
