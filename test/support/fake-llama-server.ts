// llama.cpp's server in its own shapes, around an engine without a model.
import { CHARACTERS, decode, encode } from "../../src/worlds/vocabulary.ts";
import { type Asked, type FakeServer, fakeServer, NOT_FOUND, type Reply } from "./fake-server.ts";
import { StubEngine } from "./stub-engine.ts";

interface Complete {
  readonly prompt: readonly number[];
  readonly n_predict: number;
  readonly temperature: number;
  readonly top_p: number;
  readonly top_k: number;
  readonly min_p: number;
  readonly seed: number;
  readonly stop: readonly string[];
}

export async function fakeLlamaServer(): Promise<FakeServer> {
  const stub = new StubEngine();
  return fakeServer(async ({ path, body }: Asked): Promise<Reply> => {
    const asked = (body ?? {}) as { content?: string; tokens?: number[]; messages?: { content: string }[] };
    if (path === "/v1/models")
      return { json: { data: [{ id: "tiny", owned_by: "llamacpp", meta: { n_vocab: CHARACTERS.length } }] } };
    if (path === "/props")
      return {
        json: {
          default_generation_settings: { n_ctx: 64 },
          model_path: "/models/tiny.gguf",
          build_info: "b7000-abcdef0",
        },
      };
    if (path === "/tokenize") return { json: { tokens: encode(asked.content!) } };
    if (path === "/detokenize") return { json: { content: decode(asked.tokens!) } };
    if (path === "/apply-template") return { json: { prompt: `a:${asked.messages![0]!.content}b:` } };
    return path === "/completion" ? { json: await completed(stub, body as Complete) } : NOT_FOUND;
  });
}

async function completed(
  stub: StubEngine,
  { prompt, n_predict, temperature, top_p, top_k, min_p, seed, stop }: Complete,
) {
  const sampler = { temperature, topP: top_p, topK: top_k, minP: min_p, maxTokens: n_predict, stop };
  const [answer] = await stub.sample([{ prompt, sampler, seed }]);
  const { text, tokenIds, finish, rawLogProbs } = answer!;
  const word = finish === "stop" ? (stop.find((one) => text.endsWith(one)) ?? "") : "";
  const probabilities = tokenIds.map((id, i) => ({
    id,
    token: decode([id]),
    logprob: rawLogProbs![i]!,
    top_logprobs: [],
  }));
  return {
    content: text.slice(0, text.length - word.length),
    tokens: tokenIds,
    stop_type: finish === "length" ? "limit" : word === "" ? "eos" : "word",
    stopping_word: word,
    truncated: false,
    // Those of a stop string are left out.
    completion_probabilities: probabilities.slice(0, tokenIds.length - word.length),
  };
}
