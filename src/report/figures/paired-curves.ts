// report/ · Paired curves: two policies' success above, their difference with its band below, on one horizontal axis.
import { extent } from "d3-array";
import { scaleLinear, scaleLog } from "d3-scale";
import { area, line as path } from "d3-shape";
import { type Element, h } from "../element.ts";
import {
  box,
  cross,
  decimalsOf,
  dodge,
  dot,
  frame,
  labelWidth,
  line,
  narrow,
  px,
  stop,
  text,
  type Anchor,
  type Size,
} from "./frame.ts";
import { fixed, signed } from "../numbers.ts";
import { shorten } from "../words.ts";

export interface PairedCurves {
  readonly title: string;
  readonly description: string;
  readonly x: readonly number[];
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly axis: string;
  readonly policies: readonly [string, string];
  readonly base: readonly number[];
  readonly later: readonly number[];
  readonly gap: readonly number[];
  readonly low: readonly number[];
  readonly high: readonly number[];
  readonly above: string;
  readonly below: string;
  /** Runs along the axis worth marking; `kind` is gain, loss or plain. */
  readonly runs: readonly {
    readonly from: number;
    readonly to: number;
    readonly kind: "gain" | "loss" | "plain";
    readonly label: string;
  }[];
  /** What the read-out says at the i-th x. */
  say(i: number): string;
}

export function pairedCurves(it: PairedCurves, size: Size): Element {
  const small = narrow(size);
  const left = small ? 44 : 52;
  const right =
    size.width -
    (small ? 10 : Math.min(150, 18 + Math.max(...it.policies.map((name) => labelWidth(shorten(name, 16), 14)))));
  const upper = { top: small ? 44 : 30, bottom: small ? 200 : 238 };
  const lower = { top: upper.bottom + (small ? 36 : 40), bottom: upper.bottom + (small ? 166 : 180) };

  const [first = 1, last = 1] = extent(it.x);
  const x = scaleLog([first, last > first ? last : first * 2], [left, right]);
  const points = it.x.map((_, i) => i);
  const at = (i: number): number => x(it.x[i] ?? first);
  const of = (values: readonly number[], i: number): number => values[i] ?? 0;

  const [lowest = 0, highest = 1] = extent([...it.base, ...it.later]);
  const y = scaleLinear([Math.max(0, lowest - 0.02), Math.min(1, highest + 0.02)], [upper.bottom, upper.top]).nice(5);
  const [deepest = 0, tallest = 0] = extent([...it.low, ...it.high, 0]);
  const d = scaleLinear(deepest === tallest ? [-0.01, 0.01] : [deepest, tallest], [lower.bottom, lower.top]).nice(4);

  const curve = (values: readonly number[], scale: (v: number) => number, kind: string): Element =>
    h("path", { class: `curve ${kind}`, d: path<number>(at, (i) => px(scale(of(values, i)))).digits(1)(points) ?? "" });
  const marks = (values: readonly number[], scale: (v: number) => number, kind: string): Element[] =>
    it.x.length > 12 ? [] : points.map((i) => dot(at(i), scale(of(values, i)), 3, kind));
  const gridY = (scale: typeof y, ticks: readonly number[], say: (v: number) => string): Element[] =>
    ticks.flatMap((tick) => [
      line(left, scale(tick), right, scale(tick), tick === 0 && scale === d ? "zero" : "grid"),
      text(left - 8, scale(tick) + 4, say(tick), "tick", "end"),
    ]);
  const yTicks = y.ticks(5);
  const dTicks = d.ticks(4);

  const ends = dodge(
    [y(of(it.base, points.length - 1)), y(of(it.later, points.length - 1))],
    15,
    upper.top,
    upper.bottom,
  );
  const names = small
    ? legend(it.policies, left, upper.top - 12)
    : it.policies.map((name, side) =>
        text(right + 9, (ends[side] ?? 0) + 4, shorten(name, 16), `strong ${side === 0 ? "is-base" : "is-later"}`),
      );

  const axisY = lower.bottom + 8;
  const runs = placeRuns(it, x, [left, size.width], small);
  const runRows = Math.max(0, ...runs.map((run) => run.row + 1));
  const height = axisY + 40 + (runRows > 0 ? 12 + runRows * 17 : 0);
  const runY = axisY + 46;

  return frame(
    { size, height, title: it.title, description: it.description },
    text(left, small ? 14 : 14, it.above, "panel-title"),
    gridY(y, yTicks, (v) => fixed(v, decimalsOf(yTicks))),
    it.runs
      .filter((run) => run.kind !== "plain")
      .map((run) => {
        const [from, to] = span(run, x);
        return box(from, lower.top, to - from, lower.bottom - lower.top, `region ${run.kind}`);
      }),
    text(left, lower.top - 12, it.below, "panel-title"),
    gridY(d, dTicks, (v) => signed(v, decimalsOf(dTicks))),
    h("path", {
      class: "band",
      style: "fill:var(--ink)",
      d:
        area<number>(
          at,
          (i) => d(of(it.low, i)),
          (i) => d(of(it.high, i)),
        ).digits(1)(points) ?? "",
    }),
    points.length === 1 ? line(at(0), d(of(it.low, 0)), at(0), d(of(it.high, 0)), "whisker") : null,
    curve(it.base, y, "base"),
    marks(it.base, y, "is-base"),
    curve(it.later, y, "later"),
    marks(it.later, y, "is-later"),
    curve(it.gap, d, "gap"),
    marks(it.gap, d, ""),
    names,
    line(left, axisY, right, axisY, "axis"),
    thinTicks(it.ticks, x, small ? 26 : 34).flatMap((tick) => [
      line(x(tick.at), axisY, x(tick.at), axisY + 5, "axis"),
      text(x(tick.at), axisY + 18, tick.label, "tick", "middle"),
    ]),
    text(right, axisY + 34, it.axis, "axis-title", "end"),
    runs.map((run) => [
      line(
        run.x0,
        axisY,
        run.x1,
        axisY,
        `bar-line ${run.kind === "gain" ? "later" : run.kind === "loss" ? "base" : "plain"}`,
      ),
      run.kind === "plain"
        ? [
            line(run.x0, axisY - 5, run.x0, axisY + 5, "bar-line plain"),
            line(run.x1, axisY - 5, run.x1, axisY + 5, "bar-line plain"),
          ]
        : null,
      text(
        run.labelX,
        runY + 10 + run.row * 17,
        run.label,
        `note ${run.kind === "gain" ? "is-later" : run.kind === "loss" ? "is-base" : ""}`,
        run.anchor,
      ),
    ]),
    cross(upper.top, axisY, 3),
    stops(it, at, { top: upper.top, bottom: axisY, left, right }, (i) => [
      y(of(it.base, i)),
      y(of(it.later, i)),
      d(of(it.gap, i)),
    ]),
  );
}

