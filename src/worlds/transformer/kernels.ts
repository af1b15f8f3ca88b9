// worlds/ · Kernels: the WebAssembly module of the transformer, with its memory given out from the bottom up.
import { readFileSync } from "node:fs";

type Address = number;

/** Exports of tools/kernels; what each does is said there. */
interface Exports {
  readonly memory: WebAssembly.Memory;
  bottom(): Address;
  multiply(
    a: Address,
    aRow: number,
    b: Address,
    bRow: number,
    c: Address,
    cRow: number,
    m: number,
    k: number,
    n: number,
    add: number,
  ): void;
  multiplyTurned(
    a: Address,
    aRow: number,
    b: Address,
    bRow: number,
    c: Address,
    cRow: number,
    m: number,
    k: number,
    n: number,
    add: number,
  ): void;
  transpose(a: Address, row: number, out: Address, outRow: number, rows: number, columns: number): void;
  norm(x: Address, gain: Address, out: Address, scales: Address, rows: number, width: number, epsilon: number): void;
  normBack(
    x: Address,
    gain: Address,
    scales: Address,
    dOut: Address,
    dX: Address,
    dGain: Address,
    rows: number,
    width: number,
  ): void;
  rotate(
    x: Address,
    rows: number,
    width: number,
    headWidth: number,
    cosines: Address,
    sines: Address,
    positions: Address,
    back: number,
  ): void;
  gated(gate: Address, up: Address, slope: Address, out: Address, count: number): void;
  gatedBack(silu: Address, slope: Address, up: Address, dOut: Address, count: number): void;
  attend(scores: Address, row: number, rows: number, first: number, width: number, scale: number): void;
  attendBack(p: Address, dP: Address, row: number, rows: number, width: number, scale: number): void;
  chooseBack(logits: Address, targets: Address, coefficients: Address, rows: number, vocabulary: number): void;
  embed(table: Address, ids: Address, out: Address, rows: number, width: number): void;
  embedBack(dTable: Address, ids: Address, dOut: Address, rows: number, width: number): void;
  attendCached(
    query: Address,
    key: Address,
    value: Address,
    out: Address,
    keys: Address,
    values: Address,
    scores: Address,
    slots: Address,
    positions: Address,
    rows: number,
    heads: number,
    headWidth: number,
    context: number,
    scale: number,
  ): void;
  add(a: Address, b: Address, count: number): void;
}

let compiled: WebAssembly.Module | undefined;

const PAGE = 65_536;

/** One instance of the kernels. Memory is given out and never taken back. */
export class Kernels {
  readonly run: Exports;
  #top: Address;

  constructor() {
    compiled ??= new WebAssembly.Module(readFileSync(new URL("./kernels.wasm", import.meta.url)));
    this.run = new WebAssembly.Instance(compiled, {
      env: {
        abort() {
          throw new Error("the transformer's kernels aborted");
        },
      },
    }).exports as unknown as Exports;
    this.#top = this.run.bottom();
  }

  /** Address of `count` four-byte places, zero, on a 64-byte line. */
  take(count: number): Address {
    const address = this.#top;
    this.#top = (address + 4 * count + 63) & ~63;
    const missing = this.#top - this.run.memory.buffer.byteLength;
    if (missing > 0) this.run.memory.grow(Math.ceil(missing / PAGE));
    return address;
  }

  /** A view that any later `take` may make stale: use it at once. */
  floats(address: Address, count: number): Float32Array {
    return new Float32Array(this.run.memory.buffer, address, count);
  }

  whole(address: Address, count: number): Int32Array {
    return new Int32Array(this.run.memory.buffer, address, count);
  }
}
