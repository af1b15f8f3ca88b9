// worlds/ · Shared: the memory that the threads of a crew see, and what its places mean.
import { layoutOf, type Shape } from "./shape.ts";
import { SHARD_ROWS } from "./model.ts";

/**
 * Places of the control words. Threads draw tickets from `next`; those of the present job are first ≤ ticket < end, and no
 * number is ever given out twice: a thread that held a ticket for long cannot take it for one of a later job.
 */
export const CONTROL = {
  generation: 0,
  job: 1,
  next: 2,
  first: 3,
  end: 4,
  done: 5,
  version: 6,
  rows: 7,
  columns: 8,
  failed: 9,
} as const;

export const JOB = { logProbs: 1, gradient: 2, sample: 3 } as const;

/** Answers that one thread draws together. */
export const SAMPLE_CHUNK = 128;

/** What a worker is started with. */
export interface Transfer {
  readonly shape: Shape;
  readonly rows: number;
  readonly endToken: number;
  readonly buffer: SharedArrayBuffer;
}

export interface Shared {
  readonly transfer: Transfer;
  readonly shape: Shape;
  readonly rows: number;
  readonly endToken: number;
  readonly control: Int32Array;
  readonly weights: Float32Array;
  /** One gradient a shard. */
  readonly gradients: Float32Array;
  readonly coefficients: Float32Array;
  readonly tokens: Int32Array;
  readonly logProbs: Float64Array;
  /** Of a batch's rows, or of the prompts to sample from. */
  readonly rowLengths: Int32Array;
  readonly lengths: Int32Array;
  readonly ended: Int32Array;
  readonly seeds: Uint32Array;
  /** temperature, topP, topK, minP, maxTokens. */
  readonly sampler: Float64Array;
  /** Why a thread failed, in UTF-8. */
  readonly reason: Uint8Array;
}

/** Tells all threads that one has failed; from then on the crew does nothing more. */
export function fail({ control, reason }: Shared, error: unknown): void {
  const text = new TextEncoder().encode(String(error)).subarray(0, reason.length);
  reason.set(text);
  Atomics.store(control, CONTROL.failed, text.length);
  // Who is about to wait for `done` to change must see it change.
  Atomics.add(control, CONTROL.done, 1);
  Atomics.notify(control, CONTROL.done);
}

/** Throws where a thread has failed. */
export function checkFailed({ control, reason }: Shared): void {
  const length = Atomics.load(control, CONTROL.failed);
  if (length > 0)
    throw new Error(`a thread of the transformer's crew failed: ${new TextDecoder().decode(reason.slice(0, length))}`);
}

export function shareMemory(shape: Shape, rows: number, endToken: number): Shared {
  const counted = lay({ shape, rows, endToken, buffer: undefined });
  return openMemory({ shape, rows, endToken, buffer: new SharedArrayBuffer(counted) });
}

export function openMemory(transfer: Transfer): Shared {
  let shared: Shared | undefined;
  lay(transfer, (made) => {
    shared = made;
  });
  return shared!;
}

/** Walks through all places once: to count the bytes, or to view them. */
function lay(
  { shape, rows, endToken, buffer }: Omit<Transfer, "buffer"> & { buffer: SharedArrayBuffer | undefined },
  see?: (shared: Shared) => void,
): number {
  let top = 0;
  const place = (bytes: number, count: number): [number, number] => {
    const at = top;
    top = (at + bytes * count + 63) & ~63;
    return [at, count];
  };
  const size = layoutOf(shape).size;
  const cells = rows * shape.context;
  const at = {
    control: place(4, 16),
    weights: place(4, size),
    gradients: place(4, size * Math.ceil(rows / SHARD_ROWS)),
    coefficients: place(4, cells),
    tokens: place(4, cells),
    logProbs: place(8, cells),
    rowLengths: place(4, rows),
    lengths: place(4, rows),
    ended: place(4, rows),
    seeds: place(4, rows),
    sampler: place(8, 5),
    reason: place(1, 1024),
  };
  if (buffer !== undefined && see !== undefined)
    see({
      transfer: { shape, rows, endToken, buffer },
      shape,
      rows,
      endToken,
      control: new Int32Array(buffer, ...at.control),
      weights: new Float32Array(buffer, ...at.weights),
      gradients: new Float32Array(buffer, ...at.gradients),
      coefficients: new Float32Array(buffer, ...at.coefficients),
      tokens: new Int32Array(buffer, ...at.tokens),
      logProbs: new Float64Array(buffer, ...at.logProbs),
      rowLengths: new Int32Array(buffer, ...at.rowLengths),
      lengths: new Int32Array(buffer, ...at.lengths),
      ended: new Int32Array(buffer, ...at.ended),
      seeds: new Uint32Array(buffer, ...at.seeds),
      sampler: new Float64Array(buffer, ...at.sampler),
      reason: new Uint8Array(buffer, ...at.reason),
    });
  return top;
}
