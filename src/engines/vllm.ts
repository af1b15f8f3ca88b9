// engines/ · vLLM: completions over token ids, with prompt_logprobs for scores. `crucis world serve` speaks the same dialect.
import type { PolicyDeclared } from "../terms/study.ts";
import type {
  Answer,
  Capabilities,
  EngineKind,
  Sampler,
  SampleRequest,
  Score,
  ScoreRequest,
  TokenRequest,
} from "./engine.ts";
import { onlyChoice, readFinish, readText } from "./http/completion.ts";
import { type ListedModel, listedModel } from "./http/detection.ts";
import { fieldOf, type Fields, show } from "./http/json.ts";
import { asItIs, type Fail, readLogProbs, readTokenIds, sameIds, wholeScore } from "./http/reading.ts";
import { type Dialect, RemoteEngine, roomFor, type Told } from "./http/remote.ts";
import { Seen } from "./http/seen.ts";
import { Wire } from "./http/wire.ts";

export const vllm: EngineKind = {
  kind: "vllm",
  what: "a vLLM server, or crucis world serve",
  needs: ["url", "model"],
  takes: ["chat", "apiKeyEnv", "maxInFlight", "deadlineSeconds", "price"],
  open: async (policy, watch) => {
    const wire = new Wire(policy, watch, "root");
    return new RemoteEngine(wire, new Vllm(policy, wire));
  },
};

/** Which density `logprobs` are: --logprobs-mode. */
type Mode = "raw" | "processed" | "none";

interface Server extends Told {
  readonly model: ListedModel;
  /** `crucis world serve`: it has no /tokenize, and can score without generating. */
  readonly world: boolean;
  readonly mode: Mode;
}

/** Any text that may go on in several ways. */
const PROBE = "The";
const AS_IT_IS: Sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 1, stop: [] };

class Vllm implements Dialect<Server> {
  /** vLLM raises lower temperatures to this, and only logs it. */
  readonly coldest = 0.01;
  readonly #policy: PolicyDeclared;
  readonly #wire: Wire;
  readonly #fail: Fail;
  readonly #seen = new Seen();

