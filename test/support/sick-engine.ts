// An engine with one illness: everything else is the healthy engine's own.
import type { Engine, SampleRequest, Score, ScoreRequest, TokenAnswer } from "../../src/engines/engine.ts";
import type { WorldEngine } from "../../src/worlds/engine.ts";

export type Illness = (healthy: WorldEngine) => Partial<Engine>;

export function sick(healthy: WorldEngine, illness: Illness): Engine {
  const own = illness(healthy);
  return {
    name: healthy.name,
    capabilities: own.capabilities ?? (() => healthy.capabilities()),
    encode: own.encode ?? ((text) => healthy.encode(text)),
    decode: own.decode ?? ((ids) => healthy.decode(ids)),
    sample: own.sample ?? ((requests, signal) => healthy.sample(requests, signal)),
    score: own.score ?? ((requests, signal) => healthy.score(requests, signal)),
  };
}

export const resampling =
  (change: (request: SampleRequest, i: number) => SampleRequest): Illness =>
  (healthy) => ({ sample: (requests) => healthy.sample(requests.map(change)) });

export const reanswering =
  (change: (answer: TokenAnswer) => TokenAnswer): Illness =>
  (healthy) => ({ sample: async (requests) => (await healthy.sample(requests)).map(change) });

export const rescoring =
  (change: (score: Score, request: ScoreRequest, i: number) => Score): Illness =>
  (healthy) => ({
    score: async (requests) => (await healthy.score(requests)).map((score, i) => change(score, requests[i]!, i)),
  });
