// experiments/ · Ladder slopes: log p = a + L log r for both policies, with problems that differ, and what their slopes and levels say.
import type { LogLinkFit } from "../maths/log-link-glm.ts";
import { type FrailtyRow, logLinkFrailty } from "../maths/log-link-frailty.ts";
import { normalQuantile } from "../maths/special.ts";
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Clusters } from "./ladder-counts.ts";
import type { Pair } from "./ladder-rungs.ts";

export interface Slopes {
  /** r of the base and of the later policy: the factor by which success falls with a step. */
  readonly reliability: readonly [Estimate, Estimate];
  /** r1/r0. */
  readonly slopeRatio: Estimate;
  /** e^(a1 − a0): p1/p0 that does not depend on L. */
  readonly levelRatio: Estimate;
}

/** What the fit looks for: a0, log r0, a1, log r1, the columns; and a frailty of each policy. */
const COEFFICIENTS = 6;
const METHOD = "log-link binomial fit with a gamma frailty a problem, errors by problem";

export function slopesOf(pairs: readonly Pair[], clusters: Clusters, level: number): Slopes {
  const rows = pairs.flatMap(({ problem, steps, sides }, i): FrailtyRow[] =>
    ([0, 1] as const).map((side) => ({
      right: sides[side].events,
      drawn: sides[side].trials,
      x: side === 0 ? [1, steps, 0, 0] : [0, 0, 1, steps],
      cluster: clusters.get(problem)!,
      unit: 2 * i + side,
      policy: side,
    })),
  );
  const never = ([0, 1] as const).some((side) => pairs.every(({ sides }) => sides[side].events === 0));
  const count = new Set(rows.map(({ cluster }) => cluster)).size;
  const few = count <= COEFFICIENTS;
  const fit = never || few ? undefined : logLinkFrailty(rows);
  if (fit === undefined) {
    const none = never
      ? refused(
          "one of the policies was never right, so its slope is not known",
          "draw more rollouts, or easier problems",
        )
      : refused(
          few
            ? `${count} ${count === 1 ? "problem" : "problems"} cannot tell the errors of a fit that looks for ${COEFFICIENTS} numbers`
            : "the fit of success against the number of steps was singular",
          "give more problems and numbers of steps",
        );
    return { reliability: [none, none], slopeRatio: none, levelRatio: none };
  }
  const frailty = [...fit.frailty];
  const factor = (weights: readonly number[], diagnostic?: Record<string, number>): Estimate =>
    exponential(fit, weights, level, diagnostic);
  return {
    reliability: [factor([0, 1, 0, 0], { frailty: frailty[0]! }), factor([0, 0, 0, 1], { frailty: frailty[1]! })],
    slopeRatio: factor([0, -1, 0, 1]),
    levelRatio: factor([-1, 0, 1, 0]),
  };
}

/** e to a weighted sum of the coefficients. */
function exponential(
  { coefficients, covariance }: Pick<LogLinkFit, "coefficients" | "covariance">,
  weights: readonly number[],
  level: number,
  diagnostic: Record<string, number> | undefined,
): Estimate {
  const size = coefficients.length;
  let log = 0;
  let variance = 0;
  weights.forEach((w, a) => {
    log += w * coefficients[a]!;
    weights.forEach((v, b) => {
      variance += w * v * covariance[a * size + b]!;
    });
  });
  const se = Math.sqrt(Math.max(0, variance));
  const value = Math.exp(log);
  const extra = diagnostic === undefined ? {} : { diagnostic };
  if (se < 1e-12) return { kind: "measured", value, method: `${METHOD}; no spread, no interval`, ...extra };
  const half = normalQuantile((1 + level) / 2) * se;
  return {
    kind: "measured",
    value,
    low: Math.exp(log - half),
    high: Math.exp(log + half),
    se: value * se,
    level,
    method: METHOD,
    ...extra,
  };
}
