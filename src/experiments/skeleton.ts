// experiments/ · Skeleton: what is left of a text when numbers, operations and names are masked, and the signs by which its shape is told.
//
// A sign is three symbols in a row within one piece (a step, a line, a sentence), shown or not: how often it comes says how many steps a
// problem has, and which numbers stand in it says whether they are right. Neither says which way is gone.

/** Whole numbers and decimals; words; operations; a line's end; any other mark by itself. */
const SYMBOLS = /(\d+(?:[.,]\d+)*)|(\p{L}+)|([+\-−*×·/÷%^])|(\n)|(\S)/gu;
const NUMBER = "0";
/** Which operation comes where is the problem's, not the way's. */
const OPERATION = "+";
const NAME = "w";
/** Around a piece. */
const EDGE = "|";
/** Of signs, in symbols. A habit shows at several lengths at once: that it does is what tells it from a sign that comes by chance. */
const LENGTHS = [2, 3, 4];
const ENDS = new Set([";", ".", "!", "?", "\n"]);

/** @param known words that are no names; all where it is absent */
export function skeletonOf(text: string, known?: ReadonlySet<string>): string[][] {
  const pieces: string[][] = [[]];
  for (const [, number, word, operation, line, mark] of text.matchAll(SYMBOLS)) {
    const low = word?.toLowerCase();
    const symbol =
      number !== undefined
        ? NUMBER
        : low !== undefined
          ? known === undefined || known.has(low)
            ? low
            : NAME
          : operation !== undefined
            ? OPERATION
            : (line ?? mark!);
    const piece = pieces.at(-1)!;
    piece.push(symbol);
    if (ENDS.has(symbol)) pieces.push([]);
  }
  return pieces.filter((piece) => piece.length > 0);
}

export function signsOf(text: string, known?: ReadonlySet<string>): ReadonlySet<string> {
  const signs = new Set<string>();
  for (const piece of skeletonOf(text, known)) {
    const row = [EDGE, ...piece, EDGE];
    for (const length of LENGTHS)
      for (let i = 0; i + length <= row.length; i++) signs.add(row.slice(i, i + length).join(" "));
  }
  return signs;
}

/** Words that more than one problem has: a name of one alone tells the problem, not the way. */
export function knownWords(texts: readonly { readonly problem: string; readonly text: string }[]): ReadonlySet<string> {
  const first = new Map<string, string>();
  const known = new Set<string>();
  for (const { problem, text } of texts)
    for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) {
      const owner = first.get(word);
      if (owner === undefined) first.set(word, problem);
      else if (owner !== problem) known.add(word);
    }
  return known;
}
