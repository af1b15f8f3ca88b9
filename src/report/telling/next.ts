// report/ · What to do next, told: experiments in order of price, what each would separate, its cost and power.
import { percent, rough } from "../numbers.ts";
import type { Document } from "../../attribution/document.ts";
import { ended, listed, sentence } from "../words.ts";
import { list, prose, section, type Section } from "./section.ts";
import { pairsInWords } from "./pairs.ts";
import type { Story } from "./story.ts";

export type Step = Document["next"][number];

function price({ generatedRollouts, scoredRollouts, tokens }: Step): string {
  const drawn = generatedRollouts > 0 ? `${rough(generatedRollouts)} rollouts` : "";
  const scored = scoredRollouts > 0 ? `${rough(scoredRollouts)} rollouts scored` : "";
  const size = [drawn, scored].filter((part) => part !== "").join(" and ");
  if (size === "") return "no new rollouts";
  if (tokens.kind === "measured") return `${size}, about ${rough(tokens.value)} tokens`;
  if (tokens.kind === "bounded" && tokens.high !== undefined) return `${size}, at most ${rough(tokens.high)} tokens`;
  return size;
}

/** Nothing where every step refuses for the same reason: that is said once, by `noPower`. */
function power({ power: estimate }: Step, steps: readonly Step[]): string {
  if (estimate.kind === "measured")
    return `by itself it tells such a pair apart in ${percent(estimate.value)} of usual studies on paper`;
  if (estimate.kind === "refused") return noPower(steps) === "" ? `power not known: ${estimate.why}` : "";
  return estimate.low === undefined
    ? `power at most ${percent(estimate.high ?? 1)}`
    : `power at least ${percent(estimate.low)}`;
}

function noPower(steps: readonly Step[]): string {
  const reasons = new Set(steps.map(({ power: estimate }) => (estimate.kind === "refused" ? estimate.why : "")));
  const [reason = ""] = reasons;
  return steps.length < 2 || reasons.size > 1 || reason === "" ? "" : ended(`Their power is not known: ${reason}`);
}

/** What stands above the list: the order, what is run by hand, and why no power is given. */
export function introduction(steps: readonly Step[]): string {
  return ["In order of price.", byHand(steps), noPower(steps), rehearse(steps)].filter((part) => part !== "").join(" ");
}

/** What may still be the answer, or a part of it. */
export function fitting({ document }: Story): string {
  const fit = document.explanations
    .filter(({ standing }) => standing !== "ruled out" && standing !== "not needed")
    .map(({ name }) => name);
  if (fit.length === 0) return "";
  return `${fit.length === 1 ? "This rival fits" : `These ${fit.length} rivals fit`} what is at hand: ${listed(fit)}. `;
}

/** Power is that of a usual study; whoever has one of their own can ask for its own. */
function rehearse(steps: readonly Step[]): string {
  return steps.some(({ power: estimate }) => estimate.kind === "measured")
    ? "Together they tell more than each by itself: crucis rehearse says what a study of yours would, crucis plan the cheapest that decides."
    : "";
}

function byHand(steps: readonly Step[]): string {
  const here = steps.filter(({ runsHere }) => runsHere).map(({ experiment }) => experiment);
  if (here.length === steps.length) return "";
  const whose = "docs/experiments says what each needs.";
  if (here.length === 0) return `Stored answers carry none of them; ${whose}`;
  return `Stored answers carry only ${here.join(" and ")}; ${whose}`;
}

export function separates({ separates: pairs }: Step, open: readonly string[], most = 3): string {
  if (pairs.length === 0) return "";
  const all = pairsInWords(pairs, open);
  const rest = all.length - most;
  return `Separates ${all.slice(0, most).join("; ")}${rest > 0 ? `; and more, ${pairs.length} pairs in all` : ""}.`;
}

export function next(story: Story): Section | undefined {
  const steps = story.document.next;
  return section("next", "What to do next", [
    prose(
      steps.length === 0
        ? "No listed experiment would tell more than this evidence does."
        : `${fitting(story)}${introduction(steps)}`,
    ),
    steps.length === 0
      ? undefined
      : list(
          steps.map((step) =>
            [
              `${step.experiment}:`,
              sentence(step.asks),
              separates(step, openRivals(story)),
              ended(`Needs ${step.needs}`),
              ended(`Price: ${cost(step, steps)}`),
            ]
              .filter((part) => part !== "")
              .join(" "),
          ),
        ),
  ]);
}

/** Rivals that this evidence leaves in some pair. */
export function openRivals(story: Story): string[] {
  return [...new Set(story.document.inseparable.flat())];
}

export function cost(step: Step, steps: readonly Step[]): string {
  return [price(step), power(step, steps)].filter((part) => part !== "").join("; ");
}
