// worlds/ · Truth hand-off: one policy writes the plan, one the steps, one the answer; all eight ways, and what each segment is worth.
import { logSumExp } from "../maths/logspace.ts";
import { shapley } from "../maths/shapley.ts";
import { type Cell, CELLS, type Mass, type PairTruth, type Segment, SEGMENTS } from "../terms/truth.ts";
import { probability } from "./measures.ts";
import { massOf, sum, type TruthTable } from "./truth-table.ts";

/**
 * The hand-off factorial of the base and a later policy (DESIGN §4, formula 2), exactly:
 * cell(a, b, c) = Σ over accepted strings of π_a(plan) · π_b(execution | plan) · π_c(answer | rest).
 * The Shapley shares are over handing segments from the base to the later policy; `bits` is absent where a cell is zero.
 *
 * @param policy  which of the table's policies is the later one
 */
export function handoff(table: TruthTable, policy: number): Pick<PairTruth, "cells" | "shares" | "bits"> {
  // Log-probability of each segment, of the base (b) and of the later policy (t).
  const rows = table.rows.map(({ accepted: { text, planEnd, answerStart }, logProbs }) => {
    const segments = (tokens: Float64Array): readonly number[] => [
      sum(tokens, 0, planEnd),
      sum(tokens, planEnd, answerStart),
      sum(tokens, answerStart, text.length),
    ];
    return { b: segments(logProbs[0]!), t: segments(logProbs[policy]!) };
  });
  const log = (cell: Cell): number => {
    const writers = [...cell] as ("b" | "t")[];
    return logSumExp(rows.map((row) => writers.reduce((total, writer, i) => total + row[writer][i]!, 0)));
  };
  const cells = Object.fromEntries(CELLS.map((cell) => [cell, massOf(log(cell))])) as Record<Cell, Mass>;
  const logs = CELLS.flatMap((cell) => (cells[cell].kind === "mass" ? [cells[cell].log] : []));
  const shares = shared((cell) => probability(cells[cell]));
  if (logs.length < CELLS.length) return { cells, shares };
  return { cells, shares, bits: shared((cell) => logs[CELLS.indexOf(cell)]! / Math.LN2) };
}

function shared(value: (cell: Cell) => number): Record<Segment, number> {
  const handed = (coalition: number): Cell =>
    SEGMENTS.map((_, i) => ((coalition >> i) & 1 ? "t" : "b")).join("") as Cell;
  const shares = shapley(SEGMENTS.length, (coalition) => value(handed(coalition)));
  return Object.fromEntries(SEGMENTS.map((segment, i) => [segment, shares[i]!])) as Record<Segment, number>;
}
