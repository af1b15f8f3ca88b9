// report/ · Pieces: sections of the telling as page elements; figures get a number, a caption and a read-out line.
import { type Element, h, verbatim } from "../element.ts";
import type { Exhibit } from "../../terms/exhibit.ts";
import { figureOf } from "../figures/figure.ts";
import type { Figure, Layer } from "../figures/frame.ts";
import type { Piece, Section } from "../telling/section.ts";

/** Numbers figures in the order in which they are drawn. */
export class Numbering {
  #last = 0;
  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

export function sectionOf({ id, title, pieces }: Section, numbering: Numbering): Element {
  return h(
    "section",
    { id },
    h("h2", {}, title),
    pieces.map((piece) => pieceOf(piece, numbering)),
  );
}

export function pieceOf(piece: Piece, numbering: Numbering): Element {
  switch (piece.kind) {
    case "prose":
      return h("p", {}, piece.text);
    case "list":
      return h(
        "ul",
        {},
        piece.items.map((item) => h("li", {}, item)),
      );
    case "code":
      // Lines may break between words only: a command is there to be copied.
      return h(
        "pre",
        {},
        h(
          "code",
          {},
          piece.text.split(" ").flatMap((word, i) => [i === 0 ? "" : " ", h("span", {}, word)]),
        ),
      );
    case "table":
      return tableOf(piece);
    case "figure":
      return drawn(piece.exhibit, numbering.next());
  }
}

export function tableOf({ caption, columns, rows }: Extract<Piece, { kind: "table" }>): Element {
  const kind = (i: number): string => (columns[i]?.right === true ? "right" : "");
  return h(
    "div",
    { class: "scroll" },
    h(
      "table",
      {},
      caption === undefined ? null : h("caption", {}, caption),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          columns.map((column, i) => h("th", { scope: "col", class: kind(i) }, column.head)),
        ),
      ),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell, i) => h("td", { class: kind(i) }, cell)),
          ),
        ),
      ),
    ),
  );
}

function drawn(given: Exhibit, number: number): Element {
  const { figure, exhibit } = figureOf(given);
  return figureElement(figure, exhibit, number);
}

export function figureElement<E>(figure: Figure<E>, exhibit: E, number: number): Element {
  const id = `figure-${number}`;
  const layers = figure.toggles?.(exhibit) ?? [];
  return h(
    "figure",
    { id },
    h("h3", {}, figure.title(exhibit)),
    layers.length === 0 ? null : toggles(id, layers),
    // Two drawings, one for wide and one for narrow windows: letters keep their size, and no script is needed.
    h(
      "div",
      { class: "plot", role: "group", "aria-label": `Figure ${number}, values` },
      h("div", { class: "desk" }, figure.draw(exhibit, { width: 720, id: `${id}-desk` })),
      h("div", { class: "phone" }, figure.draw(exhibit, { width: 336, id: `${id}-phone` })),
    ),
    h("p", { class: "readout", "aria-live": "polite" }),
    h(
      "figcaption",
      {},
      h("b", {}, `Figure ${number}. `),
      h("span", { class: "concluded" }, figure.conclude(exhibit)),
      " ",
      figure.reading(exhibit),
    ),
  );
}

/** Layers are switched by boxes and style alone: `:has` needs no script. */
function toggles(id: string, layers: readonly Layer[]): Element {
  const css = layers.map((_, i) => `#${id}:has(.layer-${i}:not(:checked)) .toggle-${i}{display:none}`).join("");
  return h(
    "fieldset",
    { class: "layers" },
    verbatim("style", css),
    h("legend", {}, "Shapes"),
    layers.map((layer, i) =>
      h(
        "label",
        {},
        h("input", { type: "checkbox", class: `layer-${i}`, checked: true }),
        h(
          "svg",
          { class: "figure", viewBox: "0 0 26 10", "aria-hidden": "true" },
          h("path", { class: `shape ${layer.kind}`, d: "M0 5H26" }),
        ),
        layer.label,
      ),
    ),
  );
}
