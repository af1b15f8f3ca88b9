// importers/ · Scan: what can be told of JSON that JSON.parse refuses: torn, faulty, or with Python's NaN in it.

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Keys at the top level of the object that `text` begins with, as far as it goes. */
export function topLevelKeys(text: string): string[] {
  const keys: string[] = [];
  if (text.charCodeAt(0) !== OPEN) return keys;
  let depth = 0;
  let keyNext = false;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const end = stringEnd(text, i);
      if (depth === 1 && keyNext) keys.push(literal(text.slice(i, end + 1)));
      keyNext = false;
      i = end;
    } else if (c === OPEN || c === OPEN_LIST) {
      keyNext = ++depth === 1;
    } else if (c === CLOSE || c === CLOSE_LIST) {
      if (--depth === 0) return keys;
    } else if (c === COMMA && depth === 1) {
      keyNext = true;
    }
  }
  return keys;
}

export interface BareWord {
  readonly word: string;
  readonly position: number;
  /** The key it stands under, nearest before it. */
  readonly key: string | undefined;
}

/** The first NaN, Infinity or -Infinity outside strings: Python writes them as numbers, JSON has none of them. */
export function bareWord(text: string): BareWord | undefined {
  let key: string | undefined;
  let string: [number, number] = [0, 0];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      string = [i, stringEnd(text, i) + 1];
      i = string[1] - 1;
    } else if (c === COLON) {
      key = literal(text.slice(...string));
    } else {
      const word = ["NaN", "Infinity", "-Infinity"].find((it) => it.charCodeAt(0) === c && text.startsWith(it, i));
      if (word !== undefined) return { word, position: i, key };
    }
  }
  return undefined;
}

/** Index of the closing quote of the string that opens at `start`; the last index where it never closes. */
function stringEnd(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function literal(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
