// worlds/ · Batcher: what several clients ask at the same time goes into one call, because an engine is fastest side by side.

/** Answers in the order of the requests; an abort rejects. */
export type Call<Q, A> = (requests: readonly Q[], signal: AbortSignal) => Promise<readonly A[]>;

/** What one client asked together. */
interface Job<Q, A> {
  readonly requests: readonly Q[];
  readonly answers: A[];
  /** Requests that went into a call so far. */
  begun: number;
  answered: number;
  /** Answered, failed, or given up: nothing more is done for it. */
  over: boolean;
  readonly settle: (end: { readonly answers: readonly A[] } | { readonly error: unknown }) => void;
}

/** requests [from, to) of a job, in one call. */
interface Part<Q, A> {
  readonly job: Job<Q, A>;
  readonly from: number;
  readonly to: number;
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/**
 * One call at a time, of at most `slots` requests, in the order they came; a job may be spread over several calls.
 * What is answered must not depend on what is asked beside it.
 */
export class Batcher<Q, A> {
  readonly #call: Call<Q, A>;
  readonly #slots: number;
  readonly #waiting: Job<Q, A>[] = [];
  #running: { readonly parts: readonly Part<Q, A>[]; readonly giveUp: AbortController } | undefined;
  #working = false;

  constructor(call: Call<Q, A>, slots: number) {
    this.#call = call;
    this.#slots = slots;
  }

  /** Requests that wait for a call. */
  get queued(): number {
    return this.#waiting.reduce((sum, { requests, begun }) => sum + requests.length - begun, 0);
  }

  /** Requests in the call that runs now; those that were given up are free when it ends. */
  get running(): number {
    return this.#running?.parts.reduce((sum, { from, to }) => sum + to - from, 0) ?? 0;
  }

  /**
   * Rejects with what the engine rejects, for these requests only. On an abort it rejects at once: what waits is dropped,
   * and the running call is given up when nobody waits for any part of it.
   */
  async ask(requests: readonly Q[], signal: AbortSignal): Promise<readonly A[]> {
    signal.throwIfAborted();
    if (requests.length === 0) return [];
    const { promise, resolve, reject } = Promise.withResolvers<readonly A[]>();
    const job: Job<Q, A> = {
      requests,
      answers: [],
      begun: 0,
      answered: 0,
      over: false,
      settle: (end) => {
        job.over = true;
        const at = this.#waiting.indexOf(job);
        if (at >= 0) this.#waiting.splice(at, 1);
        if ("error" in end) reject(end.error);
        else resolve(end.answers);
      },
    };
    const giveUp = (): void => {
      job.settle({ error: signal.reason });
      if (this.#running?.parts.every((part) => part.job.over)) this.#running.giveUp.abort(signal.reason);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    this.#waiting.push(job);
    void this.#work();
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    // What comes in within one turn of the event loop goes together.
    await nextTurn();
    for (let parts = this.#next(); parts.length > 0; parts = this.#next()) await this.#run(parts);
    this.#working = false;
  }

  #next(): Part<Q, A>[] {
    const parts: Part<Q, A>[] = [];
    let room = this.#slots;
    while (room > 0 && this.#waiting.length > 0) {
      const job = this.#waiting[0]!;
      const from = job.begun;
      job.begun = Math.min(job.requests.length, from + room);
      room -= job.begun - from;
      parts.push({ job, from, to: job.begun });
      if (job.begun === job.requests.length) this.#waiting.shift();
    }
    return parts;
  }

  async #run(parts: readonly Part<Q, A>[]): Promise<void> {
    const giveUp = new AbortController();
    this.#running = { parts, giveUp };
    try {
      const asked = parts.flatMap(({ job, from, to }) => job.requests.slice(from, to));
      const answers = await this.#call(asked, giveUp.signal);
      let at = 0;
      for (const { job, from, to } of parts) {
        for (let i = from; i < to; i++) job.answers[i] = answers[at++]!;
        job.answered += to - from;
        if (!job.over && job.answered === job.requests.length) job.settle({ answers: job.answers });
      }
    } catch (error) {
      const [only] = parts;
      // One client's bad request is not the others' failure: each tries alone.
      if (parts.length > 1) for (const part of parts.filter(({ job }) => !job.over)) await this.#run([part]);
      else if (!only!.job.over) only!.job.settle({ error });
    } finally {
      this.#running = undefined;
    }
  }
}
