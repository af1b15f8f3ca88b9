// report/ · Rivals on the page: grouped by standing, each with its claim, the reason, and the findings it rests on.
import { type Element, h } from "../element.ts";
import { inWords } from "../figures/kernel.ts";
import { cost, fitting, introduction, openRivals, separates } from "../telling/next.ts";
import { byStanding, STANDINGS } from "../telling/rivals.ts";
import type { Story } from "../telling/story.ts";
import { ended, sentence } from "../words.ts";

export function rivalsOf(story: Story): Element {
  return h(
    "section",
    { id: "rivals" },
    h("h2", {}, "The rival explanations"),
    h(
      "div",
      { class: "rivals" },
      byStanding(story.document.explanations).map(({ standing, rivals }) => [
        h("h3", {}, mark(standing), standing, h("small", {}, STANDINGS[standing])),
        h(
          "dl",
          {},
          rivals.map((rival) => [
            h("dt", {}, inWords(rival.name)),
            h(
              "dd",
              {},
              h("p", {}, sentence(rival.reason)),
              h("p", { class: "claim" }, `Claim: ${sentence(rival.claim)}`),
              rival.because.length === 0
                ? null
                : h(
                    "p",
                    { class: "evidence" },
                    "Rests on ",
                    rival.because.flatMap((name, i) => [i === 0 ? "" : ", ", h("code", {}, name)]),
                  ),
            ),
          ]),
        ),
      ]),
    ),
  );
}

/** Shape, not colour, tells the standings apart. */
function mark(standing: keyof typeof STANDINGS): Element {
  const ring = h("circle", {
    cx: 7,
    cy: 7,
    r: 5.5,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.5,
    ...(standing === "cannot be told" ? { "stroke-dasharray": "2 2.2" } : {}),
  });
  const inside = {
    "alone sufficient": h("circle", { cx: 7, cy: 7, r: 5.5, fill: "currentColor" }),
    contributes: h("path", { d: "M7 1.5a5.5 5.5 0 0 1 0 11z", fill: "currentColor" }),
    "cannot be told": null,
    "not needed": null,
    "ruled out": h("path", { d: "M3.2 10.8L10.8 3.2", stroke: "currentColor", "stroke-width": 1.5 }),
  }[standing];
  return h("svg", { width: 14, height: 14, viewBox: "0 0 14 14", "aria-hidden": "true" }, ring, inside);
}

export function nextOf(story: Story): Element {
  const steps = story.document.next;
  return h(
    "section",
    { id: "next" },
    h("h2", {}, "What to do next"),
    steps.length === 0
      ? h("p", {}, "No listed experiment would tell more than this evidence does.")
      : [
          h("p", {}, `${fitting(story)}${introduction(steps)}`),
          h(
            "ol",
            { class: "steps" },
            steps.map((step) =>
              h(
                "li",
                {},
                h(
                  "p",
                  {},
                  h("b", {}, inWords(step.experiment)),
                  ". ",
                  sentence(step.asks),
                  " ",
                  ended(`Needs ${step.needs}`),
                ),
                h("p", {}, separates(step, openRivals(story))),
                h("p", { class: "price" }, sentence(cost(step, steps))),
              ),
            ),
          ),
        ],
  );
}
