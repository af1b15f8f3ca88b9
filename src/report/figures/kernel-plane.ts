// report/ · Kernel plane: where a pair of probabilities sits: a logit square, with strips apart for exactly 0 and exactly 1.
import { scaleLinear } from "d3-scale";
import type { KernelExhibit } from "../../terms/exhibit.ts";
import { narrow, type Size } from "./frame.ts";

export const logit = (p: number): number => Math.log(p) - Math.log1p(-p);

const TICKS = [1e-6, 1e-5, 1e-4, 0.001, 0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999, 0.999999];

export interface Plane {
  /** The square between the strips. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Width of a strip, and its distance from the square. */
  readonly strip: number;
  readonly gap: number;
  readonly low: number;
  readonly high: number;
  /** Pixels of a probability; 0 and 1 go to the middle of their strips. */
  x(p: number): number;
  y(p: number): number;
  /** Pixels of a logit, inside the square. */
  zx(z: number): number;
  zy(z: number): number;
  readonly ticks: readonly number[];
}

/** `labels` shape names need room at the right; `lifted` of them need a row each above. */
export function plane(exhibit: KernelExhibit, size: Size, lifted: number): Plane {
  const small = narrow(size);
  const strip = small ? 18 : 26;
  const gap = small ? 4 : 6;
  const left = (small ? 40 : 58) + strip + gap;
  const right = size.width - strip - gap - (small ? 6 : 170);
  const top = (small ? 34 : 40 + 16 * lifted) + strip + gap;
  const bottom = top + (right - left);
  const [low, high] = reach(exhibit);
  const zx = scaleLinear([low, high], [left, right]).clamp(true);
  const zy = scaleLinear([low, high], [bottom, top]).clamp(true);
  return {
    left,
    right,
    top,
    bottom,
    strip,
    gap,
    low,
    high,
    zx,
    zy,
    x: (p) => (p <= 0 ? left - gap - strip / 2 : p >= 1 ? right + gap + strip / 2 : zx(logit(p))),
    y: (p) => (p <= 0 ? bottom + gap + strip / 2 : p >= 1 ? top - gap - strip / 2 : zy(logit(p))),
    ticks: TICKS.filter(
      (p) => logit(p) > low && logit(p) < high && (!small || ![0.001, 0.999].includes(p) || high - low < 12),
    ),
  };
}

/** The logits that carry something: grid points with mass, and rates seen. */
export function reach({ p0, p1, mass, observed }: KernelExhibit): [number, number] {
  let low = -3;
  let high = 3;
  const widen = (p: number): void => {
    if (p <= 0 || p >= 1) return;
    low = Math.min(low, logit(p));
    high = Math.max(high, logit(p));
  };
  mass.forEach((row, i) =>
    row.forEach((m, j) => {
      if (m < 2e-3) return;
      widen(p0[i] ?? 0);
      widen(p1[j] ?? 0);
    }),
  );
  for (const [rate0, rate1] of observed) {
    widen(rate0);
    widen(rate1);
  }
  const pad = (high - low) * 0.03;
  return [Math.max(-14, low - pad), Math.min(14, high + pad)];
}
