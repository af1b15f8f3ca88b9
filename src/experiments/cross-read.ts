// experiments/ · Cross read: rollouts of two policies that both have scored, token by token, and in which density.
import { LIMITS } from "../terms/limits.ts";
import type { RolloutRecord, ScoreRecord } from "../terms/record.ts";
import type { Sampler } from "../terms/sampler.ts";
import { type Refused, refused } from "../terms/estimate.ts";
import type { Seen } from "../terms/seen.ts";

/** Of the model as it is, or of its sampler (temperature and cuts, renormalised). */
export type Density = "raw" | "processed";

/** One rollout under both policies; arrays run over its tokens, natural logs. */
export interface Reading {
  readonly rollout: RolloutRecord;
  readonly by: "base" | "later";
  readonly right: boolean;
  readonly base: readonly number[];
  readonly later: readonly number[];
  /** Under the base's own sampler, −∞ where it never gives the token; absent where not told. */
  readonly baseSampler?: readonly number[];
  /** Of each token under the base, 1 where it finds none likelier; absent where not told. */
  readonly baseRanks?: readonly number[];
  /** As its own policy drew it and as that scores it, in one density; absent where not told. */
  readonly own?: { readonly drawn: readonly number[]; readonly scored: readonly number[] };
}

export interface Readings {
  readonly density: Density;
  /** By rollout name. */
  readonly list: readonly Reading[];
}

type Told = Pick<RolloutRecord | ScoreRecord, "sampler" | "rawLogProbs" | "processedLogProbs">;

/** What leaves a model's probabilities as they are. */
export function plain(sampler: Sampler | undefined): boolean {
  return (
    sampler !== undefined && sampler.temperature === 1 && sampler.topP === 1 && sampler.topK === 0 && sampler.minP === 0
  );
}

export function told(record: Told | undefined, density: Density): readonly number[] | undefined {
  if (record === undefined) return undefined;
  const { rawLogProbs, processedLogProbs } = record;
  const [asked, other] = density === "raw" ? [rawLogProbs, processedLogProbs] : [processedLogProbs, rawLogProbs];
  return asked ?? (plain(record.sampler) ? other : undefined);
}

/**
 * Right and wrong rollouts of the base and of a later policy that both have scored. In the raw density where it is told: it has no
 * zeros, and is the same whatever the sampler; else in the processed one.
 */
export function readingsOf(seen: Seen, later: string): Readings {
  const raw = readingsIn(seen, later, "raw");
  return raw.length > 0
    ? { density: "raw", list: raw }
    : { density: "processed", list: readingsIn(seen, later, "processed") };
}

/** Those that are told in this density under both. */
export function readingsIn(seen: Seen, later: string, density: Density): Reading[] {
  const base = seen.policies[0]!;
  const scores = new Map([base, later].map((policy) => [policy, new Map<string, ScoreRecord>()]));
  for (const score of seen.scores) {
    const own = scores.get(score.policy);
    const before = own?.get(score.rollout);
    // Asked for twice, both answers hold; whichever row comes first, the same one is read.
    if (score.detail === undefined && (before === undefined || score.chunk < before.chunk))
      own?.set(score.rollout, score);
  }
  const pairs = seen.rollouts
    .filter(
      ({ experiment, policy, verdict }) =>
        experiment === "paired-sampling" && verdict !== "ungradable" && (policy === base || policy === later),
    )
    .flatMap((rollout) => {
      const [under, over] = [base, later].map((policy) => scores.get(policy)!.get(rollout.rollout));
      return under === undefined || over === undefined ? [] : [{ rollout, under, over }];
    })
    .sort((a, b) => (a.rollout.rollout < b.rollout.rollout ? -1 : 1));
  return pairs.flatMap(({ rollout, under, over }) => {
    const [zero, one] = [told(under, density), told(over, density)];
    if (zero === undefined || one === undefined || zero.length !== one.length || zero.length === 0) return [];
    const baseSampler = told(under, "processed");
    const own = ownOf(rollout, rollout.policy === base ? under : over);
    return [
      {
        rollout,
        by: rollout.policy === base ? "base" : "later",
        right: rollout.verdict === "right",
        base: zero,
        later: one,
        ...(baseSampler === undefined ? {} : { baseSampler }),
        ...(under.ranks === undefined ? {} : { baseRanks: under.ranks }),
        ...(own === undefined ? {} : { own }),
      },
    ];
  });
}

function ownOf(rollout: RolloutRecord, score: ScoreRecord): Reading["own"] {
  for (const density of ["raw", "processed"] as const) {
    const [drawn, scored] = [told(rollout, density), told(score, density)];
    if (drawn !== undefined && scored !== undefined && drawn.length === scored.length) return { drawn, scored };
  }
  return undefined;
}

/** Why there is nothing to read, or undefined. */
export function unread(seen: Seen): Refused | undefined {
  const [base, tuned] = [seen.policies[0]!, seen.policies.at(-1)!];
  const { list } = readingsOf(seen, tuned);
  const problems = new Set(list.map(({ rollout }) => rollout.problem)).size;
  if (problems >= LIMITS.fewestClusters) return undefined;
  const failed = seen.scores.find(({ detail }) => detail !== undefined);
  if (seen.scores.length === 0)
    return refused(
      "no rollout was scored",
      "set scored above 0 in study.yaml, and use engines that score token ids: vllm, sglang, llama or a world",
    );
  return refused(
    `${base} and ${tuned} both scored right or wrong rollouts of ${problems} ${problems === 1 ? "problem" : "problems"}, and an interval needs ${LIMITS.fewestClusters}${failed === undefined ? "" : `; one request said: ${failed.detail}`}`,
    "score more problems, in the same density (raw or processed) under both policies",
  );
}
