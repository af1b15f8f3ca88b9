// study/ · Explain: the first whole path, from answers that exist to a judgement.
import { evolution } from "../attribution/evolution.ts";
import { type Judged, judge, verdict } from "../attribution/judgement.ts";
import { type Entry, ledger } from "../attribution/ledger.ts";
import { type LiveLedger, liveLedger } from "../attribution/live-ledger.ts";
import { inseparablePairs, proposals } from "../attribution/separation.ts";
import { EXPERIMENTS } from "../experiments/all.ts";
import type { EstimateOptions, Scale } from "../experiments/experiment.ts";
import { gainRows } from "../experiments/gain-rows.ts";
import { EXPLANATIONS } from "../explanations/all.ts";
import type { Document } from "../attribution/document.ts";
import { StudyError } from "../terms/errors.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Exhibit } from "../terms/exhibit.ts";
import { type Finding, Findings } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { PairedEvidence, PolicyEvidence } from "../terms/observation.ts";
import type { Seen } from "../terms/seen.ts";
import { type AskedOn, estimatesOf } from "./estimates.ts";
import { limitsAt, type Look } from "./looks.ts";
import { type Matched, matchProblems, pairedWith } from "./pair.ts";
import { usualPower } from "./power.ts";
import { VERSION } from "./version.ts";
import { warnings } from "./warnings.ts";

export interface ExplainOptions {
  readonly seed?: number;
  readonly draws?: number;
  readonly clusterByFamily?: boolean;
  /** The evidence was cut to these families when it was read; told in the document. */
  readonly keptFamilies?: readonly string[];
  /** These k are asked for by name; one that is larger than the rollouts at hand is refused. */
  readonly passAt?: readonly number[];
  readonly onProgress?: (stage: string, done: number) => void;
  /** Of a study that ran: what its experiments drew and scored. */
  readonly seen?: Seen;
  /** Of a study that was judged on the way: experiments that were not asked on all problems. */
  readonly askedOn?: AskedOn;
  /** Of many studies on paper: pictures are left out, and what is drawn again is drawn fewer times. */
  readonly rough?: boolean;
  /** Of a study that is judged on the way; the only look where not said. */
  readonly look?: Look;
  /** Rollouts that the training itself drew; without it, whatever the base was seen to do counts as within its reach. */
  readonly rlRollouts?: number;
}

export interface Explained {
  readonly document: Document;
  readonly exhibits: readonly Exhibit[];
  /** Experiments that said something. */
  readonly done: ReadonlySet<string>;
}

/** Rollouts a problem to plan for where fewer are at hand: the fewest at which the shapes of the gain kernel come apart (bench/results/kernel.md). */
const PLANNED_ROLLOUTS = 64;

/** With 4,000 the critical value wanders by ±0.03 and the ends of certified ranges by one k; with ten times as many they stay. */
const DRAWS = 40_000;

/**
 * What the evidence says about where the gain came from, and what it cannot say.
 *
 * @param policies in training order, the base first; at least two, with distinct names
 * @throws StudyError where the evidence cannot be paired, or clustering is asked for with too few families
 */
export function explain(policies: readonly PolicyEvidence[], options: ExplainOptions = {}): Explained {
  const limits = limitsAt(options.look, LIMITS);
  const matched = matchProblems(policies);
  const main = pairedWith(matched, policies.length - 1);
  const settings: EstimateOptions = {
    seed: options.seed ?? 1,
    level: limits.level,
    clusterByFamily: options.clusterByFamily ?? false,
    draws: options.draws ?? DRAWS,
    passAt: options.passAt ?? [],
    ...(options.rlRollouts === undefined ? {} : { rlRollouts: options.rlRollouts }),
    ...(options.rough === undefined ? {} : { rough: options.rough }),
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
  };
  const families = familiesOf(main);
  if (settings.clusterByFamily)
    demandFamilies(
      families.length,
      families.map(({ name }) => name),
    );

  const estimated = estimatesOf(matched, main, options.seen, settings, options.askedOn);
  const findings: Finding[] = estimated.flatMap((one) => one.findings);
  const exhibits: Exhibit[] = estimated.flatMap((one) => one.exhibits);
  const done = new Set(estimated.flatMap((one) => (one.done ? [one.experiment] : [])));
  findings.push(...tooDeep(main, options.passAt ?? []));
  let shared: LiveLedger | undefined;
  if (options.seen !== undefined) {
    const { seen } = options;
    const yardstick = 1 / (options.rlRollouts ?? Number.POSITIVE_INFINITY);
    shared = liveLedger(new Findings(findings), limits, {
      policies: seen.policies,
      rows: seen.policies.slice(1).map((later) => gainRows(seen, later)),
      seed: settings.seed,
      yardstick,
    });
    findings.push(...shared.findings);
    exhibits.push(...shared.exhibits);
    const ledgerOf = shared.exhibits.find(({ kind }) => kind === "ledger");
    const told = evolution(seen, new Findings(findings), {
      level: settings.level,
      yardstick,
      ...(ledgerOf?.kind === "ledger" ? { ledger: ledgerOf } : {}),
    });
    findings.push(...told.findings);
    exhibits.push(...told.exhibits);
  }

  const read = new Findings(findings);
  const judged = judge(EXPLANATIONS, read, limits);
  const entries = shared?.entries ?? ledger(read, limits);
  const told = document(matched, main, read, judged, done, settings, families, entries);
  const { keptFamilies } = options;
  if (keptFamilies !== undefined) told.computedFrom.keptFamilies = [...keptFamilies];
  return { document: told, exhibits, done };
}

