// test/browser/ · The page in a real browser: offline, without errors, readable without script, at every width and in both schemes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../src/report/html.ts";
import { launch, noChromium } from "./chromium.ts";
import { SAMPLES } from "../fixtures/report/sample.ts";

describe.skipIf(noChromium)("the report in chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "crucis-report-"));
  const addressOf = (name: string): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    for (const [name, { document, exhibits }] of Object.entries(SAMPLES))
      writeFileSync(join(folder, `${name}.html`), renderHtml(document, exhibits));
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(name: string, options: BrowserContextOptions = {}): Promise<{ page: Page; troubles: string[] }> {
    const page = await (await browser.newContext(options)).newPage();
    const troubles: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("dialog", (dialog) => {
      troubles.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== addressOf(name)) troubles.push(`asked for ${request.url()}`);
    });
    await page.goto(addressOf(name));
    return { page, troubles };
  }

  test.each(Object.keys(SAMPLES))(
    "%s opens without an error, a dialog or a request, and nothing sticks out at 360 or 1280 px",
    async (name) => {
      for (const width of [360, 1280]) {
        const { page, troubles } = await open(name, { viewport: { width, height: 800 } });
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
        expect(await page.locator("figure svg.figure[role=img]:visible").count()).toBe(SAMPLES[name]?.exhibits.length);
        expect(troubles).toEqual([]);
        await page.context().close();
      }
    },
  );

  test("without script everything is there: verdict, standings, figures with titles to hover, findings to unfold", async () => {
    const { page } = await open("checkpoints", { javaScriptEnabled: false });
    expect(await page.locator(".verdict").innerText()).toContain("The gain at k = 1");
    expect(await page.locator(".rivals dt").count()).toBe(14);
    expect(await page.locator("svg.figure[role=img]:visible").count()).toBe(6);
    expect(await page.locator("#figure-1 .stop title").first().textContent()).toMatch(
      /^k = 1: base 0\.604, tuned 0\.680/,
    );
    expect(await page.locator(".theme").isVisible()).toBe(false);
    await page.locator("details summary").first().click();
    expect(await page.locator("details[open] td").first().innerText()).toBe("pass@1/base");
    await page.context().close();
  });

  const places = ["checkpoints", "live"].flatMap((name) => [1280, 360].map((width) => [name, width] as const));
  test.each(places)("%s at %i px: the cross-hair reads values out on hover and by arrow keys", async (name, width) => {
    const { page, troubles } = await open(name, { viewport: { width, height: 800 } });
    const figures = page.locator("figure");
    for (let i = 0; i < (await figures.count()); i++) {
      const figure = figures.nth(i);
      const readout = figure.locator(".readout");
      await figure.locator(".plot").scrollIntoViewIfNeeded();
      await figure.locator(".stop:visible").first().hover({ force: true });
      expect(await readout.innerText()).toMatch(/\d/);
      expect(await figure.locator(".cross.on:visible").count()).toBe(1);
      await page.mouse.move(0, 0);
      expect(await readout.innerText()).toMatch(/^Hover/);
      await figure.locator(".plot").focus();
      expect(await readout.innerText(), "on focus").toMatch(/\d/);
      await page.keyboard.press("Home");
      const first = await readout.innerText();
      await page.keyboard.press("ArrowRight");
      expect(await readout.innerText()).toMatch(/\d/);
      expect(await readout.innerText()).not.toBe(first);
    }
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  test("a shape can be switched off, with and without script", async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page } = await open("deepscaler", { javaScriptEnabled });
      const shape = page.locator(".desk path.toggle-1");
      expect(await shape.isVisible()).toBe(true);
      await page.locator(".layers input").nth(1).uncheck();
      expect(await shape.isVisible()).toBe(false);
      await page.context().close();
    }
  });

  test("text reaches AA contrast in both schemes, and the switch changes the scheme", async () => {
    for (const colorScheme of ["light", "dark"] as const) {
      const { page } = await open("deepscaler", { colorScheme });
      const paper = await colour(page, "--paper");
      expect(luminance(paper) > 0.5).toBe(colorScheme === "light");
      for (const ink of ["--ink", "--muted", "--base", "--later"])
        for (const ground of ["--paper", "--wash"])
          expect(
            contrast(await colour(page, ink), await colour(page, ground)),
            `${ink} on ${ground}, ${colorScheme}`,
          ).toBeGreaterThanOrEqual(4.5);
      await page.locator(".theme").click();
      expect(luminance(await colour(page, "--paper")) > 0.5).toBe(colorScheme !== "light");
      await page.context().close();
    }
  });
});

async function colour(page: Page, name: string): Promise<string> {
  return String(await page.evaluate(`getComputedStyle(document.documentElement).getPropertyValue("${name}").trim()`));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
