// importers/ · Walk: one JSON document of any length, read once from front to back; only what is asked for is kept.
import { isUtf8 } from "node:buffer";
import { StudyError } from "../../terms/errors.ts";
import { notANumber } from "../jsonl.ts";
import { parsePython } from "../python-json.ts";
import { at, truncated } from "../refusals.ts";
import { bareWord } from "../scan.ts";
import { show } from "../show.ts";
import { firstInvalid, LINE_LIMIT, stopsWithin, withoutMark } from "../source.ts";

/** Keys and places in lists, from the root. Valid only during the call it is given to. */
export type Path = readonly (string | number)[];

/** What of a value to keep: all of it (or where the function says so), or what stands under these keys; `*` is any key or place. */
export type Plan = true | ((path: Path) => boolean) | { readonly [key: string]: Plan };

export interface Visitor {
  /** A value that the plan keeps; also whatever else than an object or list stands where the plan looks into one. */
  take(path: Path, value: unknown): void;
  /** An object or list that the plan looks into begins. */
  enter?(path: Path, list: boolean): void;
  /** And has ended. */
  leave?(path: Path): void;
}

/** No log nests its values deeper. */
const DEEPEST = 500;

const [QUOTE, SLASH, COMMA, COLON, NEWLINE] = [0x22, 0x5c, 0x2c, 0x3a, 0x0a];
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];

type Expected = "a value" | "a value or ]" | "a key" | "a key or }" | "a colon" | "a comma" | "nothing more";
/** Within what the walk stands; `pass` is a nested value, kept or not, in which only strings and brackets are seen. */
type Within = "structure" | "string" | "literal" | "pass" | "passed string";

/** Feed it chunks with `write`, then call `end`. It throws StudyErrors; `name` is the document in their sentences. */
export class Walker {
  readonly #name: string;
  readonly #visitor: Visitor;
  /** The plans of the objects and lists that were entered, and which are lists. */
  readonly #plans: { readonly [key: string]: Plan }[] = [];
  readonly #lists: boolean[] = [];
  readonly #path: (string | number)[] = [];
  readonly #root: Plan;
  readonly #strict: boolean;

  #expected: Expected = "a value";
  #within: Within = "structure";
  #depth = 0;
  #escaped = false;
  #wanted = false;
  /** Of what is kept: the place in the chunk where it begins, −1 where nothing is; and what earlier chunks held of it. */
  #from = -1;
  #kept: Buffer[] = [];
  #keptSize = 0;

  #line = 1;
  #offset = 0;
  #carry: Buffer = Buffer.alloc(0);

  /** @param strict refuses NaN and the infinities, which are no JSON, in what is kept; else they are read as Python means them */
  constructor(name: string, plan: Plan, visitor: Visitor, strict = false) {
    this.#name = name;
    this.#strict = strict;
    this.#root = plan;
    this.#visitor = visitor;
  }

