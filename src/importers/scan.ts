// importers/ · Scan: what can be told of JSON that JSON.parse refuses: torn, faulty, or with Python's NaN in it.

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const SLASH = 0x5c;
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];

/** Keys at the top level of the object that a text begins with, as far as it goes; feed it the text's bytes. */
export class TopLevelKeys {
  readonly found = new Set<string>();
  #begun = false;
  #depth = 0;
  #keyNext = false;
  #inString = false;
  #escaped = false;
  /** Pieces of the key that is being read. */
  #key: Buffer[] | undefined;

  /** @returns true where nothing that follows can add to them */
  write(bytes: Buffer): boolean {
    let from = 0;
    for (let i = 0; i < bytes.length; i++) {
      const c = bytes[i] as number;
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (c === SLASH) this.#escaped = true;
        else if (c === QUOTE) {
          this.#inString = false;
          if (this.#key === undefined) continue;
          this.found.add(literal(Buffer.concat([...this.#key, bytes.subarray(from, i + 1)]).toString()));
          this.#key = undefined;
        }
      } else if (!this.#begun) {
        if (c <= 0x20) continue;
        if (c !== OPEN) return true;
        this.#begun = true;
        this.#depth = 1;
        this.#keyNext = true;
      } else if (c === QUOTE) {
        this.#inString = true;
        if (this.#depth === 1 && this.#keyNext) this.#key = [];
        from = i;
        this.#keyNext = false;
      } else if (c === OPEN || c === OPEN_LIST) {
        this.#depth++;
        this.#keyNext = false;
      } else if (c === CLOSE || c === CLOSE_LIST) {
        if (--this.#depth === 0) return true;
      } else if (c === COMMA && this.#depth === 1) {
        this.#keyNext = true;
      }
    }
    this.#key?.push(Buffer.from(bytes.subarray(from)));
    return false;
  }
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
