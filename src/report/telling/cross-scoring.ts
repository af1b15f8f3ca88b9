// report/ · Cross-scoring, told: few tokens or a thousand cuts, what the base's sampler can never draw, and what the log-ratio follows.
import { missing, otherRefusals, pictures } from "./pictures.ts";
import { prose, right, section, table, type Piece, type Section } from "./section.ts";
import type { Story } from "./story.ts";

const PARTS = {
  sharpening: "the base's own log-probability (sharpening)",
  correctness: "being right",
  length: "length",
  format: "format",
  strategy: "strategy",
} as const;

/** What a law of texts does where steadier steps do otherwise. */
const TRACES = [
  ["steps behind lost work, over before", "cross/after-loss", "0", "about 1", "about 1"],
  ["log-odds of what was sure, times", "cross/sure-slope", "1 or more", "its power", "about 1"],
] as const;

const REFUSED = ["cross", "cross-scoring"] as const;

export function crossScoring(story: Story): Section | undefined {
  const has = (name: string): boolean => story.estimate(name) !== undefined;
  const concentration = [
    ["share of the top 1 % of tokens", "cross/top-share", "cross/null/top-share"],
    ["effective number of tokens", "cross/neff", "cross/null/neff"],
  ]
    .filter(([, name]) => has(name!))
    .map(([what, name, equal]) => [what!, story.words(name!), story.words(equal!)]);
  const unlikely = [
    ["bits of the least likely token", "cross/surprise", "cross/null/surprise"],
    ["rank of the token furthest down its list", "cross/rank", "cross/null/rank"],
  ]
    .filter(([, name]) => story.measured(name!) !== undefined)
    .map(([what, name, own]) => [what!, story.words(name!), story.words(own!)]);
  const follows = Object.entries(PARTS)
    .filter(([name]) => has(`cross/anova/${name}`))
    .map(([name, what]) => [what, story.words(`cross/anova/${name}`)]);
  const traces = TRACES.filter(([, name]) => has(name)).map(([what, name, ...laws]) => [
    what,
    story.words(name),
    ...laws,
  ]);
  return section("cross-scoring", "Few tokens or a thousand cuts", [
    ...pictures(story, "log-ratio", ...REFUSED),
    table(
      ["of the log-ratio", right(`${story.tuned} over ${story.base}`), right("a policy against itself")],
      concentration,
      `Along the right rollouts of ${story.tuned}`,
    ),
    table(
      [`under ${story.base}`, right(`right rollouts of ${story.tuned}`), right("its own")],
      unlikely,
      "The token of a right answer that the base likes least, mean over rollouts and problems",
    ),
    excluded(story),
    table(
      ["what the log-ratio of whole rollouts follows", right("share of its variance")],
      follows,
      "Regression of log π1/π0 within problems; shares of R² by Shapley",
    ),
    table(
      ["where laws of texts part", right("seen"), right("a tilt"), right("a temperature"), right("steadier steps")],
      traces,
      "What each would leave, were it alone",
    ),
    has("cross/slope") || has("cross/step")
      ? prose(
          `For every nat that ${story.base} likes a rollout more, ${story.tuned} likes it ${story.words("cross/slope")} nats more (above 1: sharpened); for being right, ${story.words("cross/step", true)} nats.`,
        )
      : undefined,
    has("cross/floor")
      ? prose(
          `Precision floor, what an engine's score of its own sample differs by: ${story.words("cross/floor")} nats a token.`,
        )
      : undefined,
    ...story.of("log-ratio").map((exhibit) => missing(exhibit.missing)),
    otherRefusals(story, "log-ratio", ...REFUSED),
  ]);
}

function excluded(story: Story): Piece | undefined {
  if (story.estimate("cross/excluded") === undefined) return undefined;
  const first = story.estimate("cross/first-excluded");
  return prose(
    `Share of ${story.tuned}'s right rollouts with a token that ${story.base}'s own sampler gives exactly zero: ${story.words("cross/excluded")}.${first === undefined || first.kind === "refused" ? "" : ` Where such a token comes first, as a part of the rollout: ${story.words("cross/first-excluded")}.`}`,
  );
}
