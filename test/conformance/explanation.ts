// test/ · Conformance: what every rival keeps.
import { describe, expect, it } from "vitest";
import type { Explanation } from "../../src/explanations/explanation.ts";
import { type Behaviour, type Part, PARTS } from "../../src/terms/behaviour.ts";
import { LIMITS } from "../../src/terms/limits.ts";
import { findings, GAIN, NO_GAIN } from "../support/findings.ts";

/** A usual policy on paper. */
const USUAL: Behaviour = {
  ways: [
    { name: "stepwise", share: 0.9, pace: 1, slip: 0.2, repair: 0.1 },
    { name: "at-once", share: 0.1, pace: Number.POSITIVE_INFINITY, slip: 0.6, repair: 0.1 },
  ],
  joins: 0.9,
  readable: 0.8,
  cutOffs: 0.1,
  recall: 0.1,
  astray: 0.1,
  misstated: 0,
  luck: 0.1,
  grader: 0.1,
  odds: 0.1,
  temperature: 1.1,
};

/** What of a behaviour each part is. */
const FIELD: Readonly<Record<Part, string>> = {
  "strategy-reach": "share",
  "strategy-share": "share",
  slips: "slip",
  repairs: "repair",
  joins: "joins",
  odds: "odds",
  temperature: "temperature",
  readable: "readable",
  "cut-offs": "cutOffs",
  baseline: "astray",
  recall: "recall",
  luck: "luck",
  grader: "grader",
};

function flat({ ways, ...rest }: Behaviour): [string, number][] {
  return [
    ...Object.entries(rest),
    ...ways.flatMap(({ share, pace, slip, repair }) => Object.entries({ share, pace, slip, repair })),
  ];
}

export function explanationConformance(explanation: Explanation): void {
  describe(`the rival ${explanation.name}`, () => {
    it("says its claim and its sign in one sentence each, without a full stop", () => {
      for (const text of [explanation.claim, explanation.sign]) expect(text).toMatch(/^\S.{10,200}[^.]$/u);
    });

    it("moves parts that exist", () => {
      for (const part of explanation.moves) expect(Object.keys(PARTS)).toContain(part);
    });

    it("on paper leaves a base as it is where training goes no way, and moves what it says and nothing else", () => {
      const { base, tuned } = explanation.onPaper;
      const before = base(USUAL, 0.5);
      expect(tuned(before, 0)).toEqual(before);
      const after = flat(tuned(before, 0.5));
      const moved = flat(before).flatMap(([field, value], i) => (after[i]![1] === value ? [] : [field]));
      expect(new Set(moved)).toEqual(new Set(explanation.moves.map((part) => FIELD[part])));
      const chances = after.filter(([field]) => !["odds", "temperature", "pace"].includes(field));
      for (const [, value] of chances) expect(Math.abs(value - 0.5)).toBeLessThanOrEqual(0.5);
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
