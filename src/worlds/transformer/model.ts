// worlds/ · Model: the transformer in single precision on the WebAssembly kernels. What it computes is said in reference.ts.
import { Kernels } from "./kernels.ts";
import { Parameters, type Linear } from "./parameters.ts";
import { logProbAt } from "./choice.ts";
import { checkShape, type Shape } from "./shape.ts";

/** Sequences side by side, padded to one length; what stands behind a sequence's end does not matter, it only sees backwards. */
export interface Batch {
  /** rows × columns token ids, row-major. */
  readonly tokens: Int32Array;
  readonly rows: number;
  readonly columns: number;
  /** Tokens of each row that matter, 1 … columns; all where not said. Sorted rows save work: a shard is as long as its longest. */
  readonly lengths?: ArrayLike<number>;
}

/** Positions that attend together, to all up to the last of them: what lies behind is not computed. */
const ATTENDING = 16;

/** Blocks of positions: the first, how many, and the end. */
function blocks(columns: number, see: (first: number, count: number, last: number) => void): void {
  for (let first = 0; first < columns; first += ATTENDING) {
    const last = Math.min(columns, first + ATTENDING);
    see(first, last - first, last);
  }
}

/** Columns that the shard from row `first` on needs. */
function shardColumns({ rows, columns, lengths }: Batch, first: number): number {
  if (lengths === undefined) return columns;
  let most = 1;
  for (let row = first; row < Math.min(rows, first + SHARD_ROWS); row++) most = Math.max(most, lengths[row]!);
  return most;
}

/** Rows whose gradients are summed before any others are added: fixed, so that the sum's order never depends on threads. */
export const SHARD_ROWS = 8;

/** What one layer keeps of its forward pass for the way back; addresses. */
interface LayerTrace {
  readonly input: number;
  readonly attentionNormed: number;
  readonly attentionScales: number;
  readonly query: number;
  readonly key: number;
  readonly value: number;
  readonly weights: number;
  readonly attended: number;
  readonly middle: number;
  readonly feedForwardNormed: number;
  readonly feedForwardScales: number;
  /** silu of the gate. */
  readonly gate: number;
  /** Its derivative. */
  readonly slope: number;
  readonly up: number;
  readonly product: number;
}

interface Trace {
  readonly columns: number;
  /** Columns rounded up to fours. */
  readonly padded: number;
  readonly tokens: number;
  readonly targets: number;
  readonly coefficients: number;
  readonly positions: number;
  readonly layers: readonly LayerTrace[];
  readonly output: number;
  readonly outputNormed: number;
  readonly outputScales: number;
  readonly logits: number;
  /** Scratch: keys or values of one head, turned; and derivatives. */
  readonly turned: number;
  readonly dStream: number;
  readonly dNormed: number;
  readonly dQuery: number;
  readonly dKey: number;
  readonly dValue: number;
  readonly dWeights: number;
  readonly dProduct: number;
}

function newTrace(kernels: Kernels, { context, width, hidden, heads, vocabulary, layers }: Shape): Trace {
  const tokens = SHARD_ROWS * context;
  const take = (count: number) => kernels.take(count);
  return {
    // Of no batch yet.
    columns: 0,
    padded: 0,
    tokens: take(tokens),
    targets: take(tokens),
    coefficients: take(tokens),
    positions: take(tokens),
    layers: Array.from({ length: layers }, () => ({
      input: take(tokens * width),
      attentionNormed: take(tokens * width),
      attentionScales: take(tokens),
      query: take(tokens * width),
      key: take(tokens * width),
      value: take(tokens * width),
      weights: take(tokens * heads * context),
      attended: take(tokens * width),
      middle: take(tokens * width),
      feedForwardNormed: take(tokens * width),
      feedForwardScales: take(tokens),
      gate: take(tokens * hidden),
      slope: take(tokens * hidden),
      up: take(tokens * hidden),
      product: take(tokens * hidden),
    })),
    output: take(tokens * width),
    outputNormed: take(tokens * width),
    outputScales: take(tokens),
    logits: take(tokens * vocabulary),
    turned: take((width / heads) * context),
    dStream: take(tokens * width),
    dNormed: take(tokens * width),
    dQuery: take(tokens * width),
    dKey: take(tokens * width),
    dValue: take(tokens * width),
    dWeights: take(ATTENDING * context),
    dProduct: take(tokens * hidden),
  };
}

