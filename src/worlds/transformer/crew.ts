// worlds/ · Crew: the transformer on several threads. What comes out does not depend on how many: see the order of the sums.
import { Worker } from "node:worker_threads";
import type { Sampler } from "../../engines/engine.ts";
import { Hand } from "./hand.ts";
import { SHARD_ROWS, type Batch } from "./model.ts";
import type { Shape } from "./shape.ts";
import { CONTROL, JOB, SAMPLE_CHUNK, checkFailed, fail, shareMemory, type Shared } from "./shared.ts";

/** Answers side by side; row r's tokens are [r · context, r · context + lengths[r]), prompt first. */
export interface Sampled {
  /** [rows, context] token ids, the prompt's first. */
  readonly tokens: Int32Array;
  /** Prompt and answer together. */
  readonly lengths: Int32Array;
  /** [rows, context] raw log-probabilities, natural, at the places of the answer's tokens. */
  readonly logProbs: Float64Array;
  /** 1 where an end token came, 0 where tokens ran out. */
  readonly ended: Int32Array;
}

const PATIENCE_MS = 120_000;

/**
 * The caller's own thread works too; it blocks until a job is done. Work is cut into items of a fixed size, whoever takes
 * them, and their gradients are added in the order of the items: so one thread and many give the same bits.
 */
export class Crew {
  readonly shape: Shape;
  readonly threads: number;
  readonly #shared: Shared;
  readonly #own: Hand;
  readonly #workers: Worker[];

  /** @param rows the most rows that a batch or a round of sampling will have */
  constructor(shape: Shape, threads: number, rows: number, endToken: number) {
    this.shape = shape;
    this.threads = threads;
    this.#shared = shareMemory(shape, rows, endToken);
    this.#own = new Hand(this.#shared);
    // Built files are .js, sources .ts; each starts its own kind.
    const file = new URL(`./crew-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
    this.#workers = Array.from({ length: threads - 1 }, () => {
      const worker = new Worker(file, { workerData: this.#shared.transfer });
      worker.unref();
      return worker;
    });
  }

  setWeights(weights: Float32Array): void {
    this.#shared.weights.set(weights);
    Atomics.add(this.#shared.control, CONTROL.version, 1);
  }

  /** As Model.logProbs. */
  logProbs(batch: Batch): Float64Array {
    this.#place(batch);
    this.#do(JOB.logProbs, Math.ceil(batch.rows / SHARD_ROWS));
    return this.#shared.logProbs.slice(0, batch.rows * batch.columns);
  }

  /** As Model.gradient, with the log-probabilities that are seen on the way. */
  gradient(
    batch: Batch,
    coefficients: ArrayLike<number>,
  ): { readonly gradient: Float32Array; readonly logProbs: Float64Array } {
    this.#place(batch);
    this.#shared.coefficients.set(coefficients);
    const shards = Math.ceil(batch.rows / SHARD_ROWS);
    this.#do(JOB.gradient, shards);
    const total = new Float32Array(this.#shared.weights.length);
    for (let shard = 0; shard < shards; shard++) {
      const part = this.#shared.gradients.subarray(shard * total.length, (shard + 1) * total.length);
      for (let i = 0; i < total.length; i++) total[i] = total[i]! + part[i]!;
    }
    return { gradient: total, logProbs: this.#shared.logProbs.slice(0, batch.rows * batch.columns) };
  }

  /** One answer a prompt, from the streams of these seeds. Views that the next job overwrites. */
  sample(prompts: readonly (readonly number[])[], seeds: readonly number[], sampler: Sampler): Sampled {
    const { tokens, rowLengths, lengths, logProbs, ended, seeds: seedPlaces, control, sampler: fields } = this.#shared;
    const { context } = this.shape;
    prompts.forEach((prompt, row) => {
      tokens.set(prompt, row * context);
      rowLengths[row] = prompt.length;
      seedPlaces[row] = seeds[row]!;
    });
    fields.set([sampler.temperature, sampler.topP, sampler.topK, sampler.minP, sampler.maxTokens]);
    control[CONTROL.rows] = prompts.length;
    this.#do(JOB.sample, Math.ceil(prompts.length / SAMPLE_CHUNK));
    return { tokens, lengths, logProbs, ended };
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #place({ tokens, rows, columns, lengths }: Batch): void {
    const { control } = this.#shared;
    if (rows > this.#shared.rows) throw new RangeError(`this crew has room for ${this.#shared.rows} rows, got ${rows}`);
    this.#shared.tokens.set(tokens);
    if (lengths === undefined) this.#shared.rowLengths.fill(columns, 0, rows);
    else this.#shared.rowLengths.set(lengths);
    control[CONTROL.rows] = rows;
    control[CONTROL.columns] = columns;
  }

  #do(job: number, items: number): void {
    const { control } = this.#shared;
    checkFailed(this.#shared);
    control[CONTROL.job] = job;
    Atomics.store(control, CONTROL.done, 0);
    // Beyond every ticket that a thread, late from the job before, holds or may still draw; it finds nothing to take.
    const first = Atomics.load(control, CONTROL.next) + 2 * this.threads;
    Atomics.store(control, CONTROL.first, first);
    Atomics.store(control, CONTROL.end, first + items);
    Atomics.store(control, CONTROL.next, first);
    Atomics.add(control, CONTROL.generation, 1);
    Atomics.notify(control, CONTROL.generation);
    try {
      this.#own.work();
    } catch (error) {
      // Others may still be at work on this job, so there can be no next one.
      fail(this.#shared, error);
      throw error;
    }
    for (;;) {
      const done = Atomics.load(control, CONTROL.done);
      checkFailed(this.#shared);
      if (done >= items) return;
      if (Atomics.wait(control, CONTROL.done, done, PATIENCE_MS) === "timed-out")
        throw new Error(`a thread of the crew has not answered for ${PATIENCE_MS / 1000} s`);
    }
  }
}
