// engines/ · Seen: ids of answers, so that one answer given to two requests is noticed, as by a proxy that keeps answers.

const REMEMBERED = 20_000;

export class Seen {
  #now = new Set<string>();
  #before = new Set<string>();

  /** Whether the id came before, among the last 20,000 at least. */
  again(id: string): boolean {
    if (this.#now.has(id) || this.#before.has(id)) return true;
    if (this.#now.size === REMEMBERED) {
      this.#before = this.#now;
      this.#now = new Set();
    }
    this.#now.add(id);
    return false;
  }
}
