// engines/ · Text: what llama.cpp has read so far, and the model's logs for what comes next. The same text is always read in the same pieces.
import type { LlamaSequence } from "./library.ts";

/** Read together; log-probabilities depend a little on how much is. */
const TOGETHER = 64;

/**
 * Probabilities come in float32, in which 1e-46 is 0. Read at this temperature they reach down to e^−800, which no logit of a
 * trained model does; the error of a log is multiplied by it too, and stays below 1e-5.
 */
const READING = 8;
const ASKED = { probabilities: true, options: { temperature: READING, topK: 0, topP: 1, minP: 0 } };
/** Log-probabilities are computed and dropped: with or without them beside it, a token's own differ in the last digits. */
const UNASKED = { token: true };

export class Text {
  readonly #sequence: LlamaSequence;
  readonly #vocabulary: number;
  /** All of it but the last token has been read, and lies at the beginning. */
  #prompt: readonly number[] = [];

  constructor(sequence: LlamaSequence, vocabulary: number) {
    this.#sequence = sequence;
    this.#vocabulary = vocabulary;
  }

  /** Logs, up to a constant, of every token behind the prompt; a prompt that comes again is not read again. */
  async begin(prompt: readonly number[]): Promise<Float64Array> {
    const sequence = this.#sequence;
    const start = prompt.length - 1;
    const same = prompt.length === this.#prompt.length && prompt.every((id, i) => id === this.#prompt[i]);
    if (same) await sequence.eraseContextTokenRanges([{ start, end: sequence.nextTokenIndex }]);
    // Not every kind of model can forget only the end.
    if (!same || sequence.nextTokenIndex !== start) {
      await sequence.clearHistory();
      if (start > 0) await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, start));
      this.#prompt = [...prompt];
    }
    return this.after(prompt[start]!);
  }

  /** The text goes on with this token: logs of what comes next, up to a constant. */
  async after(token: number): Promise<Float64Array> {
    const [logs] = await this.#read([token], 0);
    return logs!;
  }

  /** Reads a text; for each token from `from` on, the logs, up to a constant, with which it was expected. */
  async through(
    tokenIds: readonly number[],
    from: number,
    expected: (logs: Float64Array, token: number) => void,
  ): Promise<void> {
    this.#prompt = [];
    await this.#sequence.clearHistory();
    for (let start = 0; start < tokenIds.length - 1; start += TOGETHER) {
      const end = Math.min(start + TOGETHER, tokenIds.length - 1);
      const first = Math.max(0, from - 1 - start);
      if (first >= end - start) await this.#sequence.evaluateWithoutGeneratingNewTokens(tokenIds.slice(start, end));
      else
        (await this.#read(tokenIds.slice(start, end), first)).forEach((logs, i) => {
          expected(logs, tokenIds[start + first + i + 1]!);
        });
    }
  }

  /** Logs of what comes behind each of the tokens from `first` on. */
  async #read(tokens: readonly number[], first: number): Promise<Float64Array[]> {
    const all: Float64Array[] = [];
    await this.#sequence.controlledEvaluate(
      tokens.map((token, i) => [token, { generateNext: i >= first ? ASKED : UNASKED }]),
      {
        onTokenResult: (index, { next }) => {
          const { probabilities } = next;
          if (index < first || probabilities === undefined) return;
          const logs = new Float64Array(this.#vocabulary).fill(Number.NEGATIVE_INFINITY);
          for (const [token, probability] of probabilities) logs[token] = READING * Math.log(probability);
          all[index - first] = logs;
          // The library keeps it until the end; it is the whole vocabulary.
          probabilities.clear();
        },
      },
    );
    return all;
  }
}
