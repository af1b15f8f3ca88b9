// experiments/ · Mass mixture: the base's chance of being right from the right answers that any policy drew, each weighted as if drawn from the
// mixture of all policies (maths/balance-heuristic).
//
// Ẑ = Σ over right draws of π0(x) / Σ_k n_k π_k(x) is unbiased and never negative, and no draw counts for more than 1/n_0: a floor that no
// drift spoils. A wrong answer, or one that was cut off, counts nothing whatever its weight, so only right ones are scored. Every policy
// draws anew: stored answers that were scored because they are right would be no fair sample to whoever reads the scores of stored ones.
import { balanceHeuristic, balanceWeights, type MixtureInput } from "../maths/balance-heuristic.ts";
import { stream } from "../maths/random.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import type { Paired } from "./handoff-sources.ts";
import { DRAWS, drawnName } from "./mass-annealed.ts";
import { weightedSpread } from "./mass-lengths.ts";
import { diagnosed, type Logs, promptsOf, textKey, type Weighed } from "./mass-told.ts";

const NAME = "rare-mass";

/** The tuned policy's own draws are the annealed chain's; right ones of the others are few and hardly cost. */
export function mixturePrice(policies: number): { readonly generated: number; readonly scored: number } {
  return { generated: DRAWS * (policies - 1), scored: 0 };
}

/** One draw of the mixture. */
interface Member {
  /** Place of its policy in training order. */
  readonly by: number;
  readonly record: RolloutRecord;
}

function freshName({ policies }: Seen, by: number, problem: string, i: number): string {
  return by === policies.length - 1 ? drawnName(problem, i) : `${NAME}/0/${problem}/fresh-${by}-${i}`;
}

function freshOf(seen: Seen, problem: string, drawn: ReadonlyMap<string, RolloutRecord>): Member[] {
  return seen.policies.flatMap((_, by) =>
    Array.from({ length: DRAWS }, (__, i) => drawn.get(freshName(seen, by, problem, i))).flatMap((record) =>
      record === undefined || record.why === "engine error" ? [] : [{ by, record }],
    ),
  );
}

const byName = (seen: Seen): ReadonlyMap<string, RolloutRecord> =>
  new Map(seen.rollouts.filter(({ experiment }) => experiment === NAME).map((record) => [record.rollout, record]));

const isRight = ({ record }: Member): boolean => record.verdict === "right" && record.tokenIds !== undefined;

/** Fresh draws, and then the scores of what was right among them: of each text once, but for those that the annealed chain asks for. */
export function mixtureAsks(
  seen: Seen,
  problems: readonly { readonly id: string; readonly own: readonly RolloutRecord[] }[],
  round: number,
  seed: number,
): LiveAsk[] {
  const tuned = seen.policies.length - 1;
  if (round === 0)
    return problems.flatMap(({ id, own }) =>
      seen.policies.slice(0, tuned).flatMap((policy, by) =>
        Array.from({ length: DRAWS }, (_, i): LiveAsk => {
          const rollout = freshName(seen, by, id, i);
          const prefix = { rollout: own[0]!.rollout, tokenIds: [] };
          return {
            kind: "sample",
            policy,
            ask: { rollout, experiment: NAME, problem: id, index: i, seed: stream(seed, rollout).uint32(), prefix },
          };
        }),
      ),
    );
  if (round !== 1) return [];
  const drawn = byName(seen);
  const promptOf = promptsOf(seen);
  return problems.flatMap(({ id }) => {
    const promptTokenIds = promptOf(id);
    if (promptTokenIds === undefined) return [];
    const right = freshOf(seen, id, drawn).filter(isRight);
    return seen.policies.flatMap((policy) => {
      const given = right.filter(({ by }) => by === tuned);
      const had = new Set(given.map(({ record }) => textKey(record.tokenIds!)));
      return right.flatMap(({ record: { rollout, tokenIds = [] } }): LiveAsk[] => {
        const key = textKey(tokenIds);
        if (had.has(key)) return [];
        had.add(key);
        return [{ kind: "score", policy, ask: { rollout, promptTokenIds, tokenIds } }];
      });
    });
  });
}

