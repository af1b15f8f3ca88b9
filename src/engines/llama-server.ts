// engines/ · llama-server: llama.cpp's own /completion over token ids. It scores no given text, whatever it is asked.
import type { PolicyDeclared } from "../terms/study.ts";
import type { Answer, Capabilities, EngineKind, SampleRequest, Score, TokenRequest } from "./engine.ts";
import { readText } from "./http/completion.ts";
import { type ListedModel, listedModel } from "./http/detection.ts";
import { fieldOf, show } from "./http/json.ts";
import { asItIs, type Fail, readLogProbs, readTokenIds, sameIds } from "./http/reading.ts";
import { type Dialect, RemoteEngine, roomFor, type Told } from "./http/remote.ts";
import { Wire } from "./http/wire.ts";

export const llamaServer: EngineKind = {
  kind: "llama-server",
  what: "llama.cpp's server",
  needs: ["url"],
  takes: ["model", "chat", "apiKeyEnv", "maxInFlight", "deadlineSeconds", "price"],
  open: async (policy, watch) => {
    const wire = new Wire(policy, watch, "root");
    return new RemoteEngine(wire, new LlamaServer(policy, wire));
  },
};

interface Server extends Told {
  readonly model: ListedModel;
  readonly context: number | undefined;
}

/** Of a seed, this one stands for "any". */
const ANY_SEED = 2 ** 32 - 1;

const ENDS: Readonly<Record<string, "stop" | "length">> = { eos: "stop", word: "stop", limit: "length" };

class LlamaServer implements Dialect<Server> {
  readonly #policy: PolicyDeclared;
  readonly #wire: Wire;
  readonly #fail: Fail;

  constructor(policy: PolicyDeclared, wire: Wire) {
    this.#policy = policy;
    this.#wire = wire;
    this.#fail = (what) => {
      throw wire.bad(what);
    };
  }

  async ask(): Promise<Server> {
    const model = await listedModel(this.#wire, this.#policy, "/v1/models", ["llamacpp"]);
    const props = await this.#wire.find("/props");
    const context = fieldOf(fieldOf(props, "default_generation_settings"), "n_ctx");
    const server = `llama.cpp ${String(fieldOf(props, "build_info") ?? "of unknown build")}`;
    const marks = [
      `weights ${String(fieldOf(props, "model_path") ?? "unknown")}`,
      ...(this.#policy.chat === true ? ["chat"] : []),
    ];
    const capabilities: Capabilities = {
      server,
      ...(typeof context === "number" ? { context } : {}),
      ...(model.vocabulary === undefined ? {} : { vocabulary: model.vocabulary }),
      tokenIds: true,
      scores: false,
      rawLogProbs: true,
      processedLogProbs: false,
      seeds: false,
      fingerprint: [`${server} ${model.id}`, ...marks].join(", "),
      lacks: [
        "scores of given texts: no cross-scoring and no unit-weight test; the engine llama does both with the same GGUF file",
        "seeds that hold whatever is asked beside: a rollout cannot be drawn again, unless with --parallel 1",
      ],
    };
    return { model, capabilities, context: capabilities.context };
  }

  async encode(text: string, { model }: Server): Promise<readonly number[]> {
    const content = this.#policy.chat === true ? await this.#inTemplate(text) : text;
    // The template leaves the first token out; it is added here.
    const reply = await this.#wire.post("/tokenize", { content, add_special: true, parse_special: true });
    return readTokenIds(fieldOf(reply, "tokens"), "tokens", this.#fail, model.vocabulary);
  }

  async decode(tokenIds: readonly number[]): Promise<string> {
    const reply = await this.#wire.post("/detokenize", { tokens: tokenIds });
    return readText(fieldOf(reply, "content"), "the text of token ids", this.#fail);
  }

  async sample(asked: SampleRequest, { model, context }: Server, signal: AbortSignal): Promise<Answer> {
    const request = asked as TokenRequest;
    const fail = this.#fail;
    const reply = await this.#wire.post("/completion", bodyOf(request, roomFor(request, context, this.#wire)), signal);
    if (Array.isArray(reply)) fail(`gave ${reply.length} answers where one was asked for`);
    const tokenIds = readTokenIds(fieldOf(reply, "tokens"), "tokens", fail, model.vocabulary);
    const ended = String(fieldOf(reply, "stop_type"));
    const finish = ENDS[ended] ?? fail(`ended an answer with ${show(ended)}`);
    const content = readText(fieldOf(reply, "content"), "content", fail);
    const word = ended === "word" ? readText(fieldOf(reply, "stopping_word"), "stopping_word", fail) : "";
    const logProbs = this.#logProbs(fieldOf(reply, "completion_probabilities"), tokenIds, ended === "word");
    return {
      tokenIds,
      text: content + word,
      finish,
      tokens: tokenIds.length,
      ...(logProbs === undefined ? {} : { rawLogProbs: logProbs }),
      ...(logProbs === undefined || !asItIs(request.sampler) ? {} : { processedLogProbs: logProbs }),
    };
  }

  score(): Promise<Score> {
    throw this.#wire.error(
      "cannot",
      "llama.cpp's server scores no given text",
      "use the engine llama with the same GGUF file, or vLLM or SGLang",
    );
  }

  async #inTemplate(text: string): Promise<string> {
    const reply = await this.#wire.post("/apply-template", { messages: [{ role: "user", content: text }] });
    return readText(fieldOf(reply, "prompt"), "a prompt in its template", this.#fail);
  }

  /** The server leaves out those of a stop string: then the list is not told whole. */
  #logProbs(list: unknown, tokenIds: readonly number[], stopped: boolean): readonly number[] | undefined {
    if (!Array.isArray(list)) return undefined;
    if (stopped && list.length < tokenIds.length) return undefined;
    const name = "completion_probabilities";
    const ids = list.map((one) => fieldOf(one, "id"));
    sameIds(ids, tokenIds, name, this.#fail);
    const logProbs = list.map((one) => fieldOf(one, "logprob") ?? null);
    return readLogProbs(logProbs, tokenIds.length, name, this.#fail);
  }
}

/** Every sampler that the server knows is told, and those that are not asked for switched off; temperature first, as in vLLM. */
function bodyOf({ prompt, sampler, seed }: TokenRequest, maxTokens: number) {
  const { temperature, topP, topK, minP, stop } = sampler;
  return {
    prompt,
    n_predict: maxTokens,
    samplers: ["temperature", "min_p", "top_k", "top_p"],
    temperature,
    dynatemp_range: 0,
    top_p: topP,
    top_k: topK,
    min_p: minP,
    typical_p: 1,
    xtc_probability: 0,
    mirostat: 0,
    repeat_penalty: 1,
    repeat_last_n: 0,
    presence_penalty: 0,
    frequency_penalty: 0,
    dry_multiplier: 0,
    logit_bias: [],
    grammar: "",
    ignore_eos: false,
    stop,
    seed: seed % ANY_SEED,
    n_probs: 1,
    post_sampling_probs: false,
    return_tokens: true,
    // Logits depend a little on how much of a prompt was kept from before.
    cache_prompt: false,
    stream: false,
  };
}
