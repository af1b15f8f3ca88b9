// experiments/ · Curve findings: pass@k of both policies, the paired gain at every k with its band, certified ranges.
import { normalQuantile } from "../maths/special.ts";
import type { PairedCells } from "../maths/paired-cells.ts";
import { certifiedRuns, firstLossSet, type PairedCurves, pairedPassAtK } from "../maths/paired-pass-at-k.ts";
import { stream } from "../maths/random.ts";
import { type Estimate, type Measured, refused } from "../terms/estimate.ts";
import type { Exhibit } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import type { PairedEvidence } from "../terms/observation.ts";
import { clustersOf } from "./counts.ts";
import type { EstimateOptions } from "./experiment.ts";

export function curveFindings(
  evidence: PairedEvidence,
  cells: PairedCells,
  options: EstimateOptions,
): { findings: Finding[]; exhibits: Exhibit[] } {
  const { level } = options;
  const clusters = clustersOf(evidence, options.clusterByFamily);
  const curves = pairedPassAtK(cells, {
    level,
    draws: options.draws,
    stream: stream(options.seed, "paired-sampling/band"),
    ...(clusters === undefined ? {} : { clusters }),
    ...(options.passAt === undefined ? {} : { k: options.passAt }),
  });
  const [base, later] = evidence.policies;
  const ks = [...curves.k];
  const findings: Finding[] = [
    ...ks.map((k, at) => ({
      name: `pass@${k}/${base}`,
      estimate: pointwise(curves.base[at]!, curves.baseSe[at]!, options),
    })),
    ...ks.map((k, at) => ({
      name: `pass@${k}/${later}`,
      estimate: pointwise(curves.later[at]!, curves.laterSe[at]!, options),
    })),
    ...ks.map((k, at) => ({ name: `gain@${k}`, estimate: simultaneous(curves, at, options) })),
  ];
  const firstLoss = firstLossSet(curves);
  const gains = certifiedRuns(curves, 1);
  const losses = certifiedRuns(curves, -1);
  const exact = (value: number): Estimate => ({
    kind: "measured",
    value,
    method: "k at which the simultaneous band lies on one side of 0",
  });
  if (gains.length > 0)
    findings.push(
      { name: "gains/first", estimate: exact(gains[0]![0]) },
      { name: "gains/last", estimate: exact(gains.at(-1)![1]) },
    );
  if (losses.length > 0)
    findings.push(
      { name: "losses/first", estimate: exact(losses[0]![0]) },
      { name: "losses/last", estimate: exact(losses.at(-1)![1]) },
    );
  findings.push({
    name: "first-loss",
    estimate:
      firstLoss === undefined
        ? refused(
            "the band excludes a loss at every k at hand",
            `draw more than ${ks.at(-1)} rollouts a problem to look further`,
          )
        : {
            kind: "bounded",
            ...firstLoss,
            level,
            method: "confidence set for the first k with a loss, from the simultaneous band",
          },
  });
  const exhibit: Exhibit = {
    kind: "curves",
    k: ks,
    policies: evidence.policies,
    base: [...curves.base],
    later: [...curves.later],
    difference: [...curves.difference],
    low: [...curves.band.low],
    high: [...curves.band.high],
    level,
    gains,
    losses,
    firstLoss,
  };
  return { findings, exhibits: [exhibit] };
}

/** The same for a checkpoint between base and tuned: its curve, and its gain over the base under its own name. */
export function checkpointFindings(evidence: PairedEvidence, cells: PairedCells, options: EstimateOptions): Finding[] {
  const [base, later] = evidence.policies;
  return curveFindings(evidence, cells, options)
    .findings.filter(({ name }) => /^(?:pass|gain)@/.test(name) && !name.endsWith(`/${base}`))
    .map(({ name, estimate }) => ({ name: name.startsWith("gain@") ? `${name}/${later}` : name, estimate }));
}

/** Success rates where some rollouts have no verdict: all of those wrong, to all of them right. */
export function rateBounds(evidence: PairedEvidence): Finding[] {
  return evidence.policies.flatMap((policy, side) => {
    let absent = 0;
    let low = 0;
    let high = 0;
    for (const { sides } of evidence.problems) {
      const { right, n, ungradable } = sides[side as 0 | 1];
      const missing = Object.values(ungradable).reduce((sum, count) => sum + count, 0);
      absent += missing;
      low += right / n / evidence.problems.length;
      high += (right + missing) / n / evidence.problems.length;
    }
    if (absent === 0) return [];
    const method = `pass@1 with ${absent} rollouts without a verdict counted all wrong, and all right`;
    return [{ name: `rate/${policy}`, estimate: { kind: "bounded" as const, low, high, method } }];
  });
}

function pointwise(value: number, se: number, { level }: EstimateOptions): Estimate {
  // Without spread between problems a normal interval would claim certainty; the sample is only described.
  if (se === 0) return { kind: "measured", value, method: "mean of unbiased pass@k; all problems alike, no interval" };
  const half = normalQuantile((1 + level) / 2) * se;
  return {
    kind: "measured",
    value,
    low: Math.max(0, value - half),
    high: Math.min(1, value + half),
    se,
    level,
    method: "mean of unbiased pass@k over problems, pointwise normal interval",
  };
}

function simultaneous(curves: PairedCurves, at: number, { level, draws }: EstimateOptions): Measured {
  const { band } = curves;
  return {
    kind: "measured",
    value: curves.difference[at]!,
    low: band.low[at]!,
    high: band.high[at]!,
    se: band.se[at]!,
    level,
    method: "paired difference, simultaneous sup-t band over all k (Gaussian multipliers over problems)",
    diagnostic: {
      critical: band.critical,
      draws,
      units: curves.units,
      ...(band.degenerate.includes(at) ? { degenerate: "no spread: known support" } : {}),
    },
  };
}
