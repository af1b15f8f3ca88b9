// worlds/ · Hand: one thread of a crew. Takes items of the job that lies in the shared memory until none is left.
import type { Sampler } from "../../engines/engine.ts";
import { Decoder } from "./decoder.ts";
import { Model, SHARD_ROWS } from "./model.ts";
import { Sampling } from "./sampling.ts";
import { CONTROL, JOB, SAMPLE_CHUNK, type Shared } from "./shared.ts";

export class Hand {
  readonly #shared: Shared;
  readonly #model: Model;
  readonly #decoder: Decoder;
  #modelVersion = 0;
  #decoderVersion = 0;

  constructor(shared: Shared) {
    this.#shared = shared;
    this.#model = new Model(shared.shape);
    this.#decoder = new Decoder(shared.shape, SAMPLE_CHUNK);
  }

  work(): void {
    const { control } = this.#shared;
    for (;;) {
      const ticket = Atomics.add(control, CONTROL.next, 1);
      // In this order: the crew lays out `first` before `end`.
      const end = Atomics.load(control, CONTROL.end);
      const item = ticket - Atomics.load(control, CONTROL.first);
      if (ticket >= end || item < 0) return;
      const job = control[CONTROL.job];
      if (job === JOB.sample) this.#sample(item);
      else this.#shard(item, job === JOB.gradient);
      Atomics.add(control, CONTROL.done, 1);
      Atomics.notify(control, CONTROL.done);
    }
  }

  #shard(item: number, gradient: boolean): void {
    const { control, tokens, rowLengths, weights, coefficients, gradients, logProbs } = this.#shared;
    const version = Atomics.load(control, CONTROL.version);
    if (this.#modelVersion !== version) {
      this.#model.setWeights(weights);
      this.#modelVersion = version;
    }
    const batch = {
      tokens,
      rows: control[CONTROL.rows]!,
      columns: control[CONTROL.columns]!,
      lengths: rowLengths,
    };
    const first = item * SHARD_ROWS;
    const out = logProbs.subarray(first * batch.columns);
    if (gradient) gradients.set(this.#model.shardGradient(batch, first, coefficients, out), item * weights.length);
    else this.#model.shardLogProbs(batch, first, out);
  }

  #sample(item: number): void {
    const { control, weights, shape, endToken, tokens, rowLengths, lengths, logProbs, ended, seeds } = this.#shared;
    const version = Atomics.load(control, CONTROL.version);
    if (this.#decoderVersion !== version) {
      this.#decoder.setWeights(weights);
      this.#decoderVersion = version;
    }
    const [temperature, topP, topK, minP, maxTokens] = this.#shared.sampler as unknown as [
      number,
      number,
      number,
      number,
      number,
    ];
    const sampler: Sampler = { temperature, topP, topK, minP, maxTokens, stop: [] };
    const { context } = shape;
    const first = item * SAMPLE_CHUNK;
    const rows = Math.min(SAMPLE_CHUNK, control[CONTROL.rows]! - first);
    const sampling = new Sampling(this.#decoder, endToken, (index, answer) => {
      const row = first + index;
      const start = row * context + rowLengths[row]!;
      tokens.set(answer.tokenIds, start);
      logProbs.set(answer.rawLogProbs ?? [], start);
      lengths[row] = rowLengths[row]! + answer.tokenIds.length;
      ended[row] = answer.finish === "stop" ? 1 : 0;
    });
    sampling.add(
      Array.from({ length: rows }, (_, i) => {
        const start = (first + i) * context;
        return {
          prompt: Array.from(tokens.subarray(start, start + rowLengths[first + i]!)),
          sampler,
          seed: seeds[first + i]!,
        };
      }),
    );
    while (sampling.step());
  }
}
