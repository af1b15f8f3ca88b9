import { expect, it } from "vitest";
import { longerOutputs } from "../../src/explanations/longer-outputs.ts";
import { rewardTilt } from "../../src/explanations/reward-tilt.ts";
import { refused } from "../../src/terms/estimate.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured, NO_GAIN } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => longerOutputs.judge(findings(estimates), LIMITS);
const share = (value: number, low: number, high: number) => ({ "budget/share": measured(value, { low, high }) });
const left = (value: number, low: number, high: number) => ({ "budget/gain/matched": measured(value, { low, high }) });

it("is alone sufficient where it takes all but nothing of the gain and what remains covers 0", () => {
  const estimates = { ...GAIN, ...share(0.97, 0.9, 1.04), ...left(0.006, -0.01, 0.02) };
  expect(judge(estimates).standing).toBe("alone sufficient");
  // What it takes is not there for others to explain.
  expect(
    rewardTilt.judge(findings({ ...estimates, ...kernel("reward-tilt", alone("reward-tilt")) }), LIMITS).standing,
  ).toBe("not needed");
});

it("contributes where it takes a part and a gain remains", () => {
  expect(judge({ ...GAIN, ...share(0.4, 0.3, 0.5), ...left(0.12, 0.1, 0.14) }).standing).toBe("contributes");
});

it("is not needed where it takes less than a tenth", () => {
  expect(judge({ ...GAIN, ...share(0.02, -0.01, 0.05), ...left(0.19, 0.15, 0.23) }).standing).toBe("not needed");
});

it("cannot be told where its share may be nothing or much", () => {
  expect(judge({ ...GAIN, ...share(0.3, -0.2, 0.8), ...left(0.1, -0.1, 0.3) }).standing).toBe("cannot be told");
});

it("cannot be told, with the reason, where the evidence was refused", () => {
  const found = judge({ ...GAIN, "budget/share": refused("no rollout has its text", "give texts") });
  expect(found).toMatchObject({ standing: "cannot be told", reason: "no rollout has its text" });
});

it("cannot be told where a gain is neither established nor excluded", () => {
  expect(judge(NO_GAIN).standing).toBe("cannot be told");
});
