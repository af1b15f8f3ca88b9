// engines/ · Density: from a model's log-probabilities to the sampler's, and to a token, in double precision.
import { createHash } from "node:crypto";
import type { Sampler } from "../engine.ts";

/** In place: subtracts the log of the sum, so that the probabilities sum to 1. */
export function normalise(logs: Float64Array): void {
  let top = Number.NEGATIVE_INFINITY;
  for (const log of logs) if (log > top) top = log;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - top);
  const whole = top + Math.log(sum);
  for (let i = 0; i < logs.length; i++) logs[i] = logs[i]! - whole;
}

/**
 * The sampler's own, from the model's, in vLLM's order: temperature, top-k, top-p, min-p, each renormalised; −∞ where a token is
 * cut off. Ties at the border of top-k stay; of top-p, the fewest most likely tokens that reach it, lower ids first among equals.
 */
export function processed(raw: Float64Array, { temperature, topK, topP, minP }: Sampler): Float64Array {
  const logs = raw.map((log) => log / temperature);
  normalise(logs);
  const keep = (kept: (i: number) => boolean): void => {
    for (let i = 0; i < logs.length; i++) if (!kept(i)) logs[i] = Number.NEGATIVE_INFINITY;
    normalise(logs);
  };
  if (topK > 0 && topK < logs.length) {
    const border = logs.toSorted()[logs.length - topK]!;
    keep((i) => logs[i]! >= border);
  }
  if (topP < 1) {
    const stays = new Set<number>();
    let sum = 0;
    for (const i of Array.from(logs.keys()).sort((a, b) => logs[b]! - logs[a]! || a - b)) {
      if (sum >= topP) break;
      sum += Math.exp(logs[i]!);
      stays.add(i);
    }
    keep((i) => stays.has(i));
  }
  if (minP > 0) {
    const border = logs.reduce((top, log) => Math.max(top, log)) + Math.log(minP);
    keep((i) => logs[i]! >= border);
  }
  return logs;
}

/** The token at which the cumulated probability passes `at`, in [0, 1); never one that is cut off. */
export function choose(logs: Float64Array, at: number): number {
  let sum = 0;
  let last = -1;
  for (let i = 0; i < logs.length; i++) {
    if (logs[i] === Number.NEGATIVE_INFINITY) continue;
    sum += Math.exp(logs[i]!);
    last = i;
    if (at < sum) break;
  }
  return last;
}

/** Of a rollout's own stream, by counting: in [0, 1), 53 bits. Whatever else is drawn changes nothing. */
export function uniform(seed: number, position: number): number {
  const bytes = createHash("sha256").update(`engines/llama ${seed} ${position}`).digest();
  return (bytes.readUInt32BE(0) * 2 ** 21 + (bytes.readUInt32BE(4) >>> 11)) / 2 ** 53;
}
