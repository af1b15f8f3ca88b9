import { expect, it, test } from "vitest";
import { rewardTilt } from "../../src/explanations/reward-tilt.ts";
import { sharpened } from "../../src/explanations/sharpened.ts";
import { type Estimate, refused } from "../../src/terms/estimate.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { alone, findings, GAIN, kernel, measured } from "../support/findings.ts";

type Estimates = Readonly<Record<string, Estimate>>;
const part = (value: number, low: number, high: number) => measured(value, { low, high });
const both = (found: Estimates) =>
  [rewardTilt, sharpened].map((rival) => rival.judge(findings({ ...GAIN, ...found }), LIMITS).standing);
const scored = (correctness: Estimate, sharpening: Estimate, step: Estimate, slope: Estimate): Estimates => ({
  "cross/anova/correctness": correctness,
  "cross/anova/sharpening": sharpening,
  "cross/step": step,
  "cross/slope": slope,
});
const MOST = part(0.95, 0.9, 0.98);
const SOME = part(0.45, 0.42, 0.5);
const NONE = part(0.02, 0, 0.05);
const UP = part(2, 1.8, 2.2);
const ONE = part(1, 0.99, 1.01);
const LEDGER: Estimates = {
  "ledger/steadier-steps": part(0.97, 0.9, 1.04),
  "ledger/unexplained": measured(0),
};

test.each<[what: string, found: Estimates, tilt: string, sharp: string]>([
  [
    "two values a problem, by outcome: a tilt",
    { ...scored(MOST, NONE, UP, ONE), "cross/alone/correctness": measured(1) },
    "alone sufficient",
    "not needed",
  ],
  ["a multiple of the base's own: sharpened", scored(NONE, MOST, NONE, UP), "not needed", "alone sufficient"],
  ["both laws and little else: both contribute", scored(SOME, SOME, UP, UP), "contributes", "contributes"],
  ["wrong answers weighted up: no tilt", scored(MOST, NONE, part(-2, -2.2, -1.8), ONE), "not needed", "not needed"],
  ["flatter than the base: not sharpened", scored(NONE, MOST, NONE, part(0.7, 0.6, 0.8)), "not needed", "not needed"],
])("the log-ratio is %s", (_, found, tilt, sharp) => {
  expect(both(found)).toEqual([tilt, sharp]);
});

it("right answers become likelier in the mean whatever raises success: a step amid large variation is no tilt", () => {
  const steps = scored(part(0.4, 0.3, 0.5), NONE, UP, ONE);
  expect(both(steps)[0]).toBe("cannot be told");
  expect(both({ ...steps, ...LEDGER })[0]).toBe("not needed");
  expect(both({ ...steps, "ledger/unexplained": part(0.4, 0.3, 0.5) })[0]).toBe("cannot be told");
});

it("where rollouts of a problem do not differ in their log-ratio, neither law is at work", () => {
  const same = {
    "cross/anova/correctness": refused("nothing to follow", "nothing"),
    "cross/anova/sharpening": refused("nothing to follow", "nothing"),
    "cross/step": part(0, -1e-6, 1e-6),
    "cross/slope": part(1, 0.999999, 1.000001),
  };
  expect(both(same)).toEqual(["not needed", "not needed"]);
  expect(both({ ...same, "cross/step": part(0.5, 0.4, 0.6) })[0]).not.toBe("not needed");
});

it("what both laws leave together is known better than the sum of what each may account for", () => {
  const wide = { ...scored(part(0.4, 0.3, 0.5), part(0.3, 0.15, 0.45), UP, UP), ...LEDGER };
  expect(both(wide)).toEqual(["cannot be told", "cannot be told"]);
  expect(both({ ...wide, "cross/laws": part(0.7, 0.64, 0.76) })).toEqual(["not needed", "not needed"]);
  expect(both({ ...wide, "cross/laws": part(0.76, 0.7, 0.82) })).toEqual(["cannot be told", "cannot be told"]);
  // Length, form and ways may go with being right: then the shares leave more to them.
  const shared = { ...scored(part(0.4, 0.35, 0.45), NONE, UP, UP), ...LEDGER, "cross/laws": part(0.9, 0.85, 0.95) };
  expect(both(shared)[0]).toBe("not needed");
});

