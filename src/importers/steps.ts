// importers/ · Steps: at which training steps a log's rows were drawn, and what follows where they are several.
import { wrongType } from "./refusals.ts";

export class Steps {
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /** A row without a step says nothing. */
  add(value: unknown, place: string): void {
    if (value === undefined || value === null) return;
    const step = typeof value === "bigint" ? Number(value) : value;
    if (!Number.isSafeInteger(step)) throw wrongType(place, step, "a training step", "write a whole number");
    this.#first = Math.min(this.#first, step as number);
    this.#last = Math.max(this.#last, step as number);
  }

  /** How the file was selected, where its rows are of several policies; undefined where of one. */
  get mixed(): string | undefined {
    if (this.#last <= this.#first) return undefined;
    return `its rows were drawn at several training steps, ${this.#first} to ${this.#last}, each by another policy`;
  }
}
