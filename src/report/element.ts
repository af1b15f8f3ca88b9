// report/ · Element: the one word for making an element. Preact's own types ask for the browser's; nothing here runs in one.
import { h as create, type ComponentChildren, type VNode } from "preact";

export type Element = VNode;
export type Child = ComponentChildren;

export function h(tag: string, attributes: Readonly<Record<string, unknown>>, ...children: Child[]): Element {
  return create(tag, attributes, ...children) as Element;
}
