// study/ · Warnings: what a reader must know before believing the rest.
import type { Findings } from "../terms/finding.ts";
import type { PairedEvidence } from "../terms/observation.ts";
import type { Matched } from "./pair.ts";

/** Below this many problems bands cover less than they say: 91–96 % for 95 % at 50 problems (bench/results/coverage.md). */
const FEW_PROBLEMS = 100;

export function warnings(
  matched: Matched,
  main: PairedEvidence,
  findings: Findings,
  clusteredByFamily: boolean,
): string[] {
  const list: string[] = [];
  const [base, later] = main.policies;
  for (const { name, estimate } of findings.list) {
    const [, policy, absent] = /^selection\/(.*)\/(none-right|all-right)$/.exec(name) ?? [];
    if (policy === undefined || estimate.kind !== "measured") continue;
    const expected = Number(estimate.diagnostic?.["expected"]).toFixed(0);
    list.push(
      `Winner's curse: no problem has ${absent === "none-right" ? "0" : "all"} right rollouts under ${policy}, where about ${expected} would be expected. ` +
        `If problems were chosen by ${policy}'s outcome, the difference is partly a return to the mean: choose on one half of the rollouts and estimate on the other.`,
    );
  }
  for (const [side, policy] of main.policies.entries()) {
    const rights = main.problems.map(({ sides }) => sides[side as 0 | 1]);
    const other = main.policies[side === 0 ? 1 : 0];
    const otherDiffers = main.problems.some(({ sides }) => sides[side === 0 ? 1 : 0].right > 0);
    if (otherDiffers && rights.every(({ right }) => right === 0)) {
      list.push(
        `${policy} solves none of the ${rights.length} problems. If they were chosen because ${policy} never solved them, ${other}'s rate on them is inflated by that choice (winner's curse): select on one half of the rollouts, estimate on the other.`,
      );
    }
  }
  const absent = main.policies.map((_, side) =>
    main.problems.reduce((sum, { sides }) => sum + sides[side as 0 | 1].n - graded(sides[side as 0 | 1]), 0),
  );
  if (absent[0]! + absent[1]! > 0) {
    list.push(
      `${absent[0]} rollouts of ${base} and ${absent[1]} of ${later} have no verdict (cut off, or not graded). They count as not right; rate/${base} and rate/${later} give both bounds.`,
    );
  }
  matched.unpaired.forEach((count, i) => {
    if (count > 0)
      list.push(
        `${count} problems of ${matched.policies[i]!.policy} have no partner under every other policy and are set aside.`,
      );
  });
  if (main.problems.length < FEW_PROBLEMS) {
    list.push(
      `Only ${main.problems.length} problems are paired: over 50 simulated problems the 95 % band covers 91 to 96 %, and single intervals are as rough.`,
    );
  }
  const depths = new Set(main.problems.flatMap(({ sides }) => sides.map(({ n }) => n)));
  if (depths.size > 1) {
    const smallest = Math.min(...depths);
    list.push(
      `Problems have between ${smallest} and ${Math.max(...depths)} rollouts; pass@k is given up to k = ${smallest}, the least, and refused beyond.`,
    );
  }
  if (matched.policies.length > 2) {
    list.push(
      `${later} is the last checkpoint, not the best: choosing the best of ${matched.policies.length - 1} by the same problems would inflate its gain.`,
    );
  }
  if (clusteredByFamily) {
    list.push(
      "Families are the sampling unit of rates, gains and shares. The gain kernel, the exact tests and the self-against-self null still take problems as independent.",
    );
  }
  return list;
}

function graded(record: { n: number; ungradable: Readonly<Partial<Record<string, number>>> }): number {
  return record.n - Object.values(record.ungradable).reduce<number>((sum, count) => sum + (count ?? 0), 0);
}
