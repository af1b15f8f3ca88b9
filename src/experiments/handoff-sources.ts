// experiments/ · Handoff sources: the rollouts that are handed over, how a hand-over is asked for, and how it is found again.
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";

/** policy → problem → rollouts by index; those without tokens cannot be handed over and are left out. */
export type Paired = ReadonlyMap<string, ReadonlyMap<string, readonly RolloutRecord[]>>;

export function pairedBy(seen: Seen): Paired {
  const own = seen.rollouts.filter(
    ({ experiment, tokenIds }) => experiment === "paired-sampling" && tokenIds !== undefined,
  );
  return new Map(
    Array.from(
      Map.groupBy(own, ({ policy }) => policy),
      ([policy, records]) => [
        policy,
        new Map(
          Array.from(
            Map.groupBy(records, ({ problem }) => problem),
            ([problem, list]) => [problem, list.sort((a, b) => a.index - b.index)],
          ),
        ),
      ],
    ),
  );
}

/** `handoff/<round>/<what>/<later>/<problem>/<index>`. */
export function isOf(rollout: string, what: string, later: string): boolean {
  // It is looked at hundreds of thousands of times: nothing is split.
  const from = rollout.indexOf("/", rollout.indexOf("/") + 1) + 1;
  return from > 0 && rollout.startsWith(`${what}/${later}/`, from);
}

export interface Handed {
  readonly round: number;
  readonly what: string;
  readonly later: string;
  /** Who goes on. */
  readonly to: string;
  readonly seed: number;
}

/** The request to go on with a source's text from so many of its characters, which its own prefix lies within. */
export function continued(
  seen: Seen,
  source: RolloutRecord,
  characters: number,
  index: number,
  { round, what, later, to, seed }: Handed,
): LiveAsk {
  const own = seen.reader.tokensWithin(source, characters);
  const tokenIds = [...(source.prefix?.tokenIds ?? []), ...(source.tokenIds ?? []).slice(0, own)];
  const name = `handoff/${round}/${what}/${later}/${source.problem}/${index}`;
  return {
    kind: "sample",
    policy: to,
    ask: {
      rollout: name,
      experiment: "handoff",
      problem: source.problem,
      index,
      seed: stream(seed, name).uint32(),
      prefix: { rollout: source.rollout, tokenIds },
    },
  };
}
