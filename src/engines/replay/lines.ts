// engines/ · Lines: rollouts of one policy as JSON lines, one row a rollout, under the names of the importer `rollouts`.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { StudyError } from "../../terms/errors.ts";
import { fieldOf, parse, show } from "../http/json.ts";
import { Kept, type KeptRollout } from "./kept.ts";

const NAMES = {
  prompt: ["prompt", "question", "input"],
  text: ["text", "response", "completion", "output"],
  finish: ["finish_reason", "finish", "stop_reason"],
  promptTokenIds: ["prompt_token_ids", "prompt_ids"],
  tokenIds: ["token_ids", "completion_ids", "response_tokens"],
  logProbs: ["logprobs", "log_probs"],
} as const;

/** What logs call an answer that ran into its limit, and one that ended. */
const FINISHES: Readonly<Record<string, "stop" | "length">> = {
  length: "length",
  max_tokens: "length",
  model_length: "length",
  stop: "stop",
  end_turn: "stop",
  eos: "stop",
};

/** @throws StudyError with file, line and field */
export async function readLines(path: string): Promise<Kept> {
  const rollouts: KeptRollout[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    line++;
    if (text.trim() === "") continue;
    const row = new Row(path, line, text);
    const prompt = row.text("prompt");
    const tokenIds = row.numbers("tokenIds");
    const promptTokenIds = row.numbers("promptTokenIds");
    // As the sampler drew; of the model as it is, nothing is known.
    const processedLogProbs = row.numbers("logProbs", tokenIds?.length);
    rollouts.push({
      prompt,
      index: line,
      text: row.text("text"),
      finish: FINISHES[row.text("finish")] ?? row.fail("finish", `is none of ${Object.keys(FINISHES).join(", ")}`),
      ...(tokenIds === undefined ? {} : { tokenIds, tokens: tokenIds.length }),
      ...(promptTokenIds === undefined ? {} : { promptTokenIds }),
      ...(processedLogProbs === undefined ? {} : { processedLogProbs }),
    });
  }
  if (rollouts.length === 0)
    throw new StudyError({
      code: "replay-row",
      what: `${path} holds no rollout`,
      mend: "give JSON lines, one a rollout",
    });
  return new Kept(rollouts, []);
}

class Row {
  readonly #path: string;
  readonly #line: number;
  readonly #row: unknown;

  constructor(path: string, line: number, text: string) {
    this.#path = path;
    this.#line = line;
    try {
      this.#row = parse(text);
    } catch {
      throw this.#error(`${show(text)} is no JSON`);
    }
  }

  text(role: keyof typeof NAMES): string {
    const value = this.#value(role);
    return typeof value === "string" ? value : this.fail(role, "is not a text");
  }

  /** Undefined where there are none, or one of them is null. @param count  as many as there must be */
  numbers(role: keyof typeof NAMES, count?: number): number[] | undefined {
    const value = this.#value(role);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.fail(role, "is not a list");
    if (value.includes(null)) return undefined;
    const fits = role === "logProbs" ? (one: unknown) => typeof one === "number" : Number.isInteger;
    if (!value.every(fits)) return this.fail(role, "holds what is none");
    if (count !== undefined && value.length !== count)
      return this.fail(role, `has ${value.length} entries for ${count} tokens`);
    return value as number[];
  }

  fail(role: keyof typeof NAMES, wrong: string): never {
    throw this.#error(`${this.#name(role)} ${wrong}: ${show(this.#value(role))}`);
  }

  #value(role: keyof typeof NAMES): unknown {
    return fieldOf(this.#row, this.#name(role));
  }

  #name(role: keyof typeof NAMES): string {
    return NAMES[role].find((name) => fieldOf(this.#row, name) !== undefined) ?? NAMES[role][0];
  }

  #error(what: string): StudyError {
    return new StudyError({
      code: "replay-row",
      what: `${this.#path}, line ${this.#line}: ${what}`,
      mend: "give each row a prompt, a text and a finish_reason",
    });
  }
}
