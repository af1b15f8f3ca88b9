import { expect, it } from "vitest";
import { sharpened } from "../../src/explanations/sharpened.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured, NO_GAIN } from "../support/findings.ts";

const judge = (estimates: Parameters<typeof findings>[0]) => sharpened.judge(findings(estimates), LIMITS);
const sign = { "kernel/parameter/sharpened/alpha": measured(1.5, { low: 1.4, high: 1.6 }) };

it("is alone sufficient where its shape alone predicts best, adequately, in the claimed direction", () => {
  expect(judge({ ...GAIN, ...kernel("sharpened", alone("sharpened")), ...sign }).standing).toBe("alone sufficient");
});

it("is not needed where the shape fits in the opposite direction", () => {
  const opposite = { "kernel/parameter/sharpened/alpha": measured(0.7, { low: 0.6, high: 0.8 }) };
  expect(judge({ ...GAIN, ...kernel("sharpened", alone("sharpened")), ...opposite }).standing).toBe("not needed");
});

it("is not needed where another shape predicts far better", () => {
  const found = judge({ ...GAIN, ...kernel("strategy-mixture", alone("strategy-mixture")) });
  expect(found.standing).toBe("not needed");
  expect(found.because).toContain("kernel/elpd/sharpened");
});

it("cannot be told from a shape that lies only two standard errors behind", () => {
  const near = { ...alone("sharpened"), "strategy-mixture": 20 };
  const found = judge({ ...GAIN, ...kernel("sharpened", near), ...sign });
  expect(found.standing).toBe("cannot be told");
  expect(found.reason).toContain("strategy-mixture");
});

it("cannot be told where no listed shape fits", () => {
  expect(judge({ ...GAIN, ...kernel("sharpened", alone("sharpened"), "no") }).standing).toBe("cannot be told");
});

it("cannot be told where a gain is neither established nor excluded", () => {
  expect(judge({ ...NO_GAIN, ...kernel("sharpened", alone("sharpened")) }).standing).toBe("cannot be told");
});

it("contributes where tilt and sharpening together are chosen and tilt alone lies far behind", () => {
  const joint = kernel("tilt-and-sharpened", alone("tilt-and-sharpened"));
  const direction = { "kernel/parameter/tilt-and-sharpened/alpha": measured(1.5, { low: 1.4, high: 1.6 }) };
  expect(judge({ ...GAIN, ...joint, ...direction }).standing).toBe("contributes");
});
