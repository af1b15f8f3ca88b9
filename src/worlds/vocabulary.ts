// worlds/ · Vocabulary: one character is one token, so that text and token ids are the same thing twice.
import { StudyError } from "../terms/errors.ts";

/** Token i is the i-th character; the last nine are used by no task and only fill up to 32. */
export const CHARACTERS = "0123456789+-*=?;#.!~,>:abcdefghi";

/** The token that ends an answer, in every task. */
export const END_TOKEN = CHARACTERS.indexOf(".");

const idOf = new Map([...CHARACTERS].map((character, id) => [character, id]));

/** StudyError names the first character that is no token. */
export function encode(text: string): number[] {
  return [...text].map((character, at) => {
    const id = idOf.get(character);
    if (id === undefined)
      throw new StudyError({
        code: "world-character",
        what: `character ${JSON.stringify(character)} at ${at} of ${JSON.stringify(text)} is no token of the worlds`,
        mend: `use only ${CHARACTERS}`,
      });
    return id;
  });
}

/** StudyError names the first id outside 0 … 31. */
export function decode(tokenIds: ArrayLike<number>): string {
  let text = "";
  for (let i = 0; i < tokenIds.length; i++) text += characterOf(tokenIds[i]!, i);
  return text;
}

function characterOf(id: number, at: number): string {
  const character = CHARACTERS[id];
  if (character === undefined)
    throw new StudyError({
      code: "world-token",
      what: `token id ${id} at ${at} is outside the vocabulary of ${CHARACTERS.length}`,
      mend: `use whole ids from 0 to ${CHARACTERS.length - 1}`,
    });
  return character;
}
