// report/ · Figure: the list of figures, one per kind of exhibit, and the standalone svg.
import type { Exhibit } from "../../terms/exhibit.ts";
import { type Element, verbatim } from "../element.ts";
import { cloneElement, toChildArray } from "preact";
import { renderToString } from "preact-render-to-string";
import { clean } from "../words.ts";
import { budgetFigure } from "./budget.ts";
import { evolution } from "./evolution.ts";
import type { Figure } from "./frame.ts";
import { kernel } from "./kernel.ts";
import { ladderFigure } from "./ladder.ts";
import { ledgerFigure } from "./ledger.ts";
import { logRatio } from "./log-ratio.ts";
import { missingBits } from "./missing-bits.ts";
import { nullFigure } from "./null.ts";
import { passAtK } from "./pass-at-k.ts";
import { STANDALONE_CSS } from "./theme.ts";
import { waterfall } from "./waterfall.ts";

const FIGURES: { readonly [K in Exhibit["kind"]]: Figure<Extract<Exhibit, { kind: K }>> } = {
  curves: passAtK,
  kernel,
  null: nullFigure,
  waterfall,
  budget: budgetFigure,
  "missing-bits": missingBits,
  ledger: ledgerFigure,
  ladder: ladderFigure,
  "log-ratio": logRatio,
  evolution,
};

/** The figure that draws this exhibit, with every string in it made safe to show. */
export function figureOf(exhibit: Exhibit): { readonly figure: Figure<Exhibit>; readonly exhibit: Exhibit } {
  return { figure: FIGURES[exhibit.kind] as unknown as Figure<Exhibit>, exhibit: clean(exhibit) };
}

/** One svg that stands alone: for a README or a slide; follows the reader's light or dark scheme. */
export function figureSvg(exhibit: Exhibit, options: { readonly width?: number; readonly id?: string } = {}): string {
  const { figure, exhibit: safe } = figureOf(exhibit);
  return standalone(figure.draw(safe, { width: options.width ?? 720, id: options.id ?? exhibit.kind }));
}

/** A drawn figure with its own styles in it. */
export function standalone(svg: Element): string {
  const { children } = svg.props as { children?: Element[] };
  return renderToString(cloneElement(svg, {}, verbatim("style", STANDALONE_CSS), ...toChildArray(children)));
}
