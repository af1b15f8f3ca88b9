import { expect, it } from "vitest";
import { steadierSteps } from "../../src/explanations/steadier-steps.ts";
import { contaminated } from "../../src/explanations/contaminated.ts";
import { weakBaseline } from "../../src/explanations/weak-baseline.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured } from "../support/findings.ts";
import { judgedUnseen } from "../support/rivals.ts";

judgedUnseen(contaminated);

const found = (value: number, low: number, high: number, rest: readonly [number, number]) =>
  findings({
    ...GAIN,
    "recall/share": measured(value, { low, high }),
    "recall/gain/twins": measured((rest[0] + rest[1]) / 2, { low: rest[0], high: rest[1] }),
  });

it("alone sufficient where next to nothing of the gain remains, and nobody else is needed then", () => {
  const all = found(0.98, 0.85, 1.1, [-0.02, 0.03]);
  expect(contaminated.judge(all, LIMITS).standing).toBe("alone sufficient");
  expect(steadierSteps.judge(all, LIMITS)).toMatchObject({
    standing: "not needed",
    because: ["recall/share", "recall/gain/twins"],
  });
});

it("contributes where it is told from nothing, and what else there is cannot be told then", () => {
  const some = found(0.4, 0.2, 0.6, [0.08, 0.16]);
  expect(contaminated.judge(some, LIMITS).standing).toBe("contributes");
  expect(steadierSteps.judge(some, LIMITS).standing).toBe("cannot be told");
  expect(steadierSteps.judge(some, LIMITS).reason).toContain("40 %");
});

it("is not needed where it is certainly small, and stands in nobody's way", () => {
  const none = found(0.01, -0.06, 0.08, [0.15, 0.25]);
  expect(contaminated.judge(none, LIMITS).standing).toBe("not needed");
  expect(steadierSteps.judge(none, LIMITS).because).not.toContain("recall/share");
});

it("cannot be told where the interval is wide", () => {
  expect(contaminated.judge(found(0.1, -0.3, 0.5, [0.1, 0.26]), LIMITS).standing).toBe("cannot be told");
});

it("contributes, and is not thought needless, where asking the base otherwise accounts for the whole gain as well", () => {
  const both = findings({
    ...GAIN,
    "recall/share": measured(0.98, { low: 0.85, high: 1.1 }),
    "recall/gain/twins": measured(0, { low: -0.02, high: 0.03 }),
    "sweep/share": measured(0.95, { low: 0.9, high: 1 }),
    "sweep/gain": measured(0.01, { low: -0.01, high: 0.03 }),
  });
  for (const { judge } of [contaminated, weakBaseline]) {
    expect(judge(both, LIMITS).standing).toBe("contributes");
    expect(judge(both, LIMITS).reason).toContain("as well");
  }
  expect(steadierSteps.judge(both, LIMITS).standing).toBe("not needed");
});
