// worlds/ · GGUF: a network as llama.cpp reads it.
//
// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, version 3: "GGUF", version, counts, metadata as key, type
// and value, tensors as name, sizes (inputs first), type and offset; then the data, each at a multiple of 32 bytes. All is
// little-endian. llama.cpp turns the pairs (2i, 2i + 1) as shape.ts does, so no row changes its place.
import { StudyError } from "../../terms/errors.ts";
import type { Shape } from "../transformer/shape.ts";
import { checkPortable, tensorsOf, type Portable } from "./portable.ts";

const ALIGNMENT = 32;
const F32 = 0;
const NORMAL_TOKEN = 1;

type Value =
  | { readonly type: "uint32" | "float32"; readonly value: number }
  | { readonly type: "bool"; readonly value: boolean }
  | { readonly type: "string"; readonly value: string }
  | { readonly type: "strings"; readonly value: readonly string[] }
  | { readonly type: "int32s"; readonly value: readonly number[] };
const TYPES = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const;

/**
 * The whole file, in float32. Input and output embedding are one, so that there is no output.weight. llama.cpp stops at the
 * end by itself; it takes sizes as small as checkShape lets through.
 *
 * @throws StudyError on sizes or characters that llama.cpp cannot take, and as checkPortable does
 */
export function toGguf(model: Portable): Uint8Array {
  const endToken = checkPortable(model);
  checkSizes(model.shape);
  const head = new Writer();
  head.raw(new TextEncoder().encode("GGUF")).uint32(3);
  const tensors = tensorsOf(model.shape, model.weights);
  const metadata = Object.entries(metadataOf(model, endToken));
  head.uint64(tensors.length).uint64(metadata.length);
  for (const [key, value] of metadata) head.string(key).value(value);
  let offset = 0;
  for (const { name, dimensions, data } of tensors) {
    head.string(ggufName(name)).uint32(dimensions.length);
    for (const size of dimensions.toReversed()) head.uint64(size);
    head.uint32(F32).uint64(offset);
    offset = aligned(offset + data.byteLength);
  }
  const dataAt = aligned(head.length);
  const bytes = new Uint8Array(dataAt + offset);
  head.copyTo(bytes);
  let at = dataAt;
  for (const { data } of tensors) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at = aligned(at + data.byteLength);
  }
  return bytes;
}

const aligned = (length: number): number => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

function metadataOf({ shape, vocabulary, name }: Portable, endToken: number): Record<string, Value> {
  const tokens = [...vocabulary];
  const uint32 = (value: number): Value => ({ type: "uint32", value });
  return {
    "general.architecture": { type: "string", value: "llama" },
    "general.name": { type: "string", value: name },
    "general.file_type": uint32(F32),
    "general.alignment": uint32(ALIGNMENT),
    "llama.vocab_size": uint32(shape.vocabulary),
    "llama.context_length": uint32(shape.context),
    "llama.embedding_length": uint32(shape.width),
    "llama.block_count": uint32(shape.layers),
    "llama.feed_forward_length": uint32(shape.hidden),
    "llama.attention.head_count": uint32(shape.heads),
    "llama.attention.head_count_kv": uint32(shape.heads),
    "llama.attention.layer_norm_rms_epsilon": { type: "float32", value: shape.normEpsilon },
    "llama.rope.dimension_count": uint32(shape.width / shape.heads),
    "llama.rope.freq_base": { type: "float32", value: shape.ropeBase },
    // Byte-pair encoding without a pair: one character is one token. The other kind, `llama`, wants a token for every byte.
    "tokenizer.ggml.model": { type: "string", value: "gpt2" },
    "tokenizer.ggml.pre": { type: "string", value: "gpt-2" },
    "tokenizer.ggml.tokens": { type: "strings", value: tokens },
    "tokenizer.ggml.token_type": { type: "int32s", value: tokens.map(() => NORMAL_TOKEN) },
    "tokenizer.ggml.merges": { type: "strings", value: [] },
    "tokenizer.ggml.eos_token_id": uint32(endToken),
    // Never put in front; but a file that names none gets token 11.
    "tokenizer.ggml.bos_token_id": uint32(endToken),
    "tokenizer.ggml.add_bos_token": { type: "bool", value: false },
    "tokenizer.ggml.add_eos_token": { type: "bool", value: false },
  };
}

