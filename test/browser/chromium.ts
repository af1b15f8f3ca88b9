// The browser of test/browser: $CHROMIUM, else Debian's. Write `test.skipIf(noChromium)("…", …)`; without one the skip says why.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const places = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser"];
const executablePath = places.find((path) => path !== undefined && existsSync(path));

export const noChromium = executablePath === undefined;
if (noChromium) console.warn("skipped: no chromium");

export function launch(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(`no chromium; looked for ${places.join(", ")}`);
  return chromium.launch({ executablePath, headless: true, args: ["--no-sandbox"] });
}
