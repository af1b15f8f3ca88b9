// study/ · Token ends: which character of a rollout's text each generated token ends at, so that a cut in the text is a cut in the tokens.
import type { Engine } from "../engines/engine.ts";
import type { RolloutRecord } from "../terms/record.ts";

/** Texts of single tokens under one tokenizer, asked for once each. */
export class TokenEnds {
  readonly #engine: Pick<Engine, "decode">;
  readonly #texts = new Map<number, string>();

  constructor(engine: Pick<Engine, "decode">) {
    this.#engine = engine;
  }

  /**
   * One entry a generated token, ascending, in characters of the whole text, a prefix's included; entries before the first
   * generated token are left out. Tokens that share a character (bytes of one letter) end where the letter ends.
   */
  async of({ text, tokenIds, prefix }: RolloutRecord): Promise<readonly number[]> {
    const ids = [...(prefix?.tokenIds ?? []), ...(tokenIds ?? [])];
    const before = prefix?.tokenIds.length ?? 0;
    const pieces = await Promise.all(ids.map((id) => this.#text(id)));
    let end = 0;
    const ends = pieces.map((piece) => (end += piece.length));
    if (pieces.join("") === text) return ends.slice(before);
    // Where tokens alone do not add up to the text, beginnings of it are decoded whole.
    const whole: number[] = [];
    for (let count = before + 1; count <= ids.length; count++)
      whole.push(common(await this.#engine.decode(ids.slice(0, count)), text ?? ""));
    return whole;
  }

  async #text(id: number): Promise<string> {
    let text = this.#texts.get(id);
    if (text === undefined) {
      text = await this.#engine.decode([id]);
      this.#texts.set(id, text);
    }
    return text;
  }
}

/** Characters that two texts have in common from the start. */
function common(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  return length;
}
