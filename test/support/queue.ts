// Chunks and answers for tests of the queue, a study to hang them on, and PGlite in this process.
import { createHash } from "node:crypto";
import { declareStudy, type StudyInQueue } from "../../src/evidence/queue-studies.ts";
import type { QueueDatabase } from "../../src/evidence/queue-database.ts";
import type { Chunk, RolloutRecord } from "../../src/terms/record.ts";

const hash = (text: string): string => createHash("sha256").update(text).digest("hex");

const SAMPLER = { temperature: 1, topP: 1, topK: 0, minP: 0, maxTokens: 64, stop: [] };

export type Sample = Chunk & { readonly kind: "sample" };

/** Two rollouts of one problem. */
export function chunkOf(study: string, number: number, policy = "base"): Sample {
  const asks = [0, 1].map((index) => ({
    rollout: `paired-sampling/${policy}/p${number}/${index}`,
    experiment: "paired-sampling",
    problem: `p${number}`,
    index,
    seed: 2 * number + index,
  }));
  return { kind: "sample", id: hash(`${study} ${policy} ${number}`), policy, sampler: SAMPLER, asks };
}

export function recordsOf(chunk: Sample): RolloutRecord[] {
  return chunk.asks.map((ask) => ({
    ...ask,
    chunk: chunk.id,
    policy: chunk.policy,
    engine: "test",
    sampler: chunk.sampler,
    verifier: "test@1",
    verdict: "right",
    text: `#${ask.index}`,
    tokenIds: [7, ask.index],
    rawLogProbs: [-0.5, Number.NEGATIVE_INFINITY],
  }));
}

/** @returns its hash */
export async function studyIn(database: QueueDatabase, title: string): Promise<string> {
  const study: StudyInQueue = {
    hash: hash(title),
    title,
    crucis: "0.0.0",
    file: "study.yaml",
    text: "",
    questions: {},
  };
  await declareStudy(database, study);
  return study.hash;
}