/** One reading strip per x, but no two nearer than 3 px: more could not be pointed at. */
function stops(
  it: PairedCurves,
  at: (i: number) => number,
  panel: { top: number; bottom: number; left: number; right: number },
  ys: (i: number) => number[],
): Element[] {
  const kept: number[] = [];
  for (let i = 0; i < it.x.length; i++)
    if (kept.length === 0 || at(i) - at(kept.at(-1) ?? 0) >= 3 || i === it.x.length - 1) kept.push(i);
  return kept.map((i, n) => {
    const before = kept[n - 1];
    const after = kept[n + 1];
    const from = before === undefined ? panel.left : (at(before) + at(i)) / 2;
    const to = after === undefined ? panel.right : (at(i) + at(after)) / 2;
    return stop(box(from, panel.top, to - from, panel.bottom - panel.top, ""), { x: at(i), y: ys(i) }, it.say(i));
  });
}

function legend(policies: readonly [string, string], x: number, y: number): Element[] {
  const first = shorten(policies[0], 16);
  return [
    text(x, y, first, "strong is-base"),
    text(x + labelWidth(first, 12.5) + 16, y, shorten(policies[1], 16), "strong is-later"),
  ];
}

function span(run: { from: number; to: number }, x: (v: number) => number): [number, number] {
  const [a, b] = [x(run.from), x(run.to)];
  return b - a < 4 ? [a - 2, b + 2] : [a, b];
}

/** Labels under the axis, each near its run, on as few rows as keep them apart. */
function placeRuns(it: PairedCurves, x: (v: number) => number, [least, most]: [number, number], small: boolean) {
  const ends: number[] = [];
  return it.runs.map((run) => {
    const [x0, x1] = span(run, x);
    const width = labelWidth(run.label, 11.5);
    const centre = (x0 + x1) / 2;
    const anchor: Anchor = small
      ? "start"
      : centre - width / 2 < least
        ? "start"
        : centre + width / 2 > most
          ? "end"
          : "middle";
    const start = anchor === "middle" ? centre - width / 2 : anchor === "start" ? least : most - width;
    let row = ends.findIndex((end) => start > end + 12);
    if (row < 0) row = ends.length;
    ends[row] = start + width;
    return { ...run, x0, x1, row, anchor, labelX: anchor === "middle" ? centre : anchor === "start" ? least : most };
  });
}

function thinTicks<T extends { readonly at: number }>(ticks: readonly T[], x: (v: number) => number, gap: number): T[] {
  const kept: T[] = [];
  for (const tick of ticks.toReversed())
    if (kept.every((other) => Math.abs(x(other.at) - x(tick.at)) >= gap)) kept.push(tick);
  return kept.toReversed();
}
