// test/report/ · The page: one offline file in which no user string becomes markup.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.ts";
import { INTERACT, INTERACT_HASH } from "../../src/report/page/interact.ts";
import { checkpoints, deepscaler, SAMPLES } from "../fixtures/report/sample.ts";

const TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"<]*")?)*)\s*\/?>/g;
/** As strict as XML: no attribute without a value. */
const XML_TAG = /<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+="[^"<]*")*)\s*\/?>/g;
const OURS = new Set(
  `html head meta title style body main script header footer nav section aside div p span b small h1 h2 h3 ul ol li dl dt dd table caption
   thead tbody tr th td figure figcaption fieldset legend label input button a details summary pre code svg g path line rect circle text desc`.split(
    /\s+/,
  ),
);

/** Style and script are ours and constant; the rest is where data could go wrong. */
const body = (html: string): string =>
  html.replace(/<style>[^<]*<\/style>/g, "").replace(`<script>${INTERACT}</script>`, "");

describe.each(Object.entries(SAMPLES))("%s", (_, { document, exhibits }) => {
  const html = renderHtml(document, exhibits);

  test("every tag is one of ours, no attribute is a handler, and nothing else looks like markup", () => {
    const rest = body(html).replace("<!doctype html>", "");
    for (const [, , name, attributes] of rest.matchAll(TAG)) {
      expect(OURS).toContain(name);
      expect(attributes).not.toMatch(/\son\w+=/);
    }
    expect(rest.replace(TAG, "")).not.toContain("<");
  });

  test("nothing is loaded: no address, no source, links only within the page", () => {
    const rest = body(html).replaceAll("http://www.w3.org/2000/svg", "");
    const attributes = [...rest.matchAll(TAG)].map(([, , , list]) => list).join(" ");
    expect(attributes).not.toMatch(/\s(src|srcset|data|action|poster|background)=/);
    expect(attributes).not.toMatch(/https?:|url\(|@import/);
    expect([...attributes.matchAll(/href="([^"]*)"/g)].filter(([, to]) => !to?.startsWith("#"))).toEqual([]);
    expect(html).not.toMatch(/@import|url\(/);
    expect(html).toContain("default-src 'none'");
  });

  test("steering characters are spelled out and absences never look like values", () => {
    expect(html).not.toMatch(/\p{Cf}|\u2028|\u2029|(?!\n)\p{Cc}/u);
    expect(body(html)).not.toMatch(/(^|[\s(=>"[,])(null|undefined|NaN|-?Infinity)([\s),.<"\]]|$)/);
  });

  test("every figure has a title, a description and a numbered caption, and every id is used once", () => {
    const figures = html.match(/<figure[\s\S]*?<\/figure>/g) ?? [];
    expect(figures).toHaveLength(exhibits.length);
    figures.forEach((figure, i) => {
      expect(figure).toMatch(/<h3>[^<]+<\/h3>/);
      expect(figure).toMatch(
        /<svg[^>]+role="img" aria-labelledby="[^"]+"[^>]*><title id="[^"]+">[^<]+<\/title><desc id="[^"]+">[^<]+<\/desc>/,
      );
      expect(figure).toContain(`<figcaption><b>Figure ${i + 1}. </b>`);
    });
    const ids = [...body(html).matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("the same input gives the same bytes", () => {
    expect(renderHtml(structuredClone(document), exhibits)).toBe(html);
  });

  test("it says that intervals do not cover training seeds", () => {
    expect(html).toContain("do not cover training-seed variance");
  });
});

test("the page policy lets only our script run", () => {
  expect(INTERACT_HASH).toBe(`sha256-${createHash("sha256").update(INTERACT).digest("base64")}`);
  expect(renderHtml(deepscaler.document, deepscaler.exhibits)).toContain(`script-src '${INTERACT_HASH}'`);
});

test("the verdict comes first, then the standings, and the command that gives it again comes last", () => {
  const html = renderHtml(checkpoints.document, checkpoints.exhibits);
  const order = [
    'class="verdict"',
    'class="warnings"',
    'id="rivals"',
    'id="pass-at-k"',
    'id="kernel"',
    'id="next"',
    'id="findings"',
    'id="reproduce"',
  ].map((mark) => html.indexOf(mark));
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(Math.min(...order)).toBeGreaterThan(0);
});

test("a figure stands alone as svg, with both palettes inside", async () => {
  const { figureSvg } = await import("../../src/report/figures/figure.ts");
  for (const exhibit of checkpoints.exhibits) {
    const svg = figureSvg(exhibit);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    expect(svg).toContain("prefers-color-scheme:dark");
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg.replace(/<style>[^<]*<\/style>/, "").replace(XML_TAG, "")).not.toContain("<");
  }
});
