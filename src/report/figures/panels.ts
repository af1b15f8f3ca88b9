// report/ · Panels: many small ones, one a quantity, each with a spot at every policy in training order.
import { scaleLinear } from "d3-scale";
import { line as path } from "d3-shape";
import type { Spot } from "../../terms/exhibit.ts";
import { type Element, h } from "../element.ts";
import { fixed, percent } from "../numbers.ts";
import { shorten } from "../words.ts";
import { box, decimalsOf, line, narrow, stop, text, type Size } from "./frame.ts";
import { heightOf, numbersOf, spotInWords, upright } from "./spots.ts";

export interface Panel {
  readonly title: string;
  /** A word or two beneath the title. */
  readonly note?: string;
  /** One for each policy. */
  readonly spots: readonly Spot[];
  /** Read as percent; the axis is then `domain`, else fitted to the panel. */
  readonly percent: boolean;
  readonly domain?: readonly [number, number];
  /** Dotted uprights at these policies: where the level changes. */
  readonly changes: readonly string[];
}

export interface Panels {
  readonly policies: readonly string[];
  readonly panels: readonly Panel[];
  readonly top: number;
  /** Whether the first policy is the base, to be drawn in its colour. */
  readonly withBase: boolean;
}

const columnsOf = (size: Size): number => (narrow(size) ? 2 : 4);
const heightOfRow = (size: Size): number => (narrow(size) ? 142 : 152);

/** Height of the whole in px. */
export const panelsHeight = (size: Size, panels: number): number =>
  Math.ceil(panels / columnsOf(size)) * heightOfRow(size);

/** Room for every number, and a little where they are all the same. */
export function fitted(spots: readonly Spot[], floor?: number): [number, number] {
  const values = numbersOf(spots);
  if (values.length === 0) return [0, 1];
  const low = Math.min(...values, floor ?? Infinity);
  const high = Math.max(...values, floor ?? -Infinity);
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

export function panelsOf({ policies, panels, top, withBase }: Panels, size: Size): Element[] {
  const columns = columnsOf(size);
  const gap = narrow(size) ? 14 : 22;
  const width = (size.width - gap * (columns - 1)) / columns;
  return panels.flatMap((panel, n) =>
    drawn(panel, policies, withBase, {
      x: (n % columns) * (width + gap),
      y: top + Math.floor(n / columns) * heightOfRow(size),
      width,
      height: heightOfRow(size),
    }),
  );
}

interface Place {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function drawn(panel: Panel, policies: readonly string[], withBase: boolean, at: Place): Element[] {
  const left = at.x + (panel.percent ? 44 : 36);
  const right = at.x + at.width - 4;
  const top = at.y + 38;
  const bottom = at.y + at.height - 26;
  const step = (right - left) / policies.length;
  const x = (i: number): number => left + (i + 0.5) * step;
  const scale = scaleLinear(panel.domain ?? fitted(panel.spots), [bottom, top]).nice(3);
  const y = scale.copy().clamp(true);
  const ticks = scale.ticks(3);
  const say = (v: number): string =>
    panel.percent ? percent(v) : fixed(v, ticks.every(Number.isInteger) ? 0 : decimalsOf(ticks));
  const known = panel.spots.flatMap(({ value }, i): [number, number][] =>
    value === undefined ? [] : [[x(i), y(value)]],
  );
  const letters = Math.max(8, Math.floor(at.width / 6.6));
  return [
    text(at.x, at.y + 12, shorten(panel.title, letters), "panel-title"),
    ...(panel.note === undefined ? [] : [text(at.x, at.y + 26, shorten(panel.note, letters + 2), "note")]),
    ...ticks.flatMap((tick) => [
      line(left, y(tick), right, y(tick), tick === 0 ? "zero" : "grid"),
      text(left - 5, y(tick) + 4, say(tick), "tick", "end"),
    ]),
    ...panel.changes.flatMap((policy) => {
      const i = policies.indexOf(policy);
      return i < 0 ? [] : [line(x(i) - step / 2, top, x(i) - step / 2, bottom, "diagonal")];
    }),
    ...(known.length < 2 ? [] : [h("path", { class: "leader", d: path().digits(1)(known) ?? "" })]),
    ...(known.length === 0 && numbersOf(panel.spots).length === 0
      ? [text((left + right) / 2, (top + bottom) / 2, "not known", "note halo", "middle")]
      : []),
    ...panel.spots.flatMap((spot, i) => upright(x(i), spot, y, inkAt(i, policies.length, withBase), { top, bottom })),
    ...policies.map((_, i) => text(x(i), bottom + 14, String(withBase ? i : i + 1), "tick", "middle")),
    ...policies.map((policy, i) =>
      stop(
        box(x(i) - step / 2, top, step, bottom - top, ""),
        { x: x(i), y: [heightOf(panel.spots[i] ?? {}, y, bottom)] },
        `${panel.title}, ${policy}: ${spotInWords(panel.spots[i] ?? {}, panel.percent ? "percent" : "plain")}${panel.changes.includes(policy) ? "; its level changes here" : ""}`,
      ),
    ),
  ];
}

const inkAt = (i: number, policies: number, withBase: boolean): string =>
  i === policies - 1 ? "is-later" : i === 0 && withBase ? "is-base" : "";
