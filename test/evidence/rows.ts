// Records as engines and importers leave them; of vitest nothing, for processes of their own.
import type { Chunk, RolloutRecord, ScoreRecord } from "../../src/terms/record.ts";

export const SAMPLER = { temperature: 1, topP: 0.95, topK: 0, minP: 0, maxTokens: 64, stop: ["\n"] };

export function rollout(chunk: string, index: number, other: Partial<RolloutRecord> = {}): RolloutRecord {
  return {
    rollout: `paired-sampling/base/${chunk}/${index}`,
    experiment: "paired-sampling",
    problem: `chain/${chunk}`,
    index,
    seed: 4_000_000_000 + index,
    chunk,
    policy: "base",
    engine: "world steady-hand, seed 1",
    sampler: SAMPLER,
    verifier: "chain/process/1",
    verdict: index % 2 === 0 ? "right" : "wrong",
    text: `3+4=${index};#${index}.`,
    finish: "stop",
    tokens: 3,
    promptTokenIds: [1, 2],
    tokenIds: [3, 4, index],
    rawLogProbs: [-0.1, -1e-7, -12.345_678_9],
    processedLogProbs: [-0.2, Number.NEGATIVE_INFINITY, -3],
    ...other,
  };
}

export function score(chunk: string, index: number, other: Partial<ScoreRecord> = {}): ScoreRecord {
  const { policy, engine, sampler, rawLogProbs, processedLogProbs, rollout: scored } = rollout(chunk, index);
  return {
    chunk,
    rollout: scored,
    policy,
    engine,
    sampler: sampler!,
    rawLogProbs: rawLogProbs!,
    processedLogProbs: processedLogProbs!,
    ...other,
  };
}

export const rollouts = (chunk: string, size = 4): RolloutRecord[] =>
  Array.from({ length: size }, (_, i) => rollout(chunk, i));
export const scores = (chunk: string, size = 4): ScoreRecord[] =>
  Array.from({ length: size }, (_, i) => score(chunk, i));

/** What the store wants to know of a chunk. */
export const asked = (id: string, kind: Chunk["kind"] = "sample") => ({ id, kind, policy: "base" }) as const;
