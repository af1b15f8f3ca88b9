// experiments/ · Cross scoring: each policy reads the other's rollouts token by token; a choice shows as a few tokens, reliability as a thousand cuts.
import type { Estimate } from "../terms/estimate.ts";
import { type LogRatioExhibit, spotOf } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { anovaOf, FOLLOWED } from "./cross-anova.ts";
import { afterLossOf } from "./cross-lost.ts";
import { profilesOf } from "./cross-profile.ts";
import { type Reading, type Readings, readingsOf, unread } from "./cross-read.ts";
import { sureSlopeOf } from "./cross-sure.ts";
import { rankOf, surpriseOf } from "./cross-surprise.ts";
import { concentrationOf, excludedOf, floorOf, ownConcentration } from "./cross-tokens.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { pairedBy } from "./handoff-sources.ts";
import { type Clusters, clusterLabels, suffixOf } from "./ladder-counts.ts";

/** Rollouts per problem and policy worth scoring: profiles average over problems, not over rollouts. */
const SCORED = 16;
/** Of a checkpoint on the way, and of the base for it. */
const SCORED_ON_THE_WAY = 4;

/** What the log-ratio would follow alone, were the change a law of texts. */
const LAWS = ["sharpening", "correctness"] as const;

export const crossScoring: Experiment = {
  name: "cross-scoring",
  asks: "each policy scores the rollouts of both, token by token",
  finds: "where along a rollout the log-ratio of tuned to base lies, and what the base's own sampler excludes",
  needs: "both policies behind an engine that scores token ids",
  sees: [["strategy-share", "strategy-reach"], ["slips"], ["temperature"], ["odds"], ["readable"]],
  price: ({ problems }) => ({ generatedRollouts: 2 * problems * SCORED, scoredRollouts: 4 * problems * SCORED }),
  live: { refuse: unread, plan, estimate },
};

/**
 * Base and tuned score each other's rollouts in a stage of their own (study/plan, `scored` a problem), which is over by now. Here
 * the base and each checkpoint between do so, on rollouts that the base has scored.
 */
function plan(seen: Seen, round: number): readonly LiveAsk[] {
  const [base, ...others] = seen.policies;
  if (round > 0 || unread(seen) !== undefined) return [];
  const paired = pairedBy(seen);
  const scored = new Set(
    seen.scores.flatMap(({ policy, rollout, detail }) => (policy === base && detail === undefined ? [rollout] : [])),
  );
  return others.slice(0, -1).flatMap((checkpoint) =>
    seen.problems.flatMap(({ id }) =>
      [base!, checkpoint].flatMap((by) =>
        (paired.get(by)?.get(id) ?? [])
          .filter(({ verdict, index }) => verdict !== "ungradable" && index < SCORED_ON_THE_WAY)
          .filter(({ rollout }) => by === checkpoint || scored.has(rollout))
          .flatMap(({ rollout, promptTokenIds, tokenIds = [] }): LiveAsk[] => {
            if (promptTokenIds === undefined || tokenIds.length === 0) return [];
            const ask = { rollout, promptTokenIds, tokenIds };
            const scorers = by === checkpoint ? [base!, checkpoint] : [checkpoint];
            return scorers.map((policy) => ({ kind: "score", policy, ask }));
          }),
      ),
    ),
  );
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const clusters = clusterLabels(seen, options);
  const { level } = options;
  // The main pair first.
  const [tuned, ...between] = seen.policies.slice(1).toReversed();
  const main = readingsOf(seen, tuned!);
  const own = ownConcentration(main.list, clusters, level);
  const findings: Finding[] = [
    ...pairFindings(seen, tuned!, main, clusters, level),
    { name: "cross/null/top-share", estimate: own.topShare },
    { name: "cross/null/neff", estimate: own.neff },
    { name: "cross/null/surprise", estimate: surpriseOf(main.list, "base", clusters, level) },
    { name: "cross/null/rank", estimate: rankOf(main.list, "base", clusters, level) },
    { name: "cross/floor", estimate: floorOf(main.list, clusters, level) },
    ...between.toReversed().flatMap((checkpoint) => {
      const readings = readingsOf(seen, checkpoint);
      return readings.list.length === 0 ? [] : pairFindings(seen, checkpoint, readings, clusters, level);
    }),
  ];
  return { findings, exhibits: [exhibitOf(seen, main.list, findings, clusters, level)] };
}

/** What the base and one later policy show. */
function pairFindings(
  seen: Seen,
  later: string,
  { density, list }: Readings,
  clusters: Clusters,
  level: number,
): Finding[] {
  const { topShare, neff } = concentrationOf(list, clusters, level);
  const { slope, step, forkSlope, forkLaw, parts, laws } = anovaOf(list, seen.reader, clusters, level);
  const { share, first } = excludedOf(list, clusters, level);
  const ratios: (readonly [string, Estimate])[] = [
    ["top-share", topShare],
    ["neff", neff],
    ["slope", slope],
    ["step", step],
    ["fork-slope", forkSlope],
    ["fork-law", forkLaw],
    ["sure-slope", sureSlopeOf(list, clusters, level)],
    ["after-loss", afterLossOf(list, seen.reader, clusters, level)],
    ...FOLLOWED.map((name) => [`anova/${name}`, parts[name].share] as const),
    ["laws", laws],
    ...LAWS.flatMap((name) => [
      [`alone/${name}`, parts[name].alone] as const,
      [`beyond/${name}`, parts[name].beyond] as const,
    ]),
  ];
  const suffix = suffixOf(seen, later);
  return [
    // Which probabilities were read is part of how a number was got.
    ...ratios.map(([name, found]) => ({
      name: `cross/${name}${suffix}`,
      estimate:
        found.kind === "measured" ? { ...found, method: `${found.method}; ${density} log-probabilities` } : found,
    })),
    { name: `cross/surprise${suffix}`, estimate: surpriseOf(list, "later", clusters, level) },
    { name: `cross/rank${suffix}`, estimate: rankOf(list, "later", clusters, level) },
    { name: `cross/excluded${suffix}`, estimate: share },
    { name: `cross/first-excluded${suffix}`, estimate: first },
  ];
}

function exhibitOf(
  seen: Seen,
  readings: readonly Reading[],
  findings: readonly Finding[],
  clusters: Clusters,
  level: number,
): LogRatioExhibit {
  const of = (name: string): Estimate | undefined => findings.find((one) => one.name === `cross/${name}`)?.estimate;
  const { position, profiles, missing } = profilesOf(readings, clusters, level);
  const floor = of("floor");
  return {
    kind: "log-ratio",
    policies: [seen.policies[0]!, seen.policies.at(-1)!],
    level,
    position,
    profiles,
    topShare: spotOf(of("top-share")),
    topShareNull: spotOf(of("null/top-share")),
    neff: spotOf(of("neff")),
    neffNull: spotOf(of("null/neff")),
    excluded: spotOf(of("excluded")),
    ...(floor?.kind === "measured" && floor.value > 0 ? { floor: floor.value } : {}),
    // What is no part of the picture says its own why, as a finding.
    missing:
      floor?.kind === "refused"
        ? [...missing, { what: "the engine's precision floor", why: floor.why, mend: floor.mend }]
        : missing,
  };
}
