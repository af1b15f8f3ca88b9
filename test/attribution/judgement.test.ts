import { expect, it } from "vitest";
import { judge, verdict } from "../../src/attribution/judgement.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured, NO_GAIN } from "../support/findings.ts";

const tell = (estimates: Parameters<typeof findings>[0]): string => {
  const found = findings(estimates);
  return verdict(judge(EXPLANATIONS, found, LIMITS), found, ["base", "tuned"]);
};
const direction = { "kernel/parameter/reward-tilt/delta": measured(1, { low: 0.9, high: 1.1 }) };

it("names what is alone sufficient, and counts what stays open", () => {
  const text = tell({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt")), ...direction });
  expect(text).toContain("pass@1 went from 0.400 (base) to 0.600 (tuned): a certified gain of 0.200.");
  expect(text).toContain("Reward-tilt is alone sufficient.");
  expect(text).toMatch(/\d+ rivals cannot be told/);
});

it("says that no listed shape fits", () => {
  expect(tell({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt"), "no") })).toContain(
    "No listed shape of the gain fits these counts.",
  );
});

it("does not call a gain certified whose band covers 0", () => {
  expect(tell({ ...NO_GAIN, "pass@1/base": measured(0.4), "pass@1/tuned": measured(0.41) })).toContain(
    "no gain is established",
  );
});

it("says where a loss is certified", () => {
  expect(tell({ ...GAIN, "losses/first": measured(61), "losses/last": measured(128) })).toContain(
    "For k = 61–128 a loss is certified",
  );
});

it("names causes with their shares of the gain, the largest first", () => {
  const share = (value: number) => measured(value, { low: value - 0.05, high: value + 0.05 });
  const text = tell({ ...GAIN, "ledger/steadier-steps": share(0.3), "ledger/amplified-strategy": share(0.6) });
  expect(text).toContain(
    "Amplified-strategy (60 % of the gain) and steadier-steps (30 % of the gain) contribute; none is shown to be alone sufficient.",
  );
  expect(tell({ ...GAIN, "ledger/steadier-steps": share(0.98) })).toContain(
    "Steadier-steps (98 % of the gain) is alone sufficient.",
  );
});
