// report/ · The ladder, told: p1/p0 at every number of steps, reliability a step, and hazards where steps are verified.
import { spotInWords } from "../figures/spots.ts";
import { otherRefusals, pictures } from "./pictures.ts";
import { prose, right, section, table, type Piece, type Section } from "./section.ts";
import type { Story } from "./story.ts";

const REFUSED = ["ladder", "step-ladder", "hazard", "slips", "repairs"] as const;

export function ladder(story: Story): Section | undefined {
  return section("ladder", "By number of steps", [
    ...pictures(story, "ladder", ...REFUSED),
    rungs(story),
    perStep(story),
    laws(story),
    hazards(story),
    otherRefusals(story, "ladder", ...REFUSED),
  ]);
}

function rungs(story: Story): Piece | undefined {
  const ratio = right(`${story.tuned} / ${story.base}`);
  const [drawn] = story.of("ladder");
  if (drawn !== undefined)
    return table(
      ["L", right("problems"), right(drawn.policies[0]), right(drawn.policies[1]), ratio],
      drawn.rungs.map((rung) => [
        String(rung.steps),
        String(rung.problems),
        spotInWords(rung.base),
        spotInWords(rung.later),
        spotInWords(rung.ratio),
      ]),
      "Success and its ratio",
    );
  const found = story
    .under("ladder/ratio/L=")
    .filter((rest) => /^\d+$/.test(rest))
    .toSorted((a, b) => Number(a) - Number(b));
  return table(
    ["L", ratio],
    found.map((steps) => [steps, story.words(`ladder/ratio/L=${steps}`)]),
    "Ratio of success",
  );
}

/** One row a policy: what a step is worth. */
function perStep(story: Story): Piece | undefined {
  const of = ["ladder/reliability", "slips", "repairs"] as const;
  const rows = story.policies
    .filter((policy) => of.some((name) => story.estimate(`${name}/${policy}`) !== undefined))
    .map((policy) => [policy, ...of.map((name) => story.words(`${name}/${policy}`))]);
  return table(
    ["policy", right("reliability a step"), right("slips a step"), right("repairs after a slip")],
    rows,
    "Reliability is the factor by which success falls with each step (log-link fit); slips and repairs are read off verified steps",
  );
}

function laws(story: Story): Piece | undefined {
  if (story.estimate("ladder/slope-ratio") === undefined) return undefined;
  const level =
    story.estimate("ladder/level-ratio") === undefined
      ? ""
      : ` Beside that, at every length alike, by the factor ${story.words("ladder/level-ratio")}.`;
  return prose(`With each step p1/p0 changes by the factor ${story.words("ladder/slope-ratio")}.${level}`);
}

function hazards(story: Story): Piece | undefined {
  const steps = [
    ...new Set(
      story.under("hazard/step=").flatMap((rest) => {
        const step = /^(\d+)\//.exec(rest)?.[1];
        return step === undefined ? [] : [Number(step)];
      }),
    ),
  ].toSorted((a, b) => a - b);
  const policies = story.policies.filter((policy) =>
    steps.some((step) => story.estimate(`hazard/step=${step}/${policy}`) !== undefined),
  );
  return table(
    ["step", ...policies.map(right)],
    steps.map((step) => [String(step), ...policies.map((policy) => story.words(`hazard/step=${step}/${policy}`))]),
    "Chance that the first error falls on this step, where it has not fallen before",
  );
}
