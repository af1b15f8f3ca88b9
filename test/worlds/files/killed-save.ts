// test/ · Run by checkpoint.test.ts: saves a checkpoint over another and is killed at the n-th step towards the disk.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const [folder = "", at = "", saved = ""] = process.argv.slice(2);
let calls = 0;
const isLast = (): boolean => ++calls === Number(at);
const die = (): never => {
  process.kill(process.pid, "SIGKILL");
  throw new Error("still alive");
};
const { writeSync, fsyncSync, renameSync } = fs;
Object.assign(fs, {
  // Half of the bytes are written.
  writeSync: (file: number, bytes: Uint8Array, from: number) =>
    isLast() ? (writeSync(file, bytes, from, (bytes.length - from) >> 1), die()) : writeSync(file, bytes, from),
  fsyncSync: (file: number) => (isLast() ? die() : fsyncSync(file)),
  renameSync: (from: string, to: string) => (isLast() ? die() : renameSync(from, to)),
});
syncBuiltinESMExports();

const { saveCheckpoint } = await import("../../../src/worlds/files/checkpoint.ts");
const { about, weights, moments } = JSON.parse(saved);
saveCheckpoint(folder, about, Float32Array.from(weights), {
  step: moments.step,
  m: Float32Array.from(moments.m),
  v: Float32Array.from(moments.v),
});
