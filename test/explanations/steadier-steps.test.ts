import { expect, it } from "vitest";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured, NO_GAIN } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => steadierSteps.judge(findings(estimates), LIMITS);
const sign = { "kernel/parameter/steadier-steps/gamma": measured(0.5, { low: 0.4, high: 0.6 }) };

it("is alone sufficient where its shape alone predicts best, adequately, in the claimed direction", () => {
  expect(judge({ ...GAIN, ...kernel("steadier-steps", alone("steadier-steps")), ...sign }).standing).toBe(
    "alone sufficient",
  );
});

it("is not needed where the shape fits in the opposite direction", () => {
  const opposite = { "kernel/parameter/steadier-steps/gamma": measured(1.5, { low: 1.4, high: 1.6 }) };
  expect(judge({ ...GAIN, ...kernel("steadier-steps", alone("steadier-steps")), ...opposite }).standing).toBe(
    "not needed",
  );
});

it("is not needed where another shape predicts far better", () => {
  const found = judge({ ...GAIN, ...kernel("strategy-mixture", alone("strategy-mixture")) });
  expect(found.standing).toBe("not needed");
  expect(found.because).toContain("kernel/elpd/steadier-steps");
});

it("cannot be told from a shape that lies only two standard errors behind", () => {
  const near = { ...alone("steadier-steps"), "strategy-mixture": 20 };
  const found = judge({ ...GAIN, ...kernel("steadier-steps", near), ...sign });
  expect(found.standing).toBe("cannot be told");
  expect(found.reason).toContain("strategy-mixture");
});

it("cannot be told where no listed shape fits", () => {
  expect(judge({ ...GAIN, ...kernel("steadier-steps", alone("steadier-steps"), "no") }).standing).toBe(
    "cannot be told",
  );
});

it("cannot be told where a gain is neither established nor excluded", () => {
  expect(judge({ ...NO_GAIN, ...kernel("steadier-steps", alone("steadier-steps")) }).standing).toBe("cannot be told");
});
