// experiments/ · Counts: paired evidence as the columns of numbers that the estimators read.
import { type PairedCells, pairedCells } from "../maths/paired-cells.ts";
import type { PairedEvidence } from "../terms/observation.ts";

/** Distinct outcomes with multiplicities; a rollout without a verdict counts in n and not in c. */
export function cellsOf(evidence: PairedEvidence): PairedCells {
  const column = (side: 0 | 1, field: "right" | "n"): Int32Array =>
    Int32Array.from(evidence.problems, (problem) => problem.sides[side][field]);
  return pairedCells({ c0: column(0, "right"), n0: column(0, "n"), c1: column(1, "right"), n1: column(1, "n") });
}

/** Family of each problem as 0, 1, 2 … in order of appearance, where clustering by family is asked for. */
export function clustersOf(evidence: PairedEvidence, byFamily: boolean): Int32Array | undefined {
  if (!byFamily) return undefined;
  const numberOf = new Map<string, number>();
  return Int32Array.from(evidence.problems, ({ family }) => {
    const known = numberOf.get(family);
    if (known !== undefined) return known;
    numberOf.set(family, numberOf.size);
    return numberOf.size - 1;
  });
}
