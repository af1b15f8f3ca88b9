// test/worlds · The truth where numbers are hard: masses far below the smallest double, letters that are cut off, worlds at random.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stream } from "../../src/maths/random.ts";
import type { Accepted, Task } from "../../src/tasks/task.ts";
import type { Problem } from "../../src/terms/problem.ts";
import { CELLS, type Mass, type PairTruth, SEGMENTS } from "../../src/terms/truth.ts";
import { problemTruth } from "../../src/worlds/truth.ts";
import { type Counting, tableOf, valueAt } from "../../src/worlds/truth-table.ts";
import {
  everyAnswer,
  everyPrefix,
  hashed,
  isRight,
  LETTERS,
  MOST,
  segmentOf,
  toy,
  type Toy,
  toyOf,
} from "./truth-toy.ts";

const WORLD: Counting = { task: toy, grading: "process", maxTokens: MOST };
const PROBLEM: Problem = toy.problems({ seed: 1, steps: 2, count: 1 })[0]!;
const RIGHTLY = everyAnswer().filter((answer) => isRight(answer, "process"));

const told = async (policies: readonly Toy[], counting = WORLD) =>
  problemTruth(await tableOf(counting, PROBLEM, policies), counting.task.strategies);
const log2 = (mass: Mass): number => (mass.kind === "zero" ? Number.NEGATIVE_INFINITY : mass.log / Math.LN2);
const chance = (mass: Mass): number => 2 ** log2(mass);
const total = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value, 0);
/** Distance of two numbers; none between two equal infinities. */
const off = (a: number, b: number): number => (a === b ? 0 : Math.abs(a - b));
const sharesOf = (shares: PairTruth["shares"]): number => total(SEGMENTS.map((segment) => shares[segment]));

describe("masses that no double can hold", () => {
  /** P(letter | prefix) = 2^−k with k a whole number: sums of products are then whole numbers too, over a power of two. */
  const halvings = (name: string, prefix: string, letter: string): number =>
    100 + stream(5, `halvings/${name}/${prefix}`).integer(200) + LETTERS.indexOf(letter as "a");
  const POLICIES = ["base", "tuned"].map((name) =>
    toyOf(name, (_, prefix, letter) => -halvings(name, prefix, letter) * Math.LN2),
  );
  /** log2 of the exact sum over the right answers that begin so, of what is written from there on. */
  function exactly(writer: (prefix: string) => string, prefix = ""): number {
    const halved = RIGHTLY.filter((answer) => answer.startsWith(prefix)).map((answer) =>
      total(
        Array.from(answer.slice(prefix.length), (letter, i) => {
          const before = answer.slice(0, prefix.length + i);
          return halvings(writer(before), before, letter);
        }),
      ),
    );
    if (halved.length === 0) return Number.NEGATIVE_INFINITY;
    const most = Math.max(...halved);
    const sum = halved.reduce((all, k) => all + (1n << BigInt(most - k)), 0n);
    // The leading 60 bits are more than a double tells apart.
    const left = Math.max(0, sum.toString(2).length - 60);
    return Math.log2(Number(sum >> BigInt(left))) + left - most;
  }

  test("are as exact as any, at every prefix and in every cell", async () => {
    const table = await tableOf(WORLD, PROBLEM, POLICIES);
    POLICIES.forEach(({ name }, i) => {
      for (const prefix of everyPrefix()) {
        const wanted = exactly(() => name, prefix);
        const value = log2(valueAt(table, i, prefix));
        expect(off(value, wanted)).toBeLessThanOrEqual(wanted === Number.NEGATIVE_INFINITY ? 0 : -1e-14 * wanted);
      }
      expect(exactly(() => name)).toBeLessThan(-200);
    });
    const { policies, pairs } = problemTruth(table, toy.strategies);
    expect(log2(policies[0]!.right)).toBeCloseTo(
      exactly(() => "base"),
      9,
    );
    const { cells, bits, missingBits, effectivePlaces } = pairs[0]!;
    for (const cell of CELLS) {
      const writers = [...cell].map((hand) => (hand === "b" ? "base" : "tuned"));
      expect(log2(cells[cell])).toBeCloseTo(
        exactly((prefix) => writers[segmentOf(prefix)]!),
        9,
      );
    }
    expect(sharesOf(bits!)).toBeCloseTo(exactly(() => "tuned") - exactly(() => "base"), 9);
    expect(total(missingBits!)).toBeCloseTo(-exactly(() => "base"), 9);
    // The shortest answer outweighs the others by more than 2^100, and has but one place.
    expect(effectivePlaces).toBeCloseTo(1, 9);
  });

  test("do not hide beside a mass that is not small", async () => {
    const faint = toyOf("base", (_, prefix) => (/^[ac]/.test(prefix) ? -1000 : prefix === "" ? -1 : -100));
    const { policies } = await told([faint]);
    expect(policies[0]!.strategies["one"]?.kind).toBe("mass");
    expect(chance(policies[0]!.strategies["one"]!)).toBe(0);
    // Of "two", bb#. with a letter at −1 and three at −100 weighs e^100 times bca#.
    expect(policies[0]!.strategies["two"]).toEqual({ kind: "mass", log: -301 });
  });
});

