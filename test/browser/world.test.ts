// test/browser/ · The page of a world's truth in a real browser: offline, without errors, at both widths and in both schemes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderTruthHtml } from "../../src/report/truth-html.ts";
import { CURVE, NEW, ROUTE, STEADY } from "../support/truth.ts";
import { launch, noChromium } from "./chromium.ts";

const PAGES = { steady: { truth: STEADY, curve: CURVE }, route: { truth: ROUTE, curve: CURVE }, new: { truth: NEW } };
const FIGURES = { steady: 5, route: 5, new: 3 };
type Name = keyof typeof PAGES;

describe.skipIf(noChromium)("the truth in chromium", { timeout: 60_000 }, () => {
  let browser: Browser;
  const folder = mkdtempSync(join(tmpdir(), "crucis-truth-"));
  const addressOf = (name: Name): string => pathToFileURL(join(folder, `${name}.html`)).href;

  beforeAll(async () => {
    for (const [name, facts] of Object.entries(PAGES))
      writeFileSync(join(folder, `${name}.html`), renderTruthHtml(facts));
    browser = await launch();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(name: Name, options: BrowserContextOptions): Promise<{ page: Page; troubles: string[] }> {
    const page = await (await browser.newContext(options)).newPage();
    const troubles: string[] = [];
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") troubles.push(message.text());
    });
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("request", (request) => {
      if (request.url() !== addressOf(name)) troubles.push(`asked for ${request.url()}`);
    });
    await page.goto(addressOf(name));
    return { page, troubles };
  }

  test.each(Object.keys(PAGES) as Name[])(
    "%s opens without an error or a request, and nothing sticks out at 360 or 1280 px, light or dark",
    async (name) => {
      for (const width of [360, 1280])
        for (const colorScheme of ["light", "dark"] as const) {
          const { page, troubles } = await open(name, { viewport: { width, height: 800 }, colorScheme });
          expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
          expect(await page.locator("figure svg.figure[role=img]:visible").count()).toBe(FIGURES[name]);
          expect(troubles).toEqual([]);
          await page.context().close();
        }
    },
  );

  test.each([1280, 360])("at %i px every figure reads values out on hover and by arrow keys", async (width) => {
    const { page, troubles } = await open("steady", { viewport: { width, height: 800 } });
    const figures = page.locator("figure");
    for (let i = 0; i < FIGURES.steady; i++) {
      const figure = figures.nth(i);
      const readout = figure.locator(".readout");
      await figure.locator(".plot").scrollIntoViewIfNeeded();
      await figure.locator(".stop:visible").first().hover({ force: true });
      expect(await readout.innerText()).toMatch(/\d/);
      expect(await figure.locator(".cross.on:visible").count()).toBe(1);
      await page.mouse.move(0, 0);
      await figure.locator(".plot").focus();
      await page.keyboard.press("Home");
      const first = await readout.innerText();
      await page.keyboard.press("ArrowRight");
      expect(await readout.innerText()).not.toBe(first);
    }
    expect(troubles).toEqual([]);
    await page.context().close();
  });

  test("without script figures, tables and the problems behind them are there", async () => {
    const { page } = await open("steady", { javaScriptEnabled: false });
    expect(await page.locator(".verdict").innerText()).toContain("keeps what it promises");
    expect(await page.locator("#figure-2 .stop title").first().textContent()).toMatch(/^L = 1: base 0\.840/);
    await page.locator("details summary").last().click();
    expect(await page.locator("details[open] td").first().innerText()).toMatch(/\?$/);
    await page.context().close();
  });
});
