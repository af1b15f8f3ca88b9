// report/ · Figure missing bits: the bits the base lacks along the right answers of later policies, place by place.
import { scaleLinear } from "d3-scale";
import { line as path } from "d3-shape";
import { type Element, h } from "../element.ts";
import type { MissingBitsExhibit } from "../../terms/exhibit.ts";
import { count, fixed, percent } from "../numbers.ts";
import { listed, shorten } from "../words.ts";
import { box, cross, decimalsOf, frame, labelWidth, line, narrow, stop, text, type Figure } from "./frame.ts";
import { heightOf, numbersOf, spotInWords, upright } from "./spots.ts";

type Panel = MissingBitsExhibit["panels"][number];

/** Up to so many effective places are one fork (the fork and the step it leads into); at least this part of all is all over. */
const GATHERED = 2;
const SPREAD = 0.5;

const NAMES = { step: "step", sentence: "sentence", part: "part" } as const;

export const panelName = ({ steps, series }: Panel): string =>
  steps === undefined ? `${series.at(-1)?.places.length ?? 0} places` : `L = ${steps}`;

function placeName(place: MissingBitsExhibit["place"], i: number, places: number): string {
  return i === places - 1 ? "answer" : `${NAMES[place]} ${i + 1}`;
}

export const missingBits: Figure<MissingBitsExhibit> = {
  title: ({ policies: [base, tuned] }) => `Where ${base} lacks bits, along the right answers of ${tuned}`,

  conclude(exhibit) {
    const panel = exhibit.panels.at(-1);
    const series = panel?.series.at(-1);
    if (panel === undefined || series === undefined)
      return "No profile could be drawn: no right answer could be continued.";
    return conclusion(exhibit, panel, series);
  },

  reading({ panels, place, level }) {
    const names = checkpointsOf(panels);
    const before =
      names.length > 1
        ? ` Bars: ${names.at(-1)}; lines: ${listed(names.slice(0, -1))}, along their own right answers.`
        : "";
    return `Bits of a ${NAMES[place]}: log2 of how much the base's chance of finishing right rises once it is written; they add up to −log2 p0 and may be negative. Whiskers are ${percent(level)} intervals over problems and rollouts; an arrow is a bound, where no continuation was right.${before}`;
  },

  draw(exhibit, size) {
    const { panels } = exhibit;
    const small = narrow(size);
    const columns = Math.max(1, Math.min(small ? 1 : 2, panels.length));
    const gap = 30;
    const width = (size.width - gap * (columns - 1)) / columns;
    const height = small ? 178 : 196;
    const names = checkpointsOf(panels).slice(0, -1);
    const head = legendHeight(names, size.width);
    const rows = Math.max(1, Math.ceil(panels.length / columns));
    const values = numbersOf(panels.flatMap(({ series }) => series.flatMap(({ places }) => places)));
    const range: [number, number] = [Math.min(0, ...values), Math.max(0.01, ...values)];
    return frame(
      {
        size,
        height: head + rows * height,
        title: missingBits.title(exhibit),
        description: missingBits.conclude(exhibit),
      },
      legend(names, size.width),
      panels.map((panel, n) =>
        drawn(exhibit, panel, names, range, {
          x: (n % columns) * (width + gap),
          y: head + Math.floor(n / columns) * height,
          width,
          height,
        }),
      ),
      panels.length === 0
        ? text(size.width / 2, head + 60, "no right answer could be continued", "note", "middle")
        : null,
      cross(0, 0, 1),
    );
  },
};