function document(
  matched: Matched,
  main: PairedEvidence,
  findings: Findings,
  judged: readonly Judged[],
  done: ReadonlySet<string>,
  settings: EstimateOptions,
  families: Document["computedFrom"]["families"],
  entries: readonly Entry[],
): Document {
  const { policies } = matched;
  const per = <T>(value: (policy: PolicyEvidence, at: number) => T): Record<string, T> =>
    Object.fromEntries(policies.map((policy, at) => [policy.policy, value(policy, at)]));
  const total = (at: number, of: (record: PolicyEvidence["problems"][number]) => number): number =>
    matched.rows.reduce((sum, row) => sum + of(row[at]!), 0);
  const rightAbove = policies.find((policy) => policy.rightAbove !== undefined)?.rightAbove;
  const atHand: Scale = {
    problems: main.problems.length,
    rolloutsPerProblem: medianRollouts(main),
    policies: policies.length,
  };
  const planned: Scale = { ...atHand, rolloutsPerProblem: Math.max(PLANNED_ROLLOUTS, atHand.rolloutsPerProblem) };
  return {
    crucis: VERSION,
    command: "explain",
    computedFrom: {
      problems: main.problems.length,
      policies: policies.map(({ policy }) => policy),
      files: per(({ file }) => file),
      formats: per(({ format }) => format),
      rollouts: per((_, at) => total(at, ({ n }) => n)),
      ungradable: per((_, at) => total(at, ({ ungradable }) => Object.values(ungradable).reduce((a, b) => a + b, 0))),
      unpaired: per((_, at) => matched.unpaired[at]!),
      ...(rightAbove === undefined ? {} : { rightAbove }),
      families,
      clusteredBy: settings.clusterByFamily ? "family" : "problem",
      seed: settings.seed,
    },
    verdict: verdict(judged, findings, main.policies),
    warnings: warnings(matched, main, findings, settings.clusterByFamily),
    findings: [...findings.list],
    explanations: judged.map(({ explanation: { name, claim }, standing, reason, because }) => ({
      name,
      claim,
      standing,
      reason,
      because: [...because],
    })),
    ledger: [...entries],
    inseparable: inseparablePairs(judged).map(([a, b]) => [a, b]),
    next: proposals(EXPERIMENTS, judged, done, atHand, planned).map(({ experiment, price, separates }) => ({
      experiment: experiment.name,
      asks: experiment.asks,
      needs: experiment.needs,
      runsHere: experiment.onEvidence !== undefined,
      separates: separates.map(([a, b]) => [a, b]),
      ...price,
      tokens: tokens(price.generatedRollouts + price.scoredRollouts, main, findings),
      power: usualPower(experiment.name, separates),
    })),
  };
}

/** Tokens generated and scored, from the mean length of the rollouts at hand. */
function tokens(rollouts: number, main: PairedEvidence, findings: Findings): Estimate {
  const lengths = main.policies.flatMap((policy) => findings.measured(`tokens/${policy}`)?.value ?? []);
  if (rollouts === 0) return { kind: "measured", value: 0, method: "stored rollouts are read again" };
  if (lengths.length === 0) {
    return refused(
      "the evidence does not say how long a rollout is",
      "give token counts, or multiply the rollouts by your own mean length",
    );
  }
  const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  return {
    kind: "measured",
    value: Math.round(rollouts * mean),
    method: `rollouts × ${mean.toFixed(0)} tokens, the mean at hand`,
  };
}

function medianRollouts(main: PairedEvidence): number {
  const sorted = main.problems.map(({ sides }) => Math.min(sides[0].n, sides[1].n)).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

function familiesOf(main: PairedEvidence): { name: string; problems: number }[] {
  const counts = new Map<string, number>();
  for (const { family } of main.problems) counts.set(family, (counts.get(family) ?? 0) + 1);
  return [...counts].map(([name, problems]) => ({ name, problems }));
}

function demandFamilies(count: number, names: readonly string[]): void {
  if (count >= LIMITS.fewestClusters) return;
  throw new StudyError({
    code: "too-few-families",
    what: `the problems come from ${count} ${count === 1 ? "family" : "families"} (${names.slice(0, 4).join(", ")}) and a clustered interval needs at least ${LIMITS.fewestClusters}`,
    mend: "leave out --cluster-by-family, or give evidence from more families",
  });
}

/** pass@k is not estimated beyond the rollouts drawn: an extrapolation is not an estimate. */
function tooDeep(main: PairedEvidence, asked: readonly number[]): Finding[] {
  const most = main.problems.reduce(
    (least, { sides }) => Math.min(least, sides[0].n, sides[1].n),
    Number.POSITIVE_INFINITY,
  );
  return [...new Set(asked)]
    .filter((k) => k > most)
    .flatMap((k) =>
      main.policies.map((policy) => ({
        name: `pass@${k}/${policy}`,
        estimate: refused(
          `k = ${k} is more than n = ${most}, the rollouts of the least sampled problem`,
          `draw at least ${k} rollouts a problem, or ask for k ≤ ${most}`,
        ),
      })),
    );
}
