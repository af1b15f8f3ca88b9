// worlds/ · Choice: from logits to log-probabilities and to a token, in double precision.
import type { Sampler } from "../../engines/engine.ts";

/** log softmax(logits)[token], natural; the logits stand at [start, start + count). */
export function logProbAt(logits: ArrayLike<number>, start: number, count: number, token: number): number {
  return logits[start + token]! - logSum(logits, start, count);
}

function logSum(logits: ArrayLike<number>, start: number, count: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = start; i < start + count; i++) if (logits[i]! > top) top = logits[i]!;
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += Math.exp(logits[i]! - top);
  return top + Math.log(sum);
}

/** log softmax of all of them, into `out`. */
export function logSoftmax(logits: ArrayLike<number>, start: number, count: number, out: Float64Array): void {
  const whole = logSum(logits, start, count);
  for (let i = 0; i < count; i++) out[i] = logits[start + i]! - whole;
}

type Cuts = Pick<Sampler, "temperature" | "topP" | "topK" | "minP">;

/**
 * In place, from the model's log-probabilities to the sampler's, in vLLM's order: temperature, top-k, top-p, min-p,
 * renormalised; −∞ where a token is cut off. Ties at a border of top-k all stay; top-p keeps the fewest most likely tokens
 * whose sum reaches it, the lower id first among equals; min-p is relative to the most likely token.
 */
export function process(logProbs: Float64Array, { temperature, topP, topK, minP }: Cuts): void {
  const count = logProbs.length;
  if (temperature !== 1) {
    for (let i = 0; i < count; i++) logProbs[i] = logProbs[i]! / temperature;
    renormalise(logProbs);
  }
  if (topK > 0 && topK < count) {
    const border = Float64Array.from(logProbs).sort()[count - topK]!;
    for (let i = 0; i < count; i++) if (logProbs[i]! < border) logProbs[i] = Number.NEGATIVE_INFINITY;
    renormalise(logProbs);
  }
  if (topP < 1) {
    const order = Array.from(logProbs.keys()).sort((a, b) => logProbs[b]! - logProbs[a]! || a - b);
    let sum = 0;
    for (const i of order) {
      if (sum >= topP) logProbs[i] = Number.NEGATIVE_INFINITY;
      else sum += Math.exp(logProbs[i]!);
    }
    renormalise(logProbs);
  }
  if (minP > 0) {
    let top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) top = Math.max(top, logProbs[i]!);
    const border = top + Math.log(minP);
    for (let i = 0; i < count; i++) if (logProbs[i]! < border) logProbs[i] = Number.NEGATIVE_INFINITY;
    renormalise(logProbs);
  }
}

function renormalise(logProbs: Float64Array): void {
  const whole = logSum(logProbs, 0, logProbs.length);
  for (let i = 0; i < logProbs.length; i++) logProbs[i] = logProbs[i]! - whole;
}

/** The token at which the cumulated probability passes `uniform`, in [0, 1); never one that is cut off. */
export function choose(logProbs: Float64Array, uniform: number): number {
  let sum = 0;
  let last = -1;
  for (let i = 0; i < logProbs.length; i++) {
    if (logProbs[i] === Number.NEGATIVE_INFINITY) continue;
    sum += Math.exp(logProbs[i]!);
    last = i;
    if (uniform < sum) return i;
  }
  return last;
}
