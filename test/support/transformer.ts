// test/ · Small decoders with random weights and tokens, and how far two gradients lie apart.
import { stream } from "../../src/maths/random.ts";
import type { Batch } from "../../src/worlds/transformer/model.ts";
import { initialWeights } from "../../src/worlds/transformer/reference.ts";
import { DEFAULT_SHAPE, layoutOf, type Shape } from "../../src/worlds/transformer/shape.ts";

/** Two layers, two heads; an epsilon and a base that matter. */
export const SMALL: Shape = {
  vocabulary: 12,
  context: 12,
  width: 8,
  layers: 2,
  heads: 2,
  hidden: 16,
  ropeBase: 100,
  normEpsilon: 0.1,
};

export const ODD: Shape = { ...DEFAULT_SHAPE, vocabulary: 16, width: 32, layers: 3, heads: 2, hidden: 40 };

/** Weights as before training, but with gains that differ from 1 and from each other. */
export function someWeights(shape: Shape, seed: number): Float64Array {
  const weights = initialWeights(shape, stream(seed, "test weights"));
  const draws = stream(seed, "test gains");
  for (const { dimensions, offset, size } of layoutOf(shape).tensors)
    if (dimensions.length === 1) for (let i = 0; i < size; i++) weights[offset + i]! += 0.3 * draws.normal();
  return weights;
}

export function someTokens(shape: Shape, rows: number, columns: number, seed: number): Batch {
  const draws = stream(seed, "test tokens");
  return { rows, columns, tokens: Int32Array.from({ length: rows * columns }, () => draws.integer(shape.vocabulary)) };
}

/** One for each token, of both signs and some 0, as advantages are; first tokens get one too, which shall not matter. */
export function someCoefficients({ rows, columns }: Batch, seed: number): Float64Array {
  const draws = stream(seed, "test coefficients");
  return Float64Array.from({ length: rows * columns }, () => (draws.uniform() < 0.2 ? 0 : draws.normal()));
}

/** The worst of all tensors: its largest difference over its largest entry in `wanted`. */
export function worstTensorError(shape: Shape, got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  const errors = layoutOf(shape).tensors.map(({ offset, size }) => {
    let [difference, largest] = [0, 0];
    for (let i = offset; i < offset + size; i++) {
      difference = Math.max(difference, Math.abs(got[i]! - wanted[i]!));
      largest = Math.max(largest, Math.abs(wanted[i]!));
    }
    return difference / largest;
  });
  // A NaN must not hide behind the others.
  return errors.reduce((worst, error) => (error <= worst ? worst : error), 0);
}
