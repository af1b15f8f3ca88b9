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
  const absent = main.policies.map((policy, side) => `${withoutVerdict(main, side as 0 | 1)} of ${policy}`);
  if (main.policies.some((_, side) => reasons(main, side as 0 | 1).length > 0)) {
    list.push(
      `Rollouts without a verdict: ${absent.join(", ")}. They count as not right; rate/${base} and rate/${later} give both bounds.`,
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

/** Why rollouts have no verdict, with how many of them. */
function reasons({ problems }: PairedEvidence, side: 0 | 1): [string, number][] {
  const counts = new Map<string, number>();
  for (const { sides } of problems)
    for (const [why, count] of Object.entries(sides[side].ungradable))
      if (count > 0) counts.set(why, (counts.get(why) ?? 0) + count);
  return [...counts].sort(([, a], [, b]) => b - a);
}

function withoutVerdict(main: PairedEvidence, side: 0 | 1): string {
  const list = reasons(main, side);
  const whole = list.reduce((sum, [, count]) => sum + count, 0);
  return list.length === 0 ? "0" : `${whole} (${list.map(([why, count]) => `${why} ${count}`).join(", ")})`;
}
