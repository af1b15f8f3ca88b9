// engines/ · Kept: rollouts and scores that lie on disk, found again by prompt and by tokens; each rollout is given once.
import { createHash } from "node:crypto";
import type { Answer, Sampler, SampleRequest, Score, ScoreRequest } from "../engine.ts";

/** One rollout as it lay on disk, errors left out. */
export interface KeptRollout extends Answer {
  readonly prompt: string;
  readonly promptTokenIds?: readonly number[];
  /** Tokens of another rollout, behind the prompt, that it continues; then `text` is theirs and its own. */
  readonly prefix?: readonly number[];
  /** Order within its prompt. */
  readonly index: number;
  readonly seed?: number;
  readonly sampler?: Sampler;
}

export interface KeptScore extends Score {
  /** Prompt and all. */
  readonly tokenIds: readonly number[];
  /** The first token that is scored. */
  readonly from: number;
  readonly sampler?: Sampler;
}

export class Kept {
  readonly rollouts: readonly KeptRollout[];
  readonly scores: readonly KeptScore[];
  /** By prompt, as text and as ids; in order of index. */
  readonly #waiting = new Map<string, KeptRollout[]>();
  readonly #given = new Set<KeptRollout>();
  readonly #prompts = new Map<string, readonly number[]>();
  readonly #texts = new Map<string, string>();
  /** One character each; null where a token has several texts. */
  readonly #characters = new Map<number, string | null>();
  readonly #scores = new Map<string, KeptScore[]>();

  constructor(rollouts: readonly KeptRollout[], scores: readonly KeptScore[]) {
    this.rollouts = rollouts.toSorted((a, b) => a.index - b.index);
    this.scores = scores;
    for (const one of this.rollouts) this.#file(one);
    for (const score of scores) append(this.#scores, keyOf(score.tokenIds), score);
  }

  /** Of a prompt. Undefined where it was never asked, or without ids. */
  encode(text: string): readonly number[] | undefined {
    return this.#prompts.get(text);
  }

  /** Undefined where that was never an answer, a prompt, or made of tokens of one character that are known. */
  decode(tokenIds: readonly number[]): string | undefined {
    const whole = this.#texts.get(keyOf(tokenIds));
    if (whole !== undefined) return whole;
    const characters = tokenIds.map((id) => this.#characters.get(id) ?? undefined);
    return characters.includes(undefined) ? undefined : characters.join("");
  }

  /** The rollout with that seed, else the next one; `drawn` of that prompt in all. Given once. */
  take({ prompt, seed, sampler }: SampleRequest): { readonly rollout?: KeptRollout; readonly drawn: number } {
    const all = this.#waiting.get(typeof prompt === "string" ? prompt : keyOf(prompt)) ?? [];
    const left = all.filter((one) => !this.#given.has(one) && drawnSo(one, sampler));
    const rollout = left.find((one) => one.seed === seed) ?? left[0];
    if (rollout === undefined) return { drawn: all.length };
    this.#given.add(rollout);
    return { rollout, drawn: all.length };
  }

  score({ tokenIds, from, sampler }: ScoreRequest): Score | undefined {
    const all = (this.#scores.get(keyOf(tokenIds)) ?? []).filter((one) => one.from <= from);
    const same = sampler && all.find((one) => one.sampler !== undefined && sameDensity(one.sampler, sampler));
    const found = same ?? all[0];
    if (found === undefined) return undefined;
    const told = same?.processedLogProbs;
    return {
      rawLogProbs: found.rawLogProbs.slice(from - found.from),
      ...(told === undefined ? {} : { processedLogProbs: told.slice(from - found.from) }),
      ...(found.ranks === undefined ? {} : { ranks: found.ranks.slice(from - found.from) }),
    };
  }

  #file(one: KeptRollout): void {
    const { prompt, promptTokenIds, prefix = [], tokenIds, text } = one;
    if (prefix.length === 0) append(this.#waiting, prompt, one);
    if (promptTokenIds === undefined) return;
    append(this.#waiting, keyOf([...promptTokenIds, ...prefix]), one);
    this.#prompts.set(prompt, promptTokenIds);
    this.#learn(promptTokenIds, prompt);
    if (tokenIds !== undefined) this.#learn([...prefix, ...tokenIds], text);
  }

  #learn(tokenIds: readonly number[], text: string): void {
    this.#texts.set(keyOf(tokenIds), text);
    const characters = [...text];
    if (characters.length !== tokenIds.length) return;
    tokenIds.forEach((id, i) => {
      const known = this.#characters.get(id);
      this.#characters.set(id, known === undefined || known === characters[i] ? characters[i]! : null);
    });
  }
}

/** As that sampler draws; where it was not kept with which one, whatever fits. */
function drawnSo({ sampler: own, prefix = [], tokens, tokenIds }: KeptRollout, asked: Sampler): boolean {
  if (own === undefined) return (tokens ?? tokenIds?.length ?? 0) <= asked.maxTokens;
  // What a prefix has used up of the tokens is gone.
  return (
    sameDensity(own, asked) &&
    own.stop.join("\0") === asked.stop.join("\0") &&
    Math.max(1, own.maxTokens - prefix.length) === asked.maxTokens
  );
}

function sameDensity(a: Sampler, b: Sampler): boolean {
  return a.temperature === b.temperature && a.topP === b.topP && a.topK === b.topK && a.minP === b.minP;
}

/** Of a million lists of ids none is kept twice. */
function keyOf(tokenIds: readonly number[]): string {
  return createHash("sha1").update(Int32Array.from(tokenIds)).digest("base64");
}

function append<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
