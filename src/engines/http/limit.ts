// engines/ · Limit: how many requests a server gets at once. It grows while all goes well and is halved when the server has enough.

/** `crowded`: the server said, or showed, that it has too many. */
export type Outcome = "answered" | "crowded" | "failed";

const START = 32;

/**
 * Additive increase, multiplicative decrease (Chiu and Jain 1989), doubling each round trip until the first decrease, as TCP begins.
 * It grows only while it is used to the full: else nothing is known of what lies above it.
 */
export class Limit {
  #limit = START;
  #slowStart = true;
  #inFlight = 0;
  /** Goes up with each decrease: what was asked before it says nothing new. */
  #epoch = 0;
  readonly #waiting: (() => void)[] = [];
  /** Of those who share it, what each allows. */
  readonly #ceilings: number[] = [];

  /** The lowest ceiling holds for all. */
  share(ceiling: number): () => void {
    this.#ceilings.push(ceiling);
    return () => {
      this.#ceilings.splice(this.#ceilings.indexOf(ceiling), 1);
      this.#admit();
    };
  }

  /** Requests that may be in flight now. */
  get limit(): number {
    return Math.max(1, Math.floor(Math.min(this.#limit, this.#ceiling)));
  }

  get #ceiling(): number {
    return Math.min(...this.#ceilings);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** In the order of asking. Resolves to what `release` must be given. */
  async acquire(): Promise<number> {
    if (this.#inFlight >= this.limit || this.#waiting.length > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push(resolve);
      await promise;
    } else this.#inFlight++;
    return this.#epoch;
  }

  release(epoch: number, outcome: Outcome): void {
    const full = this.#inFlight >= this.limit;
    this.#inFlight--;
    if (outcome === "crowded" && epoch === this.#epoch) {
      this.#limit = Math.max(1, this.limit / 2);
      this.#slowStart = false;
      this.#epoch++;
    } else if (outcome === "answered" && full)
      this.#limit = Math.min(this.#ceiling, this.#limit + (this.#slowStart ? 1 : 1 / this.#limit));
    this.#admit();
  }

  #admit(): void {
    while (this.#waiting.length > 0 && this.#inFlight < this.limit) {
      this.#inFlight++;
      this.#waiting.shift()!();
    }
  }
}
