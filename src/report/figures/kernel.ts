// report/ · Figure kernel: the joint law of the two success probabilities, free of any shape, under the lines of the fitted shapes.
import { line as path } from "d3-shape";
import { type Element, h } from "../element.ts";
import type { KernelExhibit } from "../../terms/exhibit.ts";
import { fixed, percent, plain, rate } from "../numbers.ts";
import { shorten } from "../words.ts";
import { box, cross, dodge, dot, frame, line, narrow, px, stop, text, type Figure, type Size } from "./frame.ts";
import { logit, plane, reach, type Plane } from "./kernel-plane.ts";

type Shape = KernelExhibit["shapes"][number];

export const inWords = (shape: string): string => shape.replaceAll("-", " ");
const ranked = (shapes: readonly Shape[]): Shape[] => shapes.toSorted((a, b) => b.behind - a.behind);
const labelOf = (shape: Shape, chosen: string): string =>
  `${shorten(inWords(shape.name), 20)} ${shape.behind === 0 ? (shape.name === chosen ? "" : "(best)") : fixed(shape.behind, shape.behind > -10 ? 1 : 0)}`.trim();

const lineOf = (shape: Shape, i: number, chosen: string): string => (shape.name === chosen ? "chosen" : `dash-${i}`);

export const kernel: Figure<KernelExhibit> = {
  title: ({ policies: [base, later] }) => `How each problem’s chance of a right answer moved, from ${base} to ${later}`,

  conclude({ adequate, chosen }) {
    return adequate
      ? `“${inWords(chosen)}”, the simplest shape that predicts held-out problems about as well as any listed one, is adequate: the free law, which assumes no shape, adds nothing worth naming.`
      : `No listed shape fits: even “${inWords(chosen)}”, the simplest of those that predict held-out problems best, stays too far from the free law, which assumes no shape.`;
  },

  reading: ({ policies: [base, later] }) =>
    `Across: p0, the chance of a right answer under ${base}; up: p1, under ${later}; both on logit axes, with exactly 0 and exactly 1 set apart in the strips. ` +
    `Circles: the free law, area in proportion to the share of problems. Grey dots: observed rates. Above the dotted diagonal a problem became easier. ` +
    `Numbers after the names: held-out log score behind the best shape, in nats.`,

  toggles: ({ shapes, chosen }) =>
    ranked(shapes).map((shape, i) => ({ label: labelOf(shape, chosen), kind: lineOf(shape, i, chosen) })),

  draw(exhibit, size) {
    const shapes = ranked(exhibit.shapes);
    const exits = shapes.map((shape) => exit(shape, exhibit, reach(exhibit)[1]));
    const lifted = exits.filter((at) => at?.top).length;
    const it = plane(exhibit, size, lifted);
    const height = it.bottom + it.gap + it.strip + 44;
    return frame(
      { size, height, title: kernel.title(exhibit), description: kernel.conclude(exhibit) },
      axes(it, exhibit, size),
      seen(it, exhibit),
      line(it.left, it.bottom, it.right, it.top, "diagonal"),
      atoms(it, exhibit),
      h(
        "svg",
        {
          x: px(it.left),
          y: px(it.top),
          width: px(it.right - it.left),
          height: px(it.bottom - it.top),
          overflow: "hidden",
          viewBox: `${px(it.left)} ${px(it.top)} ${px(it.right - it.left)} ${px(it.bottom - it.top)}`,
        },
        shapes
          .map((shape, i) =>
            h("path", { class: `shape toggle-${i} ${lineOf(shape, i, exhibit.chosen)}`, d: drawn(shape, exhibit, it) }),
          )
          .toReversed(),
      ),
      narrow(size) ? null : labels(it, shapes, exits, exhibit.chosen),
      cross(0, 0, 1),
    );
  },
};

