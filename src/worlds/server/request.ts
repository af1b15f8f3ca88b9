// worlds/ · Request: the body of POST /v1/completions, read strictly: what cannot be honoured is refused, never dropped.
import { z } from "zod";
import type { Sampler } from "../../engines/engine.ts";
import { Refusal } from "./errors.ts";

/** One prompt as it came, and where in the body. */
export interface Prompt {
  readonly path: string;
  readonly given: string | readonly number[];
}

export interface Completion {
  readonly model: string;
  readonly prompts: readonly Prompt[];
  readonly n: number;
  /** In [0, 2³²); undefined where a fresh one is to be drawn. */
  readonly seed: number | undefined;
  /** Undefined where nothing is to be generated: max_tokens 0. */
  readonly sampler: Sampler | undefined;
  readonly keepStop: boolean;
  readonly echo: boolean;
  readonly logProbs: boolean;
  readonly promptLogProbs: boolean;
  readonly tokenIds: boolean;
  readonly tokensAsIds: boolean;
}

/** Prompts × n of one request. */
const MAX_CHOICES = 16_384;

/** Null and absent are the fallback. @param must  completes "… but must be" */
const field = <S extends z.ZodType, F>(must: string, schema: S, fallback: F) =>
  schema
    .nullish()
    .transform((value) => value ?? fallback)
    .describe(must);

const flag = () => field("true or false", z.boolean(), false);

/** Refused unless null or what changes nothing. */
const onlyNeutral = (...neutral: readonly unknown[]) =>
  z
    .unknown()
    .refine((value) => value === null || neutral.some((one) => JSON.stringify(one) === JSON.stringify(value)))
    .optional()
    .describe(`${[...neutral, null].map((one) => JSON.stringify(one)).join(" or ")}: it cannot be honoured here`);

/** Changes no answer of a world: its vocabulary has no special tokens, its server no priorities and no prefix cache. */
const withoutEffect = () => z.unknown().optional();

const schema = z.strictObject({
  model: z.string().describe("the name of a model, as GET /v1/models lists them"),
  prompt: z.unknown().optional(),
  n: field("a whole number from 1 to 1024", z.int().min(1).max(1024), 1),
  best_of: field("equal to n", z.int(), undefined),
  seed: field(
    "a whole number of 64 bits",
    z.union([
      z.int(),
      z
        .bigint()
        .min(-(2n ** 63n))
        .max(2n ** 63n - 1n),
    ]),
    undefined,
  ),
  temperature: field("0 (greedy) or from 0.01", z.union([z.literal(0), z.number().min(0.01)]), 1),
  top_p: field("above 0 and at most 1", z.number().gt(0).max(1), 1),
  top_k: field("a whole number from 1, or 0 or -1 to keep all", z.int().min(-1), 0),
  min_p: field("from 0 to 1", z.number().min(0).max(1), 0),
  max_tokens: field("a whole number from 0", z.int().min(0), 16),
  stop: field(
    "a string or at most 4, none of them empty",
    z.union([
      z
        .string()
        .min(1)
        .transform((one) => [one]),
      z.array(z.string().min(1)).max(4),
    ]),
    [],
  ),
  include_stop_str_in_output: flag(),
  logprobs: field("a whole number from 0 to 5", z.int().min(0).max(5), undefined),
  echo: flag(),
  prompt_logprobs: field("a whole number from 0 to 20", z.int().min(0).max(20), undefined),
  return_token_ids: flag(),
  return_tokens_as_token_ids: flag(),

  stream: z.literal(false).nullish().describe("false: this server does not stream"),
  stream_options: onlyNeutral(),
  suffix: onlyNeutral(""),
  frequency_penalty: onlyNeutral(0),
  presence_penalty: onlyNeutral(0),
  repetition_penalty: onlyNeutral(1),
  length_penalty: onlyNeutral(1),
  logit_bias: onlyNeutral({}),
  use_beam_search: onlyNeutral(false),
  stop_token_ids: onlyNeutral([]),
  ignore_eos: onlyNeutral(false),
  min_tokens: onlyNeutral(0),
  allowed_token_ids: onlyNeutral(),
  bad_words: onlyNeutral([]),
  logprob_token_ids: onlyNeutral(),
  truncate_prompt_tokens: onlyNeutral(),
  response_format: onlyNeutral({ type: "text" }),
  structured_outputs: onlyNeutral(),
  prompt_embeds: onlyNeutral(),

  user: withoutEffect(),
  request_id: withoutEffect(),
  session_id: withoutEffect(),
  metadata: withoutEffect(),
  store: withoutEffect(),
  service_tier: withoutEffect(),
  priority: withoutEffect(),
  cache_salt: withoutEffect(),
  add_special_tokens: withoutEffect(),
  skip_special_tokens: withoutEffect(),
  spaces_between_special_tokens: withoutEffect(),
});

