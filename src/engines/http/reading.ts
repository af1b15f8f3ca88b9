// engines/ · Reading: token ids and log-probabilities as servers send them. What is wrong is refused; what is not told stays untold.
import type { Sampler, Score } from "../engine.ts";
import { show } from "./json.ts";

/** Throws a bad answer. @param what  completes "the server …" */
export type Fail = (what: string) => never;

/** vLLM writes −∞, and what it does not know, as −9999; llama.cpp as the lowest float. Nothing that a model says lies there. */
const NOT_TOLD = -9999;

/** Rounding may put log 1 a little above 0. */
const ABOVE_ZERO = 1e-3;

export function readTokenIds(value: unknown, name: string, fail: Fail, vocabulary = 2 ** 31): readonly number[] {
  if (!Array.isArray(value)) return fail(`gave ${show(value)} for ${name}`);
  const at = value.findIndex((id) => !(Number.isInteger(id) && id >= 0 && id < vocabulary));
  if (at >= 0)
    fail(`gave ${name}[${at}] = ${show(value[at])}, but token ids are whole numbers from 0 to ${vocabulary - 1}`);
  return value as readonly number[];
}

/** That they are the same, token by token; names the first that differs. */
export function sameIds(given: readonly unknown[], wanted: readonly number[], name: string, fail: Fail): void {
  if (given.length !== wanted.length) fail(`gave ${given.length} ${name} where there are ${wanted.length}`);
  const at = wanted.findIndex((id, i) => given[i] !== id);
  if (at >= 0) fail(`gave token ${show(given[at])} at ${at} of ${name}, where ${wanted[at]} is`);
}

/** Natural logs, one a token. Undefined where the list, or a single one of it, is not told; −∞ is told, and stays. */
export function readLogProbs(value: unknown, count: number, name: string, fail: Fail): readonly number[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return fail(`gave ${show(value)} for ${name}`);
  if (value.length !== count) fail(`gave ${value.length} ${name} for ${count} tokens`);
  const at = value.findIndex((one) => one !== null && !(typeof one === "number" && one <= ABOVE_ZERO));
  if (at >= 0) fail(`gave ${name}[${at}] = ${show(value[at])}, but a log-probability is a number of at most 0`);
  return value.every(told) ? (value as readonly number[]) : undefined;
}

const told = (one: number | null): boolean => one !== null && (one > NOT_TOLD || one === Number.NEGATIVE_INFINITY);

/** The sampler keeps every token, so its cuts change nothing. */
export const keepsAll = ({ topP, topK, minP }: Sampler): boolean => topP === 1 && topK === 0 && minP === 0;

/** The sampler draws from the model as it is: both densities are one. */
export const asItIs = (sampler: Sampler): boolean => keepsAll(sampler) && sampler.temperature === 1;

/** Scores from a list of raw log-probabilities of the tokens from `from` on; one that is not told is a bad answer. */
export function wholeScore(list: readonly unknown[], from: number, sampler: Sampler | undefined, fail: Fail): Score {
  const rawLogProbs = readLogProbs(list, list.length, "log-probabilities", fail);
  if (rawLogProbs === undefined) {
    const at = list.findIndex((one) => !told(one as number | null));
    return fail(`does not tell the log-probability of the token at ${from + at}, but gave ${show(list[at])}`);
  }
  return { rawLogProbs, ...(sampler !== undefined && asItIs(sampler) ? { processedLogProbs: rawLogProbs } : {}) };
}
