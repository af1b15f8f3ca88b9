// report/ · Gallery HTML: published numbers judged again, one offline page in the report's own look.
import type { GalleryPage } from "../attribution/gallery-page.ts";
import { type Element, h } from "./element.ts";
import { galleryFigure } from "./gallery-figure.ts";
import { basisOf, gallerySections, verdictOf } from "./gallery-telling.ts";
import { figureElement, Numbering, sectionOf } from "./page/pieces.ts";
import { masthead, renderPage } from "./page/shell.ts";
import { clean } from "./words.ts";

/** Nothing is loaded from anywhere; the same page gives the same bytes. */
export function renderGalleryHtml(given: GalleryPage): string {
  const page = clean(given);
  return renderPage(`${page.title}: judged again`, body(page));
}

function body(page: GalleryPage): Element[] {
  const numbering = new Numbering();
  const sections = gallerySections(page);
  const links = sections.filter(({ id }) => !id.startsWith("claim-"));
  return [
    h(
      "header",
      {},
      masthead(page.crucis, page.command),
      h("h1", {}, page.title),
      h("p", { class: "verdict" }, verdictOf(page)),
      h("p", { class: "basis" }, basisOf(page)),
    ),
    h(
      "nav",
      { "aria-label": "Sections" },
      links.map(({ id, title }) => h("a", { href: `#${id}` }, title)),
    ),
    figureElement(galleryFigure, page, numbering.next()),
    ...sections.map((section) => sectionOf(section, numbering)),
    h("footer", {}, `Crucis ${page.crucis}. One file, nothing loaded from elsewhere.`),
  ];
}
