// experiments/ · Kernel findings: how the shapes of the gain kernel fared, whether any is adequate, how many problems were lost.
import { lostInterval, lostProblems } from "../maths/kernel-lost.ts";
import type { KernelComparison, ShapeResult } from "../maths/kernel-comparison.ts";
import { standardErrors } from "../maths/kernel-errors.ts";
import { expit } from "../maths/logspace.ts";
import { normalQuantile } from "../maths/special.ts";
import type { Estimate } from "../terms/estimate.ts";
import type { Exhibit, KernelExhibit } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { PairedEvidence } from "../terms/observation.ts";
import type { EstimateOptions } from "./experiment.ts";

export function kernelFindings(
  evidence: PairedEvidence,
  comparison: KernelComparison,
  options: EstimateOptions,
): { findings: Finding[]; exhibits: Exhibit[] } {
  const { shapes, chosen, best, free, freeAhead, folds, problems } = comparison;
  const heldOut = `${folds}-fold held-out log score of the later outcome given the base's`;
  const findings: Finding[] = [];
  for (const result of shapes) {
    const { shape, behind, distance } = result;
    findings.push(
      {
        name: `kernel/elpd/${shape.name}`,
        estimate: {
          kind: "measured",
          value: behind.value,
          se: behind.se,
          method: `${heldOut} minus that of ${best.shape.name}, nats`,
        },
      },
      {
        name: `kernel/distance/${shape.name}`,
        estimate: {
          kind: "measured",
          value: distance.value / problems,
          se: distance.se / problems,
          method: `nats per problem that a blend with the free kernel adds to this shape, ${heldOut}`,
          diagnostic: { "weight on the free kernel": distance.weight },
        },
      },
      ...parameterFindings(comparison, result, options),
    );
  }
  shapes.forEach(({ shape: a }, i) => {
    for (const { shape: b } of shapes.slice(i + 1)) {
      const gap = comparison.gap(a, b);
      findings.push({
        name: `kernel/gap/${a.name}/${b.name}`,
        estimate: {
          kind: "measured",
          value: gap.value,
          se: gap.se,
          method: `${heldOut} of ${a.name} minus that of ${b.name}, nats`,
        },
      });
    }
  });
  findings.push(
    {
      name: "kernel/free/elpd",
      estimate: {
        kind: "measured",
        value: freeAhead.value,
        se: freeAhead.se,
        method: `${heldOut} of the free kernel minus that of ${best.shape.name}, nats`,
      },
    },
    {
      name: "kernel/free/log-likelihood",
      estimate: {
        kind: "measured",
        value: free.logLikelihood,
        method: "free joint NPMLE, in sample, binomial coefficients included, nats",
        diagnostic: {
          gap: free.gap,
          atoms: free.atoms.length,
          iterations: free.iterations,
          grid: `${free.grid0.length}×${free.grid1.length}`,
        },
      },
    },
    {
      name: "kernel/chosen-log-likelihood",
      estimate: { kind: "measured", value: chosen.fit.logLikelihood, method: `${chosen.shape.name}, in sample, nats` },
    },
    { name: "kernel/adequacy", estimate: adequacy(chosen, problems) },
    { name: "kernel/lost", estimate: lost(comparison, options) },
  );
  return { findings, exhibits: [exhibit(evidence, comparison)] };
}

/**
 * Inadequate is only what is certainly further from the free kernel than stated: the blend picks up luck as well, and the more
 * of it the deeper the rollouts.
 *
 * @param distance nats that the best blend with the free kernel adds over all problems, held out
 */
export function isAdequate({ value, se }: { value: number; se: number }, problems: number): boolean {
  const certain = value - normalQuantile((1 + LIMITS.level) / 2) * se;
  return certain <= Math.max(LIMITS.adequateNats * problems, LIMITS.noiseNats);
}

function adequacy(chosen: ShapeResult, problems: number): Estimate {
  return {
    kind: "measured",
    value: chosen.distance.value / problems,
    se: chosen.distance.se / problems,
    method: `nats per problem between ${chosen.shape.name} and its best blend with the free kernel, held out; inadequate where certainly above ${LIMITS.adequateNats}, and above ${LIMITS.noiseNats} nats in all`,
    diagnostic: { adequate: isAdequate(chosen.distance, problems) ? "yes" : "no", shape: chosen.shape.name },
  };
}

function parameterFindings(
  { problems, board }: KernelComparison,
  { shape, fit }: ShapeResult,
  { level }: EstimateOptions,
): Finding[] {
  const names = [...shape.parameters.map(({ name }) => name), "scatter", "lost"];
  const errors = standardErrors(board, fit, level);
  return names.map((name, k) => {
    const interval = errors[k];
    return {
      name: `kernel/parameter/${shape.name}/${name}`,
      estimate: {
        kind: "measured",
        value: fit.theta[k]!,
        ...(interval === undefined ? {} : { se: interval.se, low: interval.low, high: interval.high, level }),
        method:
          interval === undefined
            ? "maximum likelihood, at or near the edge of its range: no interval"
            : "maximum likelihood, curvature of the profile",
        diagnostic: { problems },
      },
    };
  });
}

function lost(comparison: KernelComparison, { level }: EstimateOptions): Estimate {
  const { chosen, board } = comparison;
  const interval = lostInterval(board, chosen.fit, level);
  return {
    kind: "measured",
    value: lostProblems(board, chosen.fit),
    low: interval.low,
    high: interval.high,
    level,
    method: `expected number of problems that ${chosen.shape.name} counts as lost (p1 = 0 though p0 > 0); interval by profile likelihood of their share`,
  };
}

function exhibit(evidence: PairedEvidence, comparison: KernelComparison): KernelExhibit {
  const { shapes, chosen, free, problems } = comparison;
  const at = Array.from({ length: 161 }, (_, i) => expit(-8 + i / 10));
  const width = free.grid1.length;
  const mass = Array.from(free.grid0, () => new Array<number>(width).fill(0));
  free.atoms.forEach((atom, k) => {
    mass[Math.floor(atom / width)]![atom % width] = free.weights[k]!;
  });
  const { c0, n0, c1, n1, multiplicity } = comparison.cells;
  return {
    kind: "kernel",
    policies: evidence.policies,
    p0: Array.from(free.grid0, expit),
    p1: Array.from(free.grid1, expit),
    mass,
    at,
    shapes: shapes.map(({ shape, fit, behind }) => ({
      name: shape.name,
      // Where the shape takes a problem that is not lost; the share of lost ones has a finding of its own.
      line: at.map((p0) =>
        shape.branches(Math.log(p0 / (1 - p0)), fit.theta).reduce((sum, { weight, z1 }) => sum + weight * expit(z1), 0),
      ),
      behind: behind.value,
      behindSe: behind.se,
    })),
    chosen: chosen.shape.name,
    adequate: isAdequate(chosen.distance, problems),
    observed: Array.from(multiplicity, (m, i) => [c0[i]! / n0[i]!, c1[i]! / n1[i]!, m] as const),
  };
}
