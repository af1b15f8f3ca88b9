// engines/ · SGLang: its own /generate, over token ids, with the input's log-probabilities for scores.
import type { PolicyDeclared } from "../terms/study.ts";
import type { Answer, Capabilities, EngineKind, SampleRequest, Score, ScoreRequest, TokenRequest } from "./engine.ts";
import { readFinish, readText } from "./http/completion.ts";
import { type ListedModel, listedModel } from "./http/detection.ts";
import { fieldOf, show } from "./http/json.ts";
import { type Fail, keepsAll, readLogProbs, readTokenIds, sameIds, wholeScore } from "./http/reading.ts";
import { type Dialect, RemoteEngine, roomFor, type Told } from "./http/remote.ts";
import { Wire } from "./http/wire.ts";

export const sglang: EngineKind = {
  kind: "sglang",
  what: "an SGLang server",
  needs: ["url", "model"],
  takes: ["apiKeyEnv", "maxInFlight", "deadlineSeconds", "price"],
  open: async (policy, watch) => {
    const wire = new Wire(policy, watch, "root");
    return new RemoteEngine(wire, new SgLang(policy, wire));
  },
};

interface Server extends Told {
  readonly model: ListedModel;
  /** Changed when the weights are changed while the server runs. */
  readonly weightVersion: unknown;
}

class SgLang implements Dialect<Server> {
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
    const model = await listedModel(this.#wire, this.#policy, "/v1/models", ["sglang"]);
    const about = await this.#eitherOf("/get_model_info", "/model_info");
    const settings = await this.#eitherOf("/get_server_info", "/server_info");
    const seeds = fieldOf(settings, "enable_deterministic_inference") === true;
    const server = `sglang ${String(fieldOf(settings, "version") ?? "of unknown version")}`;
    const weightVersion = fieldOf(about, "weight_version");
    const marks = [
      `weights ${String(fieldOf(about, "model_path") ?? model.root ?? "unknown")}`,
      ...(weightVersion === undefined ? [] : [`version ${show(weightVersion)}`]),
    ];
    const capabilities: Capabilities = {
      server,
      ...(model.context === undefined ? {} : { context: model.context }),
      tokenIds: true,
      scores: true,
      rawLogProbs: true,
      processedLogProbs: false,
      seeds,
      fingerprint: [`${server} ${model.id}`, ...marks].join(", "),
      lacks: [
        "scores under a sampler with temperature or cuts: cross-scoring needs rollouts drawn at temperature 1 without top-p, top-k and min-p",
        "a chat template that can be applied without answering: prompts go as they are",
        ...(seeds ? [] : ["seeds: a rollout cannot be drawn again, unless with --enable-deterministic-inference"]),
      ],
    };
    return { model, capabilities, weightVersion };
  }

