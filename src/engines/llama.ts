// engines/ · Llama: a GGUF file in this process, by node-llama-cpp. One text at a time, so that no number depends on what is beside.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { EngineError, StudyError } from "../terms/errors.ts";
import type {
  Engine,
  EngineKind,
  LocalCapabilities,
  SampleRequest,
  Score,
  ScoreRequest,
  TokenAnswer,
} from "./engine.ts";
import { checkSamples, checkScores } from "./http/requests.ts";
import { choose, normalise, processed, uniform } from "./llama/density.ts";
import { type Llama, LLAMA_VERSION, type LlamaContext, type LlamaModel, loadLlama } from "./llama/library.ts";
import { Text } from "./llama/text.ts";

export const llama: EngineKind = {
  kind: "llama",
  what: "a GGUF file, in this process, by node-llama-cpp",
  needs: ["path"],
  takes: ["price"],
  async open({ name, path = "" }) {
    if (!existsSync(path))
      throw new StudyError({
        code: "no-model-file",
        what: `policy ${name} names ${JSON.stringify(path)}, where there is no file`,
        mend: "give the path of a GGUF file",
      });
    return new LlamaEngine(name, path);
  },
};

interface Opened {
  readonly model: LlamaModel;
  readonly threads: number;
  readonly capabilities: LocalCapabilities;
  readonly ends: ReadonlySet<number>;
}

/** A stop string of so many characters has at most four times as many tokens; some more, for what a token says beside it. */
const TOKENS_PER_CHARACTER = 4;
const TOKENS_BESIDE = 8;

class LlamaEngine implements Engine {
  readonly name: string;
  readonly #path: string;
  #opened: Promise<Opened> | undefined;
  #context: LlamaContext | undefined;
  #text: Text | undefined;
  /** The end of the work asked for so far. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(name: string, path: string) {
    this.name = name;
    this.#path = path;
  }

  async capabilities(): Promise<LocalCapabilities> {
    return (await this.#open()).capabilities;
  }

  async encode(text: string): Promise<readonly number[]> {
    const { model } = await this.#open();
    const { bos, shouldPrependBosToken } = model.tokens;
    return [...(shouldPrependBosToken && bos !== null ? [bos] : []), ...model.tokenize(text, true)];
  }

  async decode(tokenIds: readonly number[]): Promise<string> {
    return (await this.#open()).model.detokenize(tokenIds, true);
  }

  sample(requests: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly (TokenAnswer | EngineError)[]> {
    return this.#each(requests, checkSamples, signal, (request, opened) => this.#draw(request, opened, signal));
  }

  score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly (Score | EngineError)[]> {
    return this.#each(requests, checkScores, signal, (request, opened) => this.#scoreOne(request, opened));
  }

  async close(): Promise<void> {
    await this.#busy;
    await this.#context?.dispose();
    await this.#opened?.then(
      ({ model }) => model.dispose(),
      () => {},
    );
  }

  /** One after the other, behind whatever was asked before. */
  async #each<Q, A>(
    requests: readonly Q[],
    check: (requests: readonly Q[]) => void,
    signal: AbortSignal | undefined,
    ask: (request: Q, opened: Opened) => Promise<A>,
  ): Promise<readonly (A | EngineError)[]> {
    signal?.throwIfAborted();
    check(requests);
    const turn = this.#busy.then(async () => {
      const opened = await this.#open();
      const answers: (A | EngineError)[] = [];
      for (const request of requests) {
        signal?.throwIfAborted();
        try {
          answers.push(await ask(request, opened));
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          answers.push(error);
        }
      }
      return answers;
    });
    this.#busy = turn.catch(() => {});
    return turn;
  }

  async #draw(request: SampleRequest, opened: Opened, signal: AbortSignal | undefined): Promise<TokenAnswer> {
    const { sampler, seed } = request;
    const { model, ends, capabilities } = opened;
    const prompt = typeof request.prompt === "string" ? await this.encode(request.prompt) : request.prompt;
    this.#checkIds(prompt, capabilities);
    const room = Math.min(sampler.maxTokens, capabilities.context - prompt.length);
    if (room < 1)
      throw this.#cannot(`a prompt has ${prompt.length} tokens, and the context holds ${capabilities.context}`);
    const text = await this.#textOf(prompt.length + room, opened);
    const tokenIds: number[] = [];
    const rawLogProbs: number[] = [];
    const processedLogProbs: number[] = [];
    const window = TOKENS_PER_CHARACTER * Math.max(0, ...sampler.stop.map(({ length }) => length)) + TOKENS_BESIDE;
    const stopped = (): boolean => {
      if (sampler.stop.length === 0) return false;
      const end = model.detokenize(tokenIds.slice(-window), false);
      return sampler.stop.some((stop) => end.includes(stop));
    };
    for (let raw = await text.begin(prompt); ; raw = await text.after(tokenIds.at(-1)!)) {
      signal?.throwIfAborted();
      normalise(raw);
      const own = processed(raw, sampler);
      const token = choose(own, uniform(seed, tokenIds.length));
      tokenIds.push(token);
      rawLogProbs.push(raw[token]!);
      processedLogProbs.push(own[token]!);
      const stop = ends.has(token) || stopped();
      if (!stop && tokenIds.length < room) continue;
      return {
        tokenIds,
        text: cut(model.detokenize(tokenIds, false, prompt), sampler.stop),
        finish: stop ? "stop" : "length",
        tokens: tokenIds.length,
        rawLogProbs,
        processedLogProbs,
      };
    }
  }

  async #scoreOne({ tokenIds, from, sampler }: ScoreRequest, opened: Opened): Promise<Score> {
    this.#checkIds(tokenIds, opened.capabilities);
    const { context } = opened.capabilities;
    if (tokenIds.length > context)
      throw this.#cannot(`a text has ${tokenIds.length} tokens, and the context holds ${context}`);
    const text = await this.#textOf(tokenIds.length, opened);
    const rawLogProbs: number[] = [];
    const processedLogProbs: number[] = [];
    const ranks: number[] = [];
    await text.through(tokenIds, from, (raw, token) => {
      normalise(raw);
      rawLogProbs.push(raw[token]!);
      ranks.push(raw.reduce((rank, one) => (one > raw[token]! ? rank + 1 : rank), 1));
      if (sampler !== undefined) processedLogProbs.push(processed(raw, sampler)[token]!);
    });
    return { rawLogProbs, ranks, ...(sampler === undefined ? {} : { processedLogProbs }) };
  }

  #checkIds(tokenIds: readonly number[], { vocabulary }: LocalCapabilities): void {
    const at = tokenIds.findIndex((id) => id >= vocabulary);
    if (at >= 0) throw this.#cannot(`token id ${tokenIds[at]} at ${at} is outside the vocabulary of ${vocabulary}`);
  }

  #cannot(what: string): EngineError {
    const mend = "shorten the prompt, or give token ids of this model";
    return new EngineError({
      code: "llama-cannot",
      what: `${basename(this.#path)}: ${what}`,
      mend,
      fault: "cannot",
      retry: false,
    });
  }

  /** llama.cpp forgets the beginning of a text that is longer than its context: there is always room for one token more. */
  async #textOf(tokens: number, { model, threads }: Opened): Promise<Text> {
    if (this.#text !== undefined && this.#context !== undefined && tokens < this.#context.contextSize)
      return this.#text;
    await this.#context?.dispose();
    this.#context = await model.createContext({
      contextSize: Math.min(2 ** Math.ceil(Math.log2(tokens + 1)), model.trainContextSize + 1),
      sequences: 1,
      threads,
      // Without these its log-probabilities are off.
      flashAttention: false,
      experimentalKvCacheKeyType: "F32",
      experimentalKvCacheValueType: "F32",
    });
    this.#text = new Text(this.#context.getSequence(), [...model.iterateAllTokens()].length);
    return this.#text;
  }

  #open(): Promise<Opened> {
    if (this.#opened === undefined) {
      this.#opened = open(this.#path);
      // A file that is still being written is whole later.
      this.#opened.catch(() => (this.#opened = undefined));
    }
    return this.#opened;
  }
}

