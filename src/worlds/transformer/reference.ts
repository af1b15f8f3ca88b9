// worlds/ · Reference: the decoder and its gradient in plain float64, to read and to check the kernels by.
//
// H. Touvron et al. (2023), "LLaMA", arXiv 2302.13971. Slow: sizes as in shape.ts, one sequence at a time.
import { logSumExp } from "../../maths/logspace.ts";
import type { Stream } from "../../maths/random.ts";
import { StudyError } from "../../terms/errors.ts";
import type { Batch } from "./model.ts";
import {
  type Attended,
  attention,
  attentionBackward,
  linear,
  linearBackward,
  rmsNorm,
  rmsNormBackward,
  rotate,
  swiGlu,
  swiGluBackward,
} from "./reference-blocks.ts";
import { type LayerOffsets, layoutOf, type Shape } from "./shape.ts";

/**
 * Weights to begin training with, laid out as in shape.ts: gains 1; linear maps N(0, 1 / inputs), so that they keep a normed
 * row's size, the embedding as one of them (it is the output map too); the maps that write to the residual stream smaller
 * by √(2 · layers), as in GPT-2 (A. Radford et al. 2019, §2.3), since so many of them add up.
 */
export function initialWeights(shape: Shape, stream: Stream): Float64Array {
  const { tensors, size } = layoutOf(shape);
  const weights = new Float64Array(size);
  for (const { name, dimensions, offset, size: length } of tensors) {
    const tensor = weights.subarray(offset, offset + length);
    const [, inputs] = dimensions;
    if (inputs === undefined) tensor.fill(1);
    else {
      const isResidual = /\.(o_proj|down_proj)\./.test(name);
      const deviation = 1 / Math.sqrt(inputs * (isResidual ? 2 * shape.layers : 1));
      stream.normals(tensor).forEach((normal, i) => (tensor[i] = deviation * normal));
    }
  }
  return weights;
}

/** The weights by name, as views into one flat array; the same on the array of gradients. */
function parts(shape: Shape, flat: Float64Array) {
  const { vocabulary, width, hidden } = shape;
  const layout = layoutOf(shape);
  if (flat.length !== layout.size)
    throw new StudyError({
      code: "world-weights",
      what: `there are ${flat.length} weights, but this shape has ${layout.size}`,
      mend: "give the shape that the weights were made for",
    });
  const view = (offset: number, rows: number, columns = 1) => flat.subarray(offset, offset + rows * columns);
  const layer = (at: LayerOffsets) => ({
    attentionNorm: view(at.attentionNorm, width),
    query: view(at.query, width, width),
    key: view(at.key, width, width),
    value: view(at.value, width, width),
    output: view(at.output, width, width),
    feedForwardNorm: view(at.feedForwardNorm, width),
    gate: view(at.gate, hidden, width),
    up: view(at.up, hidden, width),
    down: view(at.down, width, hidden),
  });
  return {
    embedding: view(layout.embedding, vocabulary, width),
    layers: layout.layers.map(layer),
    finalNorm: view(layout.finalNorm, width),
  };
}
type Parts = ReturnType<typeof parts>;

const add = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, i) => value + b[i]!);

/** x + Wo · attention(RoPE(Wq n), RoPE(Wk n), Wv n) with n = RMSNorm(x); what the derivative needs is kept. */
function attentionBlock(shape: Shape, w: Parts["layers"][number], x: Float64Array) {
  const { width, heads, ropeBase, normEpsilon } = shape;
  const normed = rmsNorm(x, w.attentionNorm, normEpsilon);
  const attended: Attended = {
    query: rotate(linear(normed, w.query, width), width, heads, ropeBase, 1),
    key: rotate(linear(normed, w.key, width), width, heads, ropeBase, 1),
    value: linear(normed, w.value, width),
  };
  const mixed = attention(attended, width, heads);
  return { x, normed, attended, mixed, y: add(x, linear(mixed, w.output, width)) };
}