describe("letters that a policy cuts off", () => {
  const [base, tuned] = [hashed("base", 1), hashed("tuned", 2)];
  const without = (policy: Toy, cut: (prefix: string, letter: string) => boolean): Toy =>
    toyOf(policy.name, (prompt, prefix, letter) =>
      cut(prefix, letter) ? Number.NEGATIVE_INFINITY : policy.log(prompt, prefix, letter),
    );

  test("make a mass zero, and cost a finite number of bits where the base could go on from them", async () => {
    const { policies, pairs } = await told([without(base, (prefix, letter) => prefix === "" && letter === "b"), tuned]);
    expect(policies[0]!.plans["two"]).toMatchObject({ kind: "mass" });
    expect(policies[0]!.strategies["one"]).toMatchObject({ kind: "mass" });
    expect(total(pairs[0]!.missingBits!)).toBeCloseTo(-log2(policies[0]!.right), 10);
  });

  test("leave no profile where the base cannot finish from where the later policy goes", async () => {
    const stuck = without(base, (prefix, letter) => prefix === "aa" && letter === "#");
    const { policies, pairs } = await told([stuck, tuned]);
    expect(policies[0]!.right).toMatchObject({ kind: "mass" });
    expect(pairs[0]).not.toHaveProperty("missingBits");
    expect(pairs[0]).not.toHaveProperty("effectivePlaces");
    expect(pairs[0]).toHaveProperty("bits");
    // The later policy never goes there: then there is nothing to be stuck at.
    const elsewhere = await told([stuck, without(tuned, (prefix, letter) => prefix === "a" && letter === "a")]);
    expect(total(elsewhere.pairs[0]!.missingBits!)).toBeCloseTo(-log2(policies[0]!.right), 10);
  });

  test("may leave nothing: a base that is never right has zeros, and no bits", async () => {
    const mute = without(base, (_, letter) => letter === "#");
    const { policies, pairs } = await told([mute, tuned]);
    expect(policies[0]!.right).toEqual({ kind: "zero" });
    expect(policies[0]!.strategies).toEqual(
      Object.fromEntries(toy.strategies.map((strategy) => [strategy, { kind: "zero" }])),
    );
    expect(policies[0]!.plans["one"]).toMatchObject({ kind: "mass" });
    expect(pairs[0]!.cells.bbb).toEqual({ kind: "zero" });
    expect(Object.keys(pairs[0]!)).toEqual(["policy", "cells", "shares"]);
    expect(sharesOf(pairs[0]!.shares)).toBeCloseTo(chance(policies[1]!.right), 14);
    // And the other way round.
    const lost = await told([base, without(tuned, (_, letter) => letter === "#")]);
    expect(Object.keys(lost.pairs[0]!)).toEqual(["policy", "cells", "shares"]);
    expect(sharesOf(lost.pairs[0]!.shares)).toBeCloseTo(-chance(lost.policies[0]!.right), 14);
  });

  test("a problem whose every answer is too long has nothing but zeros", async () => {
    const { accepted, policies, pairs } = await told([base, tuned], { ...WORLD, maxTokens: 1 });
    expect(accepted).toBe(0);
    expect(policies[0]!.right).toEqual({ kind: "zero" });
    expect(policies[0]!.lenient).toEqual({ kind: "zero" });
    expect(Object.values(pairs[0]!.cells)).toEqual(CELLS.map(() => ({ kind: "zero" })));
    expect(Object.keys(pairs[0]!)).toEqual(["policy", "cells", "shares"]);
  });
});

