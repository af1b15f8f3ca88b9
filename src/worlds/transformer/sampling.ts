// worlds/ · Sampling: many answers at once, each from its own random stream, so that none depends on the others beside it.
import type { Sampler, TokenAnswer, TokenRequest } from "../../engines/engine.ts";
import { stream, type Stream } from "../../maths/random.ts";
import { decode } from "../vocabulary.ts";
import { choose, logSoftmax, process } from "./choice.ts";
import type { Decoder } from "./decoder.ts";

/** Changes the network's distribution on the way, exactly; one for each answer. */
export interface Bend {
  /** In place, on log-probabilities that sum to one in probability; so do they afterwards. */
  bend(logProbs: Float64Array): void;
  /** What came next. */
  push(token: number): void;
}

export type Bending = (prompt: readonly number[]) => Bend;

interface Running {
  readonly request: TokenRequest;
  readonly index: number;
  readonly slot: number;
  readonly random: Stream;
  readonly bend: Bend | undefined;
  /** Tokens put so far, of the prompt and of the answer. */
  put: number;
  readonly tokenIds: number[];
  readonly rawLogProbs: number[];
  readonly processedLogProbs: number[];
}

/** The name of every rollout's own stream; its seed is the request's. */
const ROLLOUT_STREAM = "worlds/rollout";

const plain = ({ temperature, topP, topK, minP }: Sampler): boolean =>
  temperature === 1 && topP === 1 && topK === 0 && minP === 0;

/** Give it requests, call `step` until it says false, and take each answer as it is finished. */
export class Sampling {
  readonly #decoder: Decoder;
  readonly #endToken: number;
  readonly #bending: Bending | undefined;
  readonly #finished: (index: number, answer: TokenAnswer) => void;
  readonly #requests: TokenRequest[] = [];
  #begun = 0;
  #running: Running[] = [];
  readonly #free: number[];
  readonly #logProbs: Float64Array;
  readonly #processed: Float64Array;

  constructor(
    decoder: Decoder,
    endToken: number,
    finished: (index: number, answer: TokenAnswer) => void,
    bending?: Bending,
  ) {
    this.#decoder = decoder;
    this.#endToken = endToken;
    this.#bending = bending;
    this.#finished = finished;
    this.#free = Array.from({ length: decoder.slots }, (_, slot) => decoder.slots - 1 - slot);
    this.#logProbs = new Float64Array(decoder.shape.vocabulary);
    this.#processed = new Float64Array(decoder.shape.vocabulary);
  }

  /** Prompts are not empty and shorter than the context; who asks has checked that. */
  add(requests: readonly TokenRequest[]): void {
    for (const request of requests) this.#requests.push(request);
  }

  /** One token for every running answer; false when nothing is left to do. */
  step(): boolean {
    while (this.#free.length > 0 && this.#begun < this.#requests.length) {
      this.#begin(this.#requests[this.#begun]!, this.#begun, this.#free.pop()!);
      this.#begun++;
    }
    const running = this.#running;
    if (running.length === 0) return false;
    const logits = this.#decoder.step(
      running.length,
      running.map(({ request, put, tokenIds }) => request.prompt[put] ?? tokenIds[put - request.prompt.length]!),
      running.map(({ slot }) => slot),
      running.map(({ put }) => put),
    );
    this.#running = running.filter((one, row) => {
      one.put++;
      if (one.put < one.request.prompt.length) return true;
      return !this.#next(one, logits, row);
    });
    return this.#running.length > 0 || this.#begun < this.#requests.length;
  }

  #begin(request: TokenRequest, index: number, slot: number): void {
    this.#running.push({
      request,
      index,
      slot,
      random: stream(request.seed, ROLLOUT_STREAM),
      bend: this.#bending?.(request.prompt),
      put: 0,
      tokenIds: [],
      rawLogProbs: [],
      processedLogProbs: [],
    });
  }

  /** Draws one token; true where it was the last. */
  #next(one: Running, logits: Float32Array, row: number): boolean {
    const { vocabulary, context } = this.#decoder.shape;
    const { sampler, prompt } = one.request;
    const raw = this.#logProbs;
    logSoftmax(logits, row * vocabulary, vocabulary, raw);
    one.bend?.bend(raw);
    let processed = raw;
    if (!plain(sampler)) {
      processed = this.#processed;
      processed.set(raw);
      process(processed, sampler);
    }
    const token = choose(processed, one.random.uniform());
    one.bend?.push(token);
    one.tokenIds.push(token);
    one.rawLogProbs.push(raw[token]!);
    one.processedLogProbs.push(processed[token]!);
    const text = (): string => decode(one.tokenIds);
    const stopped =
      token === this.#endToken || (sampler.stop.length > 0 && sampler.stop.some((s) => text().endsWith(s)));
    const full = one.tokenIds.length >= sampler.maxTokens || prompt.length + one.tokenIds.length >= context;
    if (!stopped && !full) return false;
    this.#free.push(one.slot);
    this.#finished(one.index, {
      tokenIds: one.tokenIds,
      text: text(),
      finish: stopped ? "stop" : "length",
      rawLogProbs: one.rawLogProbs,
      processedLogProbs: one.processedLogProbs,
    });
    return true;
  }
}
