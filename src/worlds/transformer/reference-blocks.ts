// worlds/ · Reference blocks: the parts of a decoder in plain float64, each followed by its derivative.
//
// A matrix is a flat row-major array, one row a position of the sequence. Derivatives are those of one scalar S: dY stands
// for ∂S/∂y. What a derivative returns is new; gradients of weights are added to what their array holds.
import { expit } from "../../maths/logspace.ts";

/** y = W x for each row x; W is [outputs, inputs]. */
export function linear(x: Float64Array, w: Float64Array, inputs: number): Float64Array {
  const rows = x.length / inputs;
  const outputs = w.length / inputs;
  const y = new Float64Array(rows * outputs);
  for (let t = 0; t < rows; t++)
    for (let o = 0; o < outputs; o++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += w[o * inputs + i]! * x[t * inputs + i]!;
      y[t * outputs + o] = sum;
    }
  return y;
}

/** dX = Wᵀ dY is returned, dW += dY xᵀ. */
export function linearBackward(
  dY: Float64Array,
  x: Float64Array,
  w: Float64Array,
  dW: Float64Array,
  inputs: number,
): Float64Array {
  const rows = x.length / inputs;
  const outputs = w.length / inputs;
  const dX = new Float64Array(x.length);
  for (let t = 0; t < rows; t++)
    for (let o = 0; o < outputs; o++) {
      const d = dY[t * outputs + o]!;
      for (let i = 0; i < inputs; i++) {
        dX[t * inputs + i]! += d * w[o * inputs + i]!;
        dW[o * inputs + i]! += d * x[t * inputs + i]!;
      }
    }
  return dX;
}

/** Root mean square of row t, with epsilon under the root. */
function rootMeanSquare(x: Float64Array, t: number, width: number, epsilon: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += x[t * width + i]! ** 2;
  return Math.sqrt(sum / width + epsilon);
}

/** RMSNorm: y = gain ∘ x / rms(x) for each row. B. Zhang & R. Sennrich (2019), arXiv 1910.07467, eq. 4. */
export function rmsNorm(x: Float64Array, gain: Float64Array, epsilon: number): Float64Array {
  const width = gain.length;
  const y = new Float64Array(x.length);
  for (let t = 0; t < x.length / width; t++) {
    const rms = rootMeanSquare(x, t, width, epsilon);
    for (let i = 0; i < width; i++) y[t * width + i] = (gain[i]! * x[t * width + i]!) / rms;
  }
  return y;
}

/** dX = (gain ∘ dY − x · mean(gain ∘ dY ∘ x) / rms²) / rms is returned, dGain += dY ∘ x / rms. */
export function rmsNormBackward(
  dY: Float64Array,
  x: Float64Array,
  gain: Float64Array,
  dGain: Float64Array,
  epsilon: number,
): Float64Array {
  const width = gain.length;
  const dX = new Float64Array(x.length);
  for (let t = 0; t < x.length / width; t++) {
    const rms = rootMeanSquare(x, t, width, epsilon);
    let along = 0;
    for (let i = 0; i < width; i++) {
      const at = t * width + i;
      along += (gain[i]! * dY[at]! * x[at]!) / width;
      dGain[i]! += (dY[at]! * x[at]!) / rms;
    }
    for (let i = 0; i < width; i++) {
      const at = t * width + i;
      dX[at] = (gain[i]! * dY[at]! - (x[at]! * along) / rms ** 2) / rms;
    }
  }
  return dX;
}

/**
 * RoPE: within each head of row t, pair (2i, 2i + 1) is turned by the angle t · base^(−2i / headWidth), so that a product of
 * a turned query and a turned key depends on the distance of their positions alone. J. Su et al. (2021), arXiv 2104.09864, eq. 34.
 * With sense −1 it turns back, which is also the derivative: a rotation's transpose is its inverse.
 */
export function rotate(x: Float64Array, width: number, heads: number, base: number, sense: 1 | -1): Float64Array {
  const headWidth = width / heads;
  const y = new Float64Array(x.length);
  for (let at = 0; at < x.length; at += 2) {
    const position = Math.floor(at / width);
    const angle = sense * position * base ** (-(at % headWidth) / headWidth);
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    y[at] = x[at]! * cos - x[at + 1]! * sin;
    y[at + 1] = x[at]! * sin + x[at + 1]! * cos;
  }
  return y;
}

