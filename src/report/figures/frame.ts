// report/ · Frame: what every figure shares: its contract, the svg around it, and small drawing words.
import { type Child, type Element, h } from "../element.ts";

export interface Size {
  /** Width in px of the drawing; below 480 it is laid out for a phone. */
  readonly width: number;
  /** Unique on the page; ids inside the svg start with it. */
  readonly id: string;
}

export interface Layer {
  readonly label: string;
  /** Class of its line, so that the switch shows it. */
  readonly kind: string;
}

/** One kind of figure. Words and drawing both come from the exhibit alone. */
export interface Figure<E> {
  title(exhibit: E): string;
  /** What to conclude, in a sentence or two; the plain-text report prints it too. */
  conclude(exhibit: E): string;
  /** How to read the marks. */
  reading(exhibit: E): string;
  /** Layers (`toggle-0`, `toggle-1` …) that a reader may switch off. */
  toggles?(exhibit: E): readonly Layer[];
  draw(exhibit: E, size: Size): Element;
}

export const narrow = (size: Size): boolean => size.width < 480;

interface FrameProps {
  readonly size: Size;
  readonly height: number;
  readonly title: string;
  readonly description: string;
}

export function frame({ size, height, title, description }: FrameProps, ...children: Child[]): Element {
  const titleId = `${size.id}-title`;
  const descriptionId = `${size.id}-desc`;
  return h(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      class: "figure",
      viewBox: `0 0 ${px(size.width)} ${px(height)}`,
      width: px(size.width),
      height: px(height),
      role: "img",
      "aria-labelledby": `${titleId} ${descriptionId}`,
    },
    h("title", { id: titleId }, title),
    h("desc", { id: descriptionId }, description),
    ...children,
  );
}

/** A tenth of a pixel is plenty, and keeps files small; anything not finite goes to 0. */
export function px(x: number): number {
  return Number.isFinite(x) ? Math.round(x * 10) / 10 : 0;
}

/** No bare `class`: a standalone svg must be well-formed XML. */
const look = (kind: string) => (kind === "" ? {} : { class: kind });

export type Anchor = "start" | "middle" | "end";

export function text(x: number, y: number, content: string, kind = "", anchor: Anchor = "start"): Element {
  return h("text", { x: px(x), y: px(y), ...look(kind), "text-anchor": anchor }, content);
}

export function line(x1: number, y1: number, x2: number, y2: number, kind: string): Element {
  return h("line", { x1: px(x1), y1: px(y1), x2: px(x2), y2: px(y2), class: kind });
}

export function box(x: number, y: number, width: number, height: number, kind: string): Element {
  return h("rect", {
    x: px(x),
    y: px(y),
    width: px(Math.max(0, width)),
    height: px(Math.max(0, height)),
    ...look(kind),
  });
}

export function dot(x: number, y: number, r: number, kind: string): Element {
  return h("circle", { cx: px(x), cy: px(y), r: px(r), ...look(kind) });
}

/** A place where values can be read out: by hovering (no script: the title), by keyboard (script: interact.ts).
 *  `at` is where the cross-hair goes: one x, and the y of each dot. */
export function stop(area: Child, at: { x: number; y: readonly number[] }, say: string): Element {
  return h("g", { class: "stop", "data-x": px(at.x), "data-y": at.y.map(px).join(" ") }, area, h("title", {}, say));
}

/** The cross-hair that the script moves; hidden until then. */
export function cross(top: number, bottom: number, dots: number): Element {
  return h(
    "g",
    { class: "cross" },
    bottom > top ? line(0, top, 0, bottom, "cross-line") : null,
    Array.from({ length: dots }, () => dot(0, 0, 4, "cross-dot")),
  );
}

/** Decimals that tell all ticks apart; at least one. */
export function decimalsOf(ticks: readonly number[]): number {
  return Math.max(1, ...ticks.map((tick) => (String(Number(tick.toFixed(6))).split(".")[1] ?? "").length));
}

/** Rough width of a label: there is no browser to ask. */
export function labelWidth(label: string, fontSize = 12): number {
  return label.length * fontSize * 0.52;
}

/** Moves labels apart, keeping their order: no two nearer than `gap`, all between `top` and `bottom` if they fit. */
export function dodge(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const placed = [...wanted];
  let floor = top;
  for (const i of order) {
    placed[i] = Math.max(wanted[i] ?? 0, floor);
    floor = (placed[i] ?? 0) + gap;
  }
  let ceiling = bottom;
  for (const i of order.toReversed()) {
    if ((placed[i] ?? 0) <= ceiling) break;
    placed[i] = ceiling;
    ceiling -= gap;
  }
  return placed;
}
