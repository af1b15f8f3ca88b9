// report/ · Truth HTML: the exact truth of a world as one offline page, in the report's own look.
import type { TruthDocument } from "../terms/truth.ts";
import { type Element, h } from "./element.ts";
import { baseOf, type Facts, massInWords, tunedOf } from "./figures/world-facts.ts";
import { count } from "./numbers.ts";
import { figureElement, Numbering, pieceOf, tableOf } from "./page/pieces.ts";
import { masthead, renderPage } from "./page/shell.ts";
import { right } from "./telling/section.ts";
import { computedFromWorld, standing, type TruthSection, truthSections } from "./truth-telling.ts";
import { clean } from "./words.ts";

const BITS_CSS = ".figure .stop rect.bits{fill:var(--base);opacity:.85}";

/** Nothing is loaded from anywhere; the same facts give the same bytes. */
export function renderTruthHtml(given: Facts): string {
  const facts = clean(given);
  const { truth } = facts;
  return renderPage(`${truth.world}: the exact truth`, body(facts), BITS_CSS);
}

function body(facts: Facts): Element[] {
  const { truth } = facts;
  const sections = truthSections(facts);
  const numbering = new Numbering();
  return [
    h(
      "header",
      {},
      masthead(truth.crucis, truth.command),
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
    figure === undefined ? null : figureElement(figure.figure, figure.exhibit, numbering.next()),
    pieces.map((piece) => pieceOf(piece, numbering)),
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
