// importers/ · Python JSON: what Python's json.dumps writes, which is JSON and the words NaN, Infinity and -Infinity.
import { bareWord } from "./scan.ts";

/** NaN becomes null, for it says that there is no number; the infinities stay what they are. Throws JSON.parse's SyntaxError. */
export function parsePython(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const parts: string[] = [];
    let rest = text;
    for (let found = bareWord(rest); found !== undefined; found = bareWord(rest)) {
      const { word, position } = found;
      parts.push(rest.slice(0, position), NUMBERS[word] ?? word);
      rest = rest.slice(position + word.length);
    }
    if (parts.length === 0) throw error;
    return JSON.parse(parts.join("") + rest);
  }
}

/** JSON has no word for an infinity, but numbers that are read as one. */
const NUMBERS: Readonly<Record<string, string>> = { NaN: "null", Infinity: "1e999", "-Infinity": "-1e999" };