/** What attention reads: rows of query, key and value, their heads side by side. */
export interface Attended {
  readonly query: Float64Array;
  readonly key: Float64Array;
  readonly value: Float64Array;
}

/** Product of the entries of one head in row t of a and row s of b. */
function headProduct(
  a: Float64Array,
  t: number,
  b: Float64Array,
  s: number,
  width: number,
  from: number,
  to: number,
): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += a[t * width + i]! * b[s * width + i]!;
  return sum;
}

/** softmax over s ≤ t of query_t · key_s / √headWidth, for the head with entries from … to − 1: the weights that row t gives. */
function attentionWeights({ query, key }: Attended, t: number, width: number, from: number, to: number): Float64Array {
  const scores = new Float64Array(t + 1);
  for (let s = 0; s <= t; s++) scores[s] = headProduct(query, t, key, s, width, from, to) / Math.sqrt(to - from);
  const highest = Math.max(...scores);
  const raised = scores.map((score) => Math.exp(score - highest));
  const total = raised.reduce((sum, e) => sum + e, 0);
  return raised.map((e) => e / total);
}

/** Causal attention: each head's row t is the weighted mean of its values up to t. A. Vaswani et al. (2017), arXiv 1706.03762, eq. 1. */
export function attention(attended: Attended, width: number, heads: number): Float64Array {
  const { value } = attended;
  const headWidth = width / heads;
  const y = new Float64Array(value.length);
  for (let t = 0; t < value.length / width; t++)
    for (let from = 0; from < width; from += headWidth) {
      const weights = attentionWeights(attended, t, width, from, from + headWidth);
      for (let s = 0; s <= t; s++)
        for (let i = from; i < from + headWidth; i++) y[t * width + i]! += weights[s]! * value[s * width + i]!;
    }
  return y;
}

/** dWeight_s = dY_t · value_s, dScore_s = weight_s (dWeight_s − Σ weight dWeight), and from the scores to query and key. */
export function attentionBackward(dY: Float64Array, attended: Attended, width: number, heads: number): Attended {
  const { query, key, value } = attended;
  const headWidth = width / heads;
  const [dQuery, dKey, dValue] = [query, key, value].map(({ length }) => new Float64Array(length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let t = 0; t < value.length / width; t++)
    for (let from = 0; from < width; from += headWidth) {
      const to = from + headWidth;
      const weights = attentionWeights(attended, t, width, from, to);
      const dWeights = weights.map((_, s) => headProduct(dY, t, value, s, width, from, to));
      const mean = weights.reduce((sum, weight, s) => sum + weight * dWeights[s]!, 0);
      for (let s = 0; s <= t; s++) {
        const dScore = (weights[s]! * (dWeights[s]! - mean)) / Math.sqrt(headWidth);
        for (let i = from; i < to; i++) {
          dValue[s * width + i]! += weights[s]! * dY[t * width + i]!;
          dQuery[t * width + i]! += dScore * key[s * width + i]!;
          dKey[s * width + i]! += dScore * query[t * width + i]!;
        }
      }
    }
  return { query: dQuery, key: dKey, value: dValue };
}

/** The middle of SwiGLU: silu(gate) ∘ up, with silu(x) = x · expit(x). N. Shazeer (2020), arXiv 2002.05202, eq. 6. */
export function swiGlu(gate: Float64Array, up: Float64Array): Float64Array {
  return gate.map((g, i) => g * expit(g) * up[i]!);
}

/** silu′(x) = expit(x) · (1 + x · (1 − expit(x))). */
export function swiGluBackward(
  dY: Float64Array,
  gate: Float64Array,
  up: Float64Array,
): { readonly gate: Float64Array; readonly up: Float64Array } {
  const slope = (g: number): number => expit(g) * (1 + g * (1 - expit(g)));
  return {
    gate: gate.map((g, i) => dY[i]! * up[i]! * slope(g)),
    up: gate.map((g, i) => dY[i]! * g * expit(g)),
  };
}
