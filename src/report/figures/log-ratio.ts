// report/ · Figure log-ratio: how much more the later policy likes each token than the base does, along four kinds of rollouts.
import { scaleLinear } from "d3-scale";
import { area, line as path } from "d3-shape";
import { type Element, h } from "../element.ts";
import type { LogRatioExhibit, Spot } from "../../terms/exhibit.ts";
import { fixed, percent, plain } from "../numbers.ts";
import { shorten } from "../words.ts";
import { box, cross, decimalsOf, dodge, frame, line, narrow, stop, text, type Figure } from "./frame.ts";
import { heightOf, numbersOf, spotInWords } from "./spots.ts";

type Profile = LogRatioExhibit["profiles"][number];

const sideOf = ({ by }: Profile): "base" | "later" => (by === "base" ? "base" : "later");

/** Base in blue, later in vermilion; right solid, wrong dashed. */
const lookOf = (profile: Profile): string => `curve ${sideOf(profile)}${profile.right ? "" : " dash-1"}`;

const profileName = (policies: LogRatioExhibit["policies"], { by, right }: Profile): string =>
  `${shorten(policies[by === "base" ? 0 : 1], 14)}, ${right ? "right" : "wrong"}`;

const known = ({ value, low, high }: Spot): boolean => value !== undefined || low !== undefined || high !== undefined;

export const logRatio: Figure<LogRatioExhibit> = {
  title: ({ policies: [base, later] }) => `How much more ${later} likes each token than ${base} does`,

  conclude({ topShare, topShareNull, neff, neffNull, excluded, policies: [base, later] }) {
    const told: string[] = [];
    if (known(topShare)) {
      const bar = topShareNull.high ?? topShareNull.value;
      const few = bar !== undefined && topShare.low !== undefined && topShare.low > bar;
      const carried = `the top 1 % of tokens of ${later}'s right rollouts carry ${spotInWords(topShare, "percent")} of what it likes more${known(topShareNull) ? `, where a policy against itself shows ${spotInWords(topShareNull, "percent")}` : ""}`;
      const beside = known(neff)
        ? `; ${spotInWords(neff)} effective tokens${known(neffNull) ? ` against ${spotInWords(neffNull)}` : ""}`
        : "";
      told.push(
        `${few ? "A few tokens carry it" : bar === undefined ? "How it is spread" : "No few tokens carry it"}: ${carried}${beside}.`,
      );
    }
    if (known(excluded))
      told.push(
        `${spotInWords(excluded, "percent")} of these rollouts hold a token that ${base}'s own sampler never gives.`,
      );
    return told.length === 0 ? "How many tokens carry the difference is not known." : told.join(" ");
  },

  reading: ({ policies: [base, later], level, floor }) =>
    `Mean of log π(${later}) − log π(${base}) of the tokens at each part of the rollout, in nats a token; above 0 ${later} likes them more. Bands are ${percent(level)} intervals over problems, at each position by itself.` +
    (floor === undefined
      ? ""
      : ` Grey: ±${plain(floor)} nats, what the engine itself differs by when it scores what it sampled; inside it nothing is told.`),

  draw(exhibit, size) {
    const { profiles, position, policies, floor } = exhibit;
    const small = narrow(size);
    const left = small ? 46 : 56;
    const right = size.width - (small ? 20 : 136);
    const keys = small ? Math.ceil(profiles.length / 2) * 17 : 0;
    const top = 28 + keys;
    const bottom = top + (small ? 190 : 250);
    const x = scaleLinear([0, 1], [left, right]);
    const values = numbersOf(profiles.flatMap(({ points }) => points));
    const y = scaleLinear(
      [Math.min(0, -(floor ?? 0), ...values), Math.max(0.01, floor ?? 0, ...values)],
      [bottom, top],
    ).nice(5);
    const ticks = y.ticks(5);
    const at = (i: number): number => x(position[i] ?? 0);
    const ends = dodge(
      profiles.map(({ points }) => heightOf(points.findLast(({ value }) => value !== undefined) ?? {}, y, bottom)),
      15,
      top,
      bottom,
    );
    return frame(
      { size, height: bottom + 44, title: logRatio.title(exhibit), description: logRatio.conclude(exhibit) },
      text(left, 14, "log-ratio, nats a token", "panel-title"),
      floor === undefined ? null : box(left, y(floor), right - left, y(-floor) - y(floor), "band"),
      ticks.flatMap((tick) => [
        line(left, y(tick), right, y(tick), tick === 0 ? "zero" : "grid"),
        text(left - 7, y(tick) + 4, fixed(tick, decimalsOf(ticks)), "tick", "end"),
      ]),
      profiles.flatMap((profile) => [banded(profile, at, y), curve(profile, at, y)]),
      profiles.map((profile, i) =>
        small
          ? [
              h("path", { class: lookOf(profile), d: `M${left + (i % 2) * 140} ${29 + Math.floor(i / 2) * 17}h22` }),
              text(
                left + 27 + (i % 2) * 140,
                33 + Math.floor(i / 2) * 17,
                profileName(policies, profile),
                `note is-${sideOf(profile)}`,
              ),
            ]
          : text(
              right + 9,
              (ends[i] ?? 0) + 4,
              profileName(policies, profile),
              `${profile.right ? "strong" : "note"} is-${sideOf(profile)}`,
            ),
      ),
      profiles.length === 0
        ? text((left + right) / 2, (top + bottom) / 2, "nothing was scored", "note", "middle")
        : null,
      line(left, bottom + 6, right, bottom + 6, "axis"),
      [0, 0.25, 0.5, 0.75, 1].map((tick) => text(x(tick), bottom + 22, percent(tick), "tick", "middle")),
      text(right, bottom + 38, "position in the rollout", "axis-title", "end"),
      cross(top, bottom, profiles.length),
      position.map((where, i) => {
        const from = i === 0 ? left : (at(i - 1) + at(i)) / 2;
        const to = i === position.length - 1 ? right : (at(i) + at(i + 1)) / 2;
        return stop(
          box(from, top, to - from, bottom - top, ""),
          { x: at(i), y: profiles.map(({ points }) => heightOf(points[i] ?? {}, y, bottom)) },
          `at ${percent(Math.round(where * 100) / 100)}: ${profiles.map((profile) => `${profileName(policies, profile)} ${spotInWords(profile.points[i] ?? {}, "signed")}`).join("; ")}`,
        );
      }),
    );
  },
};

/** Lines break where nothing is known. */
function curve(profile: Profile, x: (i: number) => number, y: (v: number) => number): Element {
  const d = path<Spot>(
    (_, i) => x(i),
    ({ value }) => y(value ?? 0),
  )
    .defined(({ value }) => value !== undefined)
    .digits(1)([...profile.points]);
  return h("path", { class: lookOf(profile), d: d ?? "" });
}

function banded(profile: Profile, x: (i: number) => number, y: (v: number) => number): Element {
  const d = area<Spot>(
    (_, i) => x(i),
    ({ low }) => y(low ?? 0),
    ({ high }) => y(high ?? 0),
  )
    .defined(({ low, high }) => low !== undefined && high !== undefined)
    .digits(1)([...profile.points]);
  return h("path", { class: `band ${sideOf(profile)}`, d: d ?? "" });
}
