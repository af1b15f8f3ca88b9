// A server in vLLM's shape that misbehaves on command, each prompt by itself: its first token says whose misfortune it is.
import { type Asked, type FakeServer, fakeServer, NOT_FOUND, type Reply } from "./fake-server.ts";

export interface GoodChoice {
  readonly index: number;
  readonly text: string;
  readonly finish_reason: string;
  readonly stop_reason: null;
  readonly token_ids: readonly number[];
  readonly prompt_token_ids: readonly number[];
  readonly logprobs: { readonly tokens: readonly string[]; readonly token_logprobs: readonly number[] };
  readonly prompt_logprobs: readonly (Readonly<Record<string, { readonly logprob: number }>> | null)[] | null;
}

export interface GoodReply {
  readonly id: string;
  readonly model: string;
  readonly choices: readonly [GoodChoice];
}

export type Bend = (reply: GoodReply) => unknown;

/** One act a try, in order; a try without one is answered well. A bend changes the good reply. */
export type Act = Reply | Bend;

export interface BadServer extends FakeServer {
  /** What becomes of prompts that begin with this token. */
  readonly acts: Map<number, Act[]>;
  /** Tries that this prompt needed so far. */
  tries(first: number): number;
  /** From now on completions wait until the returned function is called. */
  hold(): () => void;
  /** Completions that wait. */
  held: number;
}

export const MODEL = "step-100";

/** @param mode  how its log-probabilities are made, as --logprobs-mode says */
export async function badServer(mode: "raw" | "processed" = "raw"): Promise<BadServer> {
  const acts = new Map<number, Act[]>();
  let ids = 0;
  let gate: Promise<void> | undefined;
  const answer = async ({ path, body: sent }: Asked): Promise<Reply> => {
    if (path === "/v1/models") return { json: { data: [MODEL, "base"].map(card) } };
    if (path === "/version") return { json: { version: "0.11.0" } };
    if (path === "/tokenize") return { json: tokenized(sent as Tokenize) };
    if (path === "/detokenize")
      return { json: { prompt: String.fromCodePoint(...(sent as { tokens: number[] }).tokens) } };
    if (path !== "/v1/completions") return NOT_FOUND;
    const body = sent as Body;
    bad.held++;
    await gate;
    bad.held--;
    const good = completed(body, `cmpl-${ids++}`, mode);
    const act = acts.get(body.prompt[0]!)?.shift();
    return typeof act === "function" ? asReply(act(good)) : (act ?? { json: good });
  };
  const server = await fakeServer(answer);
  const tries = (first: number) =>
    server.asked.filter(({ body }) => (body as Body | undefined)?.prompt?.[0] === first).length;
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  const bad: BadServer = { ...server, acts, tries, hold, held: 0 };
  return bad;
}

/** A bend may give the text itself, where no JSON can say it. */
const asReply = (bent: unknown): Reply => (typeof bent === "string" ? { status: 200, text: bent } : { json: bent });

const card = (id: string) => ({ id, object: "model", owned_by: "vllm", root: `/models/${id}`, max_model_len: 64 });

interface Tokenize {
  readonly prompt?: string;
  readonly messages?: readonly { readonly content: string }[];
}

/** One code point is one token; a template puts one before and one behind. */
function tokenized({ prompt, messages }: Tokenize) {
  const text = prompt ?? `<${messages![0]!.content}>`;
  const tokens = Array.from(text, (character) => character.codePointAt(0)!);
  return { tokens, count: tokens.length, max_model_len: 64 };
}

interface Body {
  readonly model: string;
  readonly prompt: number[];
  readonly max_tokens: number;
  readonly top_k: number;
  readonly prompt_logprobs?: number;
}

function completed(body: Body, id: string, mode: "raw" | "processed"): GoodReply {
  const { model, prompt, max_tokens: maxTokens, top_k: topK } = body;
  const tokenIds = Array.from({ length: Math.min(3, maxTokens) }, (_, i) => 65 + ((prompt[0]! + i) % 26));
  const logProb = mode === "processed" && topK === 1 ? 0 : -0.5;
  return {
    id,
    model,
    choices: [
      {
        index: 0,
        text: String.fromCodePoint(...tokenIds),
        finish_reason: "stop",
        stop_reason: null,
        token_ids: tokenIds,
        prompt_token_ids: prompt,
        logprobs: {
          tokens: tokenIds.map((one) => `token_id:${one}`),
          token_logprobs: tokenIds.map(() => logProb),
        },
        prompt_logprobs:
          body.prompt_logprobs === undefined
            ? null
            : prompt.map((one, i) => (i === 0 ? null : { "7": { logprob: -0.1 }, [one]: { logprob: -1 - i / 8 } })),
      },
    ],
  };
}
