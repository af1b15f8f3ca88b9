// test/ · Portrait chance: chances that are known, counted, and told again; and what training did to them, apart from both policies' luck.
import { describe, expect, test } from "vitest";
import { expit, logit } from "../../src/maths/logspace.ts";
import { type Stream, stream } from "../../src/maths/random.ts";
import { besideBase, chanceBeside, type Count, shrunk, within } from "../../src/study/portrait-chance.ts";

const PROBLEMS = 80;
const N = 48;
const SHIFT = 0.9;

const deviation = (list: readonly number[]): number => {
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  return Math.sqrt(list.reduce((sum, one) => sum + (one - mean) ** 2, 0) / list.length);
};
const counted = (p: number, random: Stream, of = N): Count => {
  let events = 0;
  for (let i = 0; i < of; i++) if (random.uniform() < p) events++;
  return { events, of };
};

/** @param strength of the tuned policy's chances around the base's, moved; none where training did the same to all */
function studied(strength: number | undefined, seed: number) {
  const random = stream(seed, "test/portrait-chance");
  const truths = Array.from({ length: PROBLEMS }, () => {
    const base = random.beta(5, 5);
    const moved = expit(logit(base) + SHIFT);
    return [base, strength === undefined ? moved : random.beta(strength * moved, strength * (1 - moved))] as const;
  });
  const counts = truths.map((pair) => pair.map((p) => counted(p, random)) as [Count, Count]);
  const base = shrunk(counts.map(([one]) => one))!;
  const alone = shrunk(counts.map(([, one]) => one))!;
  const beside = besideBase(
    base,
    counts.map(([, one]) => one),
  )!;
  const drawn = beside.map((one, i) => {
    const x = random.beta(base[i]!.a, base[i]!.b);
    const { a, b } = chanceBeside(one, x);
    return [random.beta(a, b) - x, random.beta(alone[i]!.a, alone[i]!.b) - x] as const;
  });
  return {
    beside,
    isMoved: deviation(truths.map(([from, to]) => to - from)),
    drawnMoved: deviation(drawn.map(([one]) => one)),
    drawnAlone: deviation(drawn.map(([, one]) => one)),
  };
}

describe("the tuned policy's chance beside the base's", () => {
  test("is the base's, moved, where training did the same to all", () => {
    const { beside, isMoved, drawnMoved, drawnAlone } = studied(undefined, 1);
    expect(Math.abs(beside[0]!.shift - SHIFT)).toBeLessThan(0.1);
    expect(beside[0]!.strength).toBeGreaterThan(200);
    expect(Math.abs(drawnMoved - isMoved)).toBeLessThan(0.02);
    // Each told by itself, what training did is spread by the luck of both.
    expect(drawnAlone).toBeGreaterThan(isMoved + 0.04);
  });

  test("spreads as much as training did", () => {
    const { beside, isMoved, drawnMoved } = studied(12, 2);
    expect(beside[0]!.strength).toBeGreaterThan(6);
    expect(beside[0]!.strength).toBeLessThan(24);
    expect(drawnMoved / isMoved).toBeGreaterThan(0.8);
    expect(drawnMoved / isMoved).toBeLessThan(1.2);
  });

  test("is the tuned policy's own where the base's lie at both ends and its do not", () => {
    const random = stream(3, "test/portrait-chance");
    const base = shrunk(Array.from({ length: PROBLEMS }, (_, i) => counted(i % 2 === 0 ? 0.002 : 0.998, random)))!;
    const tuned = (p: number): Count[] => base.map(() => counted(p, random));
    expect(besideBase(base, tuned(0.01))).toBeUndefined();
    expect(besideBase(base, tuned(0.5))).toBeUndefined();
    // One that goes with the base's is moved from there.
    const moved = base.map((_, i) => counted(i % 2 === 0 ? 0.1 : 0.999, random));
    expect(besideBase(base, moved)).toBeDefined();
  });

  test("of steps is looked for as they are drawn: what all steps of a problem share is open too", () => {
    const steps = (slips: readonly number[], random: Stream): Count[][] =>
      slips.map((slip) => Array.from({ length: 3 }, () => counted(slip, random, 8)));
    const known = (counts: readonly Count[][]) => {
      const total = (list: readonly Count[], of: keyof Count): number => list.reduce((sum, one) => sum + one[of], 0);
      const wholes = shrunk(counts.map((own) => ({ events: total(own, "events"), of: total(own, "of") })))!;
      const each = within(wholes, counts);
      return [each.flat(), each.flatMap((own, i) => own.map(() => wholes[i]!))] as const;
    };
    const never: Count[] = Array.from({ length: 180 }, () => ({ events: 0, of: 60 }));
    for (const seed of [1, 2, 3]) {
      const random = stream(seed, "test/portrait-chance/steps");
      // On two in three problems the base slips at nearly every step, on one in three at hardly any: a step of the former may be drawn as near to 1 as one likes.
      const ends = Array.from({ length: 60 }, (_, i) => (i < 2 ? 0.6 : i < 42 ? 0.9995 : 0.001));
      const [each, wholes] = known(steps(ends, random));
      expect(besideBase(each, never, wholes)).toBeUndefined();
      const between = Array.from({ length: 60 }, (_, i) => expit((i % 5) - 2));
      const [open, ofAll] = known(steps(between, random));
      const moved = between.flatMap((slip) => [0, 1, 2].map(() => counted(expit(logit(slip) + SHIFT), random)));
      expect(Math.abs(besideBase(open, moved, ofAll)![0]!.shift - SHIFT)).toBeLessThan(0.3);
    }
  });

  test("stays at the base's where counts do not say that it moved", () => {
    const never = (of: number): Count[] => Array.from({ length: 30 }, () => ({ events: 0, of }));
    // Half an event in 300 is twice half an event in 600.
    expect(besideBase(shrunk(never(10))!, never(20))![0]!.shift).toBe(0);
    const random = stream(2, "test/portrait-chance");
    const from = (p: number): Count[] => Array.from({ length: 30 }, (_, i) => counted(expit((i % 5) - 2 + p), random));
    const base = shrunk(from(0))!;
    expect(besideBase(base, from(0))![0]!.shift).toBe(0);
    expect(besideBase(base, from(1))![0]!.shift).toBeGreaterThan(0.8);
  });

  test("is not told where the base's is not open, or nobody could have met it", () => {
    const count = (events: number, of: number): Count => ({ events, of });
    expect(besideBase([{ a: 0, b: 1 }], [count(3, 9)])).toBeUndefined();
    expect(besideBase([{ a: 1, b: 1 }], [count(0, 0)])).toBeUndefined();
    expect(shrunk([count(0, 0)])).toBeUndefined();
  });
});
