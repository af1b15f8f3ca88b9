// SGLang's server in its own shapes, around an engine without a model.
import { decode, encode } from "../../src/worlds/vocabulary.ts";
import { type Asked, type FakeServer, fakeServer, NOT_FOUND, type Reply } from "./fake-server.ts";
import { StubEngine } from "./stub-engine.ts";

interface Generate {
  readonly input_ids: readonly number[];
  readonly sampling_params: {
    readonly max_new_tokens: number;
    readonly temperature: number;
    readonly top_p: number;
    readonly top_k: number;
    readonly min_p: number;
    readonly sampling_seed: number;
    readonly stop: readonly string[];
  };
  readonly logprob_start_len: number;
}

export interface FakeSglang extends FakeServer {
  /** As when weights are changed while the server runs. */
  weightVersion: string;
  /** Changes what /generate answers. */
  bend: (reply: Generated) => unknown;
}

export interface Generated {
  readonly text: string;
  readonly output_ids: readonly number[];
  readonly meta_info: Readonly<Record<string, unknown>>;
}

export async function fakeSglang(settings: Readonly<Record<string, unknown>> = {}): Promise<FakeSglang> {
  const stub = new StubEngine();
  const answer = async ({ path, body }: Asked): Promise<Reply> => {
    const { prompt, tokens } = (body ?? {}) as { prompt?: string; tokens?: number[] };
    if (path === "/v1/models") return { json: { data: [card("base", null), card("step-100", "base")] } };
    if (path === "/get_model_info")
      return { json: { model_path: "/models/base", is_generation: true, weight_version: server.weightVersion } };
    if (path === "/get_server_info") return { json: { version: "0.5.5", ...settings } };
    if (path === "/tokenize") return { json: { tokens: encode(prompt!), count: prompt!.length } };
    if (path === "/detokenize") return { json: { text: decode(tokens!) } };
    if (path !== "/generate") return NOT_FOUND;
    return { json: server.bend(await generated(stub, body as Generate, server.weightVersion)) };
  };
  const server: FakeSglang = Object.assign(await fakeServer(answer), {
    weightVersion: "default",
    bend: (reply: Generated): unknown => reply,
  });
  return server;
}

const card = (id: string, parent: string | null) => ({ id, owned_by: "sglang", root: id, parent, max_model_len: 65 });

async function generated(stub: StubEngine, body: Generate, weightVersion: string): Promise<Generated> {
  const { input_ids: prompt, sampling_params: params, logprob_start_len: start } = body;
  const sampler = {
    temperature: params.temperature,
    topP: params.top_p,
    topK: Math.max(0, params.top_k),
    minP: params.min_p,
    maxTokens: params.max_new_tokens,
    stop: params.stop,
  };
  const [answer] = await stub.sample([{ prompt, sampler, seed: params.sampling_seed }]);
  const { text, tokenIds, finish, rawLogProbs } = answer!;
  const scores = start < 0 ? [] : (await stub.score([{ tokenIds: prompt, from: start + 1 }]))[0]!.rawLogProbs;
  const pair = (id: number, logProb: number | null) => [logProb, id, null];
  return {
    text,
    output_ids: tokenIds,
    meta_info: {
      id: "a",
      finish_reason: finish === "stop" ? { type: "stop", matched: 19 } : { type: "length", length: sampler.maxTokens },
      prompt_tokens: prompt.length,
      completion_tokens: tokenIds.length,
      weight_version: weightVersion,
      input_token_logprobs:
        start < 0 ? [] : prompt.slice(start).map((id, i) => pair(id, i === 0 ? null : scores[i - 1]!)),
      output_token_logprobs: tokenIds.map((id, i) => pair(id, rawLogProbs![i]!)),
    },
  };
}
