// test/worlds · The truth of a toy world, against a walk through everything that its policies can write.
import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/terms/problem.ts";
import { CELLS, type Mass } from "../../src/terms/truth.ts";
import { problemTruth } from "../../src/worlds/truth.ts";
import { type Counting, tableOf, valueAt } from "../../src/worlds/truth-table.ts";
import {
  ASIDES,
  everyAnswer,
  everyPrefix,
  finishing,
  hashed,
  isRight,
  MOST,
  segmentOf,
  toy,
  type Toy,
} from "./truth-toy.ts";

const WORLD: Counting = { task: toy, grading: "process", maxTokens: MOST, asides: () => ASIDES };
const POLICIES = [hashed("base", 1), hashed("step-1", 2), hashed("cut", 3, { cut: 0.2 }), hashed("tuned", 4)];
const CUT_BASE = [hashed("cut", 3, { cut: 0.2 }), hashed("tuned", 4)];
const PROBLEM: Problem = toy.problems({ seed: 1, steps: 2, count: 1 })[0]!;
const { prompt: PROMPT } = PROBLEM;

const chance = (mass: Mass): number => (mass.kind === "zero" ? 0 : Math.exp(mass.log));
const rightly = (answer: string): boolean => isRight(answer, "process");
const value = (policy: Toy, prefix = ""): number => finishing(() => policy, PROMPT, rightly, prefix);
/** Relative to the truth; zero only where the truth is. */
function expectMass(mass: Mass | undefined, wanted: number): void {
  expect(mass?.kind).toBe(wanted === 0 ? "zero" : "mass");
  expect(Math.abs(chance(mass!) - wanted)).toBeLessThanOrEqual(1e-12 * wanted);
}

