// test/ · The decoder once more, in jax-js: whole batches, one-hot embeddings and its own derivatives; shares no code with ours.
import { defaultDevice, init, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import type { Batch } from "../../src/worlds/transformer/model.ts";
import { layoutOf, type Shape } from "../../src/worlds/transformer/shape.ts";

type Weights = Record<string, np.Array>;

/** A function of jax-js frees what it is given, but for a `.ref`; the arrays here are few, so every one is given as a `.ref`. */
function logProbsOf(shape: Shape, w: Weights, tokens: np.Array, rows: number, columns: number): np.Array {
  const { vocabulary, width, layers, heads, normEpsilon, ropeBase } = shape;
  const headWidth = width / heads;
  const float64 = { dtype: np.float64 };
  const get = (name: string): np.Array => w[name]!.ref;
  const linear = (x: np.Array, name: string): np.Array => np.matmul(x.ref, np.transpose(get(`${name}.weight`)));
  const norm = (x: np.Array, name: string): np.Array => {
    const meanSquare = np.mean(np.square(x.ref), -1, { keepdims: true });
    return x.ref.mul(np.reciprocal(np.sqrt(meanSquare.add(normEpsilon)))).mul(get(`${name}.weight`));
  };
  const table = (of: (angle: number) => number): np.Array =>
    np.array(
      Array.from({ length: columns }, (_, t) =>
        Array.from({ length: headWidth / 2 }, (__, i) => of(t * ropeBase ** ((-2 * i) / headWidth))),
      ),
      float64,
    );
  const [cos, sin] = [table(Math.cos), table(Math.sin)];
  // [rows, columns, width] to [rows, heads, columns, headWidth]
  const split = (x: np.Array): np.Array => np.transpose(x.ref.reshape([rows, columns, heads, headWidth]), [0, 2, 1, 3]);
  const turn = (x: np.Array): np.Array => {
    const pairs = x.ref.reshape([rows, heads, columns, headWidth / 2, 2]);
    const [first, second] = [pairs.ref.slice([], [], [], [], 0), pairs.ref.slice([], [], [], [], 1)];
    return np
      .stack(
        [first.ref.mul(cos.ref).sub(second.ref.mul(sin.ref)), first.ref.mul(sin.ref).add(second.ref.mul(cos.ref))],
        -1,
      )
      .reshape([rows, heads, columns, headWidth]);
  };
  const future = np.triu(np.full([columns, columns], -1e30, float64), 1);
  const oneHot = nn.oneHot(tokens.ref, vocabulary).astype(np.float64);
  let x = np.matmul(oneHot.ref, get("model.embed_tokens.weight"));
  for (let i = 0; i < layers; i++) {
    const at = `model.layers.${i}`;
    const n = norm(x, `${at}.input_layernorm`);
    const query = turn(split(linear(n, `${at}.self_attn.q_proj`)));
    const key = turn(split(linear(n, `${at}.self_attn.k_proj`)));
    const value = split(linear(n, `${at}.self_attn.v_proj`));
    const scores = np.matmul(query, np.transpose(key, [0, 1, 3, 2])).div(Math.sqrt(headWidth));
    const mixed = np.matmul(nn.softmax(scores.add(future.ref), -1), value);
    const joined = np.transpose(mixed, [0, 2, 1, 3]).reshape([rows, columns, width]);
    x = x.add(linear(joined, `${at}.self_attn.o_proj`));
    const m = norm(x, `${at}.post_attention_layernorm`);
    const middle = nn.silu(linear(m, `${at}.mlp.gate_proj`)).mul(linear(m, `${at}.mlp.up_proj`));
    x = x.add(linear(middle, `${at}.mlp.down_proj`));
  }
  const laws = nn.logSoftmax(linear(norm(x, "model.norm"), "model.embed_tokens"), -1);
  const predicted = laws.slice([], [0, columns - 1], []).mul(oneHot.slice([], [1, columns], []));
  return np.sum(predicted, -1);
}

/** Log-probs (rows × (columns − 1): without the first tokens) and the gradient of Σ coefficient · logProb, both float64. */
export async function jaxDecoder(
  shape: Shape,
  weights: Float64Array,
  { tokens, rows, columns }: Batch,
  coefficients: Float64Array,
): Promise<{ logProbs: Float64Array; gradient: Float64Array }> {
  // Its "wasm" device would be quicker, but rounds the logarithm to 1e-5 and exp to 5e-7 even in float64; "cpu" is exact.
  await init("cpu");
  defaultDevice("cpu");
  const layout = layoutOf(shape);
  const given = (): Weights =>
    Object.fromEntries(
      layout.tensors.map(({ name, dimensions, offset, size }) => [
        name,
        np.array(weights.slice(offset, offset + size), { shape: [...dimensions] }),
      ]),
    );
  const ids = np.array(tokens.slice(), { shape: [rows, columns] });
  const counted = np.array(coefficients.slice(), { shape: [rows, columns] }).slice([], [1, columns]);
  const [, gradients] = valueAndGrad((w: Weights) => np.sum(logProbsOf(shape, w, ids, rows, columns).mul(counted.ref)))(
    given(),
  );
  const gradient = new Float64Array(layout.size);
  for (const { name, offset } of layout.tensors) gradient.set((await gradients[name]!.data()) as Float64Array, offset);
  const logProbs = (await logProbsOf(shape, given(), ids, rows, columns).data()) as Float64Array;
  return { logProbs, gradient };
}
