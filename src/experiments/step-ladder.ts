// experiments/ · Step ladder: problems of 1, 2, 4 … steps; reliability compounds along it, a choice does not.
import { type Estimate, type Refused, refused } from "../terms/estimate.ts";
import { type LadderExhibit, spotOf } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { RolloutRecord } from "../terms/record.ts";
import type { Seen } from "../terms/seen.ts";
import type { EstimateOptions, Experiment, Outcome } from "./experiment.ts";
import { clusterLabels, type Drawn, drawnOf, suffixOf } from "./ladder-counts.ts";
import { hazardFindings } from "./ladder-hazards.ts";
import { type Laws, lawsOf, logRatioUnder } from "./ladder-laws.ts";
import { type LadderRung, type Pair, rungsOf } from "./ladder-rungs.ts";
import { type Slopes, slopesOf } from "./ladder-slopes.ts";
import { mainWay } from "./main-way.ts";

const RUNGS = 7;
const PROBLEMS_A_RUNG = 100;
const ROLLOUTS = 16;
/** Two points make any straight line. */
const FEWEST_STEP_COUNTS = 3;
/** The laws are drawn at so many lengths, at most. */
const MOST_DRAWN = 64;

export const stepLadder: Experiment = {
  name: "step-ladder",
  asks: "both policies on problems with 1, 2, 4 \u2026 64 steps",
  finds: "reliability per step, hazards, and p1/p0 against the number of steps",
  needs: "both policies behind an engine, and a task whose number of steps can be set",
  sees: [["slips"], ["repairs"], ["joins"], ["strategy-share", "strategy-reach"]],
  price: () => ({ generatedRollouts: 2 * RUNGS * PROBLEMS_A_RUNG * ROLLOUTS, scoredRollouts: 0 }),
  // The study's own problems are the rungs: nothing is asked beyond the paired rollouts.
  live: { refuse, plan: () => [], estimate },
};

function refuse({ problems }: Seen): Refused | undefined {
  const counts = new Set(problems.flatMap(({ steps }) => (steps === undefined ? [] : [steps])));
  if (counts.size < FEWEST_STEP_COUNTS)
    return refused(
      counts.size === 0
        ? "no problem has a known number of steps"
        : `the problems have ${counts.size} number${counts.size === 1 ? "" : "s"} of steps and a ladder needs ${FEWEST_STEP_COUNTS}`,
      `give problems with at least ${FEWEST_STEP_COUNTS} known numbers of steps`,
    );
  return undefined;
}

function estimate(seen: Seen, options: EstimateOptions): Outcome {
  const drawn = drawnOf(seen);
  const way = mainWay(seen.reader, [...(drawn.get(seen.policies.at(-1)!)?.values() ?? [])].flat());
  const onWay = (record: RolloutRecord): boolean =>
    record.text !== undefined && seen.reader.strategy?.(record.problem, record.text) === way;
  const findings: Finding[] = [];
  const exhibits: LadderExhibit[] = [];
  const [base, ...others] = seen.policies;
  // The main pair first.
  for (const later of others.toReversed()) {
    const pair = [base!, later] as const;
    const all = ladderOf(seen, drawn, pair, () => true, options);
    const alongTheWay = way === undefined ? undefined : ladderOf(seen, drawn, pair, onWay, options);
    findings.push(...all.findings(""), ...(alongTheWay?.findings("way/") ?? []));
    if (later !== seen.policies.at(-1)) continue;
    exhibits.push(...all.exhibits());
    // Where nearly all right answers of both go one way the picture would be the same.
    const parted = alongTheWay?.right.some((own, side) => own < (1 - LIMITS.negligibleShare) * all.right[side]!);
    if (parted) exhibits.push(...alongTheWay!.exhibits(way));
  }
  findings.push(...hazardFindings(seen, drawn, way, options));
  return { findings, exhibits };
}

interface Ladder {
  /** Right answers counted, of the base and of the later policy. */
  readonly right: readonly number[];
  findings(along: "" | "way/"): Finding[];
  exhibits(way?: string): LadderExhibit[];
}

