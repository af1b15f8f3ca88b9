// test/report/ · The truth of a world, told: as text within 100 columns, and as one offline page in which no string becomes markup.
import { describe, expect, test } from "vitest";
import { massInWords } from "../../src/report/figures/world-facts.ts";
import { INTERACT, INTERACT_HASH } from "../../src/report/page/interact.ts";
import { renderTruthHtml } from "../../src/report/truth-html.ts";
import { renderPromises, renderTruthText } from "../../src/report/truth-text.ts";
import type { TruthDocument } from "../../src/terms/truth.ts";
import { CURVE, NEW, ROUTE, STEADY } from "../support/truth.ts";

const HOSTILE = `<script>alert("x")</script>\u202e`;
const hostile: TruthDocument = {
  ...STEADY,
  world: HOSTILE,
  policies: STEADY.policies.map((name) => `${name}${HOSTILE}`),
  promises: [{ what: HOSTILE, planted: HOSTILE, intended: HOSTILE, measured: 1e-9, kept: true }],
};
const ALL = { steady: STEADY, route: ROUTE, new: NEW, hostile };

describe.each(Object.entries(ALL))("%s", (_, truth) => {
  const text = renderTruthText(truth);
  const html = renderTruthHtml({ truth, curve: CURVE });
  const rest = html
    .replace("<!doctype html>", "")
    .replace(/<style>[^<]*<\/style>/g, "")
    .replace(`<script>${INTERACT}</script>`, "");

  test("no line of the text is wider than 100 columns", () => {
    expect(text.split("\n").filter((line) => [...line].length > 100)).toEqual([]);
  });

  test("the text starts with what it was computed from, and says that every number is exact", () => {
    expect(text).toMatch(/^Computed from\n/);
    expect(text.replaceAll(/\s+/g, " ")).toContain("Every number is exact to float precision: nothing was sampled");
  });

  test("absences never look like values, and steering characters are spelled out", () => {
    for (const told of [text, rest]) {
      expect(told).not.toMatch(/(^|[\s(=>"[,])(null|undefined|NaN|-?Infinity|not known)([\s),.<"\]]|$)/);
      expect(told).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
    }
  });

  test("no string becomes markup, nothing is loaded, and only our script may run", () => {
    expect(rest).not.toMatch(/<script|\son\w+=|<img/);
    expect(rest.replaceAll("http://www.w3.org/2000/svg", "")).not.toMatch(/\s(src|href)="(?!#)|https?:\/\//);
    expect(html).toContain(`default-src 'none'; style-src 'unsafe-inline'; script-src '${INTERACT_HASH}'`);
  });

  test("every figure has a title, a description and a numbered caption, and every id is used once", () => {
    const figures = html.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
    expect(figures.length).toBeGreaterThanOrEqual(4);
    figures.forEach((figure, i) => {
      expect(figure).toMatch(/<h3>[^<]+<\/h3>/);
      expect(figure).toMatch(/<title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/);
      expect(figure).toContain(`<figcaption><b>Figure ${i + 1}. </b>`);
    });
    const ids = [...rest.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("the same facts give the same bytes", () => {
    expect(renderTruthHtml(structuredClone({ truth, curve: CURVE }))).toBe(html);
  });
});

const words = (truth: TruthDocument): string => renderTruthText(truth).replaceAll(/\s+/g, " ");

test("fewer slips are told as a ratio that grows, bits that are spread and a gain that is execution", () => {
  expect(words(STEADY)).toContain("p1/p0 is ×1.15 at L = 1 and ×2.27 at L = 6: it grows with every step.");
  expect(words(STEADY)).toMatch(/lacks 1\.4\d bits, spread over the answer/);
  expect(words(STEADY)).toContain("The execution is worth most: 100 % of it.");
  expect(words(STEADY)).toContain("No way is begun more or less often than before.");
});

test("a choice is told as a shift, bits gathered in one place and a gain that is plan", () => {
  expect(words(ROUTE)).toContain("begun with 0.030 by base and 0.900 by tuned (+0.870)");
  expect(words(ROUTE)).toMatch(/gathered in one place: 1\.\d effective places of 7, and step 1 holds 9\d % of them/);
  expect(words(ROUTE)).toContain("The plan is worth most: 100 % of it.");
});

test("a base that is never right has no ratio and no bits, and the text says why", () => {
  expect(words(NEW)).toContain("At L = 2 and 3 the base is never right, so there is no ratio.");
  expect(words(NEW)).toContain("the bits of what is never done are not a number");
});

test("a broken promise is told with its number, a kept one is not", () => {
  const refused =
    "World known-route is refused: share of stepwise answers under the tuned policy is 0.580, intended above 0.60.";
  expect(words(ROUTE)).toContain(refused);
  expect(renderPromises(ROUTE).replaceAll(/\s+/g, " ")).toContain(refused);
  expect(renderTruthHtml({ truth: ROUTE })).toContain(refused);
  expect(words(STEADY)).toContain("World steady-hand keeps what it promises: both promises.");
});

test("the learning curve is drawn with its checkpoints, and left out where there is none", () => {
  const html = renderTruthHtml({ truth: STEADY, curve: CURVE });
  expect(html).toContain("reinforcement, step 80: reward");
  expect(html).toContain("kept as tuned");
  expect(html).toContain("Dotted lines: the kept policies, step-20 after step 20");
  expect(renderTruthHtml({ truth: STEADY })).not.toContain("reinforcement");
});

test("a mass far below the smallest double still has its digits", () => {
  expect(massInWords({ kind: "mass", log: -2000 * Math.LN10 + Math.log(3.14) })).toBe("3.1e-2000");
  expect(massInWords({ kind: "mass", log: Math.log(9.99e-9) })).toBe("1.0e-8");
  expect(massInWords({ kind: "mass", log: Math.log(0.25) })).toBe("0.250");
  expect(massInWords({ kind: "zero" })).toBe("0");
});