export class Model {
  readonly shape: Shape;
  readonly kernels = new Kernels();
  readonly parameters: Parameters;
  readonly #gradient: number;
  #trace: Trace;

  constructor(shape: Shape) {
    this.shape = checkShape(shape);
    this.parameters = new Parameters(this.kernels, shape);
    this.#gradient = this.kernels.take(this.parameters.layout.size);
    this.#trace = newTrace(this.kernels, this.shape);
  }

  setWeights(weights: Float32Array): void {
    this.parameters.set(weights);
  }

  /** [b, t] = log p(token[b, t] | token[b, 0 … t − 1]) for t ≥ 1, natural, row-major; at [b, 0], and behind a row's end, it means nothing. */
  logProbs(batch: Batch): Float64Array {
    const out = new Float64Array(batch.rows * batch.columns);
    for (let first = 0; first < batch.rows; first += SHARD_ROWS)
      this.shardLogProbs(batch, first, out.subarray(first * batch.columns));
    return out;
  }

  /** Σ coefficients[b, t] · ∇ log p(token[b, t] | …), t ≥ 1, over all weights, summed shard after shard. */
  gradient(batch: Batch, coefficients: ArrayLike<number>): Float32Array {
    const total = new Float32Array(this.parameters.layout.size);
    for (let first = 0; first < batch.rows; first += SHARD_ROWS) {
      const part = this.shardGradient(batch, first, coefficients);
      for (let i = 0; i < total.length; i++) total[i] = total[i]! + part[i]!;
    }
    return total;
  }

  /** The rows of one shard, from row `first` on, into `out`. */
  shardLogProbs(batch: Batch, first: number, out: Float64Array): void {
    const rows = Math.min(SHARD_ROWS, batch.rows - first);
    this.#read(this.#forward(batch, first, rows), batch, first, rows, out);
  }

