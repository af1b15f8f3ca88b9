// experiments/ · Strategy census: which ways of solving occur at all, failed rollouts included, how often and how well.
import type { Trials } from "../maths/clustered-share.ts";
import { type Refused, refused } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { LiveAsk, Seen } from "../terms/seen.ts";
import { unseenKinds } from "./census-unseen.ts";
import { clusteredCensus } from "./clustered-census.ts";
import { COMMITMENT_PRICE, commitmentAsks } from "./commitment-asks.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { judgeAsks } from "./judge-labels.ts";
import { judgedCensus } from "./judged-census.ts";
import { clusterLabels, drawnOf, shareEstimate, shareOver, tally } from "./ladder-counts.ts";
import { WRITTEN_WAYS, writtenWork } from "./written-work.ts";

const ROLLOUTS = 16;
/** A judge answers in a twentieth of a rollout's tokens. */
const LABEL = 1 / 20;

export const strategyCensus: Experiment = {
  name: "strategy-census",
  asks: "which strategy each stored rollout follows, failed ones included",
  finds: "strategy shares of both policies, unseen mass, and new strategies with bounds",
  needs:
    "the texts of the stored rollouts, and signatures from the task, a judge model with a measured confusion matrix, or engines that continue a given prefix",
  sees: [["strategy-share"], ["strategy-reach"]],
  price: ({ problems }) => ({
    // Either is asked, the judge where there is one, and neither where the task names the ways.
    generatedRollouts: problems * Math.max(2 * ROLLOUTS * LABEL, COMMITMENT_PRICE),
    scoredRollouts: 2 * problems * ROLLOUTS,
  }),
  live: { asksJudge: true, refuse, plan, estimate },
};

/** Signatures of the task are read off the paired rollouts: nothing is asked then. */
function plan(seen: Seen, round: number, seed: number): readonly LiveAsk[] {
  if (seen.judge !== undefined) return judgeAsks(seen, seen.judge, round, seed);
  return isNamed(seen) ? [] : commitmentAsks(seen, round, seed);
}

function isNamed({ reader }: Seen): boolean {
  return reader.strategy !== undefined && reader.strategies !== undefined;
}

function refuse(seen: Seen): Refused | undefined {
  const drawn = [...drawnOf(seen).values()].flatMap((problems) => [...problems.values()].flat());
  const read = drawn.filter(({ text }) => text !== undefined).length;
  if (read === 0) return refused("no rollout has its text", "use an engine or an importer that gives texts");
  if (read < (1 - LIMITS.unexplainedGrades) * drawn.length)
    return refused(
      `only ${read} of ${drawn.length} rollouts have a text`,
      "give the texts of all rollouts: those left out are not left out at random",
    );
  return undefined;
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const { strategy, strategies } = seen.reader;
  const unnamed = strategy === undefined || strategies === undefined;
  const names: readonly string[] = unnamed ? WRITTEN_WAYS : strategies;
  const wayOf = unnamed ? (_: string, text: string): string => writtenWork(text) : strategy;
  const drawn = drawnOf(seen);
  const judged = seen.judge === undefined ? [] : judgedCensus(seen, seen.judge, options);
  const findings = seen.policies.flatMap((policy) => {
    const records = [...(drawn.get(policy)?.values() ?? [])].flat();
    // Whoever declares a judge wants its labels.
    const read = seen.judge === undefined ? censusOf(records, policy, names, wayOf, seen, options) : [];
    return [...read, ...unseenKinds(seen, policy, records, options)];
  });
  // No rival reads clusters, so hundreds of studies on paper do without them.
  const clusters = unnamed && seen.judge === undefined && options.rough !== true ? clusteredCensus(seen, options) : [];
  return { findings: [...judged, ...findings, ...clusters], exhibits: [] };
}

/** Of one policy. Shares are of rollouts with a text; Σ share × success is the share of them that is right, exactly. */
function censusOf(
  records: readonly RolloutRecord[],
  policy: string,
  names: readonly string[],
  wayOf: (problem: string, text: string) => string,
  seen: Seen,
  options: EstimateOptions,
): Finding[] {
  const { level } = options;
  const clusters = clusterLabels(seen, options);
  const read = records.flatMap(({ problem, text, verdict }) =>
    text === undefined ? [] : [{ problem, way: wayOf(problem, text), right: verdict === "right" }],
  );
  const taken = new Set(read.map(({ way }) => way));
  return names.flatMap((name): Finding[] => {
    const shares = new Map<string, Trials>();
    const successes = new Map<string, Trials>();
    for (const { problem, way, right } of read) {
      tally(shares, problem, way === name);
      if (way === name) tally(successes, problem, right);
    }
    const none = ["no rollout has its text", "give texts"] as const;
    const share: Finding = {
      name: `strategy/${name}/share/${policy}`,
      estimate: shareEstimate(
        shareOver(shares, clusters, level),
        level,
        "share of rollouts that go this way, failed ones too",
        none,
      ),
    };
    if (!taken.has(name)) return [share];
    const success = shareOver(successes, clusters, level);
    return [
      share,
      {
        name: `strategy/${name}/success/${policy}`,
        estimate: shareEstimate(success, level, "share right of the rollouts that go this way", none),
      },
    ];
  });
}
