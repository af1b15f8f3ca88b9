// study/ · Kept: what was read of a store, chunk by chunk once. From one round to the next there is a little more of it.
import type { Store } from "../evidence/store.ts";
import type { RolloutRecord, ScoreRecord } from "../terms/record.ts";
import { PAIRED } from "./plan.ts";

/** Of a problem's paired rollouts under one policy so many keep their tokens in memory; no experiment hands off or scores more. */
const DEEP = 64;

export class Kept {
  readonly #store: Store;
  readonly #chunks = { samples: new Set<string>(), scores: new Set<string>() };
  readonly #rollouts: RolloutRecord[] = [];
  readonly #scores: ScoreRecord[] = [];
  /** Where tokens of rollouts end, as far as somebody asked. */
  readonly ends = new Map<string, readonly number[]>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** All that is kept by now, in an order of ours: with it the same evidence gives the same sums, to the last bit. */
  async read(): Promise<{ rollouts: readonly RolloutRecord[]; scores: readonly ScoreRecord[] }> {
    const { samples, scores } = this.#chunks;
    for await (const record of this.#store.rollouts({ but: new Set(samples) })) {
      samples.add(record.chunk);
      this.#rollouts.push(record.experiment === PAIRED && record.index >= DEEP ? shallow(record) : record);
    }
    for await (const record of this.#store.scores({ but: new Set(scores) })) {
      scores.add(record.chunk);
      this.#scores.push(record);
    }
    this.#rollouts.sort((a, b) => order(a.rollout, b.rollout));
    this.#scores.sort((a, b) => order(a.rollout, b.rollout) || order(a.policy, b.policy) || order(a.chunk, b.chunk));
    return { rollouts: [...this.#rollouts], scores: [...this.#scores] };
  }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function shallow(record: RolloutRecord): RolloutRecord {
  const rest: Record<string, unknown> = { ...record };
  for (const field of ["tokenIds", "promptTokenIds", "rawLogProbs", "processedLogProbs"]) delete rest[field];
  return rest as unknown as RolloutRecord;
}