/** Refusal where the text is not JSON, or not a request that can be honoured; it names the field. */
export function readRequest(text: string): Completion {
  const body = parsed(text);
  const result = schema.safeParse(body);
  if (!result.success) throw refusalOf(result.error.issues[0]!, body);
  const { prompt, ...fields } = result.data;
  const prompts = promptsOf(prompt);
  const { n, best_of: bestOf, max_tokens: maxTokens, temperature, echo } = fields;
  if (bestOf !== undefined && bestOf !== n) refuse(`best_of is ${bestOf}, but must be equal to n, ${n}`, "best_of");
  if (prompts.length * n > MAX_CHOICES)
    refuse(`${prompts.length} prompts with n = ${n} are more than ${MAX_CHOICES} choices; send them in parts`, "n");
  if (temperature === 0 && n > 1)
    refuse(`n is ${n}, but must be 1 where temperature is 0: greedy answers are all the same`, "n");
  if (maxTokens === 0 && !echo && fields.prompt_logprobs === undefined)
    refuse("max_tokens is 0, but must be from 1 where neither echo nor prompt_logprobs is asked for", "max_tokens");
  const cuts =
    temperature === 0
      ? { temperature: 1, topP: 1, topK: 1, minP: 0 }
      : { temperature, topP: fields.top_p, topK: Math.max(0, fields.top_k), minP: fields.min_p };
  return {
    model: fields.model,
    prompts,
    n,
    seed: seedOf(fields.seed),
    sampler: maxTokens === 0 ? undefined : { ...cuts, maxTokens, stop: fields.stop },
    keepStop: fields.include_stop_str_in_output,
    echo,
    logProbs: fields.logprobs !== undefined,
    promptLogProbs: fields.prompt_logprobs !== undefined,
    tokenIds: fields.return_token_ids,
    tokensAsIds: fields.return_tokens_as_token_ids,
  };
}

/** Modulo 2³²; −1 is none, as in vLLM. */
function seedOf(seed: number | bigint | undefined): number | undefined {
  return seed === undefined || BigInt(seed) === -1n ? undefined : Number(BigInt.asUintN(32, BigInt(seed)));
}

function parsed(text: string): Record<string, unknown> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    refuse(`The body is not JSON: ${(error as SyntaxError).message}`);
  }
  if (typeof body !== "object" || body === null || Array.isArray(body))
    refuse(`The body is ${shown(body)}, but must be a JSON object`);
  const { seed } = body as { seed?: unknown };
  return typeof seed === "number" && !Number.isSafeInteger(seed) ? { ...body, seed: exactSeed(text) } : { ...body };
}

/** The seed's own digits: as a number, one above 2⁵³ would become another. Undigested where it is not whole. */
function exactSeed(text: string): bigint | string {
  const sources = new WeakMap<object, string>();
  let digits = "";
  JSON.parse(text, function (this: object, key: string, value: unknown, context?: { readonly source?: string }) {
    if (key === "seed" && context?.source !== undefined) sources.set(this, context.source);
    // The holder of "" is not in the text, and comes last: its value is the body.
    if (key === "" && typeof value === "object" && value !== null) digits = sources.get(value) ?? digits;
    return value;
  });
  return /^-?\d+$/.test(digits) ? BigInt(digits) : digits;
}

function promptsOf(prompt: unknown): Prompt[] {
  const wrong = (path: string, value: unknown): never =>
    refuse(
      value === undefined
        ? "prompt is missing; send a string, token ids, or a list of either"
        : `${path} is ${shown(value)}, but a prompt must be a string, token ids, or a list of either`,
      path,
    );
  const one = (given: unknown, path: string): Prompt => {
    if (typeof given !== "string" && !Array.isArray(given)) return wrong(path, given);
    if (given.length === 0) return refuse(`${path} is empty; a prompt must have at least one token`, path);
    if (typeof given !== "string") {
      const at = given.findIndex((id) => !Number.isInteger(id));
      if (at >= 0) wrong(`${path}[${at}]`, given[at]);
    }
    return { path, given };
  };
  const several = Array.isArray(prompt) && prompt.length > 0 && typeof prompt[0] !== "number";
  return several ? prompt.map((given, j) => one(given, `prompt[${j}]`)) : [one(prompt, "prompt")];
}

function refusalOf(issue: z.core.$ZodIssue, body: Record<string, unknown>): Refusal {
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0]!;
    return new Refusal(`${key} is no field that this server knows; leave it out`, { param: key });
  }
  const [key] = issue.path as [keyof typeof schema.shape];
  const { description } = schema.shape[key];
  const is = key in body ? `is ${shown(body[key])}, but` : "is missing; it";
  return new Refusal(`${key} ${is} must be ${description}`, { param: key });
}

function shown(value: unknown): string {
  const text = typeof value === "bigint" ? `${value}` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function refuse(message: string, param?: string): never {
  throw new Refusal(message, param === undefined ? {} : { param });
}
