// worlds/ · Parameters: the weights in the kernels' memory, with the transposed copies and the rotary tables they are used with.
import type { Kernels } from "./kernels.ts";
import { layoutOf, type Layout, type Shape } from "./shape.ts";

/** A linear map y = W x: `weight` [outputs, inputs] as in the layout, `turned` [inputs, outputs] as the product wants it. */
export interface Linear {
  readonly offset: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly weight: number;
  readonly turned: number;
}

export interface LayerParameters {
  readonly attentionNorm: number;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly feedForwardNorm: number;
  readonly gate: Linear;
  readonly up: Linear;
  readonly down: Linear;
}

/** All addresses are of bytes in the kernels' memory; `at(offset)` is that of an entry of the flat array of weights. */
export class Parameters {
  readonly layout: Layout;
  readonly layers: readonly LayerParameters[];
  /** The embedding, used turned around as the output map. */
  readonly output: Linear;
  readonly finalNorm: number;
  readonly cosines: number;
  readonly sines: number;
  readonly #kernels: Kernels;
  readonly #weights: number;
  readonly #linears: Linear[] = [];

  constructor(kernels: Kernels, shape: Shape) {
    this.#kernels = kernels;
    this.layout = layoutOf(shape);
    this.#weights = kernels.take(this.layout.size);
    const { width, hidden, vocabulary } = shape;
    const linear = (offset: number, outputs: number, inputs: number): Linear => {
      const made = { offset, inputs, outputs, weight: this.at(offset), turned: kernels.take(inputs * outputs) };
      this.#linears.push(made);
      return made;
    };
    this.layers = this.layout.layers.map((layer) => ({
      attentionNorm: layer.attentionNorm,
      query: linear(layer.query, width, width),
      key: linear(layer.key, width, width),
      value: linear(layer.value, width, width),
      output: linear(layer.output, width, width),
      feedForwardNorm: layer.feedForwardNorm,
      gate: linear(layer.gate, hidden, width),
      up: linear(layer.up, hidden, width),
      down: linear(layer.down, width, hidden),
    }));
    this.output = linear(this.layout.embedding, vocabulary, width);
    this.finalNorm = this.layout.finalNorm;
    const headWidth = width / shape.heads;
    this.cosines = kernels.take(shape.context * headWidth);
    this.sines = kernels.take(shape.context * headWidth);
    const cosines = kernels.floats(this.cosines, shape.context * headWidth);
    const sines = kernels.floats(this.sines, shape.context * headWidth);
    for (let position = 0; position < shape.context; position++)
      for (let pair = 0; pair < headWidth / 2; pair++) {
        const angle = position * shape.ropeBase ** ((-2 * pair) / headWidth);
        const here = position * headWidth + 2 * pair;
        cosines[here] = cosines[here + 1] = Math.cos(angle);
        sines[here] = -Math.sin(angle);
        sines[here + 1] = Math.sin(angle);
      }
  }

  at(offset: number): number {
    return this.#weights + 4 * offset;
  }

  get(): Float32Array {
    return this.#kernels.floats(this.#weights, this.layout.size);
  }

  set(weights: Float32Array): void {
    if (weights.length !== this.layout.size)
      throw new RangeError(`this shape has ${this.layout.size} weights, got ${weights.length}`);
    this.get().set(weights);
    for (const { weight, turned, inputs, outputs } of this.#linears)
      this.#kernels.run.transpose(weight, inputs, turned, outputs, outputs, inputs);
  }
}
