// worlds/ · Completions: what POST /v1/completions answers, in the shape of OpenAI's completions with vLLM's fields.
import { randomInt, randomUUID } from "node:crypto";
import type {
  TokenAnswer,
  LocalCapabilities,
  LocalEngine,
  SampleRequest,
  Score,
  ScoreRequest,
} from "../../engines/engine.ts";
import { stream } from "../../maths/random.ts";
import { StudyError } from "../../terms/errors.ts";
import { Batcher } from "./batcher.ts";
import { Refusal } from "./errors.ts";
import type { Completion, Prompt } from "./request.ts";

/** Stands for −∞, which JSON cannot say; vLLM's number. */
const LOWEST_LOGPROB = -9999;

/** The name of the stream that a request's seed and several choices draw from. */
const CHOICES_STREAM = "worlds/server/choices";

/** OpenAI's older shape. All lists have one entry a token. */
export interface LogProbs {
  readonly tokens: readonly string[];
  /** Raw, natural; null for the first token of all. */
  readonly token_logprobs: readonly (number | null)[];
  /** Only the token's own. */
  readonly top_logprobs: readonly (Readonly<Record<string, number>> | null)[];
  /** Characters of `text` before the token. */
  readonly text_offset: readonly number[];
}

/** One entry a prompt token, by its id; without vLLM's rank where the engine does not tell it. */
export type PromptLogProbs = readonly (Readonly<
  Record<string, { readonly logprob: number; readonly rank?: number; readonly decoded_token: string }>
> | null)[];

/** Null where not asked for. */
export interface Choice {
  readonly index: number;
  readonly text: string;
  readonly finish_reason: "stop" | "length";
  /** The stop string that ended it. */
  readonly stop_reason: string | null;
  readonly logprobs: LogProbs | null;
  readonly prompt_logprobs: PromptLogProbs | null;
  readonly token_ids: readonly number[] | null;
  readonly prompt_token_ids: readonly number[] | null;
  /** Sent alone with one prompt and n = 1, it draws this answer again. Not in vLLM. */
  readonly seed: number | null;
}

export interface CompletionReply {
  readonly id: string;
  readonly object: "text_completion";
  /** Seconds since 1970. */
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: string;
  readonly choices: readonly Choice[];
  readonly usage: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  };
}

/** One engine behind its queues. */
export class ServedPolicy {
  readonly name: string;
  readonly engine: LocalEngine;
  readonly capabilities: LocalCapabilities;
  readonly sampling: Batcher<SampleRequest, TokenAnswer>;
  readonly scoring: Batcher<ScoreRequest, Score>;
  readonly #strings = new Map<number, string>();

  constructor(name: string, engine: LocalEngine, capabilities: LocalCapabilities, slots: number) {
    this.name = name;
    this.engine = engine;
    this.capabilities = capabilities;
    this.sampling = new Batcher((requests, signal) => engine.sample(requests, signal), slots);
    this.scoring = new Batcher((requests, signal) => engine.score(requests, signal), slots);
  }

