// terms/ · Finding: a named quantity an experiment estimated, with its estimate; and what a figure is drawn from.
import type { Estimate, Measured } from "./estimate.ts";

/** `name` is stable, lower case, slash-separated, and documented in docs/findings.md. */
export interface Finding {
  readonly name: string;
  readonly estimate: Estimate;
}

/** Reads findings by name; a missing finding is undefined, not zero. */
export class Findings {
  readonly #byName = new Map<string, Estimate>();
  readonly list: readonly Finding[];

  constructor(list: readonly Finding[]) {
    this.list = list;
    for (const finding of list) {
      if (this.#byName.has(finding.name)) throw new Error(`two findings are named ${finding.name}`);
      this.#byName.set(finding.name, finding.estimate);
    }
  }

  get(name: string): Estimate | undefined {
    return this.#byName.get(name);
  }

  /** The measured estimate of that name, else undefined (refused, bounded or not looked for). */
  measured(name: string): Measured | undefined {
    const estimate = this.#byName.get(name);
    return estimate?.kind === "measured" ? estimate : undefined;
  }
}
