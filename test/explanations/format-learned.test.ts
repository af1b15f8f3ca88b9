import { expect, it } from "vitest";
import { formatLearned } from "../../src/explanations/format-learned.ts";
import { longerOutputs } from "../../src/explanations/longer-outputs.ts";
import { rewardTilt } from "../../src/explanations/reward-tilt.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured } from "../support/findings.ts";
import { judgedByShare } from "../support/rivals.ts";

judgedByShare(formatLearned, "regrade/share", "regrade/gain/lenient");

it("what format takes is not there for others to explain", () => {
  const found = findings({
    ...GAIN,
    ...kernel("reward-tilt", alone("reward-tilt")),
    "regrade/share": measured(0.97, { low: 0.9, high: 1.04 }),
    "regrade/gain/lenient": measured(0.006, { low: -0.01, high: 0.02 }),
  });
  for (const other of [rewardTilt, longerOutputs]) expect(other.judge(found, LIMITS).standing).toBe("not needed");
});
