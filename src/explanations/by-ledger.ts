// explanations/ · By ledger: the standing of a rival that has an entry of its own in the ledger of a study that ran.
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import type { Standing } from "../terms/standing.ts";
import { nothingLeft } from "./by-share.ts";

const percent = (share: number): string => `${Math.round(100 * share)} %`;

/** Undefined where no study ran, or its ledger does not tell this cause: then the rival is judged by what else is known. */
export function judgeEntry(findings: Findings, limits: Limits, cause: string): Standing | undefined {
  const name = `ledger/${cause}`;
  const entry = findings.measured(name);
  if (entry === undefined) return undefined;
  const settled = nothingLeft(findings, limits);
  // Form comes off first in the ledger too, so what is left to explain is seen there.
  if (settled !== undefined && !settled.because.includes("regrade/share")) return settled;
  const because = [name];
  const { value, low = value, high = value } = entry;
  const said =
    entry.low === undefined
      ? `its share of the gain is ${percent(value)}: ${entry.method}`
      : `its share of the gain is ${percent(value)} [${percent(low)}, ${percent(high)}], all entries of the ledger at once`;
  if (low > limits.sufficientShare) return { standing: "alone sufficient", reason: said, because };
  if (high < limits.negligibleShare) return { standing: "not needed", reason: said, because };
  if (low > 0) return { standing: "contributes", reason: said, because };
  return { standing: "cannot be told", reason: `${said}: neither none nor some of it is excluded`, because };
}

/** Of a plan whose way lies on both sides of the yardstick: neither of the two rivals that could have it is told. */
export function judgePlan(findings: Findings, limits: Limits, cause: string): Standing | undefined {
  const own = judgeEntry(findings, limits, cause);
  const open = findings.measured("ledger/plan-undecided");
  if (own === undefined || own.standing !== "not needed" || open === undefined) return own;
  const high = open.high ?? open.value;
  if (high < limits.negligibleShare) return own;
  return {
    standing: "cannot be told",
    reason: `${percent(open.value)} of the gain is in a plan whose way the base takes neither certainly more often nor certainly more rarely than the yardstick`,
    because: [...own.because, "ledger/plan-undecided"],
  };
}
