// attribution/ · Evolution measures: slips and repairs, bits still missing, entropy and length of every policy, and the ledger so far.
import { oneSidedUpper } from "../maths/intervals.ts";
import { studentHalfWidth } from "../maths/student.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { LedgerExhibit, Missing, Spot } from "../terms/exhibit.ts";
import type { Findings } from "../terms/finding.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";

export interface Measure {
  readonly name: string;
  readonly unit: string;
  /** One a policy. */
  readonly estimates: readonly Estimate[];
  /** Told under this name, `/POLICY` after it; absent where a finding tells it already. */
  readonly finding?: string;
}

type Problems = ReadonlyMap<string, readonly RolloutRecord[]>;

/** One map a policy, in training order: problem → paired rollouts, without what an engine or a grader lost. */
export function pairedRollouts({ policies, rollouts }: Seen): Problems[] {
  const paired = rollouts.filter(
    ({ experiment, why }) => experiment === "paired-sampling" && why !== "engine error" && why !== "grader crash",
  );
  const byPolicy = Map.groupBy(paired, ({ policy }) => policy);
  return policies.map((policy) => Map.groupBy(byPolicy.get(policy) ?? [], ({ problem }) => problem));
}

/** What cannot be had for any policy is missing, with its reason. */
export function measuresOf(
  seen: Seen,
  found: Findings,
  { level, ledger }: { readonly level: number; readonly ledger?: LedgerExhibit },
): (Measure | Missing)[] {
  const drawn = pairedRollouts(seen);
  const told = (name: string, unit: string, finding: string): Measure => ({
    name,
    unit,
    estimates: seen.policies.map(
      (policy) =>
        found.get(`${finding}/${policy}`) ??
        refused(`${name} were not looked for`, "give a task whose steps are verified"),
    ),
  });
  const own = (name: string, unit: string, finding: string, of: (problems: Problems) => Estimate): Measure => ({
    name,
    unit,
    finding,
    estimates: drawn.map(of),
  });
  const measures = [
    told("slips", "a step", "slips"),
    told("repairs", "a slip", "repairs"),
    own("missing bits", "still missing, a problem", "evolution/bits-left", (problems) => bitsLeft(problems, level)),
    own("entropy", "nats a token", "evolution/entropy", (problems) => entropy(problems, level)),
    own("length", "tokens a rollout", "evolution/length", (problems) => length(problems, level)),
    ...soFar(seen, ledger),
  ];
  return measures.map((measure): Measure | Missing => {
    const [first] = measure.estimates;
    return first?.kind === "refused" && measure.estimates.every(({ kind }) => kind === "refused")
      ? { what: measure.name, why: first.why, mend: first.mend }
      : measure;
  });
}

/**
 * Bits between a policy and certainty: −log2 p, problem by problem, then the mean. log2((c + ½)/(n + ½)) is unbiased to order 1/n²
 * (D. G. Walter 1975, Biometrika 62, 371–374). One problem of which none was right leaves a lower bound.
 */
function bitsLeft(problems: Problems, level: number): Estimate {
  const bits: number[] = [];
  const bounds: number[] = [];
  for (const records of problems.values()) {
    const n = records.length;
    const right = records.filter(({ verdict }) => verdict === "right").length;
    if (right === 0) bounds.push(-Math.log2(oneSidedUpper(0, n, level)));
    else bits.push(-Math.log2((right + 0.5) / (n + 0.5)));
  }
  const method = "mean over problems of −log2 of the share right";
  const whole = meanOf([...bits, ...bounds], level, method);
  if (bounds.length === 0 || whole.kind !== "measured" || whole.low === undefined) return whole;
  return {
    kind: "bounded",
    low: whole.low,
    level,
    method: `${method}; on ${bounds.length} of ${problems.size} problems none was right, which leaves a bound`,
  };
}

/** Of the distribution that answers were drawn from; mean surprisal of the tokens drawn, ratio over problems. */
function entropy(problems: Problems, level: number): Estimate {
  const rows: [nats: number, tokens: number][] = [];
  for (const records of problems.values()) {
    let [nats, tokens] = [0, 0];
    for (const { processedLogProbs, rawLogProbs, sampler } of records) {
      // Raw ones are those of the sampler only where it bends nothing.
      const plain = sampler?.temperature === 1 && sampler.topP === 1 && sampler.topK === 0 && sampler.minP === 0;
      const logProbs = processedLogProbs ?? (plain ? rawLogProbs : undefined);
      if (logProbs === undefined) continue;
      for (const logProb of logProbs) nats -= logProb;
      tokens += logProbs.length;
    }
    if (tokens > 0) rows.push([nats, tokens]);
  }
  const tokens = rows.reduce((sum, [, own]) => sum + own, 0);
  if (tokens === 0)
    return refused("no rollout has the log-probabilities it was drawn with", "use an engine that gives them");
  const value = rows.reduce((sum, [nats]) => sum + nats, 0) / tokens;
  // A ratio: its influence a problem, on the scale of a mean.
  const pulls = rows.map(([nats, own]) => value + ((nats - value * own) * rows.length) / tokens);
  return meanOf(pulls, level, "mean surprisal of the tokens drawn, error over problems");
}

function length(problems: Problems, level: number): Estimate {
  const means = [...problems.values()].flatMap((records) => {
    const counts = records.flatMap(({ tokens }) => (tokens === undefined ? [] : [tokens]));
    return counts.length === 0 ? [] : [counts.reduce((sum, own) => sum + own, 0) / counts.length];
  });
  return meanOf(means, level, "mean tokens a rollout, over problems");
}

function meanOf(values: readonly number[], level: number, method: string): Estimate {
  const count = values.length;
  if (count === 0) return refused("no rollout tells it", "draw rollouts with tokens");
  const value = values.reduce((sum, own) => sum + own, 0) / count;
  const se = Math.sqrt(values.reduce((sum, own) => sum + (own - value) ** 2, 0) / (count * (count - 1)));
  if (!(se > 1e-12)) return { kind: "measured", value, method: `${method}; no spread, no interval` };
  const half = studentHalfWidth(level, count - 1) * se;
  return { kind: "measured", value, low: value - half, high: value + half, se, level, method };
}

/** Causes that the ledger tells apart from nothing at some checkpoint; the base's own share is 0. */
function soFar({ policies }: Seen, ledger: LedgerExhibit | undefined): Measure[] {
  if (ledger === undefined) return [];
  const { causes, checkpoints, level } = ledger;
  const method = "share of the whole gain, from the ledger";
  return causes.flatMap((cause, i): Measure[] => {
    const spots = policies.map(
      (policy, at): Spot =>
        at === 0 ? { value: 0 } : (checkpoints.find(({ checkpoint }) => checkpoint === policy)?.shares[i] ?? {}),
    );
    const clear = spots.some(({ low, high }) => (low !== undefined && low > 0) || (high !== undefined && high < 0));
    if (!clear) return [];
    const estimates = spots.map(
      ({ value, ...limits }): Estimate =>
        value === undefined
          ? refused("the ledger does not tell it here", "see the ledger")
          : { kind: "measured", value, ...limits, level, method },
    );
    return [{ name: cause, unit: "of the whole gain so far", estimates }];
  });
}