/** Everything that the mixture of a problem is made of; read once for all problems. */
export interface Mixing {
  readonly seen: Seen;
  readonly paired: Paired;
  readonly logs: Logs;
  readonly drawn: ReadonlyMap<string, RolloutRecord>;
  /** So many stored rollouts of base and tuned have scores by both, right or wrong; 0 where others would have to score them too. */
  readonly depth: number;
}

export function mixing(seen: Seen, paired: Paired, logs: Logs): Mixing {
  const [base, tuned] = [seen.policies[0]!, seen.policies.at(-1)!];
  const scored = [...(paired.get(tuned)?.values() ?? [])]
    .flat()
    .filter(({ rollout }) => logs.has(`${base} ${rollout}`));
  const depth = seen.policies.length > 2 ? 0 : scored.reduce((most, { index }) => Math.max(most, index + 1), 0);
  return { seen, paired, logs, drawn: byName(seen), depth };
}

/** @returns nothing where nobody drew anew */
export function mixture({ seen, paired, logs, drawn, depth }: Mixing, problem: string): Weighed | undefined {
  const fresh = freshOf(seen, problem, drawn);
  if (fresh.length === 0) return undefined;
  const stored = seen.policies.flatMap((policy, by) =>
    (paired.get(policy)?.get(problem) ?? [])
      .filter(({ index, why }) => index < depth && why !== "engine error")
      .map((record): Member => ({ by, record })),
  );
  const members = [...fresh, ...stored];
  const texts = new Map<string, (number | undefined)[]>();
  for (const { record } of members.filter(isRight)) {
    const key = textKey(record.tokenIds!);
    const own = texts.get(key) ?? seen.policies.map(() => undefined);
    texts.set(
      key,
      own.map((before, k) => before ?? sumOf(logs.get(`${seen.policies[k]} ${record.rollout}`))),
    );
  }
  if (texts.size === 0) return {};
  // Policies without a draw have no part in the mixture.
  const present = seen.policies.map((_, by) => by).filter((by) => members.some((one) => one.by === by));
  const weighed = members.map((one): readonly number[] | undefined => {
    if (!isRight(one)) return undefined;
    const own = texts.get(textKey(one.record.tokenIds!))!;
    // What its own policy never writes was written by another engine than scored it.
    return own[0] === undefined ||
      present.some((by) => own[by] === undefined) ||
      own[one.by] === Number.NEGATIVE_INFINITY
      ? undefined
      : (own as number[]);
  });
  const unknown = members.filter((one, i) => isRight(one) && weighed[i] === undefined).length;
  if (weighed.every((one) => one === undefined)) return { lacks: "right answers of all policies were not scored" };
  const input: MixtureInput = {
    logTarget: weighed.map((own) => own?.[0] ?? Number.NEGATIVE_INFINITY),
    // Of what counts nothing no chance is needed; its own policy has some.
    logProposals: present.map((by) =>
      weighed.map((own, i) => own?.[by] ?? (members[i]!.by === by ? 0 : Number.NEGATIVE_INFINITY)),
    ),
    madeBy: members.map(({ by }) => present.indexOf(by)),
    logValues: weighed.map((own) => (own === undefined ? Number.NEGATIVE_INFINITY : 0)),
  };
  const found = balanceHeuristic(input);
  if (found === undefined) return {};
  const weights = [...balanceWeights(input)];
  const { effective, k, lacks } = diagnosed(weights);
  const missing = unknown === 0 ? lacks : `${unknown} of them not scored`;
  return {
    logFloor: found.logValue,
    lengths: weightedSpread(
      weights.map((logWeight, i) => ({ logWeight, tokens: members[i]!.record.tokenIds?.length ?? 0 })),
    ),
    ...(effective === undefined ? {} : { effective }),
    ...(k === undefined ? {} : { k }),
    ...(missing !== undefined
      ? { lacks: `right answers of all policies, weighted, are ${missing}` }
      : found.relativeError === undefined
        ? {}
        : { logMass: found.logValue, relativeError: found.relativeError }),
  };
}

function sumOf(list: readonly number[] | undefined): number | undefined {
  return list?.reduce((a, b) => a + b, 0);
}
