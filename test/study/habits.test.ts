import { expect, test } from "vitest";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { stream } from "../../src/maths/random.ts";
import { habitsOf } from "../../src/study/habits.ts";
import { drawFrom, lawOf } from "../../src/study/imagined.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";

const steadier = EXPLANATIONS.filter(({ name }) => name === "steadier-steps");

function studied(habits: Parameters<typeof lawOf>[1]["habits"], seed: number) {
  const random = stream(seed, "test/habits");
  const steps = Array.from({ length: 150 }, (_, i) => [2, 3, 4, 6][i % 4]!);
  const law = lawOf(steadier, { steps, base: 0.35, gain: 0.2, ...(habits === undefined ? {} : { habits }) }, random);
  const problems = drawFrom(law, steps, random);
  const { seen } = imaginedStudy(problems, {
    policies: ["base", "tuned"],
    rollouts: 32,
    scored: 0,
    experiments: [],
    seed,
  });
  return { seen, problems };
}

test("slips, repairs, their spread over problems and other ways are read in the base's answers", () => {
  const { seen, problems } = studied({ other: 0.2, repair: 0.3, scatter: 0.6 }, 1);
  const habits = habitsOf(seen);
  const slips = problems.map(({ behaviours }) => behaviours[0]!.ways[0]!.slip);
  const odds = slips.map((slip) => Math.log(slip / (1 - slip)));
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const sd = Math.sqrt(mean(odds.map((one) => (one - mean(odds)) ** 2)));
  expect(habits.other).toBeCloseTo(0.2, 1);
  expect(habits.repair).toBeCloseTo(0.3, 1);
  expect(habits.otherRight).toBeCloseTo(
    mean(problems.map(({ behaviours }) => 1 - 0.7 * behaviours[0]!.ways[1]!.slip)),
    1,
  );
  expect(habits.slip).toBeCloseTo(mean(slips), 1);
  expect(Math.abs(habits.scatter! / sd - 1)).toBeLessThan(0.25);
});

test("problems that are alike have no spread beyond that of counting", () => {
  expect(habitsOf(studied({ scatter: 0 }, 2).seen).scatter).toBeLessThan(0.15);
});

test("a task that tells neither steps nor ways tells no habits", () => {
  const { seen } = studied(undefined, 3);
  const { tokensWithin } = seen.reader;
  expect(habitsOf({ ...seen, reader: { tokensWithin } })).toEqual({});
});

test("what is imagined from habits has them", () => {
  const { problems } = studied({ slip: 0.25, repair: 0, other: 0.05, scatter: 0.2 }, 4);
  for (const { behaviours } of problems) {
    expect(behaviours[0]!.ways[0]!.repair).toBe(0);
    expect(behaviours[0]!.ways[1]!.share).toBeCloseTo(0.05, 10);
  }
  const able = studied({ slip: 0.25, repair: 0, other: 0.5, otherRight: 0.4, scatter: 0 }, 5).problems;
  expect(able[0]!.behaviours[0]!.ways[1]!.slip).toBeCloseTo(0.6, 10);
});
