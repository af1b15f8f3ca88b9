// report/ · Figure null: solved-only counts against what a policy shows against itself.
import { scaleLinear } from "d3-scale";
import type { NullExhibit } from "../../terms/exhibit.ts";
import { type Element, h } from "../element.ts";
import { count, fixed, plain } from "../numbers.ts";
import { shorten } from "../words.ts";
import { box, cross, frame, line, narrow, px, stop, text, type Figure } from "./frame.ts";

interface Side {
  readonly name: string;
  readonly other: string;
  readonly seen: number;
  readonly law: readonly number[];
  readonly kind: "base" | "later";
}

function sides({ policies: [base, later], onlyBase, onlyLater, lawOnlyBase, lawOnlyLater }: NullExhibit): [Side, Side] {
  return [
    { name: base, other: later, seen: onlyBase, law: lawOnlyBase, kind: "base" },
    { name: later, other: base, seen: onlyLater, law: lawOnlyLater, kind: "later" },
  ];
}

const mean = (law: readonly number[]): number => law.reduce((sum, p, i) => sum + p * i, 0);
/** Chance of this many or more, were the policies equal. */
const tail = ({ law, seen }: Side): number =>
  Math.min(
    1,
    Math.max(
      0,
      law.reduce((sum, p, i) => (i >= seen ? sum + p : sum), 0),
    ),
  );
const chance = (p: number): string =>
  p < 1e-4 ? "less than 1 in 10,000" : p < 0.1 ? `1 in ${count(1 / p)}` : fixed(p, 2);

export const nullFigure: Figure<NullExhibit> = {
  title: () => "Problems solved by one policy only, against what equal policies would show",

  conclude(exhibit) {
    return sides(exhibit)
      .map((side) => {
        const p = tail(side);
        if (side.seen === 0)
          return `No problem was solved by ${side.name} and never by ${side.other}; equal policies would show ${fixed(mean(side.law) + 1e-9, 1)} on average.`;
        const many = `${count(side.seen)} ${side.seen === 1 ? "problem was" : "problems were"} solved by ${side.name} and never by ${side.other}; equal policies would show ${fixed(mean(side.law) + 1e-9, 1)} on average`;
        return p < 0.05
          ? `${many}, and this many or more with chance ${chance(p)}.`
          : `${many}, so this is no more than luck gives (chance ${chance(p)} of this many or more).`;
      })
      .join(" ");
  },

  reading: () =>
    "Bars: the law of the count if both policies had the same chance on every problem, given each problem’s total of right answers. " +
    "The line is the count observed. A policy against itself also “solves” problems that its twin does not.",

  draw(exhibit, size) {
    const small = narrow(size);
    const pair = sides(exhibit);
    const reach = Math.max(4, ...pair.map((side) => Math.max(side.seen, lastSeen(side.law)))) * 1.06 + 1;
    const gap = 48;
    const width = small ? size.width - 16 : (size.width - gap - 16) / 2;
    const panelHeight = 190;
    const height = small ? panelHeight * 2 + 24 : panelHeight;
    return frame(
      { size, height, title: nullFigure.title(exhibit), description: nullFigure.conclude(exhibit) },
      pair.map((side, i) =>
        panel(
          side,
          { x: small ? 8 : 8 + i * (width + gap), y: small ? i * (panelHeight + 24) : 0, width, height: panelHeight },
          reach,
        ),
      ),
      cross(0, 0, 1),
    );
  },
};

function lastSeen(law: readonly number[]): number {
  return law.findLastIndex((p) => p > 1e-4);
}

function panel(side: Side, at: { x: number; y: number; width: number; height: number }, reach: number): Element[] {
  const axisY = at.y + at.height - 40;
  const top = at.y + 56;
  const x = scaleLinear([0, reach], [at.x, at.x + at.width]);
  const y = scaleLinear([0, Math.max(1e-9, ...side.law)], [axisY, top]);
  const step = Math.max(1, x(1) - x(0));
  const seenX = x(side.seen + 0.5);
  const anchor = seenX < at.x + 60 ? "start" : seenX > at.x + at.width - 60 ? "end" : "middle";
  return [
    text(at.x, at.y + 14, `Solved only by ${shorten(side.name, 24)}`, "panel-title"),
    ...side.law.flatMap((p, i) =>
      i < reach - 1 && p > 1e-4
        ? [
            stop(
              [box(x(i), top, step, axisY - top, ""), box(x(i) + step * 0.08, y(p), step * 0.84, axisY - y(p), "bar")],
              { x: x(i + 0.5), y: [y(p)] },
              `${i} ${i === 1 ? "problem" : "problems"}: chance ${plain(p)} under equal policies`,
            ),
          ]
        : [],
    ),
    line(at.x, axisY, at.x + at.width, axisY, "axis"),
    ...x
      .ticks(6)
      .filter((t) => Number.isInteger(t) && t < reach)
      .flatMap((tick) => [
        line(x(tick + 0.5), axisY, x(tick + 0.5), axisY + 4, "axis"),
        text(x(tick + 0.5), axisY + 17, String(tick), "tick", "middle"),
      ]),
    text(at.x + at.width, axisY + 34, "problems", "axis-title", "end"),
    h("line", { x1: px(seenX), x2: px(seenX), y1: px(top - 12), y2: px(axisY), class: `curve ${side.kind}` }),
    text(seenX, top - 18, `observed ${count(side.seen)}`, `strong halo is-${side.kind}`, anchor),
  ];
}