  constructor(policy: PolicyDeclared, wire: Wire) {
    this.#policy = policy;
    this.#wire = wire;
    this.#fail = (what) => {
      throw wire.bad(what);
    };
  }

  async ask(): Promise<Server> {
    const model = await listedModel(this.#wire, this.#policy, "/v1/models", ["vllm", "crucis"]);
    const world = model.owner === "crucis";
    const version = fieldOf(await this.#wire.find("/version"), "version") ?? "of unknown version";
    const server = `${world ? "crucis-world" : "vllm"} ${String(version)}`;
    const mode = world ? "raw" : await this.#modeOf(model);
    const weights = [model.root, model.parent].filter((one) => one !== undefined && one !== model.id).join(" on ");
    const marks = [
      ...(weights === "" ? [] : [`weights ${weights}`]),
      ...(world ? [await this.#worldPrint(model)] : [`${mode} log-probabilities`]),
      ...(this.#policy.chat === true ? ["chat"] : []),
    ];
    const capabilities: Capabilities = {
      server,
      ...(model.context === undefined ? {} : { context: model.context }),
      tokenIds: true,
      scores: true,
      rawLogProbs: mode !== "none",
      processedLogProbs: false,
      seeds: world,
      fingerprint: [`${server} ${model.id}`, ...marks].join(", "),
      lacks: lacksOf(mode, world),
    };
    return { model, capabilities, world, mode };
  }

  async encode(text: string, { model: { id }, world }: Server): Promise<readonly number[]> {
    if (world) {
      if (this.#policy.chat === true)
        throw this.#wire.error("cannot", "crucis world serve has no chat template", "leave chat out of the policy");
      const choice = await this.#complete({
        model: id,
        prompt: text,
        echo: true,
        max_tokens: 0,
        return_token_ids: true,
      });
      return readTokenIds(choice["prompt_token_ids"], "prompt_token_ids", this.#fail);
    }
    const asked =
      this.#policy.chat === true
        ? { messages: [{ role: "user", content: text }], add_generation_prompt: true, add_special_tokens: false }
        : { prompt: text, add_special_tokens: true };
    const reply = await this.#wire.post("/tokenize", { model: id, ...asked });
    return readTokenIds(fieldOf(reply, "tokens"), "tokens", this.#fail);
  }

  async decode(tokenIds: readonly number[], { model: { id }, world }: Server): Promise<string> {
    const text = world
      ? (await this.#complete({ model: id, prompt: tokenIds, echo: true, max_tokens: 0 }))["text"]
      : fieldOf(await this.#wire.post("/detokenize", { model: id, tokens: tokenIds }), "prompt");
    return readText(text, "the text of token ids", this.#fail);
  }

  async sample(asked: SampleRequest, { model, mode }: Server, signal: AbortSignal): Promise<Answer> {
    const request = asked as TokenRequest;
    const maxTokens = roomFor(request, model.context, this.#wire);
    const choice = await this.#complete(bodyOf(request, model.id, maxTokens), signal);
    const { tokenIds, logProbs } = this.#drawn(choice, request.prompt);
    if (tokenIds.length > maxTokens) this.#fail(`gave ${tokenIds.length} tokens where ${maxTokens} were asked for`);
    const both = asItIs(request.sampler);
    return {
      tokenIds,
      text: readText(choice["text"], "text", this.#fail),
      finish: readFinish(choice["finish_reason"], this.#fail),
      tokens: tokenIds.length,
      ...(logProbs !== undefined && (mode === "raw" || both) ? { rawLogProbs: logProbs } : {}),
      ...(logProbs !== undefined && (mode === "processed" || both) ? { processedLogProbs: logProbs } : {}),
    };
  }

  async score(
    { tokenIds, from, sampler }: ScoreRequest,
    { model, world }: Server,
    signal: AbortSignal,
  ): Promise<Score> {
    const fail = this.#fail;
    const body = bodyOf({ prompt: tokenIds, sampler: AS_IT_IS, seed: 0 }, model.id, world ? 0 : 1);
    const choice = await this.#complete({ ...body, logprobs: null, prompt_logprobs: 1 }, signal);
    const echoed = choice["prompt_token_ids"];
    if (Array.isArray(echoed)) sameIds(echoed, tokenIds, "prompt_token_ids", fail);
    const entries = choice["prompt_logprobs"];
    if (!Array.isArray(entries)) return fail(`gave ${show(entries)} for prompt_logprobs, which it was asked for`);
    if (entries.length !== tokenIds.length)
      fail(`gave ${entries.length} prompt_logprobs for ${tokenIds.length} tokens`);
    // One or two entries a place: the token's own is found by its id.
    const listed = tokenIds.slice(from).map((id, i) => {
      const entry: unknown = entries[from + i];
      if (entry !== null && fieldOf(entry, String(id)) === undefined)
        fail(`gave prompt_logprobs[${from + i}] = ${show(entry)}, without token ${id}`);
      return fieldOf(fieldOf(entry, String(id)), "logprob") ?? null;
    });
    const ranks = tokenIds.slice(from).map((id, i) => fieldOf(fieldOf(entries[from + i], String(id)), "rank"));
    const told = ranks.every((rank): rank is number => Number.isSafeInteger(rank) && (rank as number) >= 1);
    return { ...wholeScore(listed, from, sampler, fail), ...(told ? { ranks } : {}) };
  }

  /** What tells these weights from others. */
  async #worldPrint({ id }: ListedModel): Promise<string> {
    const body = { model: id, prompt: [0], echo: true, max_tokens: 0 };
    return String(fieldOf(await this.#wire.post("/v1/completions", body), "system_fingerprint"));
  }

  /** Where one token is left to draw, its processed log-probability is 0, and its raw one is not. */
  async #modeOf({ id }: ListedModel): Promise<Mode> {
    const encoded = await this.#wire.post("/tokenize", { model: id, prompt: PROBE });
    const prompt = readTokenIds(fieldOf(encoded, "tokens"), "tokens", this.#fail);
    const choice = await this.#complete(bodyOf({ prompt, sampler: { ...AS_IT_IS, topK: 1 }, seed: 0 }, id, 4));
    if (fieldOf(choice, "token_ids") === undefined)
      throw this.#wire.error(
        "cannot",
        "this vLLM does not honour return_token_ids, so answers can neither be continued nor scored as they were drawn",
        "use vLLM 0.10.2 or later",
      );
    const { logProbs } = this.#drawn(choice, prompt);
    if (logProbs === undefined) return "none";
    return logProbs.every((one) => one > -1e-9) ? "processed" : "raw";
  }

  /** Ids and log-probabilities of an answer, each named twice by the server, and the prompt that it answered. */
  #drawn(choice: Fields, prompt: readonly number[]) {
    const fail = this.#fail;
    const tokenIds = readTokenIds(choice["token_ids"], "token_ids", fail);
    const echoed = choice["prompt_token_ids"];
    if (Array.isArray(echoed)) sameIds(echoed, prompt, "prompt_token_ids", fail);
    const tokens = fieldOf(choice["logprobs"], "tokens");
    const named = tokenIds.map((id) => `token_id:${id}`);
    if (Array.isArray(tokens) && tokens.length === named.length && tokens.join() !== named.join())
      fail(`gave log-probabilities of ${show(tokens)}, where the answer is ${show(named)}`);
    const list = fieldOf(choice["logprobs"], "token_logprobs");
    return { tokenIds, logProbs: readLogProbs(list, tokenIds.length, "token_logprobs", fail) };
  }

  async #complete(body: Fields & { readonly model: string }, signal?: AbortSignal): Promise<Fields> {
    const reply = await this.#wire.post("/v1/completions", body, signal);
    const choice = onlyChoice(this.#wire, reply, (name) => name === body.model, body.model);
    const id = fieldOf(reply, "id");
    if (typeof id === "string" && this.#seen.again(id)) this.#fail(`gave answer ${show(id)} to two requests`);
    return choice;
  }
}

/** Every field that changes an answer, because unsent ones come from the checkpoint's own generation_config. */
function bodyOf({ prompt, sampler, seed }: TokenRequest, model: string, maxTokens: number) {
  const { temperature, topP, topK, minP, stop } = sampler;
  return {
    model,
    prompt,
    n: 1,
    seed,
    temperature,
    top_p: topP,
    top_k: topK === 0 ? -1 : topK,
    min_p: minP,
    max_tokens: maxTokens,
    min_tokens: 0,
    stop,
    stop_token_ids: [],
    ignore_eos: false,
    repetition_penalty: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    include_stop_str_in_output: true,
    skip_special_tokens: true,
    spaces_between_special_tokens: true,
    logprobs: 0,
    return_token_ids: true,
    return_tokens_as_token_ids: true,
    echo: false,
    stream: false,
  };
}

function lacksOf(mode: Mode, world: boolean): string[] {
  const lacks = [
    "scores under a sampler with temperature or cuts: cross-scoring needs rollouts drawn at temperature 1 without top-p, top-k and min-p",
  ];
  if (!world)
    lacks.push(
      "seeds that hold whatever is asked beside: a rollout cannot be drawn again, unless with VLLM_BATCH_INVARIANT=1",
    );
  if (mode === "none") lacks.push("log-probabilities of its answers: no unit-weight test, and no weighting");
  return lacks;
}
