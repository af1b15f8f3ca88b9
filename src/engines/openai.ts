// engines/ · OpenAI: any server that answers OpenAI's completions or chat completions. Text in, text out; what else it lacks, it says.
import { EngineError } from "../terms/errors.ts";
import type { PolicyDeclared } from "../terms/study.ts";
import type { Answer, Capabilities, EngineKind, SampleRequest, Score } from "./engine.ts";
import { onlyChoice, readFinish, readText } from "./http/completion.ts";
import { isCount, type ListedModel, listedModel, serverNamed } from "./http/detection.ts";
import { fieldOf } from "./http/json.ts";
import type { Fail } from "./http/reading.ts";
import { type Dialect, RemoteEngine, type Told } from "./http/remote.ts";
import { Wire } from "./http/wire.ts";

export const openai: EngineKind = {
  kind: "openai",
  what: "any OpenAI-compatible server, for sampling only",
  needs: ["url", "model"],
  takes: ["chat", "apiKeyEnv", "maxInFlight", "deadlineSeconds", "price"],
  onlyTexts: true,
  open: async (policy, watch) => {
    const wire = new Wire(policy, watch, "as given");
    return new RemoteEngine(wire, new OpenAi(policy, wire));
  },
};

interface Server extends Told {
  readonly model: ListedModel;
  /** It takes fields that OpenAI does not know: top_k, min_p, repetition_penalty and the stop string's own. */
  readonly extended: boolean;
}

const MEND = "use vllm, sglang or llama-server where one of them answers";

class OpenAi implements Dialect<Server> {
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
    const model = await listedModel(this.#wire, this.#policy, "/models");
    const extended = await this.#takesAll(model);
    const { owner, context } = model;
    const server = `openai-compatible${owner === "" ? "" : ` (${serverNamed(owner) ?? owner})`}`;
    const capabilities: Capabilities = {
      server,
      ...(context === undefined ? {} : { context }),
      tokenIds: false,
      scores: false,
      rawLogProbs: false,
      processedLogProbs: false,
      seeds: false,
      fingerprint: `${server} ${model.id}${this.#policy.chat === true ? ", chat" : ""}`,
      lacks: [
        "token ids: no hand-off, because no answer can be continued from a prefix as it was drawn",
        "scores of given texts: no cross-scoring and no unit-weight test",
        "log-probabilities with their tokens: no weighting, and so no lower mass bound",
        "seeds that are promised to hold: a rollout cannot be drawn again",
        ...(extended
          ? []
          : [
              "top_k, min_p and repetition_penalty: whether it cuts by defaults of its own cannot be told, and stop strings cannot be kept",
            ]),
      ],
    };
    return { model, capabilities, extended };
  }

  encode(): Promise<readonly number[]> {
    throw this.#wire.error("cannot", "a plain OpenAI-compatible server tells no token ids", MEND);
  }

  decode(): Promise<string> {
    throw this.#wire.error("cannot", "a plain OpenAI-compatible server takes no token ids", MEND);
  }

  score(): Promise<Score> {
    throw this.#wire.error("cannot", "a plain OpenAI-compatible server scores no given text", MEND);
  }

  async sample(request: SampleRequest, { model, extended }: Server, signal: AbortSignal): Promise<Answer> {
    const { topK, minP, stop, maxTokens } = request.sampler;
    const asks = [topK !== 0 && "top_k", minP !== 0 && "min_p", stop.length > 0 && "stop"].filter(
      (one) => one !== false,
    );
    if (!extended && asks.length > 0)
      throw this.#wire.error(
        "cannot",
        `the sampler asks for ${asks.join(", ")}, which this server does not honour`,
        MEND,
      );
    const { choice, usage } = await this.#answer(request, model, extended, signal);
    const tokens = fieldOf(usage, "completion_tokens");
    if (isCount(tokens) && tokens > maxTokens) this.#fail(`gave ${tokens} tokens where ${maxTokens} were asked for`);
    const text = this.#policy.chat === true ? fieldOf(choice["message"], "content") : choice["text"];
    return {
      text: readText(text, "the answer's text", this.#fail),
      finish: readFinish(choice["finish_reason"], this.#fail),
      ...(isCount(tokens) ? { tokens } : {}),
    };
  }

  /** One token tells whether fields beyond OpenAI's own are refused. */
  async #takesAll(model: ListedModel): Promise<boolean> {
    const sampler = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 1, stop: [] };
    const request = { prompt: "1", sampler, seed: 0 };
    try {
      await this.#answer(request, model, true);
      return true;
    } catch (error) {
      if (!(error instanceof EngineError && error.fault === "refused")) throw error;
      await this.#answer(request, model, false);
      return false;
    }
  }

  async #answer({ prompt, sampler, seed }: SampleRequest, model: ListedModel, extended: boolean, signal?: AbortSignal) {
    if (typeof prompt !== "string")
      throw this.#wire.error("cannot", "a plain OpenAI-compatible server takes no token ids", MEND);
    const { temperature, topP, topK, minP, maxTokens, stop } = sampler;
    const chat = this.#policy.chat === true;
    const body = {
      model: model.id,
      ...(chat ? { messages: [{ role: "user", content: prompt }] } : { prompt, echo: false }),
      n: 1,
      seed,
      temperature,
      top_p: topP,
      max_tokens: maxTokens,
      presence_penalty: 0,
      frequency_penalty: 0,
      stream: false,
      ...(stop.length === 0 ? {} : { stop }),
      ...(extended ? { top_k: topK === 0 ? -1 : topK, min_p: minP, repetition_penalty: 1 } : {}),
      ...(extended ? { include_stop_str_in_output: true } : {}),
    };
    const reply = await this.#wire.post(chat ? "/chat/completions" : "/completions", body, signal);
    const choice = onlyChoice(this.#wire, reply, (name) => isVersionOf(name, model.id), model.id);
    return { choice, usage: fieldOf(reply, "usage") };
  }
}

/** OpenAI answers `gpt-5-2025-08-07` where `gpt-5` was asked. */
const isVersionOf = (name: string, asked: string): boolean =>
  name === asked || (name.startsWith(`${asked}-`) && /^\d{4}-?\d{2}-?\d{2}$/.test(name.slice(asked.length + 1)));
