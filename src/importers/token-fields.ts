// importers/ · Token fields: token ids and log-probabilities of a rollout, whole or not at all.
import { StudyError } from "../terms/errors.ts";
import { wrongType } from "./refusals.ts";

/** A log-softmax in float32 may round to a little above 0. */
const ROUNDED = 1e-3;

/** Undefined where nothing was kept: absent, null or empty. */
export function readTokenIds(value: unknown, place: string): readonly number[] | undefined {
  if (isNothing(value)) return undefined;
  if (!Array.isArray(value)) throw wrongType(place, value, "a list of token ids", "write it as the tool does");
  const bad: unknown = value.find((id) => !Number.isSafeInteger(id) || id < 0);
  if (bad !== undefined) throw wrongType(place, bad, "a token id", "write whole numbers from 0 on");
  return value as number[];
}

/** Undefined where nothing was kept, or where one is missing (null, which stands for NaN too): the others alone are no log-probability of the answer. */
export function readLogProbs(value: unknown, tokens: number, place: string): readonly number[] | undefined {
  if (isNothing(value)) return undefined;
  if (!Array.isArray(value)) throw wrongType(place, value, "a list of log-probabilities", "write it as the tool does");
  if (value.length !== tokens) {
    throw new StudyError({
      code: "length-differs",
      what: `${place}: ${value.length} log-probabilities stand beside ${tokens} generated tokens`,
      why: "and each token has one",
      mend: "write one for each, or leave the field out",
    });
  }
  const bad: unknown = value.find((one) => one !== null && !(typeof one === "number" && one < ROUNDED));
  if (bad !== undefined) throw wrongType(place, bad, "a log-probability", "write natural logs, 0 or less");
  return value.includes(null) ? undefined : (value as number[]);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}
