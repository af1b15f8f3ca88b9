// explanations/ · By ledger: the standing of a rival that has an entry of its own in the ledger of a study that ran.
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { percent } from "../terms/percent.ts";
import type { Standing } from "../terms/standing.ts";
import { isPart, nothingLeft, REGRADED } from "./by-share.ts";
import type { Sign, Signs } from "./signs.ts";

/** Entries that are told from what policies made of each other's prefixes; what was not handed over stands in `unexplained`. */
const BY_HANDOFF = ["amplified-strategy", "novel-strategy", "steadier-steps", "recovery", "composition"];

/** Entries that may hold more of some causes' shares, and nobody tells whose: see `hidden` and `judgePlan`. */
const UNDIVIDED = [
  { entry: "plan-undecided", causes: ["amplified-strategy", "novel-strategy"] },
  { entry: "unexplained", causes: BY_HANDOFF },
];

/** Entries of the ledger, other than its own, in which a part of this cause's share may stand. */
export function undividedFor(cause: string): string[] {
  return UNDIVIDED.flatMap(({ entry, causes }) => (causes.includes(cause) ? [entry] : []));
}

/**
 * Undefined where no study ran, or its ledger does not tell this cause: then the rival is judged by what else is known.
 *
 * @param signs what the cause leaves behind beside its share; one that is contradicted keeps it from being alone sufficient
 */
export function judgeEntry(
  findings: Findings,
  limits: Limits,
  cause: string,
  signs: readonly Signs[] = [],
): Standing | undefined {
  const name = `ledger/${cause}`;
  const entry = findings.measured(name);
  if (entry === undefined) return undefined;
  const settled = nothingLeft(findings, limits, name);
  // Form comes off first in the ledger too, where it knows of forms; what is left to explain is seen there.
  const inLedger = findings.measured("ledger/format-learned") !== undefined;
  if (settled !== undefined && !(inLedger && settled.because.includes("regrade/share"))) return settled;
  const { value, low = value, high = value } = entry;
  const said =
    entry.low === undefined
      ? `its share of the gain is ${percent(value)}: ${entry.method}`
      : `its share of the gain is ${percent(value)} [${percent(low)}, ${percent(high)}], all entries of the ledger at once`;
  if (high < limits.negligibleShare) return hidden(findings, limits, cause, high) ?? told("not needed", said, [name]);
  if (!isPart(entry, limits)) {
    const open =
      low > 0 ? "there is some of it, and it may not be worth naming" : "neither none nor some of it is excluded";
    return told("cannot be told", `${said}: ${open}`, [name]);
  }
  // What remains is not told from nothing, or is certainly not worth naming; and no other entry is a part.
  const remainder = high < 1 && low <= 1 - limits.negligibleShare;
  const alone = low > limits.sufficientShare && !remainder && !hasOtherParts(findings, limits, name, value);
  // What is only a part of the gain need not show in the whole of it: against a part no sign speaks.
  const found = signs.flatMap((look) => look(findings, limits)).filter(({ is }) => alone || is === "seen");
  const against = found.filter(({ is }) => is === "contradicted");
  const because = [name, ...found.flatMap((sign) => sign.because)];
  const seen = found.filter(({ is }) => is === "seen");
  const but = against.length === 0 ? "" : `; but ${clauses(against).join(", and ")}`;
  const reason = `${[said, ...clauses(seen)].join("; ")}${but}`;
  return told(alone && against.length === 0 ? "alone sufficient" : "contributes", reason, because);
}

function hasOtherParts(findings: Findings, limits: Limits, own: string, share: number): boolean {
  const regraded = REGRADED.map(({ entry }): string => entry);
  // Where hardly a gain is left once such answers are taken off, other causes gained among the rest only what others lost there.
  const cancels = regraded.includes(own) && 1 - share < limits.negligibleShare;
  return findings.list.some(
    ({ name, estimate }) =>
      /^ledger\/[^/]+$/.test(name) &&
      (!cancels || regraded.includes(name)) &&
      name !== own &&
      estimate.kind === "measured" &&
      isPart(estimate, limits),
  );
}

function told(standing: Standing["standing"], reason: string, because: readonly string[]): Standing {
  return { standing, reason, because: [...new Set(because)] };
}

function clauses(signs: readonly Sign[]): string[] {
  return signs.map(({ said }) => said);
}

/** A part of the gain that was not handed over may be any such cause's. */
function hidden(findings: Findings, limits: Limits, cause: string, high: number): Standing | undefined {
  const name = "ledger/unexplained";
  const rest = findings.measured(name);
  const most = rest?.high ?? rest?.value ?? 0;
  if (!BY_HANDOFF.includes(cause) || Math.max(0, high) + most < limits.negligibleShare) return undefined;
  const reason = `its share of the gain is below ${percent(Math.max(0, high))}, but up to ${percent(most)} is unexplained and may be its`;
  return told("cannot be told", reason, [`ledger/${cause}`, name]);
}

/** Of a plan whose way lies on both sides of the yardstick: neither of the two rivals that could have it is told. */
export function judgePlan(
  findings: Findings,
  limits: Limits,
  cause: string,
  signs: readonly Signs[] = [],
): Standing | undefined {
  const own = judgeEntry(findings, limits, cause, signs);
  const open = findings.measured("ledger/plan-undecided");
  if (own === undefined || own.standing !== "not needed" || open === undefined) return own;
  const high = open.high ?? open.value;
  if (high < limits.negligibleShare || !own.because.includes(`ledger/${cause}`)) return own;
  return {
    standing: "cannot be told",
    reason: `${percent(open.value)} of the gain is in a plan whose way the base takes neither certainly more often nor certainly more rarely than the yardstick`,
    because: [...own.because, "ledger/plan-undecided"],
  };
}
