// report/ · Spots: values with intervals, drawn and said. What is only bounded is an arrow; what is not known is not drawn.
import type { Spot } from "../../terms/exhibit.ts";
import { type Element, h } from "../element.ts";
import { estimateInWords, NBSP } from "../numbers.ts";
import { dot, line, px } from "./frame.ts";

const ARROW = 13;

type Saying = "plain" | "signed" | "percent";

/** "1.20 [0.90, 1.51]", "34 [20, 45] %", "at least 3.10", "not known". */
export function spotInWords({ value, low, high }: Spot, saying: Saying = "plain"): string {
  const unit = saying === "percent" ? 100 : 1;
  const ends = {
    ...(low === undefined ? {} : { low: unit * low }),
    ...(high === undefined ? {} : { high: unit * high }),
  };
  if (value === undefined && low === undefined && high === undefined) return "not known";
  const said = estimateInWords(
    value === undefined
      ? { kind: "bounded", ...ends, method: "" }
      : { kind: "measured", value: unit * value, ...ends, method: "" },
    saying === "signed",
  );
  return saying === "percent" ? `${said}${NBSP}%` : said;
}

/** Every number of a spot: what an axis must reach. */
export const numbersOf = (spots: readonly Spot[]): number[] =>
  spots.flatMap(({ value, low, high }) => [value, low, high].filter((x) => x !== undefined));

/** Where a cross-hair's dot goes: the value, else the nearest that is known, else `otherwise`. */
export const heightOf = ({ value, low, high }: Spot, y: (v: number) => number, otherwise: number): number => {
  const known = value ?? low ?? high;
  return known === undefined ? otherwise : y(known);
};

/** A dot and its interval, upright at `x`; `y` must keep to the panel, and arrows end at its `top` and `bottom`. */
export function upright(
  x: number,
  { value, low, high }: Spot,
  y: (v: number) => number,
  kind: string,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): Element[] {
  const bound = value === undefined && (low === undefined) !== (high === undefined);
  return [
    ...(low === undefined ? [] : [line(x - 3.5, y(low), x + 3.5, y(low), "whisker")]),
    ...(high === undefined ? [] : [line(x - 3.5, y(high), x + 3.5, y(high), "whisker")]),
    ...(low === undefined || high === undefined ? [] : [line(x, y(low), x, y(high), "whisker")]),
    ...(bound && low !== undefined ? [arrow(x, y(low), Math.max(top, y(low) - ARROW))] : []),
    ...(bound && high !== undefined ? [arrow(x, y(high), Math.min(bottom, y(high) + ARROW))] : []),
    ...(value === undefined ? [] : [dot(x, y(value), 3.5, kind)]),
  ];
}

/** From a bound towards where the value may lie. */
function arrow(x: number, y: number, tip: number): Element {
  const barb = tip - Math.sign(tip - y) * Math.min(4, Math.abs(tip - y));
  return h("path", {
    class: "whisker",
    d: `M${px(x)} ${px(y)}V${px(tip)}M${px(x - 3)} ${px(barb)}L${px(x)} ${px(tip)}L${px(x + 3)} ${px(barb)}`,
  });
}
