// engines/ · Requests: what makes no sense is a StudyError before anything is sent.
import { StudyError } from "../../terms/errors.ts";
import type { SampleRequest, Sampler, ScoreRequest } from "../engine.ts";

/** @param coldest  lower temperatures are not honoured by the server, but silently raised */
export function checkSamples(requests: readonly SampleRequest[], coldest = 0): void {
  for (const { prompt, sampler, seed } of requests) {
    if (prompt.length === 0) refuse("engine-prompt", "a prompt is empty", "give it a token at least");
    if (typeof prompt !== "string") checkIds(prompt);
    checkSampler(sampler, coldest);
    if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
      refuse("engine-seed", `a rollout's seed is ${seed}`, "a seed is a whole number from 0 to 2³² − 1");
  }
}

export function checkScores(requests: readonly ScoreRequest[]): void {
  for (const { tokenIds, from, sampler } of requests) {
    checkIds(tokenIds);
    if (!(Number.isInteger(from) && from >= 1 && from <= tokenIds.length))
      refuse(
        "engine-score-from",
        `scores were asked for from token ${from} of ${tokenIds.length}`,
        "ask from a token between 1 and the text's length",
      );
    if (sampler !== undefined) checkSampler(sampler, 0);
  }
}

function checkIds(tokenIds: readonly number[]): void {
  const at = tokenIds.findIndex((id) => !(Number.isInteger(id) && id >= 0 && id < 2 ** 31));
  if (at >= 0)
    refuse("engine-token", `token id ${tokenIds[at]} at ${at} is none`, "token ids are whole numbers from 0");
}

function checkSampler({ temperature, topP, topK, minP, maxTokens, stop }: Sampler, coldest: number): void {
  const must = (holds: boolean, field: string, value: unknown, range: string): void => {
    if (!holds) refuse("engine-sampler", `the sampler's ${field} is ${value}`, `${field} must be ${range}`);
  };
  must(temperature > 0 && Number.isFinite(temperature), "temperature", temperature, "above 0");
  must(temperature >= coldest, "temperature", temperature, `at least ${coldest}, below which this server raises it`);
  must(topP > 0 && topP <= 1, "topP", topP, "above 0 and at most 1");
  must(Number.isInteger(topK) && topK >= 0, "topK", topK, "whole, and 0 to keep all");
  must(minP >= 0 && minP <= 1, "minP", minP, "between 0 and 1");
  must(Number.isInteger(maxTokens) && maxTokens >= 1, "maxTokens", maxTokens, "whole and at least 1");
  must(!stop.includes(""), "stop", JSON.stringify(stop), "without an empty string");
}

function refuse(code: string, what: string, mend: string): never {
  throw new StudyError({ code, what, mend });
}