it("where a study ran and texts were not cross-scored, a shape that fits names no cause", () => {
  const shape = {
    ...kernel("reward-tilt", alone("reward-tilt")),
    "kernel/parameter/reward-tilt/delta": part(1.2, 1.1, 1.3),
  };
  expect(both(shape)[0]).toBe("alone sufficient");
  const ran = { ...shape, ...LEDGER, "cross-scoring": refused("the engine gives no scores", "use another") };
  const { standing, reason } = rewardTilt.judge(findings({ ...GAIN, ...ran }), LIMITS);
  expect(standing).toBe("cannot be told");
  expect(reason).toContain("the engine gives no scores");
  expect(both(ran)[1]).toBe("not needed");
});

it("a lower temperature is exact at forks, where whole texts only go with it", () => {
  const found = { ...scored(NONE, SOME, NONE, UP), "cross/alone/sharpening": SOME };
  expect(both(found)[1]).toBe("cannot be told");
  const { standing, because } = sharpened.judge(findings({ ...GAIN, ...found, "cross/fork-law": measured(1) }), LIMITS);
  expect(standing).toBe("alone sufficient");
  expect(because).toContain("cross/fork-law");
});

test("what goes with being right by nine tenths is no law of texts: ends that came too soon do as well", () => {
  const found = { ...scored(MOST, NONE, UP, ONE), "cross/alone/correctness": part(0.91, 0.86, 0.96) };
  expect(both(found)[0]).toBe("contributes");
});

// steady-hand, seed 51: each law goes with three quarters of what training did.
const OPEN = {
  ...scored(SOME, part(0.4, 0.3, 0.5), UP, UP),
  ...LEDGER,
  "cross/laws": part(0.8, 0.68, 0.91),
};
const MOVED_BEHIND = { "cross/after-loss": part(1, 0.95, 1.05) };
const SURE_AS_BEFORE = { "cross/sure-slope": part(1.03, 1.02, 1.04) };

test("a law whose sign is contradicted is not needed, though shares do not tell", () => {
  expect(both(OPEN)).toEqual(["cannot be told", "cannot be told"]);
  expect(both({ ...OPEN, ...MOVED_BEHIND })).toEqual(["not needed", "cannot be told"]);
  expect(both({ ...OPEN, ...SURE_AS_BEFORE })).toEqual(["cannot be told", "not needed"]);
  const { reason, because } = rewardTilt.judge(findings({ ...GAIN, ...OPEN, ...MOVED_BEHIND }), LIMITS);
  expect(reason).toContain("behind work that is lost");
  expect(because).toContain("cross/after-loss");
});

test("a law is not set aside while a part of the gain has no cause, nor claimed against what it forbids", () => {
  const unexplained = { "ledger/unexplained": part(0.4, 0.3, 0.5) };
  expect(both({ ...OPEN, ...MOVED_BEHIND, ...SURE_AS_BEFORE, ...unexplained })).toEqual([
    "cannot be told",
    "cannot be told",
  ]);
  const laws = { ...scored(SOME, SOME, UP, UP), ...unexplained };
  expect(both(laws)).toEqual(["contributes", "contributes"]);
  expect(both({ ...laws, ...MOVED_BEHIND, ...SURE_AS_BEFORE })).toEqual(["cannot be told", "cannot be told"]);
});

it("what only the law does keeps it from being set aside by shares: it may be at work beside another cause", () => {
  const steps = { ...scored(part(0.4, 0.3, 0.5), NONE, UP, UP), ...LEDGER };
  expect(both(steps)[0]).toBe("not needed");
  const { standing, reason } = rewardTilt.judge(
    findings({ ...GAIN, ...steps, "cross/after-loss": part(0.6, 0.55, 0.65) }),
    LIMITS,
  );
  expect(standing).toBe("cannot be told");
  expect(reason).toContain("0.60 [0.55, 0.65]");
});

it("where steps were moved only while something right could come, a tilt contributes, whatever else varies", () => {
  const steps = { ...scored(part(0.4, 0.3, 0.5), NONE, UP, UP), ...LEDGER };
  expect(both({ ...steps, "cross/after-loss": part(0.03, 0, 0.06) })[0]).toBe("contributes");
  expect(both({ ...steps, "cross/after-loss": part(0.1, 0.05, 0.15) })[0]).toBe("cannot be told");
  // No claim of a tilt while right answers are not certainly likelier.
  expect(both({ ...steps, "cross/step": NONE, "cross/after-loss": measured(0) })[0]).toBe("cannot be told");
});
