// explanations/ · Sharpened: lower temperature in disguise: π1 ∝ π0^α.
import type { Findings } from "../terms/finding.ts";
import type { Limits } from "../terms/limits.ts";
import { percent } from "../terms/percent.ts";
import type { Standing } from "../terms/standing.ts";
import { judgeLogRatio } from "./by-log-ratio.ts";
import { judgeShape } from "./by-shape.ts";
import type { Explanation } from "./explanation.ts";
import { surerOfTheSure } from "./law-signs.ts";

/** Nearly greedy. */
const SHARPEST = 20;

export const sharpened: Explanation = {
  name: "sharpened",
  claim: "lower temperature in disguise: π1 ∝ π0^α",
  sign: "log-odds multiplied: problems whose usual answer is wrong get worse",
  moves: ["temperature"],
  onPaper: {
    base: (usual) => usual,
    tuned: (base, by) => ({ ...base, temperature: base.temperature * (1 + (SHARPEST - 1) * by) }),
  },
  judge(findings, limits) {
    const standing = judgeLogRatio(
      findings,
      limits,
      {
        own: "sharpening",
        other: "correctness",
        direction: { name: "cross/slope", above: 1 },
        law: "cross/fork-law",
        least: "sufficientShare",
        signs: surerOfTheSure,
      },
      judgeShape(findings, limits, {
        own: "sharpened",
        joint: { shape: "tilt-and-sharpened", without: "reward-tilt" },
        sign: { parameter: "alpha", above: 1 },
      }),
    );
    return bySamples(standing, findings, limits);
  },
};

/** A lower temperature that does not reach the gain when it is tried is not all of it; one that does is no proof that it was the cause. */
function bySamples(standing: Standing, findings: Findings, limits: Limits): Standing {
  const share = findings.measured("power/share");
  if (share === undefined || standing.standing !== "alone sufficient") return standing;
  const { value, low = value, high = value } = share;
  const said = `samples of the base raised to that power reach ${percent(value)} [${percent(low)}, ${percent(high)}] of the gain`;
  const because = [...standing.because, "power/share"];
  if (high < limits.sufficientShare)
    return { standing: "contributes", reason: `${standing.reason}; but ${said}`, because };
  return { ...standing, reason: `${standing.reason}; ${said}`, because };
}
