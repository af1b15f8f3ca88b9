// report/ · Plan text: designs that were rehearsed, from small to large, and the one to run.
import type { Chosen, Tried } from "../attribution/planning.ts";
import type { HandoffSizes } from "../terms/seen.ts";
import { duration, NBSP, percent, rough } from "./numbers.ts";
import { pairsInWords } from "./telling/pairs.ts";
import { list, prose, right, section, table } from "./telling/section.ts";
import { told } from "./text.ts";
import { clean, listed } from "./words.ts";

export interface PlannedOf {
  readonly title: string;
  readonly apart: number;
  readonly within: number;
  readonly scoredPrice: number;
  readonly studies: number;
  /** Mean, where it is known. */
  readonly tokensPerRollout?: number;
  /** Of a generated token, at the concurrency of crucis doctor. */
  readonly secondsPerToken?: number;
}

/** No line has more than 100 columns. */
export function renderPlanText({ tried, best, dark }: Chosen, of: PlannedOf): string {
  const { design } = best;
  const sections = [
    section("top", `Plan of ${of.title}`, [
      prose(
        `Wanted: every pair of rivals told apart in ${percent(of.apart)} of studies, every entry of the ledger within ± ${of.within} of the gain. Each design was rehearsed in ${of.studies} studies on paper of each rival; a scored token is priced at ${of.scoredPrice} of a generated one.`,
      ),
      prose(verdictOf(best, of)),
      { kind: "code", text: `rollouts: ${design.rollouts}` },
      { kind: "code", text: `scored: ${design.scored}` },
      { kind: "code", text: `experiments: [${design.experiments.join(", ")}]` },
      design.handoff === undefined || !design.experiments.includes("handoff")
        ? undefined
        : { kind: "code", text: `handoff: ${sizes(design.handoff)}` },
      {
        kind: "code",
        text: `# tasks: problems: ${design.steps.length}, steps: [${[...new Set(design.steps)].join(", ")}]`,
      },
    ]),
    section("tried", "What was tried", [
      table(
        [right("problems"), right("rollouts"), "design", right("pairs apart"), "too wide", right("cost in rollouts")],
        tried.map((one) => [
          String(one.design.steps.length),
          String(one.design.rollouts),
          one.what,
          `${one.apart} of ${one.pairs}`,
          one.wide.join(", "),
          rough(one.cost),
        ]),
      ),
    ]),
    section("dark", "What not even the declared design tells apart", [
      dark.length === 0 ? undefined : list(pairsInWords(dark)),
      dark.length === 0
        ? undefined
        : prose(
            "crucis rehearse says why, and which experiment would see the difference. These pairs are left out above.",
          ),
    ]),
  ].filter((one) => one !== undefined);
  return `${sections.map((one) => told(clean(one))).join("\n\n")}\n`.replaceAll(NBSP, " ");
}

function sizes(handoff: HandoffSizes): string {
  return `{ ${Object.entries(handoff)
    .map(([field, size]) => `${field}: ${size}`)
    .join(", ")} }`;
}

function verdictOf(best: Tried, { tokensPerRollout, secondsPerToken }: PlannedOf): string {
  const { design, cost, apart, pairs, wide, decides } = best;
  const tokens = tokensPerRollout === undefined ? "" : `, about ${rough(cost * tokensPerRollout)} tokens`;
  const time =
    tokensPerRollout === undefined || secondsPerToken === undefined
      ? ""
      : `, ${duration(cost * tokensPerRollout * secondsPerToken)} at the speed that crucis doctor saw`;
  const size = `${design.steps.length} problems, ${design.rollouts} rollouts of each under each policy, ${design.scored} of them scored, ${design.experiments.length} experiments: ${rough(cost)} rollouts of mean length${tokens}${time}.`;
  if (decides) return `The cheapest design that decides: ${size}`;
  const open = [
    ...(apart < pairs ? [`${pairs - apart} of ${pairs} pairs are told apart less often`] : []),
    ...(wide.length > 0 ? [`${listed(wide)} ${wide.length === 1 ? "stays" : "stay"} wider`] : []),
  ];
  return `No design of this size decides: ${open.join(", and ")}. The most that it tells for its price: ${size}`;
}
