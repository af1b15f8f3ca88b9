// study/ · Act: one chunk is asked, its answers are judged, and records come back. The same for a runner and for a worker.
import { EngineError, StudyError } from "../terms/errors.ts";
import type { Chunk, RolloutRecord, SampleAsk, ScoreRecord } from "../terms/record.ts";
import type { Answer, Engine } from "../engines/engine.ts";
import type { PolicyDeclared, Study } from "../terms/study.ts";
import type { Bench } from "./bench.ts";
import type { OpenPolicy } from "./policies.ts";
import { put } from "./put.ts";

export interface Acting {
  readonly study: Pick<Study, "variants" | "judge">;
  readonly bench: Bench;
  readonly policies: readonly OpenPolicy[];
  readonly signal?: AbortSignal;
}

/** What a chunk brought. */
export interface Acted {
  readonly records: readonly RolloutRecord[] | readonly ScoreRecord[];
  /** No request of it got through, every one for a reason that may pass: the server may be away, and that is no evidence of anything. */
  readonly lost?: EngineError;
}

/** Engine errors of single requests become records; @throws what the engine rejects with, and the signal's reason. */
export async function act(chunk: Chunk, acting: Acting): Promise<Acted> {
  const policy = acting.policies.find(({ declared }) => declared.name === chunk.policy);
  if (policy === undefined)
    throw new StudyError({
      code: "no-such-policy",
      what: `a chunk asks policy ${JSON.stringify(chunk.policy)}, and the study has ${acting.policies.map(({ declared }) => declared.name).join(", ")}`,
      mend: "give the worker the study that the runner has",
    });
  const { engine } = policy;
  const { fingerprint, tokenIds } = await engine.capabilities();
  return chunk.kind === "sample"
    ? sample(chunk, { ...acting, declared: policy.declared, engine, fingerprint, inTokens: tokenIds })
    : score(chunk, { ...acting, engine, fingerprint });
}

interface Asked extends Acting {
  readonly engine: Engine;
  readonly fingerprint: string;
}

async function sample(
  chunk: Chunk & { kind: "sample" },
  {
    study,
    bench,
    declared,
    engine,
    fingerprint,
    inTokens,
    signal,
  }: Asked & { readonly declared: PolicyDeclared; readonly inTokens: boolean },
): Promise<Acted> {
  const prompts = new Map<string, readonly number[] | string>();
  const puts = chunk.asks.map((one) => put(study, bench, declared, one));
  for (const { prompt } of puts)
    if (!prompts.has(prompt)) prompts.set(prompt, inTokens ? await engine.encode(prompt) : prompt);
  const requests = chunk.asks.map(({ seed, prefix }, i) => {
    const prompt = prompts.get(puts[i]!.prompt)!;
    if (prefix === undefined || typeof prompt === "string") return { prompt, sampler: chunk.sampler, seed };
    // What a prefix has used up of the tokens is gone.
    const maxTokens = Math.max(1, chunk.sampler.maxTokens - prefix.tokenIds.length);
    return { prompt: [...prompt, ...prefix.tokenIds], sampler: { ...chunk.sampler, maxTokens }, seed };
  });
  const answers = await engine.sample(requests, signal);
  const records = answers.map(async (answer, i): Promise<RolloutRecord> => {
    const ask = chunk.asks[i]!;
    const prompt = prompts.get(puts[i]!.prompt)!;
    // What was shown is a rollout or an example, and is kept as that.
    const { shown, ...own } = ask;
    const common = {
      ...own,
      chunk: chunk.id,
      policy: chunk.policy,
      engine: fingerprint,
      sampler: chunk.sampler,
      verifier: shown === undefined ? bench.verifierOf(ask.problem) : LABEL,
      ...(typeof prompt === "string" ? {} : { promptTokenIds: prompt }),
    };
    if (answer instanceof EngineError)
      return { ...common, verdict: "ungradable", why: "engine error", detail: answer.message };
    const text = puts[i]!.opening + (await wholeText(engine, ask, answer));
    if (shown !== undefined) return { ...common, verdict: "ungradable", why: "no verdict", ...kept(answer, text) };
    const { verdict, detail } = await bench.verify(ask.problem, text);
    // Graders of whole texts call an answer that was cut off wrong; it is neither.
    const judged = verdict.kind === "wrong" && answer.finish === "length" ? CUT_OFF : verdict;
    return {
      ...common,
      verdict: judged.kind,
      ...(judged.kind === "ungradable" ? { why: judged.why } : {}),
      ...(detail === undefined ? {} : { detail }),
      ...kept(answer, text),
    };
  });
  return { records: await Promise.all(records), ...lost(answers) };
}

/** Decoded in one piece: bytes of one character may lie on both sides of a hand-off. */
async function wholeText(engine: Engine, { prefix }: SampleAsk, { text, tokenIds }: Answer): Promise<string> {
  if (prefix === undefined) return text;
  if (tokenIds === undefined) throw new Error("a prefix was continued by an engine that tells no token ids");
  return engine.decode([...prefix.tokenIds, ...tokenIds]);
}

/** In the place of a verifier: a label is no attempt, and nobody grades it. */
const LABEL = "none, a label";
const CUT_OFF = { kind: "ungradable", why: "cut off" } as const;

function kept({ finish, tokens, tokenIds, rawLogProbs, processedLogProbs }: Answer, text: string) {
  const length = tokens ?? tokenIds?.length;
  return {
    text,
    finish,
    ...(length === undefined ? {} : { tokens: length }),
    ...(tokenIds === undefined ? {} : { tokenIds }),
    ...(rawLogProbs === undefined ? {} : { rawLogProbs }),
    ...(processedLogProbs === undefined ? {} : { processedLogProbs }),
  };
}

async function score(chunk: Chunk & { kind: "score" }, { engine, fingerprint, signal }: Asked): Promise<Acted> {
  const answers = await engine.score(
    chunk.asks.map(({ promptTokenIds, tokenIds }) => ({
      tokenIds: [...promptTokenIds, ...tokenIds],
      from: promptTokenIds.length,
      sampler: chunk.sampler,
    })),
    signal,
  );
  const records = answers.map((answer, i): ScoreRecord => {
    const common = {
      chunk: chunk.id,
      rollout: chunk.asks[i]!.rollout,
      policy: chunk.policy,
      engine: fingerprint,
      sampler: chunk.sampler,
    };
    return answer instanceof EngineError
      ? { ...common, detail: answer.message }
      : {
          ...common,
          rawLogProbs: answer.rawLogProbs,
          ...(answer.processedLogProbs === undefined ? {} : { processedLogProbs: answer.processedLogProbs }),
          ...(answer.ranks === undefined ? {} : { ranks: answer.ranks }),
        };
  });
  return { records, ...lost(answers) };
}

function lost(answers: readonly unknown[]): { lost?: EngineError } {
  const errors = answers.filter((answer) => answer instanceof EngineError);
  const all = errors.length === answers.length && errors.every(({ retry }) => retry);
  return all && errors[0] !== undefined ? { lost: errors[0] } : {};
}
