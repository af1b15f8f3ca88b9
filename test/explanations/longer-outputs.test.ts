import { expect, it } from "vitest";
import { longerOutputs } from "../../src/explanations/longer-outputs.ts";
import { recovery } from "../../src/explanations/recovery.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured } from "../support/findings.ts";
import { judgedByShare } from "../support/rivals.ts";

judgedByShare(longerOutputs, "budget/share", "budget/gain/matched");

const GONE = {
  ...GAIN,
  "budget/share": measured(2, { low: 1.5, high: 3 }),
  "budget/gain/matched": measured(-0.1, { low: -0.15, high: -0.05 }),
};

it("says that nothing of the gain is left where cutting turns it round", () => {
  expect(longerOutputs.judge(findings(GONE), LIMITS)).toMatchObject({
    standing: "alone sufficient",
    reason: expect.stringContaining("below 0"),
  });
});

it("does not close the case for others: what the tokens were needed for stays open", () => {
  expect(recovery.judge(findings(GONE), LIMITS).standing).toBe("cannot be told");
});
