// report/ · HTML: the result as one offline file. Readable without the script; nothing is loaded from anywhere.
import { type Element, h, verbatim } from "./element.ts";
import { renderToString } from "preact-render-to-string";
import type { Document } from "../attribution/document.ts";
import { count } from "./numbers.ts";
import { INTERACT, INTERACT_HASH } from "./page/interact.ts";
import { findingsOf, methodOf } from "./page/notes.ts";
import { Numbering, sectionOf } from "./page/pieces.ts";
import { nextOf, rivalsOf } from "./page/rivals.ts";
import { PAGE_CSS } from "./page/style.ts";
import { MEASURED } from "./telling/all.ts";
import { computedFrom, reproduce } from "./telling/computed-from.ts";
import { inseparable, ledger } from "./telling/rivals.ts";
import type { Section } from "./telling/section.ts";
import { Story, type Exhibits } from "./telling/story.ts";
import { listed } from "./words.ts";

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${INTERACT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

export function renderHtml(document: Document, exhibits: Exhibits = []): string {
  const story = new Story(document, exhibits);
  const title = `${story.base} → ${story.tuned}: where did the gain come from?`;
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
      h("title", {}, title),
      verbatim("style", PAGE_CSS),
    ),
    h("body", {}, h("main", {}, body(story)), verbatim("script", INTERACT)),
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

function body(story: Story): Element[] {
  const { crucis, command } = story.document;
  const numbering = new Numbering();
  const told = (section: Section | undefined): Element[] =>
    section === undefined ? [] : [sectionOf(section, numbering)];
  const measured = MEASURED.map((tell) => tell(story)).filter((section) => section !== undefined);
  const links: [string, string][] = [
    ["rivals", "Explanations"],
    ...measured.map(({ id }): [string, string] => [id, SHORT[id] ?? id]),
    ["next", "What next"],
    ["findings", "All findings"],
    ["reproduce", "Reproduce"],
  ];
  return [
    h(
      "header",
      {},
      h(
        "div",
        { class: "masthead" },
        h("span", {}, h("b", {}, "Crucis"), ` ${crucis} · ${command}`),
        h(
          "button",
          { class: "theme", type: "button", hidden: true, "aria-label": "Switch between light and dark" },
          "dark",
        ),
      ),
      h(
        "h1",
        {},
        "Where did the gain come from? ",
        h("span", { class: "base" }, story.base),
        " → ",
        h("span", { class: "later" }, story.tuned),
      ),
      h("p", { class: "verdict" }, story.document.verdict),
      h(
        "p",
        { class: "basis" },
        basis(story),
        " Differences are always tuned − base. Intervals and bands do not cover training-seed variance.",
      ),
    ),
    warnings(story),
    h(
      "nav",
      { "aria-label": "Sections" },
      links.map(([id, name]) => h("a", { href: `#${id}` }, name)),
    ),
    rivalsOf(story),
    ...measured.flatMap(told),
    ...told(ledger(story)),
    ...told(inseparable(story)),
    nextOf(story),
    ...told(computedFrom(story)),
    findingsOf(story),
    methodOf(story),
    ...told(reproduce(story)),
    h("footer", {}, `Crucis ${crucis}. One file, nothing loaded from elsewhere.`),
  ].filter((node) => node !== null);
}

const SHORT: Readonly<Record<string, string>> = {
  "pass-at-k": "pass@k",
  "solved-only": "Gained and lost",
  kernel: "Kernel",
  regrade: "Format",
  budget: "Budget",
};

function basis(story: Story): string {
  const { problems, rollouts, ungradable } = story.document.computedFrom;
  const sides = story.policies.map(
    (policy) => `${count(Object.hasOwn(rollouts, policy) ? (rollouts[policy] ?? 0) : 0)} by ${policy}`,
  );
  const absent = Object.values(ungradable).reduce((sum, n) => sum + n, 0);
  return `Computed from ${count(problems)} ${problems === 1 ? "problem" : "problems"} and their rollouts, ${listed(sides)}${absent > 0 ? `; ${count(absent)} could not be graded` : ""}.`;
}

function warnings(story: Story): Element | null {
  const list = story.document.warnings;
  return list.length === 0
    ? null
    : h(
        "aside",
        { class: "warnings", id: "warnings" },
        h("h2", {}, "Before believing it"),
        h(
          "ul",
          {},
          list.map((warning) => h("li", {}, warning)),
        ),
      );
}
