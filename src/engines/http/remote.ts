// engines/ · Remote: an engine behind a server. What a server is, is asked once; requests go side by side; texts are encoded once.
import type { EngineError } from "../../terms/errors.ts";
import type { Answer, Capabilities, Engine, SampleRequest, Score, ScoreRequest, TokenRequest } from "../engine.ts";
import { abortable, each } from "./each.ts";
import { checkSamples, checkScores } from "./requests.ts";
import type { Wire } from "./wire.ts";

/** What a server told of itself. */
export interface Told {
  readonly capabilities: Capabilities;
}

/** How one kind of server is spoken to. All reject with an EngineError; `sample` and `score` fail for their one request. */
export interface Dialect<T extends Told> {
  /** Lower temperatures are not honoured by the server, but silently raised. */
  readonly coldest?: number;
  ask(): Promise<T>;
  encode(text: string, told: T): Promise<readonly number[]>;
  decode(tokenIds: readonly number[], told: T): Promise<string>;
  /** Token ids where the server takes them, else text. */
  sample(request: SampleRequest, told: T, signal: AbortSignal): Promise<Answer>;
  score(request: ScoreRequest, told: T, signal: AbortSignal): Promise<Score>;
}

export class RemoteEngine<T extends Told> implements Engine {
  readonly name: string;
  readonly #wire: Wire;
  readonly #dialect: Dialect<T>;
  readonly #encoded = new Map<string, Promise<readonly number[]>>();
  #told: Promise<T> | undefined;

  constructor(wire: Wire, dialect: Dialect<T>) {
    this.name = wire.name;
    this.#wire = wire;
    this.#dialect = dialect;
  }

  async capabilities(): Promise<Capabilities> {
    return (await this.#asked()).capabilities;
  }

  encode(text: string): Promise<readonly number[]> {
    return remembered(this.#encoded, text, async () => this.#dialect.encode(text, await this.#asked()));
  }

  async decode(tokenIds: readonly number[]): Promise<string> {
    return this.#dialect.decode(tokenIds, await this.#asked());
  }

  async sample(requests: readonly SampleRequest[], signal?: AbortSignal): Promise<readonly (Answer | EngineError)[]> {
    signal?.throwIfAborted();
    checkSamples(requests, this.#dialect.coldest);
    if (requests.length === 0) return [];
    const told = await abortable(this.#asked(), signal);
    return each(requests, signal, async (request, stop) => {
      const asText = typeof request.prompt === "string" && told.capabilities.tokenIds;
      const prompt = asText ? await this.encode(request.prompt as string) : request.prompt;
      return this.#dialect.sample({ ...request, prompt }, told, stop);
    });
  }

  async score(requests: readonly ScoreRequest[], signal?: AbortSignal): Promise<readonly (Score | EngineError)[]> {
    signal?.throwIfAborted();
    checkScores(requests);
    if (requests.length === 0) return [];
    const told = await abortable(this.#asked(), signal);
    return each(requests, signal, (request, stop) => this.#dialect.score(request, told, stop));
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  #asked(): Promise<T> {
    if (this.#told === undefined) {
      this.#told = this.#dialect.ask();
      // A server that is away now may be there later.
      this.#told.catch(() => (this.#told = undefined));
    }
    return this.#told;
  }
}

function remembered<V>(known: Map<string, Promise<V>>, key: string, make: () => Promise<V>): Promise<V> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}

/** Tokens that may be generated behind the prompt. @throws EngineError where there is room for none */
export function roomFor({ prompt, sampler }: TokenRequest, context: number | undefined, wire: Wire): number {
  const room = (context ?? Infinity) - prompt.length;
  if (room >= 1) return Math.min(sampler.maxTokens, room);
  throw wire.error(
    "cannot",
    `a prompt has ${prompt.length} tokens, and the context holds ${context}`,
    "shorten it, or start the server with a longer context",
  );
}
