// worlds/ · Engine: a policy of a world answers and scores, in this process.
import type {
  LocalCapabilities,
  LocalEngine,
  SampleRequest,
  Sampler,
  Score,
  ScoreRequest,
  TokenAnswer,
  TokenRequest,
} from "../engines/engine.ts";
import { StudyError } from "../terms/errors.ts";
import { Decoder } from "./transformer/decoder.ts";
import { Sampling, type Bending } from "./transformer/sampling.ts";
import { scoring } from "./transformer/scoring.ts";
import type { Shape } from "./transformer/shape.ts";
import { decode, encode, END_TOKEN } from "./vocabulary.ts";

export interface WorldPolicy {
  readonly name: string;
  readonly shape: Shape;
  readonly weights: Float32Array;
  /** What tells these weights and their transform from all others. */
  readonly fingerprint: string;
  readonly bending?: Bending;
}

/** Answers drawn, or texts scored, side by side. */
const SLOTS = 256;
/** Others get a turn after so many milliseconds of work. */
const TURN_MS = 10;

const anotherTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

export class WorldEngine implements LocalEngine {
  readonly name: string;
  readonly #policy: WorldPolicy;
  #decoder: Decoder | undefined;
  /** The end of the work asked for so far: one piece of work at a time has the kernels. */
  #busy: Promise<unknown> = Promise.resolve();

  constructor(policy: WorldPolicy) {
    this.name = policy.name;
    this.#policy = policy;
  }

  capabilities(): Promise<LocalCapabilities> {
    const { shape, fingerprint } = this.#policy;
    return Promise.resolve({
      server: "crucis-world",
      context: shape.context,
      vocabulary: shape.vocabulary,
      endTokenIds: [END_TOKEN],
      tokenIds: true,
      scores: true,
      rawLogProbs: true,
      processedLogProbs: true,
      seeds: true,
      fingerprint,
      lacks: [],
    });
  }

  async encode(text: string): Promise<readonly number[]> {
    return encode(text);
  }

  async decode(tokenIds: readonly number[]): Promise<string> {
    return decode(tokenIds);
  }

  async sample(requests: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly TokenAnswer[]> {
    const encoded = requests.map(
      (request): TokenRequest => ({
        ...request,
        prompt: typeof request.prompt === "string" ? encode(request.prompt) : request.prompt,
      }),
    );
    for (const { prompt, sampler, seed } of encoded) {
      this.#checkTokens(prompt, "a prompt", 1);
      checkSampler(sampler);
      if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
        refuse("world-seed", `a rollout's seed is ${seed}`, "a seed is a whole number from 0 to 2³² − 1");
    }
    return this.#alone(async () => {
      const answers: TokenAnswer[] = [];
      const sampling = new Sampling(
        this.#decoding(),
        END_TOKEN,
        (index, answer) => {
          answers[index] = answer;
        },
        this.#policy.bending,
      );
      sampling.add(encoded);
      for (let turn = performance.now(); sampling.step(); )
        if (performance.now() - turn > TURN_MS) {
          await anotherTurn();
          signal?.throwIfAborted();
          turn = performance.now();
        }
      return answers;
    }, signal);
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly Score[]> {
    for (const { tokenIds, from, sampler } of requests) {
      this.#checkTokens(tokenIds, "a text to score", 0);
      if (!(Number.isInteger(from) && from >= 1 && from <= tokenIds.length))
        refuse(
          "world-score-from",
          `scores were asked for from token ${from} of ${tokenIds.length}`,
          "ask from a token between 1 and the text's length",
        );
      if (sampler !== undefined) checkSampler(sampler);
    }
    return this.#alone(async () => {
      const work = scoring(this.#decoding(), requests, this.#policy.bending);
      for (let turn = performance.now(); ; ) {
        const { done, value } = work.next();
        if (done) return value;
        if (performance.now() - turn > TURN_MS) {
          await anotherTurn();
          signal?.throwIfAborted();
          turn = performance.now();
        }
      }
    }, signal);
  }

  /** One piece of work after the other, whatever became of the one before. */
  #alone<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const turn = this.#busy.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    this.#busy = turn.catch(() => {});
    return turn;
  }

  #decoding(): Decoder {
    if (this.#decoder === undefined) {
      this.#decoder = new Decoder(this.#policy.shape, SLOTS);
      this.#decoder.setWeights(this.#policy.weights);
    }
    return this.#decoder;
  }

  /** `room`: places that must be left for an answer. */
  #checkTokens(tokenIds: readonly number[], what: string, room: number): void {
    const { vocabulary, context } = this.#policy.shape;
    if (tokenIds.length === 0) refuse("world-empty", `${what} has no tokens`, "give at least one");
    const at = tokenIds.findIndex((id) => !(Number.isInteger(id) && id >= 0 && id < vocabulary));
    if (at >= 0)
      refuse(
        "world-token",
        `token id ${tokenIds[at]} at ${at} of ${what} is outside the vocabulary of ${vocabulary}`,
        `use whole ids from 0 to ${vocabulary - 1}`,
      );
    if (tokenIds.length + room > context)
      refuse(
        "world-context",
        `${what} has ${tokenIds.length} tokens, but the context holds ${context}${room > 0 ? " with the answer" : ""}`,
        "shorten it",
      );
  }
}

function checkSampler({ temperature, topP, topK, minP, maxTokens }: Sampler): void {
  const must = (holds: boolean, field: string, value: number, range: string): void => {
    if (!holds) refuse("world-sampler", `the sampler's ${field} is ${value}`, `${field} must be ${range}`);
  };
  must(temperature > 0 && Number.isFinite(temperature), "temperature", temperature, "above 0");
  must(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
  must(Number.isInteger(topK) && topK >= 0, "topK", topK, "whole, and 0 to keep all");
  must(minP >= 0 && minP <= 1, "minP", minP, "between 0 and 1");
  must(Number.isInteger(maxTokens) && maxTokens >= 1, "maxTokens", maxTokens, "whole and at least 1");
}

function refuse(code: string, what: string, mend: string): never {
  throw new StudyError({ code, what, mend });
}
