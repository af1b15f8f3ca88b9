import { expect, it } from "vitest";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { weakBaseline } from "../../src/explanations/weak-baseline.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured } from "../support/findings.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(weakBaseline);

const found = (value: number, low: number, high: number, rest: readonly [number, number]) =>
  findings({
    ...GAIN,
    "sweep/share": measured(value, { low, high }),
    "sweep/gain": measured((rest[0] + rest[1]) / 2, { low: rest[0], high: rest[1] }),
  });

it("alone sufficient where next to nothing of the gain remains, and nobody else is needed then", () => {
  const all = found(0.98, 0.85, 1.1, [-0.02, 0.03]);
  expect(weakBaseline.judge(all, LIMITS).standing).toBe("alone sufficient");
  expect(steadierSteps.judge(all, LIMITS)).toMatchObject({
    standing: "not needed",
    because: ["sweep/share", "sweep/gain"],
  });
});

it("contributes where it is told from nothing, and what else there is cannot be told then", () => {
  const some = found(0.4, 0.2, 0.6, [0.08, 0.16]);
  expect(weakBaseline.judge(some, LIMITS).standing).toBe("contributes");
  expect(steadierSteps.judge(some, LIMITS).standing).toBe("cannot be told");
  expect(steadierSteps.judge(some, LIMITS).reason).toContain("40 %");
});

it("is not needed where it is certainly small, and stands in nobody's way", () => {
  const none = found(0.01, -0.06, 0.08, [0.15, 0.25]);
  expect(weakBaseline.judge(none, LIMITS).standing).toBe("not needed");
  expect(steadierSteps.judge(none, LIMITS).because).not.toContain("sweep/share");
});

it("cannot be told where the interval is wide", () => {
  expect(weakBaseline.judge(found(0.1, -0.3, 0.5, [0.1, 0.26]), LIMITS).standing).toBe("cannot be told");
});