describe("policies that are one", () => {
  test("a policy against itself gains nothing, and lacks the same bits", async () => {
    const policy = hashed("base", 9);
    const { pairs, policies } = await told([policy, { ...policy, name: "again" }]);
    const { cells, shares, bits, missingBits } = pairs[0]!;
    expect(new Set(CELLS.map((cell) => JSON.stringify(cells[cell]))).size).toBe(1);
    for (const segment of SEGMENTS) {
      expect(Math.abs(shares[segment])).toBe(0);
      expect(Math.abs(bits![segment])).toBe(0);
    }
    expect(total(missingBits!)).toBeCloseTo(-log2(policies[0]!.right), 10);
  });

  test("a policy that is always right lacks no bits, at one place", async () => {
    const sure = toyOf("base", (_, prefix, letter) =>
      "aa#."[prefix.length] === letter ? 0 : Number.NEGATIVE_INFINITY,
    );
    const { pairs, policies } = await told([sure, { ...sure, name: "again" }]);
    expect(policies[0]!.right).toEqual({ kind: "mass", log: 0 });
    expect(pairs[0]!.missingBits).toEqual([0, 0, 0]);
    expect(pairs[0]!.effectivePlaces).toBe(1);
  });
});

describe("any task at all", () => {
  /** Some of the ended answers are right; where they are cut, and what they are called, is drawn too. */
  function drawnTask(seed: number): Task {
    const random = stream(seed, "test/truth-task");
    const share = random.uniform() ** 3;
    const accepted = everyAnswer()
      .filter((text) => text.endsWith(".") && random.uniform() < share)
      .map((text): Accepted => {
        const planEnd = random.integer(text.length + 1);
        return {
          text,
          strategy: random.uniform() < 0.5 ? "one" : "two",
          planEnd,
          answerStart: planEnd + random.integer(text.length - planEnd + 1),
          stepEnds: [...text].flatMap((_, i) => (random.uniform() < 0.4 ? [i + 1] : [])),
        };
      });
    return { ...toy, accepted: () => accepted };
  }

  test("has sums that add up, without a NaN", async () => {
    const setup = fc.record({
      seed: fc.nat(1e6),
      cut: fc.constantFrom(0, 0, 0.1, 0.5),
      spread: fc.constantFrom(0.1, 1.5, 20, 300, 1500),
    });
    let [profiles, absent, faint] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(setup, async ({ seed, cut, spread }) => {
        const policies = [hashed("base", seed, { cut, spread }), hashed("tuned", seed + 1, { spread })];
        const truth = await told(policies, { ...WORLD, task: drawnTask(seed) });
        // JSON makes null of what is not finite.
        expect(JSON.parse(JSON.stringify(truth))).toEqual(truth);
        const [before, after] = truth.policies.map(({ right }) => right) as [Mass, Mass];
        for (const { right, lenient, strategies } of truth.policies) {
          expect(chance(right)).toBeLessThan(1 + 1e-12);
          expect(log2(lenient)).toBeCloseTo(log2(right), 9);
          expect(total(Object.values(strategies).map(chance))).toBeCloseTo(chance(right), 12);
        }
        const { cells, shares, bits, missingBits, effectivePlaces } = truth.pairs[0]!;
        expect(off(log2(cells.bbb), log2(before))).toBeLessThan(1e-9);
        expect(off(log2(cells.ttt), log2(after))).toBeLessThan(1e-9);
        expect(sharesOf(shares)).toBeCloseTo(chance(after) - chance(before), 12);
        const possible = CELLS.every((cell) => cells[cell].kind === "mass");
        expect(bits === undefined).toBe(!possible);
        const gained = possible ? log2(after) - log2(before) : 0;
        expect(off(bits === undefined ? 0 : sharesOf(bits), gained)).toBeLessThan(1e-9);
        if (chance(before) === 0 && before.kind === "mass") faint++;
        if (missingBits === undefined) {
          absent++;
          return;
        }
        profiles++;
        expect(total(missingBits)).toBeCloseTo(-log2(before), 9);
        expect(effectivePlaces).toBeGreaterThan(1 - 1e-9);
        expect(effectivePlaces).toBeLessThan(PROBLEM.steps + 1 + 1e-9);
      }),
      { seed: 11, numRuns: 120 },
    );
    // The draws reach all of these.
    expect(Math.min(profiles, absent, faint), `${[profiles, absent, faint]}`).toBeGreaterThan(5);
  });
});
