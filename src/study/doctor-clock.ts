// study/ · Doctor's clock: how many tokens a second an engine generates and scores, at the concurrency that the examination has anyway.
import type { Engine } from "../engines/engine.ts";
import { EngineError } from "../terms/errors.ts";
import type { Speed } from "../terms/doctor.ts";

interface Spent {
  tokens: number;
  milliseconds: number;
}

/** An engine whose work is counted while it is done. @param now in milliseconds, from wherever; it never goes back */
export class Clocked {
  readonly engine: Engine;
  readonly #sampled: Spent = { tokens: 0, milliseconds: 0 };
  readonly #scored: Spent = { tokens: 0, milliseconds: 0 };

  constructor(engine: Engine, now: () => number) {
    const timed = async <T>(spent: Spent, work: () => Promise<readonly T[]>, tokens: (one: T, i: number) => number) => {
      const begun = now();
      const done = await work();
      spent.milliseconds += now() - begun;
      done.forEach((one, i) => (spent.tokens += one instanceof EngineError ? 0 : tokens(one, i)));
      return done;
    };
    this.engine = new Proxy(engine, {
      get: (of, field) => {
        if (field === "sample")
          return ((requests, signal) =>
            timed(
              this.#sampled,
              () => of.sample(requests, signal),
              (one) => (one instanceof EngineError ? 0 : (one.tokens ?? one.tokenIds?.length ?? 0)),
            )) satisfies Engine["sample"];
        if (field === "score")
          return ((requests, signal) =>
            timed(
              this.#scored,
              () => of.score(requests, signal),
              (_, i) => requests[i]!.tokenIds.length - requests[i]!.from,
            )) satisfies Engine["score"];
        const value: unknown = Reflect.get(of, field);
        return typeof value === "function" ? value.bind(of) : value;
      },
    });
  }

  /** Of all that was asked so far; undefined where nothing was generated, or no time went by. */
  get speed(): Speed | undefined {
    const generated = rate(this.#sampled);
    const scored = rate(this.#scored);
    return generated === undefined ? undefined : { generated, ...(scored === undefined ? {} : { scored }) };
  }
}

function rate({ tokens, milliseconds }: Spent): number | undefined {
  return tokens === 0 || milliseconds <= 0 ? undefined : (1000 * tokens) / milliseconds;
}
