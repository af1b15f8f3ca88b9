// report/ · HTML: the result as one offline file. Readable without the script; nothing is loaded from anywhere.
import { type Element, h } from "./element.ts";
import type { Document } from "../attribution/document.ts";
import { count } from "./numbers.ts";
import { findingsOf, methodOf } from "./page/notes.ts";
import { Numbering, sectionOf } from "./page/pieces.ts";
import { nextOf, rivalsOf } from "./page/rivals.ts";
import { masthead, renderPage } from "./page/shell.ts";
import { MEASURED } from "./telling/all.ts";
import { computedFrom, reproduce } from "./telling/computed-from.ts";
import { evolution } from "./telling/evolution.ts";
import { ledger } from "./telling/ledger.ts";
import { registration } from "./telling/registration.ts";
import { inseparable } from "./telling/rivals.ts";
import type { Section } from "./telling/section.ts";
import { Story, type Exhibits } from "./telling/story.ts";
import { listed } from "./words.ts";

export function renderHtml(document: Document, exhibits: Exhibits = []): string {
  const story = new Story(document, exhibits);
  const title = `${story.base} → ${story.tuned}: where did the gain come from?`;
  return renderPage(title, body(story));
}

function body(story: Story): Element[] {
  const { crucis, command } = story.document;
  const numbering = new Numbering();
  const told = (section: Section | undefined): Element[] =>
    section === undefined ? [] : [sectionOf(section, numbering)];
  const measured = MEASURED.map((tell) => tell(story)).filter((section) => section !== undefined);
  const [byCause, overTraining] = [ledger(story), evolution(story)];
  const links: [string, string][] = [
    ["rivals", "Explanations"],
    ...[...measured, byCause, overTraining]
      .filter((section) => section !== undefined)
      .map(({ id }): [string, string] => [id, SHORT[id] ?? id]),
    ["next", "What next"],
    ["findings", "All findings"],
    ["reproduce", "Reproduce"],
  ];
  return [
    h(
      "header",
      {},
      masthead(crucis, command),
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
    ...told(byCause),
    ...told(overTraining),
    ...told(inseparable(story)),
    ...told(registration(story)),
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
  handoff: "Hand-off",
  "missing-bits": "Missing bits",
  "cross-scoring": "Cross-scoring",
  ladder: "Ladder",
  strategies: "Strategies",
  mass: "How rare",
  controls: "Controls",
  ledger: "By cause",
  evolution: "Over training",
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
