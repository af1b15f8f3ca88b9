import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { GGMLQuantizationType, gguf } from "@huggingface/gguf";
import { describe, expect, test } from "vitest";
import { toGguf } from "../../../src/worlds/files/gguf.ts";
import type { Portable } from "../../../src/worlds/files/portable.ts";
import { DEFAULT_SHAPE, layoutOf } from "../../../src/worlds/transformer/shape.ts";
import { CHARACTERS } from "../../../src/worlds/vocabulary.ts";
import { ODD, someWeights } from "../../support/transformer.ts";
import { newFolder, refusal } from "./scratch.ts";

const model = (shape = DEFAULT_SHAPE, vocabulary = CHARACTERS): Portable => ({
  shape,
  weights: Float32Array.from(someWeights(shape, 1)),
  vocabulary,
  end: ".",
  name: "steady-hand/base, größer",
});

/** As Hugging Face's reader of GGUF files finds it. */
async function readBack(bytes: Uint8Array) {
  const file = join(newFolder(), "model.gguf");
  writeFileSync(file, bytes);
  return gguf(file, { allowLocalFile: true, typedMetadata: true });
}

// Log-probabilities in llama.cpp itself (node-llama-cpp 3.21.1, 64 random tokens, random weights) differed from those of the
// float64 reference by 2.1e-6 at most in the default shape, by 5.7e-5 in one of 512 layers.
describe("a GGUF file", () => {
  test.each([
    ["of the default shape", model()],
    ["of an odd shape", model({ ...ODD, ropeBase: 500, normEpsilon: 0.25 }, CHARACTERS.slice(10, 26))],
  ])("%s says its sizes and its tokenizer as llama.cpp wants them", async (_, written) => {
    const { shape, vocabulary, name } = written;
    const { metadata, typedMetadata } = await readBack(toGguf(written));
    expect(metadata).toEqual({
      version: 3,
      tensor_count: BigInt(2 + 9 * shape.layers),
      kv_count: 23n,
      "general.architecture": "llama",
      "general.name": name,
      "general.file_type": 0,
      "general.alignment": 32,
      "llama.vocab_size": shape.vocabulary,
      "llama.context_length": shape.context,
      "llama.embedding_length": shape.width,
      "llama.block_count": shape.layers,
      "llama.feed_forward_length": shape.hidden,
      "llama.attention.head_count": shape.heads,
      "llama.attention.head_count_kv": shape.heads,
      "llama.attention.layer_norm_rms_epsilon": Math.fround(shape.normEpsilon),
      "llama.rope.dimension_count": shape.width / shape.heads,
      "llama.rope.freq_base": shape.ropeBase,
      "tokenizer.ggml.model": "gpt2",
      "tokenizer.ggml.pre": "gpt-2",
      "tokenizer.ggml.tokens": [...vocabulary],
      "tokenizer.ggml.token_type": [...vocabulary].map(() => 1),
      "tokenizer.ggml.merges": [],
      "tokenizer.ggml.eos_token_id": vocabulary.indexOf("."),
      "tokenizer.ggml.bos_token_id": vocabulary.indexOf("."),
      "tokenizer.ggml.add_bos_token": false,
      "tokenizer.ggml.add_eos_token": false,
    });
    expect(typedMetadata).toHaveProperty(["tokenizer.ggml.token_type", "subType"], 5);
  });

  test.each([
    ["the default shape", model()],
    ["an odd shape", model(ODD, CHARACTERS.slice(10, 26))],
  ])("holds every weight of %s where its name says, to the last bit", async (_, written) => {
    const bytes = toGguf(written);
    const { tensorInfos, tensorDataOffset } = await readBack(bytes);
    const layout = layoutOf(written.shape);
    expect(tensorInfos.map(({ name }) => name).slice(0, 11)).toEqual([
      "token_embd.weight",
      "blk.0.attn_norm.weight",
      "blk.0.attn_q.weight",
      "blk.0.attn_k.weight",
      "blk.0.attn_v.weight",
      "blk.0.attn_output.weight",
      "blk.0.ffn_norm.weight",
      "blk.0.ffn_gate.weight",
      "blk.0.ffn_up.weight",
      "blk.0.ffn_down.weight",
      "blk.1.attn_norm.weight",
    ]);
    expect(tensorInfos.at(-1)!.name).toBe("output_norm.weight");
    expect(tensorInfos.length).toBe(layout.tensors.length);
    tensorInfos.forEach(({ shape, dtype, offset }, i) => {
      const { dimensions, offset: from, size } = layout.tensors[i]!;
      // Sizes are told in the other order: that of the entries side by side first.
      expect([shape.map(Number), dtype]).toEqual([dimensions.toReversed(), GGMLQuantizationType.F32]);
      const at = Number(tensorDataOffset + offset);
      expect(at % 32).toBe(0);
      const found = new Float32Array(bytes.slice(at, at + 4 * size).buffer);
      expect(found).toEqual(written.weights.slice(from, from + size));
    });
  });
});

describe("a GGUF export is refused", () => {
  test.each([
    ["layers", 513, 512],
    ["context", 2 ** 31, 2 ** 31 - 1],
    ["ropeBase", 1e39, 3.4e38],
    ["normEpsilon", 1e39, 3.4e38],
  ] as const)("of an unsupported size: %s %d", (field, value, most) => {
    const shape = { ...DEFAULT_SHAPE, width: 4, heads: 1, hidden: 4, [field]: value };
    const { code, message } = refusal(() => toGguf(model(shape)));
    expect(code).toBe("gguf-size");
    expect(message).toContain(`the transformer's ${field} is ${value}, but a GGUF export supports ${most} at most`);
  });

  test("of as many layers as llama.cpp takes, not", () => {
    const shape = { ...DEFAULT_SHAPE, width: 4, heads: 1, hidden: 4, layers: 512 };
    expect(toGguf(model(shape)).length).toBeGreaterThan(4 * layoutOf(shape).size);
  });

  test("of sizes, weights or characters that disagree", () => {
    const whole = model();
    const { size } = layoutOf(DEFAULT_SHAPE);
    const wrong: [Partial<Portable>, string, string][] = [
      [{ shape: { ...DEFAULT_SHAPE, width: 62 } }, "world-shape", "width is 62"],
      [{ weights: new Float32Array(3) }, "world-weights", `there are 3 weights, but this shape has ${size}`],
      [{ vocabulary: "0." }, "world-vocabulary", "knows 32 tokens, but there are 2 characters"],
      [{ vocabulary: `0${CHARACTERS.slice(0, -1)}` }, "world-vocabulary", "stands twice"],
      [{ end: "€" }, "world-vocabulary", 'the end "€" is none of'],
      [{ vocabulary: CHARACTERS.replace("a", " ") }, "world-vocabulary", 'character " " is not a visible one of ASCII'],
      [{ vocabulary: CHARACTERS.replace("a", "é") }, "world-vocabulary", 'character "é" is not'],
    ];
    for (const [change, code, said] of wrong) {
      const error = refusal(() => toGguf({ ...whole, ...change }));
      expect(error.code).toBe(code);
      expect(error.message).toContain(said);
    }
  });
});