async function open(path: string): Promise<Opened> {
  const library = await loadLlama();
  const model = await modelOf(library, path);
  const tokens = [...model.iterateAllTokens()];
  const ends = tokens.filter((token) => model.isEogToken(token));
  const server = `llama.cpp ${library.llamaCppRelease.release} in node-llama-cpp ${LLAMA_VERSION}`;
  const fingerprint = `${server}, ${basename(path)} sha256 ${await sha256(path)}, ${library.gpu === false ? "processor" : library.gpu}`;
  return {
    model,
    threads: Math.max(1, library.cpuMathCores >> 1),
    ends: new Set(ends),
    capabilities: {
      server,
      context: model.trainContextSize,
      vocabulary: tokens.length,
      endTokenIds: ends,
      tokenIds: true,
      scores: true,
      rawLogProbs: true,
      processedLogProbs: true,
      seeds: true,
      fingerprint,
      lacks: [],
    },
  };
}

async function modelOf(library: Llama, path: string): Promise<LlamaModel> {
  try {
    return await library.loadModel({ modelPath: path });
  } catch (error) {
    throw new StudyError({
      code: "bad-model-file",
      what: `${path} cannot be loaded as GGUF: ${error instanceof Error ? error.message : String(error)}`,
      mend: "give a whole GGUF file that fits into memory",
    });
  }
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex").slice(0, 16);
}

/** Ends with the first stop string in it, the string included. */
function cut(text: string, stops: readonly string[]): string {
  const ends = stops.flatMap((stop) => (text.includes(stop) ? [text.indexOf(stop) + stop.length] : []));
  return text.slice(0, Math.min(text.length, ...ends));
}
