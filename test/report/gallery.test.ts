// The gallery, told: as text within 100 columns, and as offline pages in which no string becomes markup.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type GalleryPage, galleryPage } from "../../src/attribution/gallery-page.ts";
import { EXPERIMENTS } from "../../src/experiments/all.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { renderGalleryHtml } from "../../src/report/gallery-html.ts";
import { renderGalleryText } from "../../src/report/gallery-text.ts";
import { INTERACT } from "../../src/report/page/interact.ts";
import { columns } from "../../src/report/words.ts";
import { readGallery } from "../../src/study/gallery-file.ts";

function pageOf(name: string): GalleryPage {
  const file = `examples/gallery/${name}.yaml`;
  return galleryPage(readGallery(readFileSync(file, "utf8"), file), {
    crucis: "0.0.0",
    file,
    level: 0.95,
    explanations: EXPLANATIONS,
    experiments: EXPERIMENTS,
  });
}

const HOSTILE = `<script>alert("x")</script>\u202e`;
const yue = pageOf("yue-2504.13837");
const hostile: GalleryPage = {
  ...yue,
  title: HOSTILE,
  licence: HOSTILE,
  leftOut: [HOSTILE],
  claims: yue.claims.map((item) => ({
    ...item,
    claim: { ...item.claim, says: HOSTILE, benchmark: HOSTILE, policies: [HOSTILE, HOSTILE], note: HOSTILE },
  })),
};
const ALL = { yue, leash: pageOf("leash-2507.14843"), deepscaler: pageOf("deepscaler"), hostile };

describe.each(Object.entries(ALL))("%s", (_, page) => {
  const text = renderGalleryText(page);
  const html = renderGalleryHtml(page);

  test("no line has more than 100 columns, and no number is missing", () => {
    expect(text.split("\n").filter((line) => columns(line) > 100)).toEqual([]);
    for (const told of [text, html.replace(INTERACT, "")]) expect(told).not.toMatch(/NaN|undefined|Infinity|\bnull\b/);
  });

  test("every claim is told, with its verdict, in text and on the page", () => {
    for (const { claim } of page.claims) {
      expect(text).toContain(`\n${claim.name}: `);
      expect(html).toContain(`id="claim-${claim.name}"`);
    }
  });

  test("the page loads nothing and holds no script but ours", () => {
    const rest = html.replace(`<script>${INTERACT}</script>`, "");
    expect(rest).not.toMatch(/<script|\ssrc=|url\(|<link/);
    expect(rest).not.toContain("\u202e");
    expect(renderGalleryHtml(page)).toBe(html);
  });
});

test("the tables of Yue et al. are told with p and verdict", () => {
  const text = renderGalleryText(yue);
  expect(text).toMatch(/aime24 +not settled +0\.125 +4 +0 +30 +1,024/);
  expect(text).toMatch(/livecodebench +not settled +0\.375 +4 +1 +51 +–/);
  expect(text).toMatch(/omni-test-step450 +likely/);
  expect(text).toContain("Likely real, on one assumption");
  expect(text).toContain("2 are settled, 1 is likely real, on an assumption");
});

test("a page of one claim speaks in the singular and counts nothing together", () => {
  const one = { ...yue, claims: yue.claims.slice(0, 1) };
  const text = renderGalleryText(one);
  expect(text).toContain("Of 1 comparison of a base with a later policy, 1 is not settled.");
  expect(text).not.toContain("Bonferroni");
});
