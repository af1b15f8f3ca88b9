// The exact cells of the hand-off between two policies on paper: who writes the plan, who the work, who states the answer.
import { type Cell, CELLS } from "../../src/experiments/handoff-plan.ts";
import { PaperPolicy, type State } from "../../src/experiments/paper-policy.ts";
import { shapley } from "../../src/maths/shapley.ts";
import type { ImaginedProblem } from "../../src/study/imagined.ts";

/** P(right) in each cell: base against the last policy. */
export function paperCells({ behaviours, steps }: ImaginedProblem): Readonly<Record<Cell, number>> {
  const policies = [behaviours[0]!, behaviours.at(-1)!].map((one) => new PaperPolicy(one, steps)) as [
    PaperPolicy,
    PaperPolicy,
  ];
  return Object.fromEntries(
    CELLS.map((cell) => {
      const [plan, work, answer] = Array.from(cell, (digit) => policies[Number(digit) as 0 | 1]) as [
        PaperPolicy,
        PaperPolicy,
        PaperPolicy,
      ];
      let right = 0;
      for (const { token, logProb, next } of plan.start.moves) {
        const chance = Math.exp(logProb);
        if (chance === 0) continue;
        const on = next.moves.length === 0 ? next.right : worked(behind(work, token), behind(answer, token), new Map());
        right += chance * on;
      }
      return [cell, right] as const;
    }),
  ) as Record<Cell, number>;
}

function behind({ start }: PaperPolicy, token: number): State {
  return start.moves.find((move) => move.token === token)!.next;
}

/** `writer` goes on until the answer is to be stated rightly; what has gone wrong stays in its hands. */
function worked(writer: State, answerer: State, known: Map<string, number>): number {
  if (writer.done) return answerer.right;
  if (writer.moves.length === 0) return writer.right;
  let value = known.get(writer.place);
  if (value === undefined) {
    value = 0;
    for (const [i, { logProb, next }] of writer.moves.entries())
      value += Math.exp(logProb) * worked(next, answerer.moves[i]!.next, known);
    known.set(writer.place, value);
  }
  return value;
}

export const SEGMENTS = ["plan", "execution", "answer"] as const;

/** Shapley values in probability, in the order of SEGMENTS. */
export function paperShares(problem: ImaginedProblem): readonly [number, number, number] {
  const cells = paperCells(problem);
  const shares = shapley(3, (coalition) => cells[[0, 1, 2].map((i) => (coalition >> i) & 1).join("") as Cell]);
  return [shares[0]!, shares[1]!, shares[2]!];
}
