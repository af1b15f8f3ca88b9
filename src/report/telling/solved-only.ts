// report/ · Solved only by one side, told with what equal policies would show.
import { count, fixed, plusMinus } from "../numbers.ts";
import { prose, right, section, table, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function solvedOnly(story: Story): Section | undefined {
  const figures = story.of("null").map((exhibit) => ({ kind: "figure", exhibit }) as const);
  const rows = [
    ["shrinkages", `only by ${story.base}`],
    ["expansions", `only by ${story.tuned}`],
  ].flatMap(([part, label]) => {
    const observed = story.measured(`${part}/observed`);
    if (observed === undefined) return [];
    const expected = story.measured(`${part}/null`);
    return [
      [
        label ?? "",
        count(observed.value),
        expected === undefined ? story.words(`${part}/null`) : equal(expected),
        story.words(`${part}/significant`),
      ],
    ];
  });
  const better = story.measured("problems/better");
  const worse = story.measured("problems/worse");
  return section("solved-only", "Problems gained and lost", [
    ...figures,
    table(
      ["solved", right("observed"), right("equal policies"), right("significant one by one")],
      rows,
      "Problems with at least one right rollout on one side and none on the other",
    ),
    better === undefined && worse === undefined
      ? undefined
      : prose(
          `Tested one by one (exact tests, false discoveries held to 5 %), ${better === undefined ? "an unknown number of" : count(better.value)} problems became easier and ${worse === undefined ? "an unknown number" : count(worse.value)} harder.`,
        ),
    story.refusals("expansions") ?? story.refusals("shrinkages"),
  ]);
}

/** What equal policies would show: the mean, and where 95 % of such counts lie. */
function equal({
  value,
  low,
  high,
  se,
}: {
  value: number;
  low?: number | undefined;
  high?: number | undefined;
  se?: number | undefined;
}): string {
  if (low !== undefined && high !== undefined) return `${fixed(value, 1)} [${count(low)}, ${count(high)}]`;
  return se === undefined ? fixed(value, 1) : plusMinus(value, se);
}
