import { describe, expect, it, test } from "vitest";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import type { Estimate } from "../../src/terms/estimate.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, measured, NO_GAIN } from "../support/findings.ts";

type Estimates = Readonly<Record<string, Estimate>>;
const judge = (name: string, found: Estimates) =>
  EXPLANATIONS.find((one) => one.name === name)!.judge(findings({ ...GAIN, ...found }), LIMITS);
const part = (value: number, low: number, high: number) => measured(value, { low, high });
const whole = (name: string): Estimates => ({ [`ledger/${name}`]: part(0.97, 0.9, 1.04) });
const pair = (prefix: string, base: Estimate, tuned: Estimate): Estimates => ({
  [`${prefix}/base`]: base,
  [`${prefix}/tuned`]: tuned,
});
const LOW = part(0.05, 0.04, 0.06);
const HIGH = part(0.2, 0.19, 0.21);
const told = (value: number) => measured(value, { diagnostic: { told: "yes" } });
const SPREAD: Estimates = { "missing-bits/neff": part(5, 4.5, 5.5), "missing-bits/steps": measured(6) };
const SPIKE: Estimates = { "missing-bits/neff": part(1.3, 1.1, 1.6), "missing-bits/steps": measured(6) };

describe("a rival whose share is all of the gain", () => {
  test.each<[rival: string, what: string, found: Estimates, names: string]>([
    ["steadier-steps", "slips fell", pair("slips", HIGH, LOW), "slips/tuned"],
    [
      "steadier-steps",
      "p1/p0 grows with every step",
      { "ladder/slope-ratio": part(1.2, 1.1, 1.3) },
      "ladder/slope-ratio",
    ],
    ["steadier-steps", "the missing bits are spread", SPREAD, "missing-bits/neff"],
    [
      "amplified-strategy",
      "the way is taken more often",
      pair("strategy/stepwise/share", LOW, HIGH),
      "strategy/stepwise/share/base",
    ],
    ["amplified-strategy", "the missing bits are one spike", SPIKE, "missing-bits/neff"],
    ["recovery", "repairs rose", pair("repairs", LOW, HIGH), "repairs/base"],
    ["recovery", "slips stayed", pair("slips", HIGH, HIGH), "slips/base"],
    [
      "composition",
      "p1/p0 jumps at two steps",
      { "ladder/ratio/L=1": part(1, 0.9, 1.1), "ladder/ratio/L=2": part(4, 3, 5) },
      "ladder/ratio/L=2",
    ],
    ["format-learned", "re-grading removes the gain", { "regrade/share": part(0.95, 0.7, 1.1) }, "regrade/share"],
    ["longer-outputs", "equal use of tokens removes it", { "budget/share": part(0.9, 0.7, 1.1) }, "budget/share"],
  ])("%s is alone sufficient and says so where %s", (rival, _, found, names) => {
    const more = rival === "amplified-strategy" ? pair("strategy/stepwise/success", HIGH, HIGH) : {};
    const { standing, because, reason } = judge(rival, { ...whole(rival), ...found, ...more });
    expect(standing).toBe("alone sufficient");
    expect(because).toContain(names);
    expect(reason).not.toContain("but");
  });

  test.each<[rival: string, what: string, found: Estimates, said: string]>([
    ["steadier-steps", "slips rose", pair("slips", LOW, HIGH), "slips went from 5.0 % to 20 %"],
    [
      "steadier-steps",
      "p1/p0 falls with every step",
      { "ladder/slope-ratio": part(0.8, 0.7, 0.9) },
      "0.80 [0.70, 0.90]",
    ],
    [
      "steadier-steps",
      "one ratio at every length fits better",
      { "ladder/slope-ratio": part(1.1, 1.05, 1.2), "ladder/laws": told(-30) },
      "one ratio",
    ],
    ["steadier-steps", "the missing bits are one spike", SPIKE, "1.3 places of 6.0"],
    [
      "amplified-strategy",
      "p1/p0 along the way grows with the number of steps",
      { "ladder/way/laws": told(40) },
      "grows",
    ],
    ["amplified-strategy", "the missing bits are spread", SPREAD, "5.0 [4.5, 5.5] places"],
    [
      "amplified-strategy",
      "the way is taken more often and is better when taken",
      {
        ...pair("strategy/stepwise/share", LOW, HIGH),
        ...pair("strategy/stepwise/success", part(0.4, 0.3, 0.5), part(0.9, 0.8, 1)),
      },
      "the success of stepwise",
    ],
    [
      "novel-strategy",
      "the base takes the way above the yardstick",
      {
        ...pair("strategy/stepwise/share", LOW, HIGH),
        ...pair("strategy/stepwise/success", HIGH, HIGH),
        "strategy/stepwise/status": measured(0.05, { diagnostic: { status: "amplified" } }),
      },
      "above the yardstick",
    ],
    ["recovery", "repairs fell", pair("repairs", HIGH, LOW), "repairs"],
    ["recovery", "slips fell too", pair("slips", HIGH, LOW), "slips went from 20 % to 5.0 % too"],
    [
      "composition",
      "p1/p0 falls at two steps",
      { "ladder/ratio/L=1": part(4, 3, 5), "ladder/ratio/L=2": part(1, 0.9, 1.1) },
      "at two",
    ],
    ["format-learned", "re-grading removes nothing", { "regrade/share": part(0, -0.05, 0.05) }, "removes 0.0 %"],
    [
      "steadier-steps",
      "a policy handed over to itself does worse",
      { "handoff/control/base": part(-0.1, -0.15, -0.05) },
      "handed over to itself",
    ],
  ])("%s only contributes where %s", (rival, _, found, said) => {
    const { standing, reason } = judge(rival, { ...whole(rival), ...found });
    expect(standing).toBe("contributes");
    expect(reason.slice(reason.indexOf("; but"))).toContain(said);
  });

  it("is not held back by signs that nothing looked at, or that the evidence does not decide", () => {
    const vague = {
      ...pair("slips", part(0.2, 0.1, 0.4), part(0.18, 0.08, 0.38)),
      "ladder/slope-ratio": part(1, 0.9, 1.1),
      "ladder/laws": measured(-1, { diagnostic: { told: "no" } }),
      "missing-bits/neff": part(3, 2, 5),
      "missing-bits/steps": measured(6),
      "handoff/control/base": part(-0.01, -0.03, 0.01),
    };
    for (const found of [{}, vague])
      expect(judge("steadier-steps", { ...whole("steadier-steps"), ...found }).standing).toBe("alone sufficient");
  });

  it("follows the tuned policy's own way of solving, where the task tells ways", () => {
    const ways = { ...pair("slips", LOW, HIGH), ...pair("slips/way", HIGH, LOW) };
    expect(judge("steadier-steps", { ...whole("steadier-steps"), ...ways }).standing).toBe("alone sufficient");
  });
});

