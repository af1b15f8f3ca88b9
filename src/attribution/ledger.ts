// attribution/ · Ledger: cause → share of the official gain, adding up to one with what stays unexplained.
import { type Estimate, refused } from "../terms/estimate.ts";
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";

export interface Entry {
  readonly cause: string;
  /** Share of the official gain in pass@1; all entries add up to 1. */
  readonly share: Estimate;
  readonly identifiedBy: string;
  /** What it takes for granted; absent where stored answers alone were read. */
  readonly assumes?: string;
}

/**
 * Stored answers identify two causes at most, and only one at a time: what lenient reading removes, or where that is negligible
 * what matching the token budget removes (their order would matter, and no rollout was graded under both). A shape of the gain kernel names a
 * law, not a share, and stays in the unexplained entry.
 */
export function ledger(findings: Findings, limits: Limits): Entry[] {
  const measured = READ_FROM.flatMap((one) => {
    const part = findings.measured(one.share);
    return part === undefined ? [] : [{ ...one, part }];
  });
  const taken = measured.find(({ part }) => (part.high ?? part.value) >= limits.negligibleShare) ?? measured[0];
  if (taken !== undefined) {
    const { cause, part, identifiedBy } = taken;
    return [
      { cause, share: part, identifiedBy },
      { cause: "unexplained", share: rest(part), identifiedBy: "what remains" },
    ];
  }
  const whole = findings.measured("gain@1");
  if (whole === undefined || whole.low === undefined || whole.low <= 0) {
    const why = "no gain in pass@1 is established, so there is nothing to share out";
    return [
      { cause: "unexplained", share: refused(why, "draw more rollouts or add problems"), identifiedBy: "gain@1" },
    ];
  }
  return [
    {
      cause: "unexplained",
      share: { kind: "measured", value: 1, method: "success counts identify no cause's share" },
      identifiedBy: "what remains",
    },
  ];
}

const READ_FROM = [
  { cause: "format-learned", share: "regrade/share", identifiedBy: "regrade" },
  { cause: "longer-outputs", share: "budget/share", identifiedBy: "budget" },
] as const;

function rest(part: Extract<Estimate, { kind: "measured" }>): Estimate {
  return {
    kind: "measured",
    value: 1 - part.value,
    ...(part.high === undefined ? {} : { low: 1 - part.high }),
    ...(part.low === undefined ? {} : { high: 1 - part.low }),
    ...(part.level === undefined ? {} : { level: part.level }),
    method: "1 minus the entries above",
  };
}