  /** Each token alone, as text. */
  async strings(tokenIds: readonly number[]): Promise<(id: number) => string> {
    const missing = [...new Set(tokenIds)].filter((id) => !this.#strings.has(id));
    for (const id of missing) this.#strings.set(id, await this.engine.decode([id]));
    return (id) => this.#strings.get(id)!;
  }
}

/**
 * Seeds of a request's choices, prompt after prompt. A single choice has the request's own seed; several have consecutive ones
 * modulo 2³², from a place that the seed names, so that they are distinct and requests with seeds 1, 2, 3 … share none but by chance.
 */
export function seedsOf(seed: number | undefined, count: number): number[] {
  if (count === 1 && seed !== undefined) return [seed];
  const first = seed === undefined ? randomInt(2 ** 32) : stream(seed, CHOICES_STREAM).uint32();
  return Array.from({ length: count }, (_, i) => (first + i) % 2 ** 32);
}

/** Refusal where the prompt does not fit the policy; rejects with the signal's reason when it is aborted. */
export async function complete(
  request: Completion,
  policy: ServedPolicy,
  signal: AbortSignal,
): Promise<CompletionReply> {
  const { n, sampler, echo } = request;
  const prompts = await Promise.all(request.prompts.map((prompt) => tokensOf(prompt, request, policy)));
  const scored = request.promptLogProbs || (echo && request.logProbs);
  checkTold(request, scored, policy.capabilities);
  const scores = scored
    ? await policy.scoring.ask(
        prompts.map((tokenIds) => ({ tokenIds, from: 1 })),
        signal,
      )
    : [];
  const seeds = sampler === undefined ? [] : seedsOf(request.seed, prompts.length * n);
  const answers = await policy.sampling.ask(
    seeds.map((seed, i) => ({ prompt: prompts[Math.floor(i / n)]!, sampler: sampler!, seed })),
    signal,
  );
  const stringOf = await policy.strings([...prompts.flat(), ...answers.flatMap(({ tokenIds }) => tokenIds)]);
  const echoed = echo ? await Promise.all(prompts.map((tokenIds) => policy.engine.decode(tokenIds))) : [];
  const choices = Array.from({ length: prompts.length * n }, (_, index): Choice => {
    const j = Math.floor(index / n);
    const prompt = prompts[j]!;
    const promptLogProbs = scored ? [null, ...scores[j]!.rawLogProbs.map(finite)] : [];
    const answer = answers[index];
    const { text, stop } = answer === undefined ? { text: "", stop: null } : cut(answer, request);
    const tokenIds = [...(echo ? prompt : []), ...(answer?.tokenIds ?? [])];
    const logProbs = [...(echo ? promptLogProbs : []), ...(answer?.rawLogProbs?.map(finite) ?? [])];
    return {
      index,
      text: `${echoed[j] ?? ""}${text}`,
      finish_reason: answer?.finish ?? "length",
      stop_reason: stop,
      logprobs: request.logProbs ? listed(tokenIds, logProbs, stringOf, request.tokensAsIds) : null,
      prompt_logprobs: request.promptLogProbs ? byId(prompt, promptLogProbs, scores[j]?.ranks, stringOf) : null,
      token_ids: request.tokenIds ? (answer?.tokenIds ?? []) : null,
      prompt_token_ids: request.tokenIds ? prompt : null,
      seed: seeds[index] ?? null,
    };
  });
  const promptTokens = prompts.reduce((sum, { length }) => sum + length, 0);
  const answerTokens = answers.reduce((sum, { tokenIds }) => sum + tokenIds.length, 0);
  return {
    id: `cmpl-${randomUUID()}`,
    object: "text_completion",
    created: Math.floor(Date.now() / 1000),
    model: policy.name,
    system_fingerprint: policy.capabilities.fingerprint,
    choices,
    usage: {
      prompt_tokens: promptTokens,
      completion_tokens: answerTokens,
      total_tokens: promptTokens + answerTokens,
    },
  };
}

async function tokensOf({ path, given }: Prompt, { sampler }: Completion, policy: ServedPolicy) {
  const { vocabulary, context } = policy.capabilities;
  const tokenIds = typeof given === "string" ? await encoded(given, path, policy.engine) : given;
  const at = tokenIds.findIndex((id) => !(id >= 0 && id < vocabulary));
  if (at >= 0)
    throw new Refusal(
      `${path}[${at}] is ${tokenIds[at]}, outside the vocabulary of ${vocabulary}; send token ids from 0 to ${vocabulary - 1}`,
      { param: `${path}[${at}]` },
    );
  const asked = sampler?.maxTokens ?? 0;
  if (tokenIds.length + asked > context)
    throw new Refusal(
      `This model's maximum context length is ${context} tokens, but ${path} has ${tokenIds.length} and max_tokens asks for ${asked} more, ${tokenIds.length + asked} in all; shorten the prompt or ask for fewer`,
      { param: tokenIds.length > context ? path : "max_tokens" },
    );
  return tokenIds;
}

async function encoded(text: string, path: string, engine: LocalEngine): Promise<readonly number[]> {
  try {
    return await engine.encode(text);
  } catch (error) {
    throw error instanceof StudyError ? new Refusal(error.message, { param: path }) : error;
  }
}

function checkTold({ logProbs, promptLogProbs }: Completion, scored: boolean, capabilities: LocalCapabilities): void {
  if (scored && !capabilities.scores)
    throw new Refusal("this model does not score prompts; ask for neither prompt_logprobs nor echo with logprobs", {
      param: promptLogProbs ? "prompt_logprobs" : "echo",
    });
  if (logProbs && !capabilities.rawLogProbs)
    throw new Refusal("this model tells no log-probabilities; leave logprobs out", { param: "logprobs" });
}

/** The engine's text ends with the stop string, if one ended it. */
function cut({ text, finish }: TokenAnswer, { sampler, keepStop }: Completion): { text: string; stop: string | null } {
  const stop = finish === "stop" ? (sampler!.stop.find((one) => text.endsWith(one)) ?? null) : null;
  return { text: stop === null || keepStop ? text : text.slice(0, -stop.length), stop };
}

const finite = (logProb: number): number => Math.max(logProb, LOWEST_LOGPROB);

function listed(
  tokenIds: readonly number[],
  logProbs: readonly (number | null)[],
  stringOf: (id: number) => string,
  asIds: boolean,
): LogProbs {
  const tokens = tokenIds.map((id) => (asIds ? `token_id:${id}` : stringOf(id)));
  let offset = 0;
  return {
    tokens,
    token_logprobs: logProbs,
    top_logprobs: logProbs.map((logProb, i) => (logProb === null ? null : { [tokens[i]!]: logProb })),
    text_offset: tokenIds.map((id) => (offset += stringOf(id).length) - stringOf(id).length),
  };
}

function byId(
  tokenIds: readonly number[],
  logProbs: readonly (number | null)[],
  ranks: readonly number[] | undefined,
  stringOf: (id: number) => string,
): PromptLogProbs {
  return tokenIds.map((id, i) => {
    const logprob = logProbs[i]!;
    // The first token of all has neither.
    const rank = ranks?.[i - 1];
    return logprob === null
      ? null
      : { [id]: { logprob, ...(rank === undefined ? {} : { rank }), decoded_token: stringOf(id) } };
  });
}
