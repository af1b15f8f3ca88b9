// report/ · Controls, told: whether the base was asked well, answers were guessed or recalled, and what sharper sampling would reach.
import { list, right, section, table, type Piece, type Section } from "./section.ts";
import type { Story } from "./story.ts";

export function controls(story: Story): Section | undefined {
  const said = [swept(story), guessed(story), recalled(story), sharpened(story)].filter((one) => one !== undefined);
  return section("controls", "Asked well, guessed, recalled, or only sharper?", [
    said.length === 0 ? undefined : list(said),
    settings(story),
    // An experiment that nobody wanted says in the ledger what it lacks.
    story.refusals("sweep", "guess", "recall", "power"),
  ]);
}

function swept(story: Story): string | undefined {
  if (story.measured("sweep/share") === undefined) return undefined;
  const best = [story.base, story.tuned].map((policy) => `${policy} ${story.words(`sweep/best/${policy}`)}`);
  return `Asked in their best ways: ${best.join(", ")}. Of the gain ${story.words("sweep/share")} is gone then.`;
}

function guessed(story: Story): string | undefined {
  const ends = [story.base, story.tuned];
  const floor = ends.flatMap((policy) =>
    story.measured(`guess/floor/${policy}`) === undefined ? [] : [`${policy} ${story.words(`guess/floor/${policy}`)}`],
  );
  const bare = ends.flatMap((policy) =>
    story.measured(`guess/bare/${policy}`) === undefined ? [] : [`${policy} ${story.words(`guess/bare/${policy}`)}`],
  );
  const parts = [
    ...(bare.length === 0 ? [] : [`Bare answers are right as often as this: ${bare.join(", ")}.`]),
    ...(floor.length === 0
      ? []
      : [`Answers that lost their problem would pass as often as this: ${floor.join(", ")}.`]),
  ];
  return parts.length === 0 ? undefined : parts.join(" ");
}

function recalled(story: Story): string | undefined {
  if (story.measured("recall/share") === undefined) return undefined;
  return `On fresh twins of the problems the gain is ${story.words("recall/gain/twins", true)}: of the gain ${story.words("recall/share")} is missing there.`;
}

function sharpened(story: Story): string | undefined {
  const success = story.measured("power/success");
  if (success === undefined) return undefined;
  const power = Number(success.diagnostic?.["alpha"]).toFixed(2);
  const share = story.measured("power/share") === undefined ? "" : `, ${story.words("power/share")} of the gain`;
  return `Samples of ${story.base} raised to the power ${power} are right as often as this: ${story.words("power/success")}${share}. Where they match, training may or may not have only sharpened; where they do not, it did more.`;
}

function settings(story: Story): Piece | undefined {
  const names = [
    ...new Set(
      story.under("sweep/variant/").flatMap((rest) => {
        const end = `/${story.base}`;
        return rest.endsWith(end) ? [rest.slice(0, -end.length)] : [];
      }),
    ),
  ];
  if (names.length === 0) return undefined;
  const rows = names.map((name) => [
    name,
    story.words(`sweep/variant/${name}/${story.base}`),
    story.words(`sweep/variant/${name}/${story.tuned}`),
  ]);
  return table(
    ["setting", right(story.base), right(story.tuned)],
    rows,
    "Share of right rollouts in each setting tried",
  );
}
