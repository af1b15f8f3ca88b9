// report/ · Gallery text: published numbers judged again, as plain text. Starts with what it was computed from.
import type { GalleryPage } from "../attribution/gallery-page.ts";
import { basisOf, gallerySections, verdictOf } from "./gallery-telling.ts";
import { hanging, table, wrap } from "./layout.ts";
import { NBSP } from "./numbers.ts";
import { prose, type Piece, type Section } from "./telling/section.ts";
import { clean, columns } from "./words.ts";

const WIDTH = 100;

/** No line has more than 100 columns. */
export function renderGalleryText(given: GalleryPage): string {
  const page = clean(given);
  const opening: Section = { id: "top", title: page.title, pieces: [prose(basisOf(page)), prose(verdictOf(page))] };
  return `${[opening, ...gallerySections(page)].map(told).join("\n\n")}\n`.replaceAll(NBSP, " ");
}

function told({ title, pieces }: Section): string {
  return `${title}\n${"─".repeat(Math.min(WIDTH, columns(title)))}\n${pieces.map((piece) => lines(piece).join("\n")).join("\n\n")}`;
}

function lines(piece: Piece): string[] {
  switch (piece.kind) {
    case "prose":
      return wrap(piece.text, WIDTH);
    case "list":
      return piece.items.flatMap((item) => hanging("- ", item, WIDTH));
    case "table":
      return [
        ...(piece.caption === undefined ? [] : [...wrap(`${piece.caption}:`, WIDTH), ""]),
        ...table(piece.columns, piece.rows, WIDTH),
      ];
    case "code":
      return [`  ${piece.text}`];
    case "figure":
      throw new Error("the gallery's figure is drawn by its page");
  }
}