function axes(it: Plane, { policies }: KernelExhibit, size: Size): Element[] {
  const { strip, gap } = it;
  const span = it.right - it.left;
  const strips: [number, number, number, number][] = [
    [it.left - gap - strip, it.top, strip, span],
    [it.right + gap, it.top, strip, span],
    [it.left, it.top - gap - strip, span, strip],
    [it.left, it.bottom + gap, span, strip],
    [it.left - gap - strip, it.bottom + gap, strip, strip],
    [it.right + gap, it.bottom + gap, strip, strip],
    [it.left - gap - strip, it.top - gap - strip, strip, strip],
    [it.right + gap, it.top - gap - strip, strip, strip],
  ];
  const below = it.bottom + gap + strip;
  const before = it.left - gap - strip;
  const say = (p: number): string => (p >= 0.001 || p === 0 ? String(p) : plain(p));
  return [
    ...strips.map(([x, y, w, ht]) => box(x, y, w, ht, "strip")),
    ...it.ticks.flatMap((p) => [
      line(it.x(p), it.top, it.x(p), it.bottom, "grid"),
      line(it.left, it.y(p), it.right, it.y(p), "grid"),
    ]),
    ...[0, ...it.ticks, 1].flatMap((p) => [
      text(it.x(p), below + 15, say(p), "tick", "middle"),
      text(before - 6, it.y(p) + 4, say(p), "tick", "end"),
    ]),
    text(it.right + gap + strip, below + 34, `p0, chance under ${shorten(policies[0], 20)}`, "axis-title", "end"),
    text(
      narrow(size) ? 2 : before,
      it.top - gap - strip - 12,
      `p1, chance under ${shorten(policies[1], 20)}`,
      "axis-title",
    ),
  ];
}

/** Observed rates as faint dots, one path per size; binned to whole pixels, so that many problems stay a small file. */
function seen(it: Plane, { observed }: KernelExhibit): Element[] {
  const cells = new Map<string, number>();
  for (const [rate0, rate1, problems] of observed) {
    const key = `M${Math.round(it.x(rate0) / 2) * 2} ${Math.round(it.y(rate1) / 2) * 2}h0`;
    cells.set(key, (cells.get(key) ?? 0) + problems);
  }
  const sizes = new Map<number, string>();
  for (const [move, problems] of cells) {
    const wide = Math.min(10, 3 + Math.floor(Math.log2(problems)));
    sizes.set(wide, (sizes.get(wide) ?? "") + move);
  }
  return [...sizes].sort(([a], [b]) => a - b).map(([wide, d]) => h("path", { class: "seen", "stroke-width": wide, d }));
}

function atoms(it: Plane, { mass, p0, p1, observed }: KernelExhibit): Element[] {
  const problems = observed.reduce((sum, [, , n]) => sum + n, 0);
  const all = mass.flatMap((row, i) => row.map((m, j) => ({ m, a: p0[i] ?? 0, b: p1[j] ?? 0 })));
  const shown = all
    .filter(({ m }) => m > 4e-4)
    .sort((a, b) => b.m - a.m)
    .slice(0, 400);
  const scale = ((it.right - it.left) * 0.052) / Math.sqrt(Math.max(0.04, shown[0]?.m ?? 0));
  return shown.map(({ m, a, b }) =>
    stop(
      dot(it.x(a), it.y(b), Math.max(1.2, Math.sqrt(m) * scale), "atom"),
      { x: it.x(a), y: [it.y(b)] },
      `p0 ${chance(a)}, p1 ${chance(b)}: ${percent(m)} of problems${problems > 0 ? `, about ${plain(Math.max(1, Math.round(m * problems)))} of ${plain(problems)}` : ""}`,
    ),
  );
}

/** Near 1 the distance to 1 is what matters. */
function chance(p: number): string {
  if (p <= 0 || p >= 1) return `exactly ${p <= 0 ? 0 : 1}`;
  return p > 0.9995 ? `= 1 − ${plain(1 - p)}` : `= ${rate(p)}`;
}

