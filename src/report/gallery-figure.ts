// report/ · Gallery figure: every claim's difference with its interval, one row a claim, against no difference.
import { scaleLinear } from "d3-scale";
import type { GalleryItem, GalleryPage } from "../attribution/gallery-page.ts";
import type { Element } from "./element.ts";
import { box, cross, dot, frame, line, narrow, stop, text, type Figure } from "./figures/frame.ts";
import { share, SHORT } from "./gallery-telling.ts";
import { percent, signed } from "./numbers.ts";
import { listed, shorten } from "./words.ts";

const ROW = 34;

export const galleryFigure: Figure<GalleryPage> = {
  title: () => "Difference between tuned and base, tuned − base, in points of problems solved",

  conclude({ claims }) {
    const named = (test: (value: number) => boolean): string[] =>
      claims
        .filter(
          ({ verdict, difference }) =>
            verdict === "settled" && difference.kind === "measured" && test(difference.value),
        )
        .map(({ claim }) => claim.name);
    const [fewer, more] = [named((value) => value < 0), named((value) => value > 0)];
    const parts = [
      ...(fewer.length > 0 ? [`Settled losses: ${listed(fewer)}.`] : []),
      ...(more.length > 0 ? [`Settled gains: ${listed(more)}.`] : []),
    ];
    return parts.length === 0 ? "No difference is settled by these numbers alone." : parts.join(" ");
  },

  reading: ({ level }) =>
    `A dot is the difference as printed, its line a ${percent(level)} interval; where only totals are given, the line holds for every way in which the two may solve different problems.`,

  draw(page, size) {
    const small = narrow(size);
    const left = small ? 8 : 176;
    const rowHeight = small ? ROW + 12 : ROW;
    const ends = page.claims.flatMap(({ difference: d }) =>
      d.kind === "measured" ? [d.value, d.low ?? d.value, d.high ?? d.value] : [],
    );
    const x = scaleLinear(
      [Math.min(0, ...ends), Math.max(0, ...ends)],
      [left + 6, size.width - (small ? 12 : 96)],
    ).nice();
    const top = 12;
    const bottom = top + rowHeight * page.claims.length;
    return frame(
      { size, height: bottom + 40, title: galleryFigure.title(page), description: galleryFigure.conclude(page) },
      x
        .ticks(small ? 4 : 7)
        .flatMap((tick) => [
          line(x(tick), top, x(tick), bottom, tick === 0 ? "zero" : "grid"),
          text(x(tick), bottom + 16, signed(100 * tick, 0), "tick", "middle"),
        ]),
      text(size.width - (small ? 12 : 96), bottom + 34, "points, tuned − base", "axis-title", "end"),
      page.claims.flatMap((item, i) => row(item, top + i * rowHeight, rowHeight)),
      cross(top, bottom, 1),
    );

    function row({ claim, difference: d, verdict }: GalleryItem, y: number, height: number): Element[] {
      if (d.kind !== "measured") return [];
      const middle = small ? y + height - 13 : y + height / 2;
      const [low, high] = [x(d.low ?? d.value), x(d.high ?? d.value)];
      const said = SHORT[verdict];
      const kind = verdict === "not settled" ? "note" : `strong ${d.value < 0 ? "is-base" : "is-later"}`;
      return [
        small
          ? text(left, y + 14, `${shorten(claim.name, 30)} · ${said}`, `halo ${kind}`)
          : text(left - 12, middle + 4, shorten(claim.name, 26), "", "end"),
        stop(
          [box(left, y, size.width - left, height, ""), line(low, middle, high, middle, "whisker")],
          { x: x(d.value), y: [middle] },
          `${claim.name}: ${share(d, true)}, ${said}`,
        ),
        line(low, middle - 4, low, middle + 4, "whisker"),
        line(high, middle - 4, high, middle + 4, "whisker"),
        dot(x(d.value), middle, 4, d.value < 0 ? "is-base" : "is-later"),
        ...(small ? [] : [text(size.width, middle + 4, said, kind, "end")]),
      ];
    }
  },
};
