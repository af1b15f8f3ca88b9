// importers/ · Inspect sample: one drawn answer of a log, from the few of its fields that are kept while it is read.
import type { Rollout } from "../../terms/rollout.ts";
import { ungradable } from "../../terms/verdict.ts";
import type { Path, Plan } from "../document/walk.ts";
import type { Shared } from "../gather.ts";
import { isObject } from "../jsonl.ts";
import { STOPPED, type Threshold } from "../rollout-verdict.ts";
import { settled } from "../row-log.ts";
import { attachmentsIn, promptOf, textOf } from "./content.ts";
import { type Chosen, scoresIn, verdictOf } from "./score.ts";

export class Sample {
  id: unknown;
  epoch: unknown;
  input: unknown;
  target: unknown;
  scores: unknown;
  limit: unknown;
  error: unknown;
  message: unknown;
  stopReason: unknown;
  outputTokens: unknown;
  choices = 0;
  readonly logProbs: unknown[] = [];
  readonly attachments = new Map<string, string>();
  /** Keys of attachments that its input and its answer stand for. */
  readonly wanted = new Set<string>();

  /** `path` begins within the sample. */
  take(path: Path, value: unknown): void {
    const [field, second, third] = path;
    if (field === "attachments") {
      if (typeof value === "string") this.attachments.set(String(second), value);
    } else if (field !== "output") {
      Object.assign(this, { [field as string]: value });
    } else if (second === "usage") {
      this.outputTokens = value;
    } else if (second === "choices" && typeof third === "number") {
      this.choices = third + 1;
      // Several answers may have been drawn at once; the first is the one that was scored.
      if (third > 0) return;
      if (path[3] === "message") this.message = value;
      else if (path[3] === "stop_reason") this.stopReason = value;
      else if (path.at(-1) === "logprob") this.logProbs.push(value);
    }
    attachmentsIn(field === "input" || path[3] === "message" ? value : undefined, this.wanted);
  }
}

/** The fields of a sample that are kept. Attachments that nothing refers to are passed over; in a log they come last. */
export function samplePlan(current: () => Sample): Plan {
  const choice = { message: true, stop_reason: true, logprobs: { content: { "*": { logprob: true } } } } as const;
  return {
    id: true,
    epoch: true,
    input: true,
    target: true,
    scores: true,
    limit: true,
    error: true,
    output: { usage: { output_tokens: true }, choices: { "*": choice } },
    attachments: { "*": (path) => current().message === undefined || current().wanted.has(String(path.at(-1))) },
  };
}

export function sharedOf(sample: Sample, id: string, family: string | undefined): Shared {
  const { target, input, attachments } = sample;
  const prompt = promptOf(input, attachments);
  const gold = Array.isArray(target) && target.length === 1 ? target[0] : target;
  const goldText = typeof gold === "string" ? gold : Array.isArray(gold) && gold.length > 0 ? JSON.stringify(gold) : "";
  return {
    id,
    ...(family === undefined ? {} : { family }),
    ...(prompt === undefined ? {} : { prompt }),
    ...(goldText === "" ? {} : { gold: goldText }),
  };
}

export function rolloutOf(sample: Sample, chosen: Chosen, threshold: Threshold, place: string): Rollout {
  const score = chosen.of(scoresIn(sample.scores), place);
  const verdict = verdictOf(score?.value, threshold, `${place}, the score`);
  const limited = isObject(sample.limit) || typeof sample.limit === "string";
  const told = typeof sample.stopReason === "string" || limited;
  const cutOff = limited || STOPPED.includes(sample.stopReason as string);
  const failed = sample.error !== undefined && sample.error !== null;
  const text = textOf(sample.message, sample.attachments);
  // Usage is of all answers drawn at once.
  const tokens = sample.choices === 1 && isCount(sample.outputTokens) ? sample.outputTokens : undefined;
  const logProbs = complete(sample.logProbs, tokens);
  return {
    verdict: settled(verdict ?? ungradable("no verdict"), failed, cutOff),
    ...(text === undefined ? {} : { text }),
    ...(score?.answer === undefined ? {} : { extracted: score.answer }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(told ? { cutOff } : {}),
    ...(logProbs === undefined ? {} : { logProbs }),
  };
}

/** One for each token, or nothing. */
function complete(logProbs: readonly unknown[], tokens: number | undefined): readonly number[] | undefined {
  if (logProbs.length === 0 || (tokens !== undefined && logProbs.length !== tokens)) return undefined;
  return logProbs.every((one) => typeof one === "number" && Number.isFinite(one)) ? (logProbs as number[]) : undefined;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
