// maths/ · Random: named streams of draws. The same seed, name and index give the same draws on every machine, in any order.
//
// Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror & D. E. Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3",
// SC '11. Block b of stream (seed, name, index) is Philox at key = seed (2 words) and counter = (b, index, fold(name) (2 words)),
// so streams of one name can never overlap, and those of two names only if 64 bits of their folds agree.
import { logFactorial } from "./distributions.ts";
import { expit } from "./logspace.ts";

/** High word of the 64-bit product of two words, by 16-bit halves: none of the partial sums passes 2³². */
function highWord(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = (Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16)) | 0;
  const cross = (Math.imul(aLow, bHigh) + (middle & 0xffff)) | 0;
  return (Math.imul(aHigh, bHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

/** Ten rounds of Philox4x32 on counter (c0 … c3) under key (k0, k1), into out[0 … 3]. */
export function philox(c0: number, c1: number, c2: number, c3: number, k0: number, k1: number, out: Uint32Array): void {
  for (let round = 0; round < 10; round++) {
    const high0 = highWord(0xd2511f53, c0);
    const high1 = highWord(0xcd9e8d57, c2);
    const low0 = Math.imul(0xd2511f53, c0);
    const low1 = Math.imul(0xcd9e8d57, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + 0x9e3779b9) | 0;
    k1 = (k1 + 0xbb67ae85) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** Names met of late, and their words: one name serves many streams. */
const folded = new Map<string, [number, number]>();
const FOLDED = 256;

function foldOf(name: string): [number, number] {
  let words = folded.get(name);
  if (words === undefined) {
    if (folded.size === FOLDED) folded.clear();
    folded.set(name, (words = fold(name)));
  }
  return words;
}

/** A name's UTF-16 units, chained through Philox into two words; the length goes in last, so no name is another's beginning. */
function fold(name: string): [number, number] {
  const state = new Uint32Array(4);
  for (let i = 0; i < name.length; i += 2) {
    philox(
      name.charCodeAt(i),
      i + 1 < name.length ? name.charCodeAt(i + 1) : 0,
      state[2]!,
      state[3]!,
      state[0]!,
      state[1]!,
      state,
    );
  }
  philox(name.length, 0, state[2]!, state[3]!, state[0]!, state[1]!, state);
  return [state[0]!, state[1]!];
}

/**
 * The stream of draws named by its arguments.
 *
 * @param seed the study's, a whole number 0 … 2⁵³ − 1
 * @param name what the draws are for; two uses never share a name
 * @param index which of many alike (a replicate, a problem), a whole number 0 … 2³² − 1
 */
export function stream(seed: number, name: string, index = 0): Stream {
  if (!(Number.isSafeInteger(seed) && seed >= 0))
    throw new RangeError(`a seed is a whole number from 0 to 2^53 - 1, got ${seed}`);
  if (index !== index >>> 0)
    throw new RangeError(`a stream's index is a whole number from 0 to 2^32 - 1, got ${index}`);
  return new Stream(seed, name, index);
}

export class Stream {
  readonly #key0: number;
  readonly #key1: number;
  readonly #index: number;
  readonly #name0: number;
  readonly #name1: number;
  readonly #words = new Uint32Array(4);
  #used = 4;
  #block = 0;
  /** The second normal of a pair, where one waits. */
  #spare = 0;
  #hasSpare = false;

  constructor(seed: number, name: string, index: number) {
    this.#key0 = seed | 0;
    this.#key1 = (seed / 2 ** 32) | 0;
    this.#index = index | 0;
    const [name0, name1] = foldOf(name);
    this.#name0 = name0 | 0;
    this.#name1 = name1 | 0;
  }

  /** Whole number 0 … 2³² − 1. */
  uint32(): number {
    if (this.#used === 4) {
      if (this.#block === 2 ** 32)
        throw new Error("a stream has given all its 2^34 words; take one with another index");
      philox(this.#block | 0, this.#index, this.#name0, this.#name1, this.#key0, this.#key1, this.#words);
      this.#block++;
      this.#used = 0;
    }
    return this.#words[this.#used++]!;
  }

  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number {
    const high = this.uint32() >>> 5;
    return (high * 2 ** 26 + (this.uint32() >>> 6)) * 2 ** -53;
  }

  /** Uniform in (0, 1): midpoints of 2⁵² equal cells, since with 2⁵³ the last midpoint would round to 1. */
  open(): number {
    const high = this.uint32() >>> 6;
    return (high * 2 ** 26 + (this.uint32() >>> 6) + 0.5) * 2 ** -52;
  }

  /** Standard normal (G. E. P. Box & M. E. Muller 1958): pairs, at a fixed price in words. */
  normal(): number {
    if (this.#hasSpare) {
      this.#hasSpare = false;
      return this.#spare;
    }
    const radius = Math.sqrt(-2 * Math.log(this.open()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    this.#hasSpare = true;
    return radius * Math.cos(angle);
  }

  /** Fills with standard normals: the draws that as many calls of normal() would give. */
  normals<A extends Float64Array>(into: A): A {
    for (let i = 0; i < into.length; i++) into[i] = this.normal();
    return into;
  }

  /** Whole number 0 … n − 1, each exactly as likely (D. Lemire 2019, "Fast random integer generation in an interval"); 1 ≤ n ≤ 2³². */
  integer(n: number): number {
    if (!(Number.isInteger(n) && n >= 1 && n <= 2 ** 32))
      throw new RangeError(`integer(n) needs a whole n from 1 to 2^32, got ${n}`);
    if (n === 2 ** 32) return this.uint32();
    let word = this.uint32();
    let low = Math.imul(word, n) >>> 0;
    if (low < n) {
      const uneven = (2 ** 32 - n) % n;
      while (low < uneven) {
        word = this.uint32();
        low = Math.imul(word, n) >>> 0;
      }
    }
    return highWord(word, n) >>> 0;
  }

  /** Shuffles in place, every order equally likely (Fisher & Yates), and returns the array. */
  shuffle<A extends { readonly length: number; [i: number]: unknown }>(array: A): A {
    for (let i = array.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      const held = array[i];
      array[i] = array[j];
      array[j] = held;
    }
    return array;
  }

  /** Successes of n trials at probability p, from the exact law. */
  binomial(n: number, p: number): number {
    if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`binomial(n, p) needs a whole n ≥ 0, got ${n}`);
    if (!(p >= 0 && p <= 1)) throw new RangeError(`binomial(n, p) needs 0 ≤ p ≤ 1, got ${p}`);
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    if (n * p < 10) return this.#binomialByInversion(n, p);
    return this.#binomialByRejection(n, p);
  }

  /** Walks up the pmf from 0; n p < 10. */
  #binomialByInversion(n: number, p: number): number {
    const odds = p / (1 - p);
    let left = this.uniform();
    let mass = Math.exp(n * Math.log1p(-p));
    let k = 0;
    while (left >= mass && k < n) {
      left -= mass;
      mass *= (odds * (n - k)) / (k + 1);
      k++;
    }
    return k;
  }

  /** W. Hörmann (1993), "The generation of binomial random variates", J. Stat. Comput. Simul. 46, 101–110: algorithm BTRS. n p ≥ 10, p ≤ ½. */
  #binomialByRejection(n: number, p: number): number {
    const spread = Math.sqrt(n * p * (1 - p));
    const b = 1.15 + 2.53 * spread;
    const a = -0.0873 + 0.0248 * b + 0.01 * p;
    const centre = n * p + 0.5;
    const alpha = (2.83 + 5.1 / b) * spread;
    const squeeze = 0.92 - 4.2 / b;
    const logOdds = Math.log(p / (1 - p));
    const mode = Math.floor((n + 1) * p);
    const atMode = logFactorial(mode) + logFactorial(n - mode);
    for (;;) {
      const u = this.uniform() - 0.5;
      const v = this.open();
      const edge = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * a) / edge + b) * u + centre);
      if (edge >= 0.07 && v <= squeeze) return k;
      if (!(k >= 0 && k <= n)) continue;
      const accept = atMode - logFactorial(k) - logFactorial(n - k) + (k - mode) * logOdds;
      if (Math.log((v * alpha) / (a / (edge * edge) + b)) <= accept) return k;
    }
  }

  /** Gamma with the given shape > 0 and scale 1; a shape below about 1e−2 may give 0, where logGammaDraw would not. */
  gamma(shape: number): number {
    return shape < 1 ? Math.exp(this.logGammaDraw(shape)) : this.#gammaFromOne(shape);
  }

  /** Logarithm of a gamma draw: small shapes put most of their mass below the smallest double. */
  logGammaDraw(shape: number): number {
    if (!(shape > 0 && shape < Number.POSITIVE_INFINITY))
      throw new RangeError(`a gamma's shape is positive, got ${shape}`);
    if (shape >= 1) return Math.log(this.#gammaFromOne(shape));
    // Gamma(shape) = Gamma(shape + 1) U^{1/shape}
    return Math.log(this.#gammaFromOne(shape + 1)) + Math.log(this.open()) / shape;
  }

  /** G. Marsaglia & W. W. Tsang (2000), "A simple method for generating gamma variables", ACM TOMS 26, 363–372; shape ≥ 1. */
  #gammaFromOne(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root * root * root;
      if (Math.log(this.open()) < 0.5 * x * x + d * (1 - v + Math.log(v))) return d * v;
    }
  }

  /** Beta(a, b) in [0, 1], a, b > 0. */
  beta(a: number, b: number): number {
    const first = this.logGammaDraw(a);
    return expit(first - this.logGammaDraw(b));
  }
}
