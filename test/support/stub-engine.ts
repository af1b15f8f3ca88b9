// An engine without a model: its answers depend on prompt, sampler and seed alone, and it can be made to wait.
import type {
  TokenAnswer,
  LocalCapabilities,
  LocalEngine,
  SampleRequest,
  TokenRequest,
  Score,
  ScoreRequest,
} from "../../src/engines/engine.ts";
import { stream } from "../../src/maths/random.ts";
import { CHARACTERS, decode, encode, END_TOKEN } from "../../src/worlds/vocabulary.ts";

/** Its log-probability is −∞. */
export const IMPOSSIBLE = CHARACTERS.indexOf("i");

export class StubEngine implements LocalEngine {
  readonly name = "stub";
  /** Requests in each call of sample and of score, in order. */
  readonly sampled: number[] = [];
  readonly scored: number[] = [];
  /** Calls that were given up. */
  givenUp = 0;
  /** Thrown from sample for this prompt. */
  fails: (prompt: string) => Error | undefined = () => undefined;
  readonly #capabilities: Partial<LocalCapabilities>;
  #gate: Promise<void> = Promise.resolve();

  constructor(capabilities: Partial<LocalCapabilities> = {}) {
    this.#capabilities = capabilities;
  }

  /** From now on every call of sample waits until this is called. */
  hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#gate = promise;
    return resolve;
  }

  async capabilities(): Promise<LocalCapabilities> {
    return {
      server: "stub",
      tokenIds: true,
      lacks: [],
      context: 64,
      vocabulary: CHARACTERS.length,
      endTokenIds: [END_TOKEN],
      scores: true,
      rawLogProbs: true,
      processedLogProbs: false,
      seeds: true,
      fingerprint: "stub 1",
      ...this.#capabilities,
    };
  }

  async encode(text: string): Promise<readonly number[]> {
    return encode(text);
  }

  async decode(tokenIds: readonly number[]): Promise<string> {
    return decode(tokenIds);
  }

  async sample(asked: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly TokenAnswer[]> {
    const requests = asked as readonly TokenRequest[];
    this.sampled.push(requests.length);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const giveUp = (): void => {
      this.givenUp++;
      reject(signal?.reason as Error);
    };
    signal?.addEventListener("abort", giveUp);
    await Promise.race([this.#gate, aborted]);
    signal?.removeEventListener("abort", giveUp);
    for (const { prompt } of requests) {
      const failure = this.fails(decode(prompt));
      if (failure !== undefined) throw failure;
    }
    return requests.map(answerOf);
  }

  async score(requests: readonly ScoreRequest[]): Promise<readonly Score[]> {
    this.scored.push(requests.length);
    return requests.map(({ tokenIds, from }) => ({
      rawLogProbs: tokenIds.slice(from).map((_, i) => logProb(tokenIds, from + i)),
    }));
  }
}

/** Of the token at `at`, behind those before it. */
export function logProb(tokenIds: readonly number[], at: number): number {
  if (tokenIds[at] === IMPOSSIBLE) return Number.NEGATIVE_INFINITY;
  return -((7 * tokenIds[at]! + 3 * tokenIds[at - 1]! + at) % 11) / 3 - 0.1;
}

/** Greedy is the one token that top-k 1 leaves: here always the first. */
function answerOf({ prompt, sampler, seed }: TokenRequest): TokenAnswer {
  const name = `stub ${prompt.join(" ")} ${sampler.temperature} ${sampler.topP} ${sampler.topK} ${sampler.minP}`;
  const random = stream(seed, name);
  const tokenIds: number[] = [];
  const ended = () => tokenIds.at(-1) === END_TOKEN || sampler.stop.some((stop) => decode(tokenIds).endsWith(stop));
  while (tokenIds.length < sampler.maxTokens && !ended())
    tokenIds.push(random.integer(sampler.topK === 0 ? CHARACTERS.length - 1 : sampler.topK));
  const all = [...prompt, ...tokenIds];
  return {
    tokenIds,
    text: decode(tokenIds),
    finish: ended() ? "stop" : "length",
    rawLogProbs: tokenIds.map((_, i) => logProb(all, prompt.length + i)),
  };
}
