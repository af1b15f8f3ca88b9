// worlds/ · Shape: the sizes of a decoder in the llama style, and where each of its tensors lies in one flat array.
//
// H. Touvron et al. (2023), "LLaMA", arXiv 2302.13971: RMSNorm before each block, rotary positions, SwiGLU. The embedding
// is also the output projection (tied). Linear maps are stored as [outputs, inputs], row-major: y = W x.
import { StudyError } from "../../terms/errors.ts";

export interface Shape {
  /** Tokens known. */
  readonly vocabulary: number;
  /** Tokens of prompt and answer together, at most. */
  readonly context: number;
  readonly width: number;
  readonly layers: number;
  /** Heads of width / heads each. */
  readonly heads: number;
  /** Width of the gated middle. */
  readonly hidden: number;
  /** Base of the rotary angles: position p turns pair i (entries 2i, 2i + 1) by p · base^(−2i / headWidth). */
  readonly ropeBase: number;
  /** Added to the mean square in RMSNorm. */
  readonly normEpsilon: number;
}

/** 105,792 parameters. */
export const DEFAULT_SHAPE: Shape = {
  vocabulary: 32,
  context: 64,
  width: 64,
  layers: 2,
  heads: 4,
  hidden: 184,
  ropeBase: 10_000,
  normEpsilon: 1e-5,
};

export interface Tensor {
  readonly name: string;
  /** [outputs, inputs], or [width] for a gain. */
  readonly dimensions: readonly number[];
  /** First entry in the flat array. */
  readonly offset: number;
  readonly size: number;
}

/** Tensors of one layer, as offsets into the flat array. */
export interface LayerOffsets {
  readonly attentionNorm: number;
  readonly query: number;
  readonly key: number;
  readonly value: number;
  readonly output: number;
  readonly feedForwardNorm: number;
  readonly gate: number;
  readonly up: number;
  readonly down: number;
}

export interface Layout {
  readonly tensors: readonly Tensor[];
  /** Parameters in all. */
  readonly size: number;
  readonly embedding: number;
  readonly layers: readonly LayerOffsets[];
  readonly finalNorm: number;
}

/** Names are those of Hugging Face's llama. */
export function layoutOf(shape: Shape): Layout {
  const { vocabulary, width, hidden } = shape;
  const tensors: Tensor[] = [];
  let size = 0;
  const place = (name: string, ...dimensions: number[]): number => {
    const offset = size;
    const length = dimensions.reduce((product, n) => product * n, 1);
    tensors.push({ name, dimensions, offset, size: length });
    size += length;
    return offset;
  };
  const embedding = place("model.embed_tokens.weight", vocabulary, width);
  const layers = Array.from({ length: shape.layers }, (_, i): LayerOffsets => {
    const at = `model.layers.${i}`;
    return {
      attentionNorm: place(`${at}.input_layernorm.weight`, width),
      query: place(`${at}.self_attn.q_proj.weight`, width, width),
      key: place(`${at}.self_attn.k_proj.weight`, width, width),
      value: place(`${at}.self_attn.v_proj.weight`, width, width),
      output: place(`${at}.self_attn.o_proj.weight`, width, width),
      feedForwardNorm: place(`${at}.post_attention_layernorm.weight`, width),
      gate: place(`${at}.mlp.gate_proj.weight`, hidden, width),
      up: place(`${at}.mlp.up_proj.weight`, hidden, width),
      down: place(`${at}.mlp.down_proj.weight`, width, hidden),
    };
  });
  const finalNorm = place("model.norm.weight", width);
  return { tensors, size, embedding, layers, finalNorm };
}

/** StudyError on sizes that the kernels cannot take: all are whole, and those they walk in fours are multiples of four. */
export function checkShape(shape: Shape): Shape {
  const refuse = (field: string, value: number, wanted: string): never => {
    throw new StudyError({
      code: "world-shape",
      what: `the transformer's ${field} is ${value}, but must be ${wanted}`,
      mend: `choose another ${field}`,
    });
  };
  const fours = ["vocabulary", "context", "width", "hidden"] as const;
  for (const field of fours) {
    const value = shape[field];
    if (!(Number.isInteger(value) && value > 0 && value % 4 === 0))
      refuse(field, value, "a whole number divisible by 4");
  }
  for (const field of ["layers", "heads"] as const)
    if (!(Number.isInteger(shape[field]) && shape[field] > 0)) refuse(field, shape[field], "a whole number above 0");
  if (shape.width % (4 * shape.heads) !== 0)
    refuse("width", shape.width, `divisible by 4 · heads = ${4 * shape.heads}`);
  if (!(shape.ropeBase > 1)) refuse("ropeBase", shape.ropeBase, "above 1");
  if (!(shape.normEpsilon > 0)) refuse("normEpsilon", shape.normEpsilon, "above 0");
  return shape;
}
