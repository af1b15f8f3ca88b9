// report/ · Words: makes any user-given string safe to show, and says how wide it is in a terminal.

/** Characters that are not seen but steer: controls, bidi and zero-width marks, lone surrogates, tags. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/gu;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const ZERO = /\p{M}/u;
const LONGEST_WORD = 100;

/** One line, every steering character spelled out, towers of accents and endless words cut. */
export function printable(text: string): string {
  return text
    .replace(/[\t\n\r\u2028\u2029]+/g, " ")
    .replace(UNSEEN, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/(\p{M}{3})\p{M}+/gu, "$1…")
    .replace(/[^ ]{101,}/gu, (word) => shorten(word, LONGEST_WORD));
}

/** Keeps both ends: ids and paths differ at their ends. */
export function shorten(word: string, most: number): string {
  const letters = [...word];
  if (letters.length <= most) return word;
  const tail = Math.floor((most - 1) / 3);
  return `${letters.slice(0, most - 1 - tail).join("")}…${letters.slice(-tail).join("")}`;
}

/** `printable` on every string inside a value. Keys are ours and stay. */
export function clean<T>(value: T): T {
  if (typeof value === "string") return printable(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => clean(item)) as T;
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item)])) as T;
  return value;
}

/** Terminal columns. */
export function columns(text: string): number {
  let width = 0;
  for (const letter of text) width += ZERO.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1;
  return width;
}

/** "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], joint = "and"): string {
  if (items.length <= 1) return items[0] ?? "";
  return `${items.slice(0, -1).join(", ")} ${joint} ${items.at(-1)}`;
}

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  return ended(trimmed.charAt(0).toUpperCase() + trimmed.slice(1));
}

export function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