  /** The chunk is not kept. */
  write(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const whole = bytes.subarray(0, isUtf8(bytes) ? bytes.length : beforeLast(bytes));
    if (!isUtf8(whole)) throw firstInvalid(this.#name, whole, this.#line, this.#offset);
    this.#carry = Buffer.from(bytes.subarray(whole.length));
    this.#walk(this.#offset === 0 ? withoutMark(whole) : whole);
    this.#offset += whole.length;
  }

  end(): void {
    if (!stopsWithin(this.#carry)) throw firstInvalid(this.#name, this.#carry, this.#line, this.#offset);
    if (this.#expected !== "nothing more" || this.#carry.length > 0) throw truncated(this.#name, this.#line);
  }

  #walk(bytes: Buffer): void {
    let i = 0;
    while (i < bytes.length) {
      if (this.#within === "structure") i = this.#structure(bytes, i);
      else if (this.#within === "literal") i = this.#literal(bytes, i);
      else if (this.#within === "pass") i = this.#pass(bytes, i);
      else i = this.#string(bytes, i);
    }
    if (this.#from < 0) return;
    this.#keep(Buffer.from(bytes.subarray(this.#from)));
    this.#from = 0;
  }

  #structure(bytes: Buffer, start: number): number {
    let i = start;
    for (; i < bytes.length; i++) {
      const c = bytes[i] as number;
      if (c === NEWLINE) this.#line++;
      else if (c !== 0x20 && c !== 0x0d && c !== 0x09) return this.#token(bytes, i, c);
    }
    return i;
  }

  #token(bytes: Buffer, i: number, c: number): number {
    const expected = this.#expected;
    if (expected === "a comma") {
      if (c === COMMA) this.#expected = this.#lists.at(-1) ? "a value" : "a key";
      else if (c === (this.#lists.at(-1) ? CLOSE_LIST : CLOSE)) this.#leave();
      else throw this.#unexpected(bytes, i);
    } else if (expected === "a colon" && c === COLON) {
      this.#expected = "a value";
    } else if ((expected === "a key" || expected === "a key or }") && c === QUOTE) {
      this.#within = "string";
      this.#from = i;
    } else if ((expected === "a key or }" && c === CLOSE) || (expected === "a value or ]" && c === CLOSE_LIST)) {
      this.#leave();
    } else if (expected === "a value" || expected === "a value or ]") {
      return this.#value(bytes, i, c);
    } else {
      throw this.#unexpected(bytes, i);
    }
    return i + 1;
  }

  #value(bytes: Buffer, i: number, c: number): number {
    if (this.#lists.at(-1)) this.#path[this.#path.length - 1] = (this.#path.at(-1) as number) + 1;
    const plan = this.#plan();
    const kept = plan !== undefined && (typeof plan !== "function" || plan(this.#path));
    if (c === OPEN || c === OPEN_LIST) {
      if (typeof plan === "object") {
        this.#enter(plan, c === OPEN_LIST);
        return i + 1;
      }
      this.#within = "pass";
    } else if (c === QUOTE) {
      this.#within = "string";
    } else if (c === CLOSE || c === CLOSE_LIST || c === COMMA || c === COLON) {
      throw this.#unexpected(bytes, i);
    } else {
      this.#within = "literal";
    }
    this.#expected = "a comma";
    this.#wanted = kept;
    if (kept || this.#within === "literal") this.#from = i;
    return this.#within === "string" ? i + 1 : i;
  }

  /** The plan for the value that begins here; undefined where it is to be passed over. */
  #plan(): Plan | undefined {
    const above = this.#plans.at(-1);
    if (above === undefined) return this.#root;
    const key = this.#path.at(-1) as string | number;
    return Object.hasOwn(above, key) ? above[key] : above["*"];
  }

  #enter(plan: { readonly [key: string]: Plan }, list: boolean): void {
    this.#visitor.enter?.(this.#path, list);
    this.#plans.push(plan);
    this.#lists.push(list);
    this.#path.push(list ? -1 : "");
    if (this.#plans.length > DEEPEST) throw this.#tooDeep();
    this.#expected = list ? "a value or ]" : "a key or }";
  }

  #leave(): void {
    this.#plans.pop();
    this.#lists.pop();
    this.#path.pop();
    this.#visitor.leave?.(this.#path);
    this.#expected = this.#plans.length === 0 ? "nothing more" : "a comma";
  }

  #literal(bytes: Buffer, start: number): number {
    let i = start;
    for (; i < bytes.length; i++) {
      const c = bytes[i] as number;
      if (c <= 0x20 || c === COMMA || c === CLOSE || c === CLOSE_LIST || c === QUOTE) {
        this.#finish(bytes, i);
        return i;
      }
    }
    return i;
  }

  #pass(bytes: Buffer, start: number): number {
    for (let i = start; i < bytes.length; i++) {
      const c = bytes[i] as number;
      if (c === QUOTE) {
        this.#within = "passed string";
        return i + 1;
      }
      if (c === OPEN || c === OPEN_LIST) {
        if (++this.#depth + this.#plans.length > DEEPEST) throw this.#tooDeep();
      } else if (c === CLOSE || c === CLOSE_LIST) {
        if (--this.#depth === 0) {
          this.#finish(bytes, i + 1);
          return i + 1;
        }
      } else if (c === NEWLINE) this.#line++;
    }
    return bytes.length;
  }

  #string(bytes: Buffer, start: number): number {
    let i = this.#escaped ? start + 1 : start;
    this.#escaped = false;
    for (;;) {
      const quote = bytes.indexOf(QUOTE, i);
      const end = quote < 0 ? bytes.length : quote;
      let slashes = 0;
      while (end - 1 - slashes >= i && bytes[end - 1 - slashes] === SLASH) slashes++;
      if (quote < 0) {
        this.#escaped = slashes % 2 === 1;
        return bytes.length;
      }
      i = quote + 1;
      if (slashes % 2 === 1) continue;
      if (this.#within === "passed string") this.#within = "pass";
      else this.#finish(bytes, i);
      return i;
    }
  }

  #keep(part: Buffer): void {
    this.#kept.push(part);
    this.#keptSize += part.length;
    if (this.#keptSize <= LINE_LIMIT) return;
    throw new StudyError({
      code: "value-too-long",
      what: `${at(this.#name, this.#line)}: the value of ${this.#path.join(".")} is longer than ${LINE_LIMIT / 2 ** 20} MiB`,
      why: "which is more than one answer may take",
      mend: "leave the sample out",
    });
  }

  /** A key, a string, a literal or a nested value ends before `end`. */
  #finish(bytes: Buffer, end: number): void {
    this.#within = "structure";
    if (this.#from < 0) return;
    this.#keep(bytes.subarray(this.#from, end));
    const text = (this.#kept.length === 1 ? (this.#kept[0] as Buffer) : Buffer.concat(this.#kept)).toString("utf8");
    this.#kept = [];
    this.#keptSize = 0;
    this.#from = -1;
    let value: unknown;
    try {
      value = this.#strict ? JSON.parse(text) : parsePython(text);
    } catch {
      const word = this.#strict ? bareWord(text) : undefined;
      if (word !== undefined) {
        const after = text.slice(word.position).split("\n").length - 1;
        throw notANumber(at(this.#name, this.#line - after, word.key ?? this.#path.at(-1)?.toString()), word.word);
      }
      throw new StudyError({
        code: "not-json",
        what: `${at(this.#name, this.#line)}: ${show(text)} is not JSON`,
        mend: "write it again with a JSON library",
      });
    }
    if (this.#expected !== "a comma") {
      this.#path[this.#path.length - 1] = value as string;
      this.#expected = "a colon";
    } else if (this.#wanted) {
      this.#visitor.take(this.#path, value);
    }
  }

  #unexpected(bytes: Buffer, i: number): StudyError {
    const [character] = bytes.toString("utf8", i, i + 4);
    return new StudyError({
      code: "not-json",
      what: `${at(this.#name, this.#line)}: ${show(character)} stands where ${this.#expected} belongs`,
      mend: "write it again with a JSON library",
    });
  }

  #tooDeep(): StudyError {
    return new StudyError({
      code: "too-deep",
      what: `${at(this.#name, this.#line)}: lists and objects stand within each other more than ${DEEPEST} deep`,
      why: "which no log of answers needs",
      mend: "leave out what is nested so deep",
    });
  }
}

/** Where the last character begins, of bytes that may stop within it. */
function beforeLast(bytes: Buffer): number {
  let i = bytes.length;
  while (i > 0 && i > bytes.length - 3 && ((bytes[i - 1] as number) & 0xc0) === 0x80) i--;
  return i > 0 && (bytes[i - 1] as number) >= 0xc0 ? i - 1 : bytes.length;
}
