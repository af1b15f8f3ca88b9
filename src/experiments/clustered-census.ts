// experiments/ · Clustered census: shares and success of ways of solving that nobody named, where beginnings fix them.
import type { Trials } from "../maths/clustered-share.ts";
import type { Estimate } from "../terms/estimate.ts";
import type { Finding } from "../terms/finding.ts";
import type { Seen } from "../terms/seen.ts";
import type { Commitment } from "./commitment.ts";
import type { EstimateOptions } from "./experiment.ts";
import { type Clusters, clusterLabels, drawnOf, shareEstimate, shareOver, tally } from "./ladder-counts.ts";
import { isRead, type Way, waysByShape } from "./ways-by-shape.ts";

export function clusteredCensus(seen: Seen, options: EstimateOptions): Finding[] {
  const drawn = drawnOf(seen);
  const found = waysByShape(seen, options);
  const { level } = options;
  if (found.kind === "refused") return [{ name: "census/commitment", estimate: found }];
  const clusters = clusterLabels(seen, options);
  const { ways, wayOf, agreement } = found;
  const fixed = Array.from(
    found.commitment,
    ([policy, own]): Finding => ({
      name: `census/commitment/${policy}`,
      estimate: fixedEstimate(own, level, agreement),
    }),
  );
  const count: Finding = {
    name: "census/clusters",
    estimate: {
      kind: "measured",
      value: ways.length,
      method: "ways whose texts are told apart by their shape and fixed by how they begin",
      diagnostic: Object.fromEntries(ways.map(({ number, shape }) => [`cluster ${number}`, shape])),
    },
  };
  const shares = seen.policies.flatMap((policy) => {
    const read = [...(drawn.get(policy)?.values() ?? [])].flat().filter(isRead);
    const labelled = read.map(({ problem, text, verdict }) => ({
      problem,
      way: wayOf(text),
      right: verdict === "right",
    }));
    return ways.flatMap((way) => sharesOf(labelled, way, policy, clusters, level));
  });
  return [count, ...fixed, ...shares];
}

function sharesOf(
  labelled: readonly { readonly problem: string; readonly way: number; readonly right: boolean }[],
  { number, shape }: Way,
  policy: string,
  clusters: Clusters,
  level: number,
): Finding[] {
  const shares = new Map<string, Trials>();
  const successes = new Map<string, Trials>();
  for (const { problem, way, right } of labelled) {
    tally(shares, problem, way === number);
    if (way === number) tally(successes, problem, right);
  }
  const of = (what: "share" | "success", trials: ReadonlyMap<string, Trials>, method: string): Finding => {
    const estimate = shareEstimate(shareOver(trials, clusters, level), level, method, [
      "no rollout has its text",
      "give texts",
    ]);
    const told: Estimate =
      estimate.kind === "measured" ? { ...estimate, diagnostic: { ...estimate.diagnostic, shape } } : estimate;
    return { name: `census/cluster/${number}/${what}/${policy}`, estimate: told };
  };
  return [
    of("share", shares, "share of rollouts in this cluster, failed ones too"),
    ...(successes.size === 0 ? [] : [of("success", successes, "share right of the rollouts in this cluster")]),
  ];
}

function fixedEstimate(
  { value, se, low, high, kept, chance, problems }: Commitment,
  level: number,
  agreement: number,
): Estimate {
  return {
    kind: "measured",
    value,
    low,
    high,
    ...(se > 0 ? { se } : {}),
    level,
    method:
      "what texts behind a beginning keep of its cluster, of what chance leaves open; chosen on one half of the problems, measured on the other",
    diagnostic: { kept, chance, problems, agreement },
  };
}
