// explanations/ · By share: the standing of a rival whose share of the gain was measured, and when there is no gain to share.
import type { Measured } from "../terms/estimate.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { percent } from "../terms/percent.ts";
import type { Standing } from "../terms/standing.ts";

/**
 * The gain in pass@1 with its simultaneous band: the same interval that certifies gains and losses, so that no rival, verdict or
 * ledger calls a gain established that another does not. Undefined where it was not measured.
 */
export function officialGain(findings: Findings): { value: number; low: number; high: number } | undefined {
  const gain = findings.measured("gain@1");
  return gain === undefined ? undefined : { value: gain.value, low: gain.low ?? -1, high: gain.high ?? 1 };
}

/**
 * Why there is nothing left to explain: no gain, or what comes off first accounts for it; or why the rest cannot be told apart.
 *
 * @param own finding with the share of the asking rival itself, which is not held against it
 */
export function nothingLeft(findings: Findings, limits: Limits, own?: string): Standing | undefined {
  const gain = officialGain(findings);
  if (gain !== undefined && gain.low <= 0) {
    const because = ["gain@1"];
    if (gain.high < 0)
      return {
        standing: "not needed",
        reason: "the later policy is worse, not better: there is no gain to explain",
        because,
      };
    if (gain.high < limits.negligibleGain) {
      return {
        standing: "not needed",
        reason: `any gain in pass@1 is below ${gain.high.toFixed(3)}: there is nothing to explain`,
        because,
      };
    }
    return { standing: "cannot be told", reason: "no gain in pass@1 is established, and none is excluded", because };
  }
  const others = FIRST.filter(({ share }) => share !== own);
  const whole = wholeOf(findings, limits, others);
  // Two that account for all of it each do not make one another needless: then nobody would be left to have done it.
  if (whole !== undefined && !isWhole(findings, limits, own)) {
    const reason = `${whole.said} alone accounts for the gain; what remains is not told from 0`;
    return { standing: "not needed", reason, because: [whole.share, whole.rest] };
  }
  // Not right is not right: what other causes seem to have made of such answers is not theirs.
  const passed = REGRADED.find(
    ({ entry }) => entry !== own && (findings.measured(entry)?.low ?? 0) > limits.sufficientShare,
  );
  if (passed !== undefined) {
    const { value } = findings.measured(passed.entry)!;
    return {
      standing: "not needed",
      reason: `${percent(value)} of the gain are ${passed.said}`,
      because: [passed.entry],
    };
  }
  const part = others.find(({ share, mixed }) => {
    const found = findings.measured(share);
    return mixed && (found?.low ?? 0) > limits.negligibleShare;
  });
  if (!FIRST.some(({ share }) => share === own) && !isWhole(findings, limits, own) && part !== undefined) {
    const { value } = findings.measured(part.share)!;
    const reason = `${part.said} accounts for ${percent(value)} of the gain, and what makes up the rest was not seen apart from it`;
    return { standing: "cannot be told", reason, because: [part.share] };
  }
  return undefined;
}

function wholeOf(findings: Findings, limits: Limits, among: readonly First[]): First | undefined {
  return among.find(({ share, rest }) => isSufficient(findings, limits, share, rest));
}

function isWhole(findings: Findings, limits: Limits, own: string | undefined): boolean {
  const first = FIRST.filter(({ share }) => share === own);
  const regraded = REGRADED.some(({ entry }) => entry === own);
  return (
    wholeOf(findings, limits, first) !== undefined ||
    (regraded && (findings.measured(own!)?.low ?? 0) > limits.sufficientShare)
  );
}

/**
 * What comes off before any other cause, as in the ledger. Length does not: a cut answer shows that the tokens were needed,
 * not what they were needed for. `mixed`: what is measured of the other causes is measured with it in it.
 */
const FIRST = [
  { share: "regrade/share", rest: "regrade/gain/lenient", said: "reading the answer leniently", mixed: false },
  { share: "sweep/share", rest: "sweep/gain", said: "asking the base otherwise", mixed: true },
  { share: "recall/share", rest: "recall/gain/twins", said: "recall of these very problems", mixed: true },
] as const;
type First = (typeof FIRST)[number];

/** Told from nothing, and by its best estimate worth naming. */
export function isPart({ value, low = value }: Measured, limits: Limits): boolean {
  return low > 0 && value >= limits.negligibleShare;
}

/** Entries that a second judge takes off: what follows them in the ledger is told of the answers that are left. */
export const REGRADED = [
  { entry: "ledger/verifier-exploit", said: "answers that the grader passed and a stricter judge does not" },
  { entry: "ledger/lucky-guess", said: "answers that are right by chance" },
] as const;

function isSufficient(findings: Findings, limits: Limits, share: string, rest: string): boolean {
  const part = findings.measured(share);
  const remaining = findings.measured(rest);
  if (part?.low === undefined || remaining === undefined) return false;
  return part.low > limits.sufficientShare && (remaining.low ?? remaining.value) <= 0;
}

function left(findings: Findings, rest: string): string {
  const high = findings.measured(rest)?.high;
  return high !== undefined && high < 0 ? "below 0" : "not told from 0";
}

/**
 * @param share finding with the share of the gain that this cause takes away
 * @param rest finding with the gain that remains
 * @param unseen what to say where the evidence could not be read that way
 */
export function judgeShare(findings: Findings, limits: Limits, share: string, rest: string, unseen: string): Standing {
  const settled = nothingLeft(findings, limits, share);
  if (settled !== undefined) return settled;
  const part = findings.get(share);
  if (part === undefined) return { standing: "cannot be told", reason: unseen, because: [] };
  if (part.kind !== "measured") {
    return { standing: "cannot be told", reason: part.kind === "refused" ? part.why : unseen, because: [share] };
  }
  const because = [share, rest];
  const low = part.low ?? part.value;
  const high = part.high ?? part.value;
  const said = `its share of the gain is ${percent(part.value)} [${percent(low)}, ${percent(high)}]`;
  if (isSufficient(findings, limits, share, rest)) {
    const others = FIRST.filter((one) => one.share !== share);
    const reason = `${said}; what remains is ${left(findings, rest)}`;
    const too = wholeOf(findings, limits, others);
    if (too === undefined) return { standing: "alone sufficient", reason, because };
    return {
      standing: "contributes",
      reason: `${reason}; but ${too.said} accounts for the gain as well`,
      because: [...because, too.share, too.rest],
    };
  }
  if (high < limits.negligibleShare) return { standing: "not needed", reason: said, because };
  if (low > 0) return { standing: "contributes", reason: said, because };
  return { standing: "cannot be told", reason: `${said}: neither none nor some of it is excluded`, because };
}