  #read(trace: Trace, batch: Batch, first: number, rows: number, out: Float64Array): void {
    const { vocabulary } = this.shape;
    const { columns } = trace;
    const logits = this.kernels.floats(trace.logits, rows * columns * vocabulary);
    out.fill(0, 0, rows * batch.columns);
    for (let row = 0; row < rows; row++)
      for (let t = 1; t < columns; t++) {
        const token = batch.tokens[(first + row) * batch.columns + t]!;
        out[row * batch.columns + t] = logProbAt(logits, (row * columns + t - 1) * vocabulary, vocabulary, token);
      }
  }

  /** The gradient of one shard, a view that the next call overwrites; its log-probabilities into `out`, where wanted. */
  shardGradient(batch: Batch, first: number, coefficients: ArrayLike<number>, out?: Float64Array): Float32Array {
    const rows = Math.min(SHARD_ROWS, batch.rows - first);
    const trace = this.#forward(batch, first, rows);
    if (out !== undefined) this.#read(trace, batch, first, rows, out);
    const { columns } = trace;
    const targets = this.kernels.whole(trace.targets, rows * columns);
    const wanted = this.kernels.floats(trace.coefficients, rows * columns);
    for (let row = 0; row < rows; row++)
      for (let t = 0; t < columns; t++) {
        const here = row * columns + t;
        const next = (first + row) * batch.columns + t + 1;
        const last = t === columns - 1;
        targets[here] = last ? 0 : batch.tokens[next]!;
        wanted[here] = last ? 0 : coefficients[next]!;
      }
    const view = this.kernels.floats(this.#gradient, this.parameters.layout.size);
    view.fill(0);
    this.#backward(trace, rows);
    return view;
  }

  /** The same places for every number of columns: they are laid out for the whole context. */
  #traceOf(columns: number): Trace {
    if (this.#trace.columns === columns) return this.#trace;
    if (!(columns >= 1 && columns <= this.shape.context))
      throw new RangeError(`a batch has 1 to ${this.shape.context} columns, got ${columns}`);
    this.#trace = { ...this.#trace, columns, padded: (columns + 3) & ~3 };
    const positions = this.kernels.whole(this.#trace.positions, SHARD_ROWS * columns);
    for (let i = 0; i < positions.length; i++) positions[i] = i % columns;
    return this.#trace;
  }

  /** y (+)= W x for `count` rows. */
  #apply(x: number, { turned, inputs, outputs }: Linear, y: number, count: number, add = 0): void {
    this.kernels.run.multiply(x, inputs, turned, outputs, y, outputs, count, inputs, outputs, add);
  }

  #copy(from: number, to: number, count: number): void {
    this.kernels.floats(to, count).set(this.kernels.floats(from, count));
  }

  #forward(batch: Batch, first: number, rows: number): Trace {
    const columns = shardColumns(batch, first);
    const trace = this.#traceOf(columns);
    const { run } = this.kernels;
    const { parameters: our } = this;
    const { width, hidden, normEpsilon } = this.shape;
    const count = rows * columns;
    const tokens = this.kernels.whole(trace.tokens, count);
    for (let row = 0; row < rows; row++) {
      const start = (first + row) * batch.columns;
      tokens.set(batch.tokens.subarray(start, start + columns), row * columns);
    }
    run.embed(our.output.weight, trace.tokens, trace.layers[0]?.input ?? trace.output, count, width);
    our.layers.forEach((layer, i) => {
      const t = trace.layers[i]!;
      run.norm(t.input, our.at(layer.attentionNorm), t.attentionNormed, t.attentionScales, count, width, normEpsilon);
      this.#apply(t.attentionNormed, layer.query, t.query, count);
      this.#apply(t.attentionNormed, layer.key, t.key, count);
      this.#apply(t.attentionNormed, layer.value, t.value, count);
      this.#rotate(trace, t.query, count, 0);
      this.#rotate(trace, t.key, count, 0);
      this.#attend(trace, t, rows);
      this.#copy(t.input, t.middle, count * width);
      this.#apply(t.attended, layer.output, t.middle, count, 1);
      run.norm(
        t.middle,
        our.at(layer.feedForwardNorm),
        t.feedForwardNormed,
        t.feedForwardScales,
        count,
        width,
        normEpsilon,
      );
      this.#apply(t.feedForwardNormed, layer.gate, t.gate, count);
      this.#apply(t.feedForwardNormed, layer.up, t.up, count);
      run.gated(t.gate, t.up, t.slope, t.product, count * hidden);
      const next = trace.layers[i + 1]?.input ?? trace.output;
      this.#copy(t.middle, next, count * width);
      this.#apply(t.product, layer.down, next, count, 1);
    });
    run.norm(trace.output, our.at(our.finalNorm), trace.outputNormed, trace.outputScales, count, width, normEpsilon);
    this.#apply(trace.outputNormed, our.output, trace.logits, count);
    return trace;
  }

  #rotate(trace: Trace, x: number, count: number, back: 0 | 1): void {
    const { width, heads } = this.shape;
    const { cosines, sines } = this.parameters;
    this.kernels.run.rotate(x, count, width, width / heads, cosines, sines, trace.positions, back);
  }

  /** Every head of every row: its number, and the byte offsets of its entries in [tokens, width] and in the weights. */
  #heads(trace: Trace, rows: number, see: (entries: number, weights: number) => void): void {
    const { width, heads } = this.shape;
    for (let row = 0; row < rows; row++)
      for (let head = 0; head < heads; head++)
        see(
          4 * (row * trace.columns * width + head * (width / heads)),
          4 * (row * heads + head) * trace.columns * trace.padded,
        );
  }

  #attend(trace: Trace, t: LayerTrace, rows: number): void {
    const { run } = this.kernels;
    const { width, heads } = this.shape;
    const { columns, padded, turned } = trace;
    const headWidth = width / heads;
    const float = 4;
    this.#heads(trace, rows, (at, seen) => {
      run.transpose(t.key + at, width, turned, padded, columns, headWidth);
      blocks(columns, (first, count, last) => {
        const row = at + float * first * width;
        const weights = t.weights + seen + float * first * padded;
        const reach = (last + 3) & ~3;
        run.multiply(t.query + row, width, turned, padded, weights, padded, count, headWidth, reach, 0);
        run.attend(weights, padded, count, first, reach, 1 / Math.sqrt(headWidth));
        run.multiply(weights, padded, t.value + at, width, t.attended + row, width, count, last, headWidth, 0);
      });
    });
  }

  /** From dOut: adds dW to the gradient, and puts (or adds) dX. */
  #applyBack(x: number, linear: Linear, dOut: number, dX: number, count: number, add: 0 | 1): void {
    const { offset, inputs, outputs, weight } = linear;
    const dWeight = this.#gradient + 4 * offset;
    this.kernels.run.multiplyTurned(dOut, outputs, x, inputs, dWeight, inputs, outputs, count, inputs, 1);
    this.kernels.run.multiply(dOut, outputs, weight, inputs, dX, inputs, count, outputs, inputs, add);
  }

  #normBack(x: number, gain: number, scales: number, dOut: number, dX: number, count: number): void {
    const { parameters: our } = this;
    this.kernels.run.normBack(x, our.at(gain), scales, dOut, dX, this.#gradient + 4 * gain, count, this.shape.width);
  }

  #backward(trace: Trace, rows: number): void {
    const { run } = this.kernels;
    const { parameters: our } = this;
    const { width, hidden, vocabulary } = this.shape;
    const count = rows * trace.columns;
    const { dStream, dNormed, dQuery, dKey, dValue, dProduct } = trace;
    run.chooseBack(trace.logits, trace.targets, trace.coefficients, count, vocabulary);
    this.#applyBack(trace.outputNormed, our.output, trace.logits, dNormed, count, 0);
    this.kernels.floats(dStream, count * width).fill(0);
    this.#normBack(trace.output, our.finalNorm, trace.outputScales, dNormed, dStream, count);
    for (let i = our.layers.length - 1; i >= 0; i--) {
      const layer = our.layers[i]!;
      const t = trace.layers[i]!;
      this.#applyBack(t.product, layer.down, dStream, dProduct, count, 0);
      run.gatedBack(t.gate, t.slope, t.up, dProduct, count * hidden);
      this.#applyBack(t.feedForwardNormed, layer.gate, t.slope, dNormed, count, 0);
      this.#applyBack(t.feedForwardNormed, layer.up, t.up, dNormed, count, 1);
      this.#normBack(t.middle, layer.feedForwardNorm, t.feedForwardScales, dNormed, dStream, count);
      this.#applyBack(t.attended, layer.output, dStream, dNormed, count, 0);
      this.#attendBack(trace, t, rows);
      this.#rotate(trace, dQuery, count, 1);
      this.#rotate(trace, dKey, count, 1);
      this.#applyBack(t.attentionNormed, layer.query, dQuery, dNormed, count, 0);
      this.#applyBack(t.attentionNormed, layer.key, dKey, dNormed, count, 1);
      this.#applyBack(t.attentionNormed, layer.value, dValue, dNormed, count, 1);
      this.#normBack(t.input, layer.attentionNorm, t.attentionScales, dNormed, dStream, count);
    }
    run.embedBack(this.#gradient + 4 * our.output.offset, trace.tokens, dStream, count, width);
  }

  /** From the derivative by what was attended to (in dNormed) to those by query, key and value. */
  #attendBack(trace: Trace, t: LayerTrace, rows: number): void {
    const { run } = this.kernels;
    const { width, heads } = this.shape;
    const { columns, padded, turned, dNormed, dWeights, dQuery, dKey, dValue } = trace;
    const headWidth = width / heads;
    const float = 4;
    for (const gradient of [dKey, dValue]) this.kernels.floats(gradient, rows * columns * width).fill(0);
    this.#heads(trace, rows, (at, seen) => {
      run.transpose(t.value + at, width, turned, padded, columns, headWidth);
      blocks(columns, (first, count, last) => {
        const row = at + float * first * width;
        const weights = t.weights + seen + float * first * padded;
        const reach = (last + 3) & ~3;
        run.multiply(dNormed + row, width, turned, padded, dWeights, padded, count, headWidth, reach, 0);
        run.multiplyTurned(weights, padded, dNormed + row, width, dValue + at, width, last, count, headWidth, 1);
        run.attendBack(weights, dWeights, padded, count, reach, 1 / Math.sqrt(headWidth));
        run.multiply(dWeights, padded, t.key + at, width, dQuery + row, width, count, last, headWidth, 0);
        run.multiplyTurned(dWeights, padded, t.query + row, width, dKey + at, width, last, count, headWidth, 1);
      });
    });
  }
}
