// engines/ · Each: many requests side by side, each with its own fate.
import { EngineError } from "../../terms/errors.ts";

/** In the order of the requests, an EngineError in its request's place. On an abort, and on any other error, all are given up. */
export async function each<Q, A>(
  requests: readonly Q[],
  signal: AbortSignal | undefined,
  ask: (request: Q, signal: AbortSignal) => Promise<A>,
): Promise<(A | EngineError)[]> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const one = async (request: Q): Promise<A | EngineError> => {
    try {
      return await ask(request, stop.signal);
    } catch (error) {
      if (error instanceof EngineError) return error;
      stop.abort(error);
      throw error;
    }
  };
  const giveUp = (): void => stop.abort(signal?.reason);
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    return await abortable(Promise.all(requests.map(one)), signal);
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

/** Rejects with the signal's reason as soon as it is aborted, whatever the promise does. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const giveUp = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    signal.throwIfAborted();
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
