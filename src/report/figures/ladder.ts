// report/ · Figure ladder: success by number of steps, and p1/p0 against the two laws that compete for it.
import { scaleLinear, scaleLog } from "d3-scale";
import { line as path } from "d3-shape";
import { type Element, h } from "../element.ts";
import type { LadderExhibit } from "../../terms/exhibit.ts";
import { fixed, percent, plain, rate } from "../numbers.ts";
import { shorten } from "../words.ts";
import { box, cross, dodge, frame, labelWidth, line, narrow, stop, text, type Figure } from "./frame.ts";
import { heightOf, numbersOf, spotInWords, upright } from "./spots.ts";
import { ratioTicks } from "./world-ladder.ts";

type Law = LadderExhibit["laws"][number]["law"];
const LAWS: Readonly<Record<Law, string>> = {
  constant: "one ratio at every length",
  "each-step": "a factor with every step",
};
const SHORT: Readonly<Record<Law, string>> = { constant: "constant", "each-step": "(r1/r0)^L" };

export const ladderFigure: Figure<LadderExhibit> = {
  title: ({ policies: [base, later], way }) =>
    `Success${way === undefined ? "" : `, the ${way} way only,`} by number of steps, and ${later} over ${base}`,

  conclude({ rungs, laws, told, slopeRatio, policies: [base, later] }) {
    const [first, last] = [rungs[0], rungs.at(-1)];
    if (first === undefined || last === undefined) return "No problem has a known number of steps.";
    const ends = `p1/p0, ${later} over ${base}, is ${spotInWords(first.ratio)} at L = ${first.steps} and ${spotInWords(last.ratio)} at L = ${last.steps}.`;
    const slope =
      numbersOf([slopeRatio]).length === 0
        ? ""
        : ` A step of ${later} is ${spotInWords(slopeRatio)} times as reliable as one of ${base}.`;
    const best = laws.find(({ behind }) => behind === 0);
    const other = laws.find((one) => one !== best);
    if (best === undefined || other === undefined) return `${ends}${slope}`;
    const ahead = `${fixed(-other.behind, 1)} nats`;
    const verdict = !told
      ? `The two laws cannot be told apart: “${LAWS[best.law]}” is only ${ahead} ahead.`
      : best.law === "each-step"
        ? `It grows with every step, as fewer slips a step make it: ahead of one ratio at every length by ${ahead}.`
        : `It is the same at every length, as a way chosen more often or a more readable answer makes it: ahead of a factor with every step by ${ahead}.`;
    return `${ends} ${verdict}${slope}`;
  },

  reading: ({ level, policies: [base, later] }) =>
    `L: steps of the problem. Above: mean success of the problems of each L. Below, on a log axis: ${later} over ${base}, and both laws at their best fit; a straight rising line is (r1/r0)^L, a flat one is a constant. Whiskers are ${percent(level)} intervals over problems; an arrow is a bound, where ${base} was never right.`,

  draw(exhibit, size) {
    const { rungs, policies, laws, at, told } = exhibit;
    const small = narrow(size);
    const left = small ? 44 : 52;
    const right =
      size.width -
      (small ? 12 : Math.min(150, 26 + Math.max(...policies.map((name) => labelWidth(shorten(name, 16), 13)), 66)));
    const upper = { top: small ? 46 : 30, bottom: small ? 190 : 212 };
    const lower = { top: upper.bottom + (small ? 76 : 58), bottom: upper.bottom + (small ? 216 : 218) };
    const lengths = [...rungs.map(({ steps }) => steps), ...at];
    const [least, most] = [Math.min(...lengths), Math.max(...lengths)];
    const x = scaleLinear(least < most ? [least, most] : [least - 1, least + 1], [left + 10, right - 10]);
    const y = scaleLinear([0, 1], [upper.bottom, upper.top]).clamp(true);
    const ratios = [...numbersOf(rungs.map(({ ratio }) => ratio)), ...laws.flatMap(({ ratio }) => ratio)].filter(
      (v) => v > 0,
    );
    const d = scaleLog([Math.min(0.8, ...ratios), Math.max(1.25, ...ratios) * 1.05], [lower.bottom, lower.top]).clamp(
      true,
    );
    // An interval may reach down to 0: it goes off the paper.
    const ratioAt = (v: number): number => (v > 0 ? d(v) : lower.bottom);
    const stops = rungs.map(({ steps }) => x(steps));
    const edge = (i: number): number => (i === 0 ? left : i === stops.length ? right : (stops[i - 1]! + stops[i]!) / 2);
    const names = dodge(
      [heightOf(rungs.at(-1)?.base ?? {}, y, upper.bottom), heightOf(rungs.at(-1)?.later ?? {}, y, upper.bottom)],
      15,
      upper.top,
      upper.bottom,
    );
    const lawEnds = dodge(
      laws.map(({ ratio }) => ratioAt(ratio.at(-1) ?? 1)),
      14,
      lower.top,
      lower.bottom,
    );
    const lawLook = ({ law, behind }: LadderExhibit["laws"][number]): string =>
      `shape ${told && behind === 0 ? "chosen " : ""}${law === "constant" ? "dash-1" : "dash-3"}`;
    const curve = (side: "base" | "later"): Element => {
      const known = rungs.flatMap((rung): [number, number][] =>
        rung[side].value === undefined ? [] : [[x(rung.steps), y(rung[side].value)]],
      );
      return h("path", { class: `curve ${side}`, d: path().digits(1)(known) ?? "" });
    };
    return frame(
      {
        size,
        height: lower.bottom + 44,
        title: ladderFigure.title(exhibit),
        description: ladderFigure.conclude(exhibit),
      },
      text(left, 14, "chance of a right answer", "panel-title"),
      [0, 0.25, 0.5, 0.75, 1].map((tick) => [
        line(left, y(tick), right, y(tick), "grid"),
        text(left - 8, y(tick) + 4, String(tick), "tick", "end"),
      ]),
      curve("base"),
      curve("later"),
      rungs.map((rung) => [
        upright(x(rung.steps), rung.base, y, "is-base", upper),
        upright(x(rung.steps), rung.later, y, "is-later", upper),
      ]),
      policies.map((name, i) =>
        small
          ? text(left + i * 130, 33, shorten(name, 16), `strong ${i === 0 ? "is-base" : "is-later"}`)
          : text(right + 8, (names[i] ?? 0) + 4, shorten(name, 16), `strong ${i === 0 ? "is-base" : "is-later"}`),
      ),
      text(
        left,
        lower.top - (small ? 32 : 14),
        `${shorten(policies[1], 18)} over ${shorten(policies[0], 18)}, with both laws`,
        "panel-title",
      ),
      ratioTicks(d.domain()).map((tick) => [
        line(left, d(tick), right, d(tick), tick === 1 ? "zero" : "grid"),
        text(left - 8, d(tick) + 4, `×${tick >= 0.01 && tick < 1e4 ? tick : plain(tick)}`, "tick", "end"),
      ]),
      laws.map((law, i) => {
        const points = at.map((steps, n): [number, number] => [x(steps), ratioAt(law.ratio[n] ?? 1)]);
        return [
          h("path", { class: lawLook(law), d: path().digits(1)(points) ?? "" }),
          small
            ? [
                h("path", { class: lawLook(law), d: `M${left + i * 130} ${lower.top - 15}h22` }),
                text(left + 27 + i * 130, lower.top - 11, SHORT[law.law], "note"),
              ]
            : text(right + 8, (lawEnds[i] ?? 0) + 4, SHORT[law.law], "note"),
        ];
      }),
      rungs.map((rung) => upright(x(rung.steps), rung.ratio, ratioAt, "", lower)),
      line(left, lower.bottom + 6, right, lower.bottom + 6, "axis"),
      apart(stops, 15).map((i) => text(stops[i]!, lower.bottom + 22, String(rungs[i]!.steps), "tick", "middle")),
      text(right, lower.bottom + 38, "L, steps of the problem", "axis-title", "end"),
      cross(upper.top, lower.bottom + 6, 3),
      rungs.map((rung, i) =>
        stop(
          box(edge(i), upper.top, edge(i + 1) - edge(i), lower.bottom - upper.top, ""),
          {
            x: x(rung.steps),
            y: [
              heightOf(rung.base, y, upper.bottom),
              heightOf(rung.later, y, upper.bottom),
              heightOf(rung.ratio, ratioAt, lower.bottom),
            ],
          },
          `L = ${rung.steps}: ${policies[0]} ${said(rung.base)}, ${policies[1]} ${said(rung.later)}; p1/p0 ${spotInWords(rung.ratio)}`,
        ),
      ),
    );
  },
};

const said = ({ value }: { readonly value?: number }): string => (value === undefined ? "not known" : rate(value));

/** Which labels can stand without touching; the last one always does. */
function apart(places: readonly number[], gap: number): number[] {
  const kept: number[] = [];
  for (let i = places.length - 1; i >= 0; i--)
    if (kept.every((other) => Math.abs(places[other]! - places[i]!) >= gap)) kept.push(i);
  return kept;
}
