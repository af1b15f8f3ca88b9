// report/ · Figure waterfall: the official gain, what re-reading the answers removes, and what remains.
import { scaleLinear } from "d3-scale";
import type { Element } from "../element.ts";
import type { WaterfallExhibit } from "../../terms/exhibit.ts";
import { interval, percent, rate, signed } from "../numbers.ts";
import { shorten } from "../words.ts";
import { box, cross, decimalsOf, dot, frame, line, narrow, stop, text, type Figure } from "./frame.ts";

type Bar = WaterfallExhibit["bars"][number];

/** Where each bar starts and ends: totals start at 0, steps are added to what came before (a removal is negative). */
function placed(bars: readonly Bar[]): (Bar & { from: number; to: number })[] {
  let level = 0;
  return bars.map((bar) => {
    const from = bar.total ? 0 : level;
    level = from + bar.value;
    return { ...bar, from, to: level };
  });
}

const amount = ({ value, low, high }: Bar): string =>
  low === undefined || high === undefined ? signed(value) : `${signed(value)} ${interval(low, high, signed)}`;

export const waterfall: Figure<WaterfallExhibit> = {
  title: ({ policies: [base, later] }) =>
    `The gain of ${later} over ${base} under strict, official and lenient reading of the same rollouts`,

  conclude({ bars, policies: [base, later], level }) {
    const [first] = bars;
    const last = bars.at(-1);
    if (first === undefined || last === undefined) return "Nothing could be read again.";
    const share = 1 - last.value / first.value;
    const form = share > 0 && share <= 1 ? `, so ${percent(share)} of it is format` : "";
    const { low = last.value, high = last.value } = last;
    const rest =
      low <= 0 && high >= 0
        ? `What remains cannot be told from 0 at ${percent(level)}.`
        : `What remains is ${low > 0 ? "a gain" : "a loss"} that format does not explain.`;
    return `The official gain, ${later} − ${base}, is ${amount(first)}; read leniently it is ${amount(last)}${form}. ${rest}`;
  },

  reading: ({ level }) =>
    `Above: bars start where the one before ended; whiskers are ${percent(level)} intervals. Below: success rates under each reading; “lenient” accepts a right answer in any form, “strict” only in the form asked for.`,

  draw(exhibit, size) {
    const small = narrow(size);
    const { bars, readings, policies } = exhibit;
    const left = small ? 10 : 164;
    const right = size.width - (small ? 14 : 176);
    const rowHeight = small ? 52 : 34;
    const all = placed(bars);
    const ends = all.flatMap(({ from, to, total, low, high }) => [from, to, ...(total ? [low ?? to, high ?? to] : [])]);
    const x = scaleLinear([Math.min(0, ...ends), Math.max(0.01, ...ends)], [left, right]);
    const top = 26;
    const y = (row: number): number => top + row * rowHeight + (small ? 22 : 8);
    const bottom = top + all.length * rowHeight + 6;
    const lowerTop = bottom + 66;
    const share = scaleLinear([0, 1], [left, right]);
    const yr = (row: number): number => lowerTop + row * (small ? 42 : 30) + (small ? 26 : 14);
    const lowerBottom = lowerTop + readings.length * (small ? 42 : 30) + 8;
    const name = (label: string, at: number): Element =>
      small ? text(left, at - 9, shorten(label, 24), "halo") : text(left - 14, at + 4, shorten(label, 22), "", "end");
    return frame(
      { size, height: lowerBottom + 40, title: waterfall.title(exhibit), description: waterfall.conclude(exhibit) },
      text(left, 14, "Share of rollouts gained", "panel-title"),
      x
        .ticks(small ? 4 : 6)
        .flatMap((tick) => [
          line(x(tick), top, x(tick), bottom, tick === 0 ? "zero" : "grid"),
          text(x(tick), bottom + 16, signed(tick, decimalsOf(x.ticks(6))), "tick", "middle"),
        ]),
      all.map((bar, i) => {
        const [a, b] = [Math.min(x(bar.from), x(bar.to)), Math.max(x(bar.from), x(bar.to))];
        const next = all[i + 1];
        const tall = small ? 16 : 18;
        return [
          name(bar.label, y(i) + tall / 2 - (small ? tall / 2 : 0)),
          box(a, y(i), Math.max(1.5, b - a), tall, `bar ${bar.total ? "total" : "step"}`),
          next ? line(x(bar.to), y(i) + tall, x(bar.to), y(i + 1), "leader") : null,
          bar.total && bar.low !== undefined && bar.high !== undefined
            ? whisker(x(bar.low), x(bar.high), y(i) + tall / 2)
            : null,
          small
            ? text(size.width - 4, y(i) - 8, amount(bar), "note halo", "end")
            : text(
                Math.max(b, x(bar.total ? (bar.high ?? bar.to) : bar.to), b) + 10,
                y(i) + tall / 2 + 4,
                amount(bar),
                "note halo",
              ),
          stop(
            box(left, y(i) - 6, right - left, tall + 12, ""),
            { x: x(bar.to), y: [y(i) + tall / 2] },
            `${bar.label}: ${amount(bar)}`,
          ),
        ];
      }),
      text(left, lowerTop - 4, "Success rate under each reading", "panel-title"),
      readings.map((row, i) => [
        name(row.reading, yr(i) + (small ? 2 : 0)),
        line(share(0), yr(i), share(1), yr(i), "grid"),
        line(share(row.base), yr(i), share(row.later), yr(i), "link"),
        dot(share(row.base), yr(i), 5, "is-base"),
        dot(share(row.later), yr(i), 5, "is-later"),
        small
          ? text(size.width - 4, yr(i) - 6, `${rate(row.base)} → ${rate(row.later)}`, "note halo", "end")
          : text(right + 12, yr(i) + 4, `${rate(row.base)} → ${rate(row.later)}`, "note"),
        stop(
          box(left, yr(i) - 14, right - left, 28, ""),
          { x: share(row.later), y: [yr(i)] },
          `${row.reading} reading: ${policies[0]} ${rate(row.base)}, ${policies[1]} ${rate(row.later)}, gain ${signed(row.later - row.base)}`,
        ),
      ]),
      [0, 0.25, 0.5, 0.75, 1].map((tick) => text(share(tick), lowerBottom + 12, String(tick), "tick", "middle")),
      text(left, lowerBottom + 34, shorten(policies[0], 20), "strong is-base"),
      text(right, lowerBottom + 34, shorten(policies[1], 20), "strong is-later", "end"),
      cross(0, 0, 1),
    );
  },
};

function whisker(x0: number, x1: number, y: number): Element[] {
  return [line(x0, y, x1, y, "whisker"), line(x0, y - 4, x0, y + 4, "whisker"), line(x1, y - 4, x1, y + 4, "whisker")];
}