it("against a part of the gain no sign speaks: the other part may hide it", () => {
  const found = { "ledger/steadier-steps": part(0.3, 0.2, 0.4), "ladder/laws": told(-30), ...SPIKE };
  expect(judge("steadier-steps", found).reason).not.toContain("but");
});

it("a tenth that is told from nothing keeps a cause from being the only one", () => {
  const found = { "ledger/steadier-steps": part(0.86, 0.82, 0.9) };
  expect(judge("steadier-steps", found).standing).toBe("contributes");
});

it("some share that may not be worth naming cannot be told, and leaves the other alone", () => {
  const found = { "ledger/recovery": part(0.92, 0.85, 1), "ledger/steadier-steps": part(0.09, 0.01, 0.16) };
  expect(judge("steadier-steps", found).standing).toBe("cannot be told");
  expect(judge("recovery", found).standing).toBe("alone sufficient");
  const more = { ...found, "ledger/steadier-steps": part(0.12, 0.02, 0.18) };
  expect(judge("steadier-steps", more).standing).toBe("contributes");
  expect(judge("recovery", more).standing).toBe("contributes");
});

it("a remainder that is certainly below a tenth does not, however well it is measured", () => {
  expect(judge("composition", { "ledger/composition": part(0.97, 0.95, 0.99) }).standing).toBe("alone sufficient");
});

it("what was not handed over may be any cause's", () => {
  const found = { "ledger/recovery": part(0, -0.02, 0.02), "ledger/unexplained": part(0.5, 0.4, 0.6) };
  const { standing, because } = judge("recovery", found);
  expect(standing).toBe("cannot be told");
  expect(because).toEqual(["ledger/recovery", "ledger/unexplained"]);
});

it("format that the ledger knows no forms of comes off as stored answers show it", () => {
  const graded = {
    ...whole("steadier-steps"),
    "regrade/share": part(0.97, 0.9, 1.04),
    "regrade/gain/lenient": part(0, -0.01, 0.01),
  };
  expect(judge("steadier-steps", graded).standing).toBe("not needed");
  const inLedger = { ...graded, "ledger/format-learned": part(0, -0.01, 0.01) };
  expect(judge("steadier-steps", inLedger).standing).toBe("alone sufficient");
});

it("policies that succeed alike but act otherwise have changed", () => {
  const nothing = (found: Estimates) =>
    EXPLANATIONS.find(({ name }) => name === "nothing-changed")!.judge(findings({ ...NO_GAIN, ...found }), LIMITS);
  expect(nothing(pair("slips", HIGH, HIGH)).standing).toBe("alone sufficient");
  const trifle = pair("slips", part(0.001, 0.0005, 0.0015), part(0.004, 0.003, 0.005));
  expect(nothing(trifle).standing).toBe("alone sufficient");
  const { standing, reason } = nothing(pair("strategy/stepwise/share", LOW, HIGH));
  expect([standing, reason]).toEqual(["ruled out", "the share of stepwise went from 5.0 % to 20 %"]);
});

it("where one law of texts accounts for all, what seems to have moved is not alone sufficient", () => {
  const moved = whole("steadier-steps");
  expect(judge("steadier-steps", moved).standing).toBe("alone sufficient");
  const colder = { "cross/fork-law": measured(1), "cross/fork-slope": part(2, 1.9, 2.1) };
  expect(judge("steadier-steps", { ...moved, ...colder })).toMatchObject({ standing: "contributes" });
  const hotter = { ...colder, "cross/fork-slope": part(0.5, 0.4, 0.6) };
  expect(judge("steadier-steps", { ...moved, ...hotter }).standing).toBe("alone sufficient");
  const tilted = { "cross/alone/correctness": part(0.99, 0.97, 1), "cross/step": part(2, 1.9, 2.1) };
  expect(judge("steadier-steps", { ...moved, ...tilted })).toMatchObject({ standing: "contributes" });
});

it("steadier steps whose slips are as frequent as before are not alone sufficient: guesses and fooled graders look like them", () => {
  const found = { ...whole("steadier-steps"), ...pair("slips", part(0.31, 0.28, 0.34), part(0.3, 0.27, 0.33)) };
  const { standing, reason } = judge("steadier-steps", found);
  expect(standing).toBe("contributes");
  expect(reason).toContain("slips are about as frequent as before");
});
