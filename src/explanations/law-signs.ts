// explanations/ · Law signs: what a law of texts does where no other cause does it, or leaves be where others do not.
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import type { Sign } from "./signs.ts";

export interface LawSign extends Sign {
  /** Seen, and of what training did there nothing worth naming is left to another cause. */
  readonly whole?: true;
}

export type LawSigns = (findings: Findings, limits: Limits) => readonly LawSign[];

const BEHIND = "cross/after-loss";
const SURE = "cross/sure-slope";

function spotOf(findings: Findings, name: string): { value: number; low: number; high: number } | undefined {
  const found = findings.measured(name);
  if (found === undefined) return undefined;
  const { value, low = value, high = value } = found;
  return { value, low, high };
}

/** A factor on right answers does nothing once none can come. The part that goes on there is another cause's, the rest may be its own. */
export const stopsBehindLoss: LawSigns = (findings, limits) => {
  const part = spotOf(findings, BEHIND);
  if (part === undefined) return [];
  const [value, low, high] = [part.value, part.low, part.high].map((one) => one.toFixed(2));
  const said = `behind work that is lost, where one factor on right answers does nothing, steps were moved ${value} [${low}, ${high}] times as far as before`;
  if (part.low > 1 - limits.negligibleShare) return [{ is: "contradicted", said, because: [BEHIND] }];
  if (part.high >= limits.sufficientShare) return [];
  return [{ is: "seen", said, because: [BEHIND], ...(part.high < limits.negligibleShare ? { whole: true } : {}) }];
};

/** A lower temperature passes no token by. */
export const surerOfTheSure: LawSigns = (findings, limits) => {
  const slope = spotOf(findings, SURE);
  if (slope === undefined) return [];
  const [value, low, high] = [slope.value, slope.low, slope.high].map((one) => one.toFixed(2));
  const said = `the log-odds of tokens that the base is sure of are ${value} [${low}, ${high}] times what they were`;
  if (slope.high < limits.leastPower)
    return [
      {
        is: "contradicted",
        said: `${said}, where a temperature worth naming takes them at least ${limits.leastPower} times`,
        because: [SURE],
      },
    ];
  return slope.low > limits.leastPower ? [{ is: "seen", said, because: [SURE] }] : [];
};
