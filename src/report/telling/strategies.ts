// report/ · Strategies, told: how often each is taken and how often it succeeds; the two multiply back to the whole.
import { percent } from "../numbers.ts";
import { inWords } from "../figures/kernel.ts";
import { prose, right, section, table, type Section, type Piece } from "./section.ts";
import type { Story } from "./story.ts";

export function strategies(story: Story): Section | undefined {
  const names = namesOf(story);
  const rows = names.flatMap((name) =>
    story.policies
      .filter((policy) => story.estimate(`strategy/${name}/share/${policy}`) !== undefined)
      .map((policy) => [
        inWords(name),
        policy,
        story.words(`strategy/${name}/share/${policy}`),
        story.words(`strategy/${name}/success/${policy}`),
        product(story, name, policy),
      ]),
  );
  return section("strategies", "Which way, and how well", [
    table(
      ["strategy", "policy", right("share of rollouts"), right("right, when taken"), right("right by it, of all")],
      rows,
      "Share × success adds up over the strategies to each policy's success",
    ),
    story.measured("judge/accuracy") === undefined
      ? undefined
      : prose(
          `Ways are a judge's labels, corrected by its mistakes on examples labelled by hand: of these it labels ${story.words("judge/accuracy")} as the hand does.`,
        ),
    ...clusters(story),
    story.refusals("strategy", "strategy-census", "census"),
  ]);
}

/** Ways that nobody named: what their texts look like stands beside the number. */
function clusters(story: Story): (Piece | undefined)[] {
  const count = story.measured("census/clusters")?.value ?? 0;
  const rows = Array.from({ length: count }, (_, i) => i + 1).flatMap((number) =>
    story.policies
      .filter((policy) => story.estimate(`census/cluster/${number}/share/${policy}`) !== undefined)
      .map((policy) => [
        String(number),
        String(story.measured("census/clusters")?.diagnostic?.[`cluster ${number}`] ?? "–"),
        policy,
        story.words(`census/cluster/${number}/share/${policy}`),
        story.words(`census/cluster/${number}/success/${policy}`),
      ]),
  );
  if (rows.length === 0) return [];
  return [
    table(
      ["cluster", "its texts are those", "policy", right("share of rollouts"), right("right, when taken")],
      rows,
      "Ways that nobody named: told by the shape of texts (0 a number, + an operation, w a name, | the edge of a step or line), and fixed by how they begin",
    ),
  ];
}

/** A name may hold a slash; the policy at the end is known. */
function namesOf(story: Story): string[] {
  const found = story.under("strategy/").flatMap((rest) =>
    story.policies.flatMap((policy) => {
      const end = `/share/${policy}`;
      return rest.endsWith(end) ? [rest.slice(0, -end.length)] : [];
    }),
  );
  return [...new Set(found)];
}

function product(story: Story, name: string, policy: string): string {
  const share = story.measured(`strategy/${name}/share/${policy}`);
  const success = story.measured(`strategy/${name}/success/${policy}`);
  return share === undefined || success === undefined ? "–" : percent(share.value * success.value);
}
