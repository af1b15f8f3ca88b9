// report/ · Notes: every finding, folded away by topic, and the few things a reader must know about the method.
import { type Element, h } from "../element.ts";
import type { DocumentEstimate } from "../../attribution/document.ts";
import { estimateInWords, percent } from "../numbers.ts";
import { STANDINGS } from "../telling/rivals.ts";
import type { Story } from "../telling/story.ts";
import { tableOf } from "./pieces.ts";

export function findingsOf(story: Story): Element {
  const topics = Map.groupBy(story.document.findings, ({ name }) => name.split(/[/@]/)[0] ?? name);
  return h(
    "section",
    { id: "findings" },
    h("h2", {}, "All findings"),
    h("p", {}, "Every number of this report under its stable name, as in ", h("code", {}, "--json"), "."),
    [...topics].map(([topic, findings]) =>
      h(
        "details",
        {},
        h(
          "summary",
          {},
          h("b", {}, topic),
          " ",
          h("small", {}, `${findings.length} ${findings.length === 1 ? "finding" : "findings"}`),
        ),
        tableOf({
          kind: "table",
          columns: [{ head: "name" }, { head: "estimate" }, { head: "how" }],
          rows: findings.map(({ name, estimate }) => [
            name,
            estimateInWords(estimate, /^gain@|\/gain\//.test(name)),
            how(estimate),
          ]),
        }),
      ),
    ),
  );
}

function how(estimate: DocumentEstimate): string {
  if (estimate.kind === "refused") return `${estimate.why} ${estimate.mend}`;
  const level = estimate.level === undefined ? "" : `, ${percent(estimate.level)}`;
  const health =
    estimate.kind === "measured" && estimate.diagnostic !== undefined
      ? `; ${Object.entries(estimate.diagnostic)
          .map(
            ([key, value]) =>
              `${key} ${typeof value === "number" ? estimateInWords({ kind: "measured", value, method: "" }) : value}`,
          )
          .join(", ")}`
      : "";
  return `${estimate.method}${level}${health}`;
}

export function methodOf(story: Story): Element {
  const family = story.document.computedFrom.clusteredBy === "family";
  const notes: [string, string][] = [
    [
      "What the intervals cover",
      `The draw of ${family ? "families of problems" : "problems"} and of rollouts, nothing else. They do not cover training-seed variance: a second run of the same training, from another seed, could land elsewhere, and nothing in these data says how far.`,
    ],
    [
      "The band of pass@k",
      "pass@k is the unbiased estimate for each k up to the smallest number of rollouts per problem. The band around the paired difference is simultaneous (sup-t, Gaussian multipliers over problems): with the stated confidence it holds for all k at once, so a gain or loss at one k is not the luck of having looked at many.",
    ],
    [
      "Equal policies",
      "Two policies with the same chances differ on finite samples, and each seems to solve problems that the other does not. The law drawn here deals each problem’s right answers to both sides at random; only counts beyond it speak of change.",
    ],
    [
      "The kernel",
      "Shapes are compared by the log score of problems held out of the fit. The free law assumes no shape at all; a shape that stays far behind it is not adequate, however well it does among its rivals.",
    ],
    [
      "Standings",
      `${Object.entries(STANDINGS)
        .map(([name, meaning]) => `${name}: ${meaning}`)
        .join("; ")}. Explanations can be true together; the standings are not probabilities and do not sum to one.`,
    ],
  ];
  return h(
    "section",
    { id: "method" },
    h("h2", {}, "How to read these numbers"),
    h(
      "dl",
      { class: "definitions" },
      notes.map(([term, text]) => [h("dt", {}, term), h("dd", {}, text)]),
    ),
  );
}
