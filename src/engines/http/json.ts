// engines/ · JSON: as servers written in Python send it, with −Infinity and NaN, which the standard does not know.

const STRINGS_AND_ODDITIES = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

/** ±Infinity are read as such; NaN as the text "NaN", so that no reader takes it for a number. @throws SyntaxError */
export function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/Infinity|NaN/.test(text)) throw error;
    const plain = text.replace(STRINGS_AND_ODDITIES, (one) => {
      if (one.startsWith('"')) return one;
      if (one === "NaN") return '"NaN"';
      return one.startsWith("-") ? "-1e999" : "1e999";
    });
    return JSON.parse(plain);
  }
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Undefined where the value is no object or has no such field, or null there. */
export function fieldOf(value: unknown, name: string): unknown {
  return isFields(value) ? (value[name] ?? undefined) : undefined;
}

/** As it stands in a sentence: about 60 characters. */
export function show(value: unknown): string {
  const text = value === undefined ? "nothing" : typeof value === "number" ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