const GGUF_NAMES: Readonly<Record<string, string>> = {
  "model.embed_tokens": "token_embd",
  "model.norm": "output_norm",
  input_layernorm: "attn_norm",
  "self_attn.q_proj": "attn_q",
  "self_attn.k_proj": "attn_k",
  "self_attn.v_proj": "attn_v",
  "self_attn.o_proj": "attn_output",
  post_attention_layernorm: "ffn_norm",
  "mlp.gate_proj": "ffn_gate",
  "mlp.up_proj": "ffn_up",
  "mlp.down_proj": "ffn_down",
};

/** `model.layers.1.mlp.up_proj.weight` is called `blk.1.ffn_up.weight`. */
function ggufName(name: string): string {
  const [, layer, part = ""] = /^(?:model\.layers\.(\d+)\.)?(.+)\.weight$/.exec(name) ?? [];
  return `${layer === undefined ? "" : `blk.${layer}.`}${GGUF_NAMES[part]!}.weight`;
}

/** Tried with node-llama-cpp 3.21.1: more layers abort the process, and a base that is no float32 gives wrong answers. */
const MOST = { layers: 512, context: 2 ** 31 - 1, ropeBase: 3.4e38, normEpsilon: 3.4e38 } as const;

function checkSizes(shape: Shape): void {
  for (const field of Object.keys(MOST) as (keyof typeof MOST)[])
    if (shape[field] > MOST[field])
      throw new StudyError({
        code: "gguf-size",
        what: `the transformer's ${field} is ${shape[field]}`,
        why: `but a GGUF export supports ${MOST[field]} at most, which is what llama.cpp takes`,
        mend: `export to safetensors, or train a world with a smaller ${field}`,
      });
}

/** Bytes that are added at the end. */
class Writer {
  readonly #parts: Uint8Array[] = [];
  length = 0;

  raw(part: Uint8Array): this {
    this.#parts.push(part);
    this.length += part.length;
    return this;
  }

  #number(width: number, set: (view: DataView) => void): this {
    const view = new DataView(new ArrayBuffer(width));
    set(view);
    return this.raw(new Uint8Array(view.buffer));
  }

  uint32(value: number): this {
    return this.#number(4, (view) => view.setUint32(0, value, true));
  }

  uint64(value: number): this {
    return this.#number(8, (view) => view.setBigUint64(0, BigInt(value), true));
  }

  string(text: string): this {
    const bytes = new TextEncoder().encode(text);
    return this.uint64(bytes.length).raw(bytes);
  }

  value({ type, value }: Value): this {
    switch (type) {
      case "uint32":
        return this.uint32(TYPES.uint32).uint32(value);
      case "float32":
        return this.uint32(TYPES.float32).#number(4, (view) => view.setFloat32(0, value, true));
      case "bool":
        return this.uint32(TYPES.bool).raw(Uint8Array.of(value ? 1 : 0));
      case "string":
        return this.uint32(TYPES.string).string(value);
      case "strings":
        this.uint32(TYPES.array).uint32(TYPES.string).uint64(value.length);
        for (const text of value) this.string(text);
        return this;
      case "int32s":
        this.uint32(TYPES.array).uint32(TYPES.int32).uint64(value.length);
        return this.raw(new Uint8Array(Int32Array.from(value).buffer));
    }
  }

  copyTo(bytes: Uint8Array): void {
    let at = 0;
    for (const part of this.#parts) {
      bytes.set(part, at);
      at += part.length;
    }
  }
}
