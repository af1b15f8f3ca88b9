// test/ · Law signs: what is read off places where only a law of texts does something, or does nothing.
import { describe, expect, it } from "vitest";
import { stopsBehindLoss, surerOfTheSure } from "../../src/explanations/law-signs.ts";
import { refused } from "../../src/terms/estimate.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, measured } from "../support/findings.ts";

const part = (value: number, low: number, high: number) => measured(value, { low, high });

describe("behind lost work", () => {
  it.each([
    ["steps moved as before are no tilt's", part(0.97, 0.91, 1.03), ["contradicted"]],
    ["steps left alone are a tilt's", measured(0), ["seen"]],
    ["steps moved certainly less than four fifths as far are in part", part(0.7, 0.62, 0.78), ["seen"]],
    ["between nobody can tell", part(0.9, 0.85, 0.95), []],
    ["what was not measured says nothing", refused("no steps", "give some"), []],
  ])("%s", (_, found, is) => {
    expect(stopsBehindLoss(findings({ "cross/after-loss": found }), LIMITS).map((sign) => sign.is)).toEqual(is);
  });
});

describe("of what the base is sure of", () => {
  it.each([
    ["log-odds that stayed are no temperature's", part(1.02, 1.01, 1.03), ["contradicted"]],
    ["log-odds that rose are a temperature's", part(1.4, 1.38, 1.42), ["seen"]],
    ["near the least power nobody can tell", part(1.1, 1.08, 1.12), []],
  ])("%s", (_, found, is) => {
    expect(surerOfTheSure(findings({ "cross/sure-slope": found }), LIMITS).map((sign) => sign.is)).toEqual(is);
  });

  it("says which power was excluded", () => {
    const [sign] = surerOfTheSure(findings({ "cross/sure-slope": part(1.02, 1.01, 1.03) }), LIMITS);
    expect(sign!.said).toContain(`${LIMITS.leastPower} times`);
    expect(sign!.because).toEqual(["cross/sure-slope"]);
  });
});
