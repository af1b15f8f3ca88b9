// importers/ · Show: how a value of somebody's file is quoted in a sentence, so that it cannot disguise itself there.

const SHOWN = 60;

/** Controls, separators that break lines, unassigned and private characters, and all that is invisible or turns the reading direction. */
const DISGUISED = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** The value as JSON would write it, disguised characters escaped, at most about 60 characters. */
export function show(value: unknown): string {
  if (typeof value === "string") return quote(value, 0);
  if (typeof value === "number") return String(value);
  return shorten(plain(JSON.stringify(value) ?? String(value)), 0);
}

/** Two texts that differ, each shown around the first difference where they begin alike. */
export function showBoth(a: string, b: string): [string, string] {
  let same = 0;
  while (same < a.length && a.charCodeAt(same) === b.charCodeAt(same)) same++;
  const from = same > SHOWN / 2 ? same - 10 : 0;
  return [quote(a, from), quote(b, from)];
}

/** Text without quotes around it, for file names: disguised characters escaped, nothing shortened. */
export function plain(text: string): string {
  return text.replace(DISGUISED, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** `3 rows`, `1 row`. */
export function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}

function quote(text: string, from: number): string {
  const part = shorten(text, from);
  return plain(JSON.stringify(part));
}

function shorten(text: string, from: number): string {
  const start = from > 0 ? "…" : "";
  // Cut between characters, never within a surrogate pair.
  const part = Array.from(text.slice(from, from + 2 * SHOWN))
    .slice(0, SHOWN)
    .join("");
  return start + part + (from + part.length < text.length ? "…" : "");
}
