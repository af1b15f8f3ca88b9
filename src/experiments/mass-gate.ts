// experiments/ · Mass gate: behind which two tokens base and tuned policy choose so differently that the tuned one should choose for both.
//
// A function of the prefix alone, and for each problem one that its own rollouts had no say in: so whatever it opens at, weights stay unbiased.
import { LIMITS } from "../terms/limits.ts";
import type { Seen } from "../terms/seen.ts";
import { readingsOf } from "./cross-read.ts";
import { logRatios } from "./cross-tokens.ts";

/** Nats by which the tuned policy's next token must differ in the mean; harmless drift is a hundredth of it. */
const LEAST = 0.5;
/** So many places of a text may be open in the mean: each costs a continuation of either policy. */
const OPEN = 2;

/** Whether the next token of a text, behind its first `kept`, is for the tuned policy to choose. */
export type Gate = (tokenIds: readonly number[], kept: number) => boolean;

interface Context {
  /** Sum of log π1/π0 over places in the tuned policy's own texts: over their number, a divergence. */
  nats: number;
  places: number;
}

type Contexts = Map<string, Context>;

const contextOf = (tokenIds: readonly number[], at: number): string => `${tokenIds[at - 2]} ${tokenIds[at - 1]}`;

/** By problem. From the tuned policy's rollouts that both scored, right and wrong. */
export function gatesOf(seen: Seen): (problem: string) => Gate {
  const byProblem = new Map<string, { contexts: Contexts; rollouts: number }>();
  for (const reading of readingsOf(seen, seen.policies.at(-1)!).list) {
    if (reading.by !== "later") continue;
    const { problem, tokenIds = [] } = reading.rollout;
    const own = byProblem.get(problem) ?? { contexts: new Map(), rollouts: 0 };
    byProblem.set(problem, own);
    own.rollouts++;
    logRatios(reading).forEach((nats, at) => {
      if (at >= 2 && Number.isFinite(nats)) add(own.contexts, contextOf(tokenIds, at), { nats, places: 1 });
    });
  }
  const all: Contexts = new Map();
  const met = new Map<string, number>();
  let rollouts = 0;
  for (const own of byProblem.values()) {
    rollouts += own.rollouts;
    for (const [key, one] of own.contexts) {
      add(all, key, one);
      met.set(key, (met.get(key) ?? 0) + 1);
    }
  }
  // Whatever a problem takes away, the others must have met it often enough.
  const often = [...all].filter(([key]) => met.get(key)! >= LIMITS.fewestClusters);
  return (problem) => {
    const own = byProblem.get(problem);
    const others = rollouts - (own?.rollouts ?? 0);
    const ranked = often
      .flatMap(([key, { nats, places }]) => {
        const without = own?.contexts.get(key);
        const left = { nats: nats - (without?.nats ?? 0), places: places - (without?.places ?? 0) };
        const enough = met.get(key)! - (without === undefined ? 0 : 1) >= LIMITS.fewestClusters;
        return enough && left.nats >= LEAST * left.places ? [{ key, ...left }] : [];
      })
      .sort((a, b) => b.nats / b.places - a.nats / a.places || (a.key < b.key ? -1 : 1));
    const open = new Set<string>();
    let places = 0;
    for (const one of ranked) {
      places += one.places;
      if (places > OPEN * others) break;
      open.add(one.key);
    }
    return (tokenIds, kept) => kept >= 2 && open.has(contextOf(tokenIds, kept));
  };
}

function add(to: Contexts, key: string, { nats, places }: Context): void {
  const own = to.get(key);
  if (own === undefined) to.set(key, { nats, places });
  else {
    own.nats += nats;
    own.places += places;
  }
}
