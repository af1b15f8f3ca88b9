// report/ · The hand-off, told: eight cells, what each segment is worth, how they interact, and the harm of handing over.
import { SEGMENTS } from "../../terms/truth.ts";
import { rate } from "../numbers.ts";
import { listed } from "../words.ts";
import { prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

const CELLS = ["000", "100", "010", "001", "110", "101", "011", "111"] as const;
const INTERACTIONS = {
  "plan-execution": "plan and execution",
  "plan-answer": "plan and answer",
  "execution-answer": "execution and answer",
  all: "all three",
} as const;

export function handoff(story: Story): Section | undefined {
  const writer = (digit: string | undefined): string => (digit === "1" ? story.tuned : story.base);
  const cells = CELLS.filter((cell) => story.estimate(`handoff/cell/${cell}`) !== undefined).map((cell) => [
    ...[...cell].map(writer),
    chance(story, `handoff/cell/${cell}`),
  ]);
  const segments = SEGMENTS.filter((segment) => story.estimate(`handoff/${segment}`) !== undefined).map((segment) => [
    segment,
    story.words(`handoff/${segment}`, true),
    story.words(`handoff/${segment}-share`),
    story.words(`handoff/${segment}-bits`, true),
  ]);
  const interactions = Object.entries(INTERACTIONS)
    .filter(([name]) => story.estimate(`handoff/interaction/${name}`) !== undefined)
    .map(([name, between]) => [between, story.words(`handoff/interaction/${name}`, true)]);
  const controls = [
    ["base", story.base],
    ["later", story.tuned],
  ]
    .filter(([who]) => story.estimate(`handoff/control/${who}`) !== undefined)
    .map(([who, policy]) => `${policy} ${story.words(`handoff/control/${who}`, true)}`);
  return section("handoff", "Who wrote what: plan, execution, answer", [
    table(
      ["segment", right("gain, in probability"), right("share of the gain"), right("gain, in bits")],
      segments,
      "What each segment is worth when the tuned policy writes it (Shapley values over the eight cells)",
    ),
    alongTheWay(story),
    table(
      ["plan by", "execution by", "answer by", right("right")],
      cells,
      "Chance of a right answer when each segment is written by",
    ),
    table(["between", right("beyond the sum of the parts")], interactions, "Interactions, in probability"),
    controls.length === 0
      ? undefined
      : prose(
          `A policy that continues its own text should do as well as one that was never stopped. Handed over to itself minus direct: ${listed(controls)}.`,
        ),
    story.refusals("handoff"),
  ]);
}

function chance(story: Story, name: string): string {
  const found = story.measured(name);
  return found !== undefined && found.low === undefined ? rate(found.value) : story.words(name);
}

/** Shares at the checkpoints before the tuned policy, each of its own gain. */
function alongTheWay(story: Story) {
  const rows = story.policies
    .slice(1, -1)
    .filter((policy) => story.estimate(`handoff/plan-share/${policy}`) !== undefined)
    .map((policy) => [policy, ...SEGMENTS.map((segment) => story.words(`handoff/${segment}-share/${policy}`))]);
  return table(
    ["checkpoint", ...SEGMENTS.map(right)],
    rows,
    "Shares of each earlier checkpoint's own gain over the base",
  );
}