function attentionBlockBackward(
  shape: Shape,
  w: Parts["layers"][number],
  dW: Parts["layers"][number],
  kept: ReturnType<typeof attentionBlock>,
  dY: Float64Array,
): Float64Array {
  const { width, heads, ropeBase, normEpsilon } = shape;
  const { x, normed, attended, mixed } = kept;
  const dMixed = linearBackward(dY, mixed, w.output, dW.output, width);
  const d = attentionBackward(dMixed, attended, width, heads);
  const dQuery = rotate(d.query, width, heads, ropeBase, -1);
  const dKey = rotate(d.key, width, heads, ropeBase, -1);
  const dNormed = [
    linearBackward(dQuery, normed, w.query, dW.query, width),
    linearBackward(dKey, normed, w.key, dW.key, width),
    linearBackward(d.value, normed, w.value, dW.value, width),
  ].reduce(add);
  return add(dY, rmsNormBackward(dNormed, x, w.attentionNorm, dW.attentionNorm, normEpsilon));
}

/** x + Wdown (silu(Wgate n) ∘ Wup n) with n = RMSNorm(x). */
function feedForwardBlock(shape: Shape, w: Parts["layers"][number], x: Float64Array) {
  const normed = rmsNorm(x, w.feedForwardNorm, shape.normEpsilon);
  const gate = linear(normed, w.gate, shape.width);
  const up = linear(normed, w.up, shape.width);
  const middle = swiGlu(gate, up);
  return { x, normed, gate, up, middle, y: add(x, linear(middle, w.down, shape.hidden)) };
}

function feedForwardBlockBackward(
  shape: Shape,
  w: Parts["layers"][number],
  dW: Parts["layers"][number],
  kept: ReturnType<typeof feedForwardBlock>,
  dY: Float64Array,
): Float64Array {
  const { x, normed, gate, up, middle } = kept;
  const dMiddle = linearBackward(dY, middle, w.down, dW.down, shape.hidden);
  const d = swiGluBackward(dMiddle, gate, up);
  const dNormed = add(
    linearBackward(d.gate, normed, w.gate, dW.gate, shape.width),
    linearBackward(d.up, normed, w.up, dW.up, shape.width),
  );
  return add(dY, rmsNormBackward(dNormed, x, w.feedForwardNorm, dW.feedForwardNorm, shape.normEpsilon));
}

/** The whole decoder on one sequence. */
function forward(shape: Shape, w: Parts, tokens: ArrayLike<number>) {
  checkTokens(shape, tokens);
  const { width, normEpsilon } = shape;
  let x: Float64Array = new Float64Array(tokens.length * width);
  for (let t = 0; t < tokens.length; t++)
    x.set(w.embedding.subarray(tokens[t]! * width, (tokens[t]! + 1) * width), t * width);
  const layers = w.layers.map((layer) => {
    const attentive = attentionBlock(shape, layer, x);
    const feedForward = feedForwardBlock(shape, layer, attentive.y);
    x = feedForward.y;
    return { attentive, feedForward };
  });
  const normed = rmsNorm(x, w.finalNorm, normEpsilon);
  return { layers, x, normed, logits: linear(normed, w.embedding, width) };
}

/** Adds to dW what one sequence contributes. */
function backward(
  shape: Shape,
  w: Parts,
  dW: Parts,
  tokens: ArrayLike<number>,
  kept: ReturnType<typeof forward>,
  dLogits: Float64Array,
): void {
  const { width, normEpsilon } = shape;
  const dNormed = linearBackward(dLogits, kept.normed, w.embedding, dW.embedding, width);
  let dX = rmsNormBackward(dNormed, kept.x, w.finalNorm, dW.finalNorm, normEpsilon);
  for (let i = shape.layers - 1; i >= 0; i--) {
    const { attentive, feedForward } = kept.layers[i]!;
    dX = feedForwardBlockBackward(shape, w.layers[i]!, dW.layers[i]!, feedForward, dX);
    dX = attentionBlockBackward(shape, w.layers[i]!, dW.layers[i]!, attentive, dX);
  }
  // The embedding once more, as what the sequence begins with.
  dX.forEach((d, at) => (dW.embedding[tokens[Math.floor(at / width)]! * width + (at % width)]! += d));
}

