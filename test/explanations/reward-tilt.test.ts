import { expect, it } from "vitest";
import { rewardTilt } from "../../src/explanations/reward-tilt.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured, NO_GAIN } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => rewardTilt.judge(findings(estimates), LIMITS);
const sign = { "kernel/parameter/reward-tilt/delta": measured(1.2, { low: 1.1, high: 1.3 }) };

it("is alone sufficient where its shape alone predicts best, adequately, in the claimed direction", () => {
  expect(judge({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt")), ...sign }).standing).toBe("alone sufficient");
});

it("is not needed where the shape fits in the opposite direction", () => {
  const opposite = { "kernel/parameter/reward-tilt/delta": measured(-1.2, { low: -1.3, high: -1.1 }) };
  expect(judge({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt")), ...opposite }).standing).toBe("not needed");
});

it("is not needed where another shape predicts far better", () => {
  const found = judge({ ...GAIN, ...kernel("strategy-mixture", alone("strategy-mixture")) });
  expect(found.standing).toBe("not needed");
  expect(found.because).toContain("kernel/elpd/reward-tilt");
});

it("cannot be told from a shape that lies only two standard errors behind", () => {
  const near = { ...alone("reward-tilt"), "strategy-mixture": 20 };
  const found = judge({ ...GAIN, ...kernel("reward-tilt", near), ...sign });
  expect(found.standing).toBe("cannot be told");
  expect(found.reason).toContain("strategy-mixture");
});

it("cannot be told where no listed shape fits", () => {
  expect(judge({ ...GAIN, ...kernel("reward-tilt", alone("reward-tilt"), "no") }).standing).toBe("cannot be told");
});

it("cannot be told where a gain is neither established nor excluded", () => {
  expect(judge({ ...NO_GAIN, ...kernel("reward-tilt", alone("reward-tilt")) }).standing).toBe("cannot be told");
});

it("contributes where tilt and sharpening together are chosen and sharpening alone lies far behind", () => {
  const joint = kernel("tilt-and-sharpened", alone("tilt-and-sharpened"));
  const direction = { "kernel/parameter/tilt-and-sharpened/delta": measured(1.2, { low: 1.1, high: 1.3 }) };
  expect(judge({ ...GAIN, ...joint, ...direction }).standing).toBe("contributes");
});

it("is not said to contribute where a shape without it is nearly as good as tilt and sharpening together", () => {
  const joint = kernel("tilt-and-sharpened", { ...alone("tilt-and-sharpened"), "strategy-mixture": 20 });
  const direction = { "kernel/parameter/tilt-and-sharpened/delta": measured(1.2, { low: 1.1, high: 1.3 }) };
  expect(judge({ ...GAIN, ...joint, ...direction }).standing).toBe("cannot be told");
});
