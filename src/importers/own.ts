// importers/ · Own: a text cut loose from the longer one that it may be a part of, and the same short texts kept once.

/** V8 keeps all of a text in memory as long as any part of it (of thirteen characters or more) is kept: of one cell, the whole piece of file. */
export function own(text: string): string {
  return Buffer.from(text, "utf16le").toString("utf16le");
}

/** So many names, of so many characters, are known again. */
const KNOWN = 10_000;
const SHORT = 50;

/** Families, reference answers and the like: many problems have the same. */
export class Names {
  readonly #known = new Map<string, string>();

  /** The same text, its own. */
  same(name: string): string {
    if (name.length > SHORT) return own(name);
    let kept = this.#known.get(name);
    if (kept !== undefined) return kept;
    kept = own(name);
    if (this.#known.size < KNOWN) this.#known.set(kept, kept);
    return kept;
  }
}