function checkTokens({ vocabulary, context }: Shape, tokens: ArrayLike<number>): void {
  if (tokens.length > context)
    throw new StudyError({
      code: "world-context",
      what: `${tokens.length} tokens do not fit a context of ${context}`,
      mend: `give at most ${context} tokens`,
    });
  for (let t = 0; t < tokens.length; t++)
    if (!(Number.isInteger(tokens[t]) && tokens[t]! >= 0 && tokens[t]! < vocabulary))
      throw new StudyError({
        code: "world-token",
        what: `token id ${tokens[t]} at ${t} is outside the vocabulary of ${vocabulary}`,
        mend: `use whole ids from 0 to ${vocabulary - 1}`,
      });
}

/**
 * Logits after each token of one sequence: row t is that of token t + 1, tokens × vocabulary.
 *
 * @throws StudyError on a token id outside the vocabulary, on more tokens than the context, on weights of another shape
 */
export function logitsOf(shape: Shape, weights: Float64Array, tokens: ArrayLike<number>): Float64Array {
  return forward(shape, parts(shape, weights), tokens).logits;
}

const rowOf = ({ tokens, columns }: Batch, row: number): Int32Array =>
  tokens.subarray(row * columns, (row + 1) * columns);

/** log softmax of the logits after token t. */
function logLaw({ vocabulary }: Shape, logits: Float64Array, t: number): Float64Array {
  const row = logits.subarray(t * vocabulary, (t + 1) * vocabulary);
  const total = logSumExp(row);
  return row.map((logit) => logit - total);
}

/**
 * Natural log of p(token t | tokens 0 … t − 1) in nats, rows × columns. The first token of a row is given, not predicted:
 * its entry is 0 and means nothing.
 */
export function referenceLogProbs(shape: Shape, weights: Float64Array, batch: Batch): Float64Array {
  const { rows, columns } = batch;
  const logProbs = new Float64Array(rows * columns);
  for (let b = 0; b < rows; b++) {
    const tokens = rowOf(batch, b);
    const logits = logitsOf(shape, weights, tokens);
    for (let t = 1; t < columns; t++) logProbs[b * columns + t] = logLaw(shape, logits, t - 1)[tokens[t]!]!;
  }
  return logProbs;
}

/**
 * Gradient of Σ coefficient · logProb over all entries with t ≥ 1, with respect to all weights, laid out like them. The
 * coefficients (rows × columns) of first tokens are not read.
 */
export function referenceGradient(
  shape: Shape,
  weights: Float64Array,
  batch: Batch,
  coefficients: ArrayLike<number>,
): Float64Array {
  const { rows, columns } = batch;
  const { vocabulary } = shape;
  const gradient = new Float64Array(weights.length);
  const [w, dW] = [parts(shape, weights), parts(shape, gradient)];
  for (let b = 0; b < rows; b++) {
    const tokens = rowOf(batch, b);
    const kept = forward(shape, w, tokens);
    const dLogits = new Float64Array(columns * vocabulary);
    for (let t = 1; t < columns; t++) {
      // ∂ log p(token) / ∂ logit v = [v is the token] − p(v)
      const law = logLaw(shape, kept.logits, t - 1);
      const coefficient = coefficients[b * columns + t]!;
      for (let v = 0; v < vocabulary; v++)
        dLogits[(t - 1) * vocabulary + v] = coefficient * ((v === tokens[t] ? 1 : 0) - Math.exp(law[v]!));
    }
    backward(shape, w, dW, tokens, kept, dLogits);
  }
  return gradient;
}
