// report/ · Page shell: one offline file, its head and its masthead. Readable without the script; nothing is loaded from anywhere.
import { renderToString } from "preact-render-to-string";
import { type Element, h, verbatim } from "../element.ts";
import { INTERACT, INTERACT_HASH } from "./interact.ts";
import { PAGE_CSS } from "./style.ts";

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${INTERACT_HASH}'; img-src data:; base-uri 'none'; form-action 'none'`;

export function renderPage(title: string, body: readonly Element[], css = ""): string {
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
      verbatim("style", PAGE_CSS + css),
    ),
    h("body", {}, h("main", {}, body), verbatim("script", INTERACT)),
  );
  return `<!doctype html>\n${renderToString(page)}\n`;
}

export function masthead(version: string, command: string): Element {
  return h(
    "div",
    { class: "masthead" },
    h("span", {}, h("b", {}, "Crucis"), ` ${version} · ${command}`),
    h(
      "button",
      { class: "theme", type: "button", hidden: true, "aria-label": "Switch between light and dark" },
      "dark",
    ),
  );
}
