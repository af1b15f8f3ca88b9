// report/ · Truth HTML: the exact truth of a world as one offline page, in the report's own look.
import { renderToString } from "preact-render-to-string";
import type { TruthDocument } from "../terms/truth.ts";
import { type Element, h, verbatim } from "./element.ts";
import { baseOf, type Facts, massInWords, tunedOf } from "./figures/world-facts.ts";
import { count } from "./numbers.ts";
import { INTERACT, INTERACT_HASH } from "./page/interact.ts";
import { Numbering, pieceOf, tableOf } from "./page/pieces.ts";
import { PAGE_CSS } from "./page/style.ts";
import { right } from "./telling/section.ts";
import { computedFromWorld, type Drawn, standing, type TruthSection, truthSections } from "./truth-telling.ts";
import { clean } from "./words.ts";

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${INTERACT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;
const BITS_CSS = ".figure .stop rect.bits{fill:var(--base);opacity:.85}";

/** Nothing is loaded from anywhere; the same facts give the same bytes. */
export function renderTruthHtml(given: Facts): string {
  const facts = clean(given);
  const { truth } = facts;
  const page = h(
    "html",
    { lang: "en" },
    h(
      "head",
      {},
      h("meta", { charset: "utf-8" }),
      h("meta", { "http-equiv": "Content-Security-Policy", content: POLICY }),
      h("meta", { name: "viewport", content: "width=device-width, initial-scale=1" }),
      h("meta", { name: "color-scheme", content: "light dark" }),
      h("title", {}, `${truth.world}: the exact truth`),
      verbatim("style", PAGE_CSS + BITS_CSS),
    ),
    h("body", {}, h("main", {}, body(facts)), verbatim("script", INTERACT)),
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

function body(facts: Facts): Element[] {
  const { truth } = facts;
  const sections = truthSections(facts);
  const numbering = new Numbering();
  return [
    h(
      "header",
      {},
      h(
        "div",
        { class: "masthead" },
        h("span", {}, h("b", {}, "Crucis"), ` ${truth.crucis} · ${truth.command}`),
        h(
          "button",
          { class: "theme", type: "button", hidden: true, "aria-label": "Switch between light and dark" },
          "dark",
        ),
      ),
      h(
        "h1",
        {},
        `What the policies of ${truth.world} do, exactly: `,
        h("span", { class: "base" }, baseOf(truth)),
        " → ",
        h("span", { class: "later" }, tunedOf(truth)),
      ),
      h("p", { class: "verdict" }, standing(truth)),
      h("p", { class: "basis" }, computedFromWorld(truth)),
    ),
    h(
      "nav",
      { "aria-label": "Sections" },
      [...sections.map(({ id, title }) => [id, title]), ["problems", "All problems"], ["reproduce", "Reproduce"]].map(
        ([id, title]) => h("a", { href: `#${id}` }, title),
      ),
    ),
    ...sections.map((section) => sectionElement(section, numbering)),
    problemsOf(truth),
    h(
      "section",
      { id: "reproduce" },
      h("h2", {}, "How to get the same numbers"),
      h("p", {}, "The same world, seed and version give the same weights, and so the same numbers."),
      pieceOf({ kind: "code", text: `crucis world build ${truth.world} --seed ${truth.seed}` }, numbering),
      pieceOf(
        { kind: "code", text: `crucis world truth ${truth.world} --seed ${truth.seed} --html truth.html` },
        numbering,
      ),
    ),
    h("footer", {}, `Crucis ${truth.crucis}. One file, nothing loaded from elsewhere.`),
  ];
}

function sectionElement({ id, title, figure, pieces }: TruthSection, numbering: Numbering): Element {
  return h(
    "section",
    { id },
    h("h2", {}, title),
    figure === undefined ? null : figureElement(figure, numbering.next()),
    pieces.map((piece) => pieceOf(piece, numbering)),
  );
}

/** As in page/pieces.ts: drawn twice, for wide and for narrow windows, so that letters keep their size. */
function figureElement({ figure, exhibit }: Drawn, number: number): Element {
  const id = `figure-${number}`;
  return h(
    "figure",
    { id },
    h("h3", {}, figure.title(exhibit)),
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

function problemsOf(truth: TruthDocument): Element {
  return h(
    "section",
    { id: "problems" },
    h("h2", {}, "All problems"),
    h(
      "p",
      {},
      "The chance of a right answer, problem by problem. Masses of strategies, hand-off cells and bits of each are in ",
      h("code", {}, "--json"),
      ".",
    ),
    truth.rungs.map(({ steps, problems }) =>
      h(
        "details",
        {},
        h(
          "summary",
          {},
          h("b", {}, `L = ${steps}`),
          " ",
          h("small", {}, `${problems} ${problems === 1 ? "problem" : "problems"}`),
        ),
        tableOf({
          kind: "table",
          columns: [{ head: "prompt" }, right("accepted"), ...truth.policies.map(right)],
          rows: truth.problems
            .filter(({ problem }) => problem.steps === steps)
            .map(({ problem, accepted, policies }) => [
              problem.prompt,
              count(accepted),
              ...policies.map((policy) => massInWords(policy.right)),
            ]),
        }),
      ),
    ),
  );
}