describe("everything that a policy does", () => {
  test("the toy is walked through whole: all that can be written has mass one", () => {
    expect(everyAnswer()).toHaveLength(1 + 4 + 16 + 64 + 256 + 1024);
    for (const policy of POLICIES)
      expect(
        finishing(
          () => policy,
          PROMPT,
          () => true,
        ),
      ).toBeCloseTo(1, 12);
  });

  test("success, lenient success, strategies, commitments and asides are those of the walk", async () => {
    const { policies, accepted } = problemTruth(await tableOf(WORLD, PROBLEM, POLICIES), toy.strategies);
    expect(accepted).toBe(everyAnswer().filter(rightly).length);
    POLICIES.forEach((policy, i) => {
      const mass = (wanted: (answer: string) => boolean) => finishing(() => policy, PROMPT, wanted);
      const { right, lenient, strategies, plans, asides } = policies[i]!;
      expectMass(right, value(policy));
      expectMass(
        lenient,
        mass((answer) => isRight(answer, "lenient")),
      );
      const ways = { one: /^c?a/, two: /^c?b/, direct: /^#/ };
      for (const [name, way] of Object.entries(ways)) {
        expectMass(
          strategies[name],
          mass((answer) => rightly(answer) && way.test(answer)),
        );
        expectMass(
          plans[name],
          mass((answer) => way.test(answer)),
        );
      }
      expect(strategies["other"]).toEqual({ kind: "zero" });
      expect(plans["other"]).toEqual({ kind: "zero" });
      // Named twice it counts once; what does not fit cannot be written.
      expectMass(
        asides["gave up"],
        mass((answer) => answer === "." || answer === "c."),
      );
      expectMass(
        asides["ran over"],
        mass((answer) => answer === "ccccc"),
      );
      expect(asides["never"]).toEqual({ kind: "zero" });
    });
  });

  test("the value of every prefix is the chance to finish rightly from there", async () => {
    const table = await tableOf(WORLD, PROBLEM, POLICIES);
    let dead = 0;
    for (const prefix of [...everyPrefix(), ...everyAnswer()])
      POLICIES.forEach((policy, i) => {
        const wanted = value(policy, prefix);
        expectMass(valueAt(table, i, prefix), wanted);
        if (wanted === 0) dead++;
      });
    expect(dead).toBeGreaterThan(1000);
    expect(valueAt(table, 0, "aa#.")).toEqual({ kind: "mass", log: 0 });
  });

  test("in a world that grades leniently, what is right is what is leniently right", async () => {
    const [told] = problemTruth(
      await tableOf({ ...WORLD, grading: "lenient" }, PROBLEM, POLICIES),
      toy.strategies,
    ).policies;
    const mass = (wanted: (answer: string) => boolean) => finishing(() => POLICIES[0]!, PROMPT, wanted);
    expectMass(
      told?.right,
      mass((answer) => isRight(answer, "lenient")),
    );
    expect(told?.right).toEqual(told?.lenient);
  });
});

describe("the base against a later policy", () => {
  test.each([
    ["a base", POLICIES],
    ["a base that cuts letters off", CUT_BASE],
  ])("%s: each cell of the hand-off is the walk in which each segment has its writer", async (_, policies) => {
    const { pairs } = problemTruth(await tableOf(WORLD, PROBLEM, policies), toy.strategies);
    pairs.forEach(({ policy, cells, shares, bits }, i) => {
      const writers = { b: policies[0]!, t: policies[i + 1]! };
      expect(policy).toBe(writers.t.name);
      const wanted = CELLS.map((cell) => {
        const hands = [...cell] as ("b" | "t")[];
        return finishing((prefix) => writers[hands[segmentOf(prefix)]!], PROMPT, rightly);
      });
      CELLS.forEach((cell, c) => expectMass(cells[cell], wanted[c]!));
      const at = (cell: string) => wanted[CELLS.indexOf(cell as "bbb")]!;
      // The plan's share, written out.
      const plan = (v: (cell: string) => number) =>
        (v("tbb") - v("bbb")) / 3 + (v("ttb") - v("btb") + v("tbt") - v("bbt")) / 6 + (v("ttt") - v("btt")) / 3;
      expect(shares.plan).toBeCloseTo(plan(at), 14);
      expect(shares.plan + shares.execution + shares.answer).toBeCloseTo(at("ttt") - at("bbb"), 14);
      expect(bits === undefined).toBe(wanted.includes(0));
      if (bits === undefined) return;
      const log = (cell: string) => Math.log2(at(cell));
      expect(bits.plan).toBeCloseTo(plan(log), 11);
      expect(bits.plan + bits.execution + bits.answer).toBeCloseTo(log("ttt") - log("bbb"), 11);
    });
  });

  test.each([1, 2, 3])("at L = %i the missing bits lie where the walk has them", async (steps) => {
    const problem = { ...PROBLEM, steps };
    const { pairs } = problemTruth(await tableOf(WORLD, problem, POLICIES), toy.strategies);
    pairs.forEach(({ missingBits, effectivePlaces }, i) => {
      const later = POLICIES[i + 1]!;
      const profile = Array.from({ length: steps + 1 }, () => 0);
      let effective = 0;
      for (const answer of everyAnswer().filter(rightly)) {
        const weight =
          finishing(
            () => later,
            PROMPT,
            (one) => one === answer,
          ) / value(later);
        const bits = profile.map(() => 0);
        let from = value(POLICIES[0]!);
        let place = 0;
        for (let end = 1; end <= answer.length; end++) {
          const whole = end === answer.length;
          if (!whole && !cuts(answer).includes(end)) continue;
          const to = value(POLICIES[0]!, answer.slice(0, end));
          bits[whole ? steps : Math.min(place++, steps - 1)]! += Math.log2(to / from);
          from = to;
        }
        bits.forEach((own, at) => (profile[at]! += weight * own));
        const positive = bits.filter((own) => own > 0);
        const all = positive.reduce((total, own) => total + own, 0);
        effective += weight * positive.reduce((product, own) => product * (own / all) ** (-own / all), 1);
      }
      expect(missingBits).toHaveLength(steps + 1);
      profile.forEach((own, at) => expect(missingBits![at]).toBeCloseTo(own, 10));
      expect(effectivePlaces).toBeCloseTo(effective, 10);
      expect(missingBits!.reduce((total, own) => total + own, 0)).toBeCloseTo(-Math.log2(value(POLICIES[0]!)), 10);
    });
  });
});

/** Ends of the steps of a right answer. */
function cuts(answer: string): number[] {
  const body = answer.slice(0, -2);
  const steps = { aa: "a|a", ab: "a|b", acb: "a|cb", bca: "b|c|a" }[body] ?? body;
  let end = 0;
  return steps.split("|").map((step) => (end += step.length));
}