  async encode(text: string, { model }: Server): Promise<readonly number[]> {
    const reply = await this.#wire.post("/tokenize", { model: model.id, prompt: text, add_special_tokens: true });
    return readTokenIds(fieldOf(reply, "tokens"), "tokens", this.#fail);
  }

  async decode(tokenIds: readonly number[], { model }: Server): Promise<string> {
    const asked = { model: model.id, tokens: tokenIds, skip_special_tokens: false };
    return readText(fieldOf(await this.#wire.post("/detokenize", asked), "text"), "the text of token ids", this.#fail);
  }

  async sample(asked: SampleRequest, server: Server, signal: AbortSignal): Promise<Answer> {
    const request = asked as TokenRequest;
    const { context } = server.model;
    // One place of the context stays free.
    const maxTokens = roomFor(request, context === undefined ? undefined : context - 1, this.#wire);
    const { reply, meta } = await this.#generate(request, maxTokens, -1, server, signal);
    const tokenIds = readTokenIds(fieldOf(reply, "output_ids"), "output_ids", this.#fail);
    if (tokenIds.length > maxTokens) this.#fail(`gave ${tokenIds.length} tokens where ${maxTokens} were asked for`);
    const told = this.#pairs(fieldOf(meta, "output_token_logprobs"), tokenIds, "output_token_logprobs");
    const logProbs = readLogProbs(told, tokenIds.length, "output_token_logprobs", this.#fail);
    const { sampler } = request;
    return {
      tokenIds,
      text: readText(fieldOf(reply, "text"), "text", this.#fail),
      finish: readFinish(fieldOf(fieldOf(meta, "finish_reason"), "type"), this.#fail),
      tokens: tokenIds.length,
      // Told after the temperature, before the cuts.
      ...(logProbs !== undefined && sampler.temperature === 1 ? { rawLogProbs: logProbs } : {}),
      ...(logProbs !== undefined && keepsAll(sampler) ? { processedLogProbs: logProbs } : {}),
    };
  }

  async score({ tokenIds, from, sampler }: ScoreRequest, server: Server, signal: AbortSignal): Promise<Score> {
    const asItIs = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 1, stop: [] };
    const request = { prompt: tokenIds, sampler: asItIs, seed: 0 };
    // The entry at the start is null.
    const { meta } = await this.#generate(request, 0, from - 1, server, signal);
    const wanted = tokenIds.slice(from - 1);
    const told = this.#pairs(fieldOf(meta, "input_token_logprobs"), wanted, "input_token_logprobs");
    if (told === undefined) return this.#fail("gave no input_token_logprobs, which it was asked for");
    return wholeScore(told.slice(1), from, sampler, this.#fail);
  }

  /** The log-probabilities of [log-probability, id, text] entries, whose ids must be these. */
  #pairs(list: unknown, tokenIds: readonly number[], name: string): unknown[] | undefined {
    if (list === undefined) return undefined;
    if (!Array.isArray(list)) return this.#fail(`gave ${show(list)} for ${name}`);
    const pairs = list.map((one, i): unknown[] =>
      Array.isArray(one) ? one : this.#fail(`gave ${name}[${i}] = ${show(one)}, and no log-probability with its token`),
    );
    const ids = pairs.map(([, id]) => id);
    sameIds(ids, tokenIds, name, this.#fail);
    return pairs.map(([logProb]) => logProb ?? null);
  }

  /** Every field that changes an answer: unsent ones come from the checkpoint's own generation_config. */
  async #generate(
    { prompt, sampler, seed }: TokenRequest,
    maxTokens: number,
    scoresFrom: number,
    { model, weightVersion }: Server,
    signal: AbortSignal,
  ) {
    const { temperature, topP, topK, minP, stop } = sampler;
    const reply = await this.#wire.post(
      "/generate",
      {
        input_ids: prompt,
        sampling_params: {
          max_new_tokens: maxTokens,
          min_new_tokens: 0,
          temperature,
          top_p: topP,
          top_k: topK === 0 ? -1 : topK,
          min_p: minP,
          sampling_seed: seed,
          stop,
          stop_token_ids: [],
          no_stop_trim: true,
          ignore_eos: false,
          repetition_penalty: 1,
          presence_penalty: 0,
          frequency_penalty: 0,
          skip_special_tokens: true,
          spaces_between_special_tokens: true,
          n: 1,
        },
        return_logprob: true,
        logprob_start_len: scoresFrom,
        top_logprobs_num: 0,
        return_text_in_logprobs: false,
        stream: false,
        ...(model.parent === undefined ? {} : { lora_path: model.id }),
      },
      signal,
    );
    if (Array.isArray(reply)) this.#fail(`gave ${reply.length} answers where one was asked for`);
    const meta = fieldOf(reply, "meta_info");
    const now = fieldOf(meta, "weight_version");
    if (now !== undefined && weightVersion !== undefined && now !== weightVersion)
      throw this.#wire.error(
        "wrong model",
        `the weights were version ${show(weightVersion)} when the server was first asked, and are ${show(now)} now`,
        "leave the server's weights alone while a study runs",
      );
    return { reply, meta };
  }

  /** Older servers have only the first of two names, newer ones may drop it. */
  async #eitherOf(first: string, second: string) {
    return (await this.#wire.find(first)) ?? this.#wire.find(second);
  }
}
