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
  const { seen, problems } = studied(
    { others: [{ share: 0.2, pace: Number.POSITIVE_INFINITY }], repair: 0.3, scatter: 0.6 },
    1,
  );
  const habits = habitsOf(seen);
  const slips = problems.map(({ behaviours }) => behaviours[0]!.ways[0]!.slip);
  const odds = slips.map((slip) => Math.log(slip / (1 - slip)));
  const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
  const sd = Math.sqrt(mean(odds.map((one) => (one - mean(odds)) ** 2)));
  expect(habits.others).toHaveLength(1);
  expect(habits.others![0]!.share).toBeCloseTo(0.2, 1);
  expect(habits.repair).toBeCloseTo(0.3, 1);
  expect(habits.others![0]!.slip).toBeCloseTo(mean(problems.map(({ behaviours }) => behaviours[0]!.ways[1]!.slip)), 1);
  expect(habits.slip).toBeCloseTo(mean(slips), 1);
  expect(Math.abs(habits.scatter! / sd - 1)).toBeLessThan(0.25);
});

test("how many different wrong steps there are is read by how often two are the same", () => {
  for (const wrongs of [1, 3, 8]) {
    const { seen } = studied({ wrongs, slip: 0.3 }, 7);
    expect(habitsOf(seen).wrongs).toBe(wrongs);
  }
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
  const { problems } = studied({ slip: 0.25, repair: 0, others: [{ share: 0.05, pace: 2 }], scatter: 0.2 }, 4);
  for (const { behaviours } of problems) {
    expect(behaviours[0]!.ways[0]!.repair).toBe(0);
    expect(behaviours[0]!.ways[1]!.share).toBeCloseTo(0.05, 10);
  }
  const able = studied(
    {
      slip: 0.25,
      repair: 0,
      others: [
        { share: 0.3, pace: 2, slip: 0.6 },
        { share: 0.2, pace: Number.POSITIVE_INFINITY },
      ],
      scatter: 0,
    },
    5,
  ).problems;
  const { ways } = able[0]!.behaviours[0]!;
  expect(ways.map(({ share }) => share)).toEqual([expect.closeTo(0.5, 10), 0.3, 0.2]);
  expect(ways[1]!.slip).toBeCloseTo(0.6, 10);
});

test("what the base lacks is read in its answers, and a rival that mends it starts from there", () => {
  const lacking = { readable: 0.3, joins: 0.4, "cut-offs": 0.2 };
  const { seen, problems } = studied({ lacks: lacking }, 6);
  const { lacks } = habitsOf(seen);
  for (const [name, lack] of Object.entries(lacking)) expect(lacks![name as keyof typeof lacking]).toBeCloseTo(lack, 1);
  expect(problems[0]!.behaviours[0]).toMatchObject({ readable: 0.7, joins: 0.6, cutOffs: 0.2 });
  const format = EXPLANATIONS.filter(({ name }) => name === "format-learned");
  const law = lawOf(format, { steps: [3], base: 0.3, gain: 0.1, habits: { lacks: lacking } }, stream(7, "test/habits"));
  expect(law.lacks).toEqual([0.3]);
});
