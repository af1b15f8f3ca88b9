// test/ · Conformance: what every rival keeps.
import { describe, expect, it } from "vitest";
import type { Explanation } from "../../src/explanations/explanation.ts";
import { PARTS } from "../../src/terms/behaviour.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, NO_GAIN } from "../support/findings.ts";

export function explanationConformance(explanation: Explanation): void {
  describe(`the rival ${explanation.name}`, () => {
    it("says its claim and its sign in one sentence each, without a full stop", () => {
      for (const text of [explanation.claim, explanation.sign]) expect(text).toMatch(/^\S.{10,200}[^.]$/u);
    });

    it("moves parts that exist", () => {
      for (const part of explanation.moves) expect(Object.keys(PARTS)).toContain(part);
    });

    it("gives a standing with a reason on any findings, none at all included, and rests only on findings that are there", () => {
      for (const estimates of [{}, GAIN, NO_GAIN]) {
        const { standing, reason, because } = explanation.judge(findings(estimates), LIMITS);
        expect(["alone sufficient", "contributes", "not needed", "ruled out", "cannot be told"]).toContain(standing);
        expect(reason.length).toBeGreaterThan(10);
        for (const name of because) expect(Object.keys(estimates)).toContain(name);
      }
    });

    it("is never claimed on no findings", () => {
      expect(explanation.judge(findings({}), LIMITS).standing).toBe("cannot be told");
    });

    it("judges the same findings the same way twice", () => {
      expect(explanation.judge(findings(GAIN), LIMITS)).toEqual(explanation.judge(findings(GAIN), LIMITS));
    });
  });
}