/** @param counts which of the right answers count as right here */
function ladderOf(
  seen: Seen,
  drawn: Drawn,
  policies: readonly [string, string],
  counts: (record: RolloutRecord) => boolean,
  options: EstimateOptions,
): Ladder {
  const { level } = options;
  const clusters = clusterLabels(seen, options);
  const pairs = seen.problems.flatMap(({ id, steps }): Pair[] => {
    const sides = policies.map((policy) => drawn.get(policy)?.get(id) ?? []);
    if (steps === undefined || sides.some((list) => list.length === 0)) return [];
    const [base, later] = sides.map((list) => ({
      events: list.filter((record) => record.verdict === "right" && counts(record)).length,
      trials: list.length,
    }));
    return [{ problem: id, steps, sides: [base!, later!] }];
  });
  const rungs = rungsOf(pairs, clusters, level);
  const slopes = slopesOf(pairs, clusters, level);
  const laws = lawsOf(pairs, level);
  return {
    right: [0, 1].map((side) => pairs.reduce((sum, { sides }) => sum + sides[side]!.events, 0)),
    findings: (along) => findingsOf(seen, policies, rungs, slopes, laws, along),
    exhibits: (way) => exhibitsOf(policies, rungs, slopes, laws, level, way),
  };
}

function findingsOf(
  seen: Seen,
  [base, later]: readonly [string, string],
  rungs: readonly LadderRung[],
  slopes: Slopes,
  laws: Laws | undefined,
  along: "" | "way/",
): Finding[] {
  const suffix = suffixOf(seen, later);
  const named = (name: string, found: Estimate): Finding => ({ name: `ladder/${along}${name}`, estimate: found });
  const main = later === seen.policies.at(-1);
  return [
    ...rungs.map(({ steps, ratio }) => named(`ratio/L=${steps}${suffix}`, ratio)),
    ...(main ? [named(`reliability/${base}`, slopes.reliability[0])] : []),
    named(`reliability/${later}`, slopes.reliability[1]),
    named(`slope-ratio${suffix}`, slopes.slopeRatio),
    named(`level-ratio${suffix}`, slopes.levelRatio),
    ...(laws === undefined
      ? []
      : [
          named(`laws${suffix}`, {
            kind: "measured",
            value: laws.difference,
            se: laws.se,
            method: "log-likelihood of (r1/r0)^L minus that of one ratio, nats; error over problems (Vuong)",
            diagnostic: {
              told: laws.told ? "yes" : "no",
              "r1/r0": Math.exp(laws.laws[1].coefficient),
              "one ratio": Math.exp(laws.laws[0].coefficient),
            },
          }),
        ]),
  ];
}

function exhibitsOf(
  policies: readonly [string, string],
  rungs: readonly LadderRung[],
  slopes: Slopes,
  laws: Laws | undefined,
  level: number,
  way: string | undefined,
): LadderExhibit[] {
  const [first, last] = [rungs[0]?.steps, rungs.at(-1)?.steps];
  if (laws === undefined || first === undefined || last === undefined) return [];
  const points = Math.min(MOST_DRAWN, last - first + 1);
  const at = Array.from({ length: points }, (_, i) => first + ((last - first) * i) / (points - 1));
  const best = Math.max(...laws.laws.map(({ logLikelihood }) => logLikelihood));
  return [
    {
      kind: "ladder",
      policies,
      level,
      ...(way === undefined ? {} : { way }),
      rungs: rungs.map(({ steps, problems, base, later, ratio }) => ({
        steps,
        problems,
        base: { value: base.value, low: base.low, high: base.high },
        later: { value: later.value, low: later.low, high: later.high },
        ratio: spotOf(ratio),
      })),
      at,
      laws: laws.laws.map((law) => ({
        law: law.law,
        ratio: at.map((steps) => Math.exp(logRatioUnder(law, steps))),
        behind: law.logLikelihood - best,
      })),
      told: laws.told,
      slopeRatio: spotOf(slopes.slopeRatio),
    },
  ];
}
