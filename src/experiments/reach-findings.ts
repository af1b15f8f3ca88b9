// experiments/ · Reach findings: who solves what only the other does not, against what a policy shows against itself.
import { fisherExact } from "../maths/exact-test.ts";
import { benjaminiHochberg } from "../maths/false-discovery.ts";
import type { PairedCells } from "../maths/paired-cells.ts";
import { type SelectedBy, selectionSigns } from "../maths/selection.ts";
import { type OneSided, selfNull } from "../maths/self-null.ts";
import type { Estimate } from "../terms/estimate.ts";
import type { Exhibit } from "../terms/exhibit.ts";
import type { Finding } from "../terms/finding.ts";
import { LIMITS } from "../terms/limits.ts";
import type { PairedEvidence } from "../terms/observation.ts";

export function reachFindings(
  evidence: PairedEvidence,
  cells: PairedCells,
): { findings: Finding[]; exhibits: Exhibit[] } {
  const { c0, n0, c1, n1, cellOf } = cells;
  const tests = Array.from(c0, (c, i) => fisherExact(c, n0[i]!, c1[i]!, n1[i]!).twoSided);
  const { rejected } = benjaminiHochberg(
    Float64Array.from(cellOf, (cell) => tests[cell]!),
    LIMITS.falseDiscoveryRate,
  );
  let better = 0;
  let worse = 0;
  let newlySolved = 0;
  let newlyLost = 0;
  cellOf.forEach((cell, problem) => {
    if (!rejected[problem]) return;
    const up = c1[cell]! / n1[cell]! > c0[cell]! / n0[cell]!;
    if (up) better += 1;
    else worse += 1;
    if (up && c0[cell] === 0) newlySolved += 1;
    if (!up && c1[cell] === 0) newlyLost += 1;
  });
  const law = selfNull(cells);
  const [base, later] = evidence.policies;
  const count = (value: number, method: string): Estimate => ({ kind: "measured", value, method });
  const nullCount = (side: OneSided): Estimate => ({
    kind: "measured",
    value: side.expected,
    low: quantile(side.law, 0.025),
    high: quantile(side.law, 0.975),
    se: Math.sqrt(side.variance),
    level: 0.95,
    method: "equal policies, given each problem's total: hypergeometric, summed exactly over problems",
    diagnostic: { "P(null ≥ observed)": side.atLeastObserved },
  });
  const exactMethod = `Fisher's exact test per problem, false discoveries ≤ ${LIMITS.falseDiscoveryRate} (Benjamini–Hochberg)`;
  const findings: Finding[] = [
    {
      name: "expansions/observed",
      estimate: count(law.onlyLater.observed, `problems with a right rollout under ${later} and none under ${base}`),
    },
    { name: "expansions/null", estimate: nullCount(law.onlyLater) },
    { name: "expansions/significant", estimate: count(newlySolved, exactMethod) },
    {
      name: "shrinkages/observed",
      estimate: count(law.onlyBase.observed, `problems with a right rollout under ${base} and none under ${later}`),
    },
    { name: "shrinkages/null", estimate: nullCount(law.onlyBase) },
    { name: "shrinkages/significant", estimate: count(newlyLost, exactMethod) },
    { name: "problems/better", estimate: count(better, exactMethod) },
    { name: "problems/worse", estimate: count(worse, exactMethod) },
    ...selectionSigns(cells).map((sign) => selectionFinding(sign, evidence.policies)),
  ];
  const exhibit: Exhibit = {
    kind: "null",
    policies: evidence.policies,
    onlyBase: law.onlyBase.observed,
    onlyLater: law.onlyLater.observed,
    lawOnlyBase: [...law.onlyBase.law],
    lawOnlyLater: [...law.onlyLater.law],
  };
  return { findings, exhibits: [exhibit] };
}

/** Named so that the report can warn: a side chosen by its outcome moves back towards its mean on the other. */
function selectionFinding(sign: SelectedBy, policies: readonly [string, string]): Finding {
  return {
    name: `selection/${policies[sign.side]}/${sign.absent}`,
    estimate: {
      kind: "measured",
      value: 0,
      method: `problems seen with ${sign.absent === "none-right" ? "no" : "only"} right rollouts, where the law of the others leads one to expect ${sign.expected.toFixed(1)}`,
      diagnostic: { expected: sign.expected },
    },
  };
}

function quantile(law: ArrayLike<number>, p: number): number {
  let sum = 0;
  for (let i = 0; i < law.length; i++) {
    sum += law[i]!;
    if (sum >= p) return i;
  }
  return law.length - 1;
}
