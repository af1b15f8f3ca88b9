import { expect, it } from "vitest";
import { amplifiedStrategy } from "../../src/explanations/amplified-strategy.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => amplifiedStrategy.judge(findings(estimates), LIMITS);

it("cannot be told from novel-strategy even where their common shape fits alone", () => {
  const found = judge({ ...GAIN, ...kernel("strategy-mixture", alone("strategy-mixture")) });
  expect(found.standing).toBe("cannot be told");
  expect(found.reason).toContain("novel-strategy");
});

it("is not needed where a shape that moves every problem alike predicts far better", () => {
  expect(judge({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt")) }).standing).toBe("not needed");
});
