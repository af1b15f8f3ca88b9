// worlds/ · Hugging Face: a network as the folder of a llama that `transformers`, vLLM and their kin open.
import { checkPortable, tensorsOf, type Portable, type WeightTensor } from "./portable.ts";
import { writeSafetensors } from "./safetensors.ts";

/**
 * The files of the folder, by name, in float32. Input and output embedding are one, so that there is no lm_head.
 *
 * @throws StudyError as checkPortable does
 */
export function toHuggingFace(model: Portable): ReadonlyMap<string, Uint8Array> {
  const endToken = checkPortable(model);
  const { shape, weights, vocabulary, end } = model;
  const headWidth = shape.width / shape.heads;
  const tensors = tensorsOf(shape, weights).map((tensor) =>
    /\.(q_proj|k_proj)\./.test(tensor.name) ? { ...tensor, data: halvesApart(tensor, headWidth) } : tensor,
  );
  return new Map([
    ["config.json", json(configOf(model, endToken))],
    ["generation_config.json", json({ eos_token_id: endToken, do_sample: true, temperature: 1, top_k: 0, top_p: 1 })],
    ["model.safetensors", writeSafetensors(tensors, { format: "pt" })],
    ["tokenizer.json", json(tokenizerOf([...vocabulary]))],
    [
      "tokenizer_config.json",
      json({
        tokenizer_class: "PreTrainedTokenizerFast",
        eos_token: end,
        clean_up_tokenization_spaces: false,
        model_max_length: shape.context,
      }),
    ],
  ]);
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);

/**
 * Rows of a query or key map, moved within each head. There, entry i of a head is turned together with entry
 * i + headWidth / 2 (`rotate_half`), here entries 2i and 2i + 1 are: so row 2i goes to i, and row 2i + 1 to i + headWidth / 2.
 * Query and key move alike, so their products stay what they are.
 */
function halvesApart({ dimensions, data }: WeightTensor, headWidth: number): Float32Array {
  const [rows = 0, columns = 0] = dimensions;
  const moved = new Float32Array(data.length);
  for (let row = 0; row < rows; row++) {
    const entry = row % headWidth;
    const to = row - entry + Math.floor(entry / 2) + (entry % 2) * (headWidth / 2);
    moved.set(data.subarray(row * columns, (row + 1) * columns), to * columns);
  }
  return moved;
}

function configOf({ shape, name }: Portable, endToken: number) {
  return {
    _name_or_path: name,
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    vocab_size: shape.vocabulary,
    max_position_embeddings: shape.context,
    hidden_size: shape.width,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.heads,
    head_dim: shape.width / shape.heads,
    intermediate_size: shape.hidden,
    hidden_act: "silu",
    rope_theta: shape.ropeBase,
    rms_norm_eps: shape.normEpsilon,
    attention_bias: false,
    mlp_bias: false,
    tie_word_embeddings: true,
    torch_dtype: "float32",
    bos_token_id: null,
    eos_token_id: endToken,
    pad_token_id: null,
  };
}

/** The `tokenizers` library's document: every character for itself. */
function tokenizerOf(tokens: readonly string[]) {
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: "Split", pattern: { Regex: "." }, behavior: "Isolated", invert: false },
    post_processor: null,
    decoder: { type: "Fuse" },
    model: { type: "WordLevel", vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), unk_token: "<unk>" },
  };
}