const checkpointsOf = (panels: readonly Panel[]): string[] => [
  ...new Set(panels.flatMap(({ series }) => series.map(({ checkpoint }) => checkpoint))),
];

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawn(
  { place }: MissingBitsExhibit,
  panel: Panel,
  names: readonly string[],
  range: readonly [number, number],
  at: Box,
): Element[] {
  const tuned = panel.series.at(-1);
  const places = tuned?.places ?? [];
  const left = at.x + 34;
  const right = at.x + at.width - 2;
  const top = at.y + 32;
  const bottom = at.y + at.height - 44;
  const y = scaleLinear(range, [bottom, top]).nice(4);
  const ticks = y.ticks(4);
  const step = (right - left) / Math.max(1, places.length);
  const x = (i: number): number => left + (i + 0.5) * step;
  const every = Math.ceil(16 / step);
  return [
    text(at.x, at.y + 14, shorten(`${panelName(panel)}: ${spotInWords(tuned?.total ?? {})} bits`, 44), "panel-title"),
    ...ticks.flatMap((tick) => [
      line(left, y(tick), right, y(tick), tick === 0 ? "zero" : "grid"),
      text(left - 6, y(tick) + 4, fixed(tick, ticks.every(Number.isInteger) ? 0 : decimalsOf(ticks)), "tick", "end"),
    ]),
    ...places.flatMap((spot, i) => {
      const end = spot.value ?? spot.low;
      return [
        ...(end === undefined
          ? []
          : [box(x(i) - step * 0.36, Math.min(y(end), y(0)), step * 0.72, Math.abs(y(end) - y(0)), "bar total")]),
        // The bar is the value: only its interval is drawn on it.
        ...upright(x(i), spot, y, "", { top, bottom }).filter((mark) => mark.type !== "circle"),
      ];
    }),
    ...panel.series.slice(0, -1).map((series) => {
      const known = series.places.flatMap(({ value }, i): [number, number][] =>
        value === undefined ? [] : [[x(i), y(value)]],
      );
      return h("path", {
        class: `curve gap dash-${(names.indexOf(series.checkpoint) % 6) + 1}`,
        d: path().digits(1)(known) ?? "",
      });
    }),
    ...places.flatMap((spot, i) => [
      i === places.length - 1 || (i % every === 0 && places.length - 1 - i >= every)
        ? text(x(i), bottom + 16, i === places.length - 1 ? "#" : String(i + 1), "tick", "middle")
        : text(0, 0, ""),
      stop(
        box(left + i * step, top, step, bottom - top, ""),
        { x: x(i), y: [heightOf(spot, y, bottom)] },
        `${panelName(panel)}, ${placeName(place, i, places.length)}: ${panel.series
          .toReversed()
          .map((series) => `${series.checkpoint} ${spotInWords(series.places[i] ?? {})}`)
          .join(", ")} bits`,
      ),
    ]),
    text(right, bottom + 32, `${NAMES[place]}, then answer (#)`, "axis-title", "end"),
  ];
}

const LEGEND_ROW = 18;

/** Left edge and row of each name. */
function placed(names: readonly string[], width: number): { x: number; row: number }[] {
  let [x, row] = [0, 0];
  return names.map((name) => {
    const wide = 44 + labelWidth(shorten(name, 18));
    if (x > 0 && x + wide > width) [x, row] = [0, row + 1];
    const at = { x, row };
    x += wide;
    return at;
  });
}

function legendHeight(names: readonly string[], width: number): number {
  return names.length === 0 ? 0 : ((placed(names, width).at(-1)?.row ?? 0) + 1) * LEGEND_ROW + 8;
}

function legend(names: readonly string[], width: number): Element[] {
  return placed(names, width).flatMap(({ x, row }, i) => [
    h("path", { class: `curve gap dash-${(i % 6) + 1}`, d: `M${x} ${10 + row * LEGEND_ROW}h26` }),
    text(x + 31, 14 + row * LEGEND_ROW, shorten(names[i] ?? "", 18), "note"),
  ]);
}

function conclusion(
  { policies: [base, tuned], place }: MissingBitsExhibit,
  panel: Panel,
  series: Panel["series"][number],
): string {
  const of = `Along the right answers of ${tuned} to ${count(panel.problems)} ${panel.problems === 1 ? "problem" : "problems"}${panel.steps === undefined ? "" : ` of L = ${panel.steps}`}`;
  const lacks = `${of}, ${base} lacks ${spotInWords(series.total)} bits`;
  const { value, low, high } = series.neff;
  const places = series.places.length;
  const effective = `${spotInWords(series.neff)} effective places of ${places}`;
  const known = series.places.map((spot) => spot.value ?? -Infinity);
  const most = Math.max(...known);
  const where =
    most > 0
      ? ` The largest part stands at ${named(place, known.indexOf(most), places)}: ${spotInWords(series.places[known.indexOf(most)] ?? {})}.`
      : "";
  if (value === undefined && low === undefined && high === undefined) return `${lacks}.${where}`;
  if (high !== undefined && high <= GATHERED) return `${lacks}, gathered at one fork: ${effective}.${where}`;
  if (low !== undefined && low >= SPREAD * (places - 1))
    return `${lacks}, spread over the answer, as many small slips are: ${effective}.${where}`;
  return `${lacks}: ${effective}; whether they are gathered or spread is not certain.${where}`;
}

const named = (place: MissingBitsExhibit["place"], i: number, places: number): string =>
  i === places - 1 ? "the answer" : placeName(place, i, places);
