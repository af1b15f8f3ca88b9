// report/ · Element: the one word for making an element, and the one place where strings on a page are made safe to show.
// (Preact escapes markup; `printable` takes away what steers: bidi marks, controls, endless words.)
import { h as create, type ComponentChildren, type VNode } from "preact";
import { printable } from "./words.ts";

/** Preact's own types ask for the browser's; nothing here runs in one. */
export type Element = VNode;
export type Child = ComponentChildren;

export function h(tag: string, attributes: Readonly<Record<string, unknown>>, ...children: Child[]): Element {
  return create(tag, attributes, ...children.map(safe)) as Element;
}

/** Our own style or script, taken as it is. Never give it a user's string. */
export function verbatim(tag: "style" | "script", text: string): Element {
  return create(tag, { dangerouslySetInnerHTML: { __html: text } }) as Element;
}

function safe(child: Child): Child {
  if (typeof child === "string") return printable(child);
  return Array.isArray(child) ? child.map(safe) : child;
}