function drawn(shape: Shape, { at }: KernelExhibit, it: Plane): string {
  const span = it.high - it.low;
  const points = at.flatMap((p, i): [number, number][] => {
    const [z0, z1] = [logit(p), logit(shape.line[i] ?? NaN)];
    if (Number.isNaN(z1) || !Number.isFinite(z0)) return [];
    // Far beyond the edge is as good as anywhere beyond it; the inner svg cuts it off.
    return [[z0, Math.min(it.high + span, Math.max(it.low - span, z1))]];
  });
  const px0 = (z: number): number => it.left + ((z - it.low) / span) * (it.right - it.left);
  const py0 = (z: number): number => it.bottom - ((z - it.low) / span) * (it.bottom - it.top);
  return (
    path<[number, number]>(
      ([z]) => px0(z),
      ([, z]) => py0(z),
    ).digits(1)(points) ?? ""
  );
}

interface Exit {
  /** Logits at which the line leaves the square. */
  readonly z0: number;
  readonly z1: number;
  readonly top: boolean;
}

function exit(shape: Shape, { at }: KernelExhibit, high: number): Exit | undefined {
  let last: [number, number] | undefined;
  for (let i = 0; i < at.length; i++) {
    const [z0, z1] = [logit(at[i] ?? NaN), logit(shape.line[i] ?? NaN)];
    if (Number.isNaN(z0) || Number.isNaN(z1) || !Number.isFinite(z0)) continue;
    if (last !== undefined && (z0 > high || z1 > high)) {
      const [a0, a1] = last;
      const reachRight = z0 > high ? (high - a0) / (z0 - a0) : Infinity;
      const reachTop = z1 > high ? (high - a1) / (Math.min(z1, high * 4) - a1) : Infinity;
      const t = Math.min(1, reachRight, reachTop);
      return { z0: a0 + t * (z0 - a0), z1: a1 + t * (Math.min(z1, high * 4) - a1), top: reachTop < reachRight };
    }
    if (z0 <= high && z1 <= high) last = [z0, z1];
  }
  return last === undefined ? undefined : { z0: last[0], z1: last[1], top: false };
}

/** Names in the right margin; a thin line leads from where the shape's line leaves the square. */
function labels(it: Plane, shapes: readonly Shape[], exits: readonly (Exit | undefined)[], chosen: string): Element[] {
  const labelX = it.right + it.gap + it.strip + 14;
  const roof = it.top - it.gap - it.strip - 8;
  const aside = shapes
    .map((shape, i) => ({ shape, i, at: exits[i] }))
    .filter((one) => one.at !== undefined && !one.at.top);
  const sideY = dodge(
    aside.map(({ at }) => it.zy(at?.z1 ?? 0)),
    16,
    it.top - it.strip,
    it.bottom,
  );
  const above = shapes
    .map((shape, i) => ({ shape, i, at: exits[i] }))
    .filter((one) => one.at?.top)
    .sort((a, b) => (b.at?.z0 ?? 0) - (a.at?.z0 ?? 0));
  const write = (shape: Shape, i: number, y: number, lead: string): Element =>
    h(
      "g",
      { class: `toggle-${i}` },
      h("path", { class: "leader", d: lead }),
      text(labelX, y + 4, labelOf(shape, chosen), shape.name === chosen ? "strong is-later" : "note"),
    );
  return [
    ...aside.map(({ shape, i, at }, n) => {
      const y = sideY[n] ?? 0;
      return write(
        shape,
        i,
        y,
        `M${px(it.zx(at?.z0 ?? 0))} ${px(it.zy(at?.z1 ?? 0))}H${px(it.right + it.gap + it.strip)}L${px(labelX - 4)} ${px(y)}`,
      );
    }),
    ...above.map(({ shape, i, at }, n) => {
      const y = roof - 16 * n;
      return write(shape, i, y, `M${px(it.zx(at?.z0 ?? 0))} ${px(it.top)}V${px(y)}H${px(labelX - 4)}`);
    }),
  ];
}
