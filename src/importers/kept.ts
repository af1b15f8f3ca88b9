// importers/ · Kept: rollouts as they are read, in about twenty bytes each; they become objects again when somebody asks for them.
import type { Rollout } from "../terms/rollout.ts";
import { own } from "./own.ts";

const BLOCK = 1 << 16;
/** So many different values are known again; where there are more, some are kept twice. */
const KNOWN = 1 << 16;

/** Numbers by place, 0 where none was set. It grows without copying what it has. */
class Column {
  readonly #blocks: Int32Array[] = [];

  set(at: number, value: number): void {
    if (value !== 0) (this.#blocks[at >>> 16] ??= new Int32Array(BLOCK))[at & (BLOCK - 1)] = value;
  }

  at(at: number): number {
    return this.#blocks[at >>> 16]?.[at & (BLOCK - 1)] ?? 0;
  }
}

/** Values by number, equal ones once; undefined has 0. */
class Values<T> {
  readonly #values: (T | undefined)[] = [undefined];
  readonly #numbers = new Map<unknown, number>();

  /** @param key what tells values apart */
  numberOf(value: T | undefined, key: unknown = value): number {
    if (value === undefined) return 0;
    let number = this.#numbers.get(key);
    if (number !== undefined) return number;
    if (this.#numbers.size >= KNOWN) this.#numbers.clear();
    number = this.#values.push(value) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  at(number: number): T | undefined {
    return this.#values[number];
  }
}

/** Texts no longer than this are kept as bytes: as a string, a short answer takes three times its letters. */
const SHORT = 50;
const TWO_BYTES = 0x80;
const ARENA = 1 << 20;
/** Slots for short texts that are known again, half of them used: so many to begin with, and at most. */
const FEW = 1 << 8;
const SLOTS = 1 << 22;

/** Texts by number, undefined has 0: short ones by where they stand in blocks of bytes, from 1, longer ones below 0. */
class Texts {
  readonly #blocks: Buffer[] = [];
  #end = 1;
  #known = new Int32Array(FEW);
  #count = 0;
  readonly #long = new Values<string>();

  numberOf(text: string | undefined): number {
    if (text === undefined) return 0;
    if (text.length > SHORT || this.#end >= 2 ** 31 - 2 * ARENA) return -this.#long.numberOf(own(text));
    const slot = this.#slotOf(text);
    const before = this.#known[slot]!;
    if (before !== 0) return before;
    const number = this.#write(text);
    // What is written beyond that is not known again: it may be there twice.
    if (this.#count < SLOTS / 2) {
      this.#known[slot] = number;
      this.#count++;
      if (2 * this.#count >= this.#known.length && this.#known.length < SLOTS) this.#grow();
    }
    return number;
  }

  /** Where its number stands, or would stand. */
  #slotOf(text: string): number {
    const last = this.#known.length - 1;
    let slot = hash(text) & last;
    for (let number = this.#known[slot]!; number !== 0; number = this.#known[slot]!) {
      if (this.#is(number, text)) return slot;
      slot = (slot + 1) & last;
    }
    return slot;
  }

  #grow(): void {
    const before = this.#known;
    this.#known = new Int32Array(4 * before.length);
    for (const number of before) if (number !== 0) this.#known[this.#slotOf(this.at(number)!)] = number;
  }

  #is(number: number, text: string): boolean {
    const block = this.#blocks[Math.floor(number / ARENA)] as Buffer;
    const from = (number % ARENA) + 1;
    const head = block[from - 1]!;
    if ((head & ~TWO_BYTES) !== text.length) return false;
    const wide = head >= TWO_BYTES;
    for (let i = 0; i < text.length; i++) {
      const letter = wide ? block.readUInt16LE(from + 2 * i) : block[from + i];
      if (letter !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  at(number: number): string | undefined {
    if (number <= 0) return this.#long.at(-number);
    const block = this.#blocks[Math.floor(number / ARENA)] as Buffer;
    const from = (number % ARENA) + 1;
    const head = block[from - 1] as number;
    const size = head & ~TWO_BYTES;
    return head < TWO_BYTES
      ? block.toString("latin1", from, from + size)
      : block.toString("utf16le", from, from + 2 * size);
  }

  /** A byte for its length and its kind, then its letters, none beyond the end of a block. */
  #write(text: string): number {
    const wide = WIDE.test(text);
    const size = 1 + (wide ? 2 : 1) * text.length;
    if ((this.#end % ARENA) + size > ARENA) this.#end = Math.ceil(this.#end / ARENA) * ARENA;
    const at = this.#end;
    const block = (this.#blocks[Math.floor(at / ARENA)] ??= Buffer.allocUnsafeSlow(ARENA));
    block[at % ARENA] = text.length | (wide ? TWO_BYTES : 0);
    block.write(text, (at % ARENA) + 1, wide ? "utf16le" : "latin1");
    this.#end += size;
    return at;
  }
}

/** FNV-1a over the letters, with its bits mixed once more. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  value ^= value >>> 16;
  return Math.imul(value, 0x85ebca6b) ^ (value >>> 13);
}

/** Has letters beyond Latin ones. */
const WIDE = /[^\0-\xff]/;

export class Kept {
  #size = 0;
  /** The rollout of the same problem before it, as its number. */
  readonly #before = new Column();
  readonly #said = new Column();
  readonly #text = new Column();
  readonly #extracted = new Column();
  readonly #tokens = new Column();
  readonly #sayings = new Values<Pick<Rollout, "verdict" | "cutOff">>();
  readonly #texts = new Texts();
  readonly #counts = new Values<number>();

  /**
   * All of it but token ids and log-probabilities.
   *
   * @param before number of the rollout of the same problem before it; 0 where it is the first
   * @returns its own number, from 1
   */
  add(before: number, { verdict, cutOff, text, extracted, tokens }: Rollout): number {
    const at = ++this.#size;
    const why = verdict.kind === "ungradable" ? verdict.why : "";
    this.#before.set(at, before);
    const said = cutOff === undefined ? { verdict } : { verdict, cutOff };
    this.#said.set(at, this.#sayings.numberOf(said, `${verdict.kind} ${why} ${cutOff}`));
    this.#text.set(at, this.#texts.numberOf(text));
    this.#extracted.set(at, this.#texts.numberOf(extracted));
    this.#tokens.set(at, this.#counts.numberOf(tokens));
    return at;
  }

  /** Those of one problem in their order, by the number of the last. */
  upTo(last: number): Rollout[] {
    const found: Rollout[] = [];
    for (let at = last; at > 0; at = this.#before.at(at)) {
      const { verdict, cutOff } = this.#sayings.at(this.#said.at(at)) as Pick<Rollout, "verdict" | "cutOff">;
      const text = this.#texts.at(this.#text.at(at));
      const extracted = this.#texts.at(this.#extracted.at(at));
      const tokens = this.#counts.at(this.#tokens.at(at));
      const rollout: { -readonly [K in keyof Rollout]: Rollout[K] } = { verdict };
      if (text !== undefined) rollout.text = text;
      if (extracted !== undefined) rollout.extracted = extracted;
      if (tokens !== undefined) rollout.tokens = tokens;
      if (cutOff !== undefined) rollout.cutOff = cutOff;
      found.push(rollout);
    }
    return found.toReversed();
  }
}
