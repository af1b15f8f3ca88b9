// worlds/ · Decoder: one token a row at a time, on the keys and values kept of the tokens before. Bit for bit what model.ts gives.
import { Kernels } from "./kernels.ts";
import { Parameters, type Linear } from "./parameters.ts";
import { checkShape, type Shape } from "./shape.ts";

export class Decoder {
  readonly shape: Shape;
  readonly slots: number;
  readonly #kernels = new Kernels();
  readonly #parameters: Parameters;
  readonly #keys: readonly number[];
  readonly #values: readonly number[];
  readonly #at: Readonly<Record<"tokens" | "slots" | "positions" | "scores" | "scales", number>>;
  readonly #wide: Readonly<
    Record<"stream" | "normed" | "query" | "key" | "value" | "attended" | "gate" | "up" | "product" | "logits", number>
  >;

  /** Room for `slots` sequences of the shape's context. */
  constructor(shape: Shape, slots: number) {
    this.shape = checkShape(shape);
    this.slots = slots;
    this.#parameters = new Parameters(this.#kernels, shape);
    const take = (count: number) => this.#kernels.take(count);
    const { width, hidden, vocabulary, context } = shape;
    this.#keys = this.#parameters.layers.map(() => take(slots * width * context));
    this.#values = this.#parameters.layers.map(() => take(slots * width * context));
    this.#at = {
      tokens: take(slots),
      slots: take(slots),
      positions: take(slots),
      scores: take(context),
      scales: take(slots),
    };
    this.#wide = {
      stream: take(slots * width),
      normed: take(slots * width),
      query: take(slots * width),
      key: take(slots * width),
      value: take(slots * width),
      attended: take(slots * width),
      gate: take(slots * hidden),
      up: take(slots * hidden),
      product: take(slots * hidden),
      logits: take(slots * vocabulary),
    };
  }

  setWeights(weights: Float32Array): void {
    this.#parameters.set(weights);
  }

  /**
   * Row r puts tokens[r] at positions[r] of slot slots[r], whose earlier positions have all been put; `rows` of them.
   * Gives the logits of what comes next, [rows, vocabulary]; a view that the next call overwrites.
   */
  step(rows: number, tokens: ArrayLike<number>, slots: ArrayLike<number>, positions: ArrayLike<number>): Float32Array {
    const { run } = this.#kernels;
    const our = this.#parameters;
    const at = this.#at;
    const w = this.#wide;
    const { width, heads, hidden, context, vocabulary, normEpsilon } = this.shape;
    const headWidth = width / heads;
    for (const [address, list] of [
      [at.tokens, tokens],
      [at.slots, slots],
      [at.positions, positions],
    ] as const) {
      const view = this.#kernels.whole(address, rows);
      for (let r = 0; r < rows; r++) view[r] = list[r]!;
    }
    run.embed(our.output.weight, at.tokens, w.stream, rows, width);
    our.layers.forEach((layer, i) => {
      run.norm(w.stream, our.at(layer.attentionNorm), w.normed, at.scales, rows, width, normEpsilon);
      this.#apply(w.normed, layer.query, w.query, rows);
      this.#apply(w.normed, layer.key, w.key, rows);
      this.#apply(w.normed, layer.value, w.value, rows);
      run.rotate(w.query, rows, width, headWidth, our.cosines, our.sines, at.positions, 0);
      run.rotate(w.key, rows, width, headWidth, our.cosines, our.sines, at.positions, 0);
      run.attendCached(
        w.query,
        w.key,
        w.value,
        w.attended,
        this.#keys[i]!,
        this.#values[i]!,
        at.scores,
        at.slots,
        at.positions,
        rows,
        heads,
        headWidth,
        context,
        1 / Math.sqrt(headWidth),
      );
      this.#apply(w.attended, layer.output, w.stream, rows, 1);
      run.norm(w.stream, our.at(layer.feedForwardNorm), w.normed, at.scales, rows, width, normEpsilon);
      this.#apply(w.normed, layer.gate, w.gate, rows);
      this.#apply(w.normed, layer.up, w.up, rows);
      run.gated(w.gate, w.up, w.product, w.product, rows * hidden);
      this.#apply(w.product, layer.down, w.stream, rows, 1);
    });
    run.norm(w.stream, our.at(our.finalNorm), w.normed, at.scales, rows, width, normEpsilon);
    this.#apply(w.normed, our.output, w.logits, rows);
    return this.#kernels.floats(w.logits, rows * vocabulary);
  }

  /** What slot `from` holds, into slot `to`. */
  copy(from: number, to: number): void {
    const size = this.shape.width * this.shape.context;
    for (const kept of [...this.#keys, ...this.#values]) {
      const all = this.#kernels.floats(kept, this.slots * size);
      all.copyWithin(to * size, from * size, (from + 1) * size);
    }
  }

  #apply(x: number, { turned, inputs, outputs }: Linear, y: number, rows: number, add = 0): void {
    this.#kernels.run.multiply(x, inputs, turned, outputs, y, outputs, rows, inputs, outputs, add);
  }
}
