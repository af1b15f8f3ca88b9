// test/ · Portrait answers: which answers problems have in common is read from what passes, and played on paper as it was.
import { describe, expect, test } from "vitest";
import { chanceFloor } from "../../src/experiments/chance-floor.ts";
import { EXPLANATIONS } from "../../src/explanations/all.ts";
import { stream } from "../../src/maths/random.ts";
import { imaginedStudy } from "../../src/study/imagined-answers.ts";
import { drawAsSeen, shareAsSeen } from "../../src/study/imagined-as-seen.ts";
import { portraitOf } from "../../src/study/portrait.ts";
import { answersOf } from "../../src/study/portrait-answers.ts";
import type { Behaviour } from "../../src/terms/behaviour.ts";
import type { RolloutRecord } from "../../src/terms/record.ts";
import type { Reader } from "../../src/terms/seen.ts";

/** Forty problems whose answers are digits; 0 is right of every other one. */
const GOLDS = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? "0" : `${1 + (i % 9)}`));
const IDS = GOLDS.map((_, i) => `p${i}`);
const READER: Reader = { tokensWithin: () => 0, passes: (problem, text) => GOLDS[IDS.indexOf(problem)] === text };

/** @param zeros how often 0 is named; else a digit by lot */
function guesses(zeros: number, seed: number): Map<string, RolloutRecord[]> {
  const random = stream(seed, "test/portrait-answers");
  const guess = (): string => (random.uniform() < zeros ? "0" : `${random.integer(10)}`);
  return new Map(IDS.map((id) => [id, Array.from({ length: 8 }, () => ({ text: guess() }) as RolloutRecord)]));
}

describe("answers that problems have in common", () => {
  const found = answersOf(READER, IDS, [guesses(0, 1), guesses(0.5, 2)])!;

  test("are one where they pass on the same problems", () => {
    for (const [i, gold] of GOLDS.entries())
      for (const [j, other] of GOLDS.entries()) expect(found.golds[i] === found.golds[j]).toBe(gold === other);
  });

  test("are stated as often as they were, where they are wrong", () => {
    const zero = found.golds[0]!;
    for (const law of found.wrong) expect(law.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
    // Half of the problems have another gold: there 0 is named in 0.1 and 0.55 of answers, of 0.9 to 0.95 that are wrong.
    expect(found.wrong[0]![zero]!).toBeLessThan(0.12);
    expect(found.wrong[1]![zero]!).toBeGreaterThan(0.25);
  });

  test("are not told of a task that cannot hold them against others, or where none passes there", () => {
    expect(answersOf({ tokensWithin: () => 0 }, IDS, [guesses(0, 1), guesses(0, 2)])).toBeUndefined();
    const own: Reader = { tokensWithin: () => 0, passes: (problem, text) => problem === text };
    expect(answersOf(own, IDS, [guesses(0, 1), guesses(0, 2)])).toBeUndefined();
  });
});

const guesser: Behaviour = {
  ways: [{ name: "at once", share: 1, pace: Number.POSITIVE_INFINITY, slip: 0, repair: 0 }],
  joins: 1,
  readable: 1,
  cutOffs: 0,
  misstated: 0,
  misguessed: 0.5,
  recall: 0,
  luck: 0,
  grader: 0,
  odds: 0,
  temperature: 1,
  astray: 0,
};

/** Two answers, each right of half of the problems and stated half of the time: what passes is as common elsewhere. */
function guessed(base: Behaviour, tuned: Behaviour) {
  const problems = Array.from({ length: 20 }, (_, i) => ({
    id: `p${i}`,
    family: "paper",
    steps: 2,
    behaviours: [base, tuned],
    gold: i % 2,
  }));
  const answers = { wrong: [0, 1].map(() => [0.5, 0.5, 0]) };
  const design = { policies: ["base", "tuned"], rollouts: 32, scored: 0, experiments: [], seed: 3 };
  return { problems, design, seen: imaginedStudy(problems, { ...design, answers }).seen };
}

test("on paper an answer to one problem passes on those that have it in common, as often as it is stated", () => {
  const { problems, design, seen } = guessed(guesser, guesser);
  const drawn = Map.groupBy(
    seen.rollouts.filter(({ policy }) => policy === "tuned"),
    ({ problem }) => problem,
  );
  const floors = [...chanceFloor(seen.problems, drawn, seen.reader.passes!).values()];
  const mean = floors.reduce((a, b) => a + b, 0) / floors.length;
  expect(mean).toBeGreaterThan(0.45);
  expect(mean).toBeLessThan(0.55);
  expect(imaginedStudy(problems, design).seen.reader.passes).toBeUndefined();
});

test("a policy that guesses more often is seen to be lucky, and goes on guessing", () => {
  const { seen } = guessed({ ...guesser, cutOffs: 0.8 }, { ...guesser, cutOffs: 0.05 });
  const portrait = portraitOf(seen)!;
  const named = (name: string) => EXPLANATIONS.filter((one) => one.name === name);
  expect(portrait.answers).toBeDefined();
  const share = shareAsSeen(portrait, named("lucky-guess"))!;
  expect(share).toBeGreaterThan(0.8);
  expect(share).toBeLessThan(1.2);
  for (const { behaviours, gold } of drawAsSeen(portrait, [2, 2, 2, 2], stream(1, "test/guesses"))) {
    expect([0, 1]).toContain(gold);
    for (const { ways, misguessed } of behaviours) {
      // No work went wrong, the answer did.
      expect(ways[0]!.slip).toBe(0);
      expect(misguessed).toBeGreaterThan(0.3);
      expect(misguessed).toBeLessThan(0.7);
    }
  }
});

test("a look at few problems shows guesses on these alone, whatever else the base was asked", () => {
  const { seen } = guessed({ ...guesser, cutOffs: 0.8 }, { ...guesser, cutOffs: 0.05 });
  const looked = new Set(seen.problems.slice(0, 8).map(({ id }) => id));
  const onLooked = seen.rollouts.filter(({ problem }) => looked.has(problem));
  const more = seen.rollouts.filter(({ policy, problem }) => looked.has(problem) || policy === "base");
  expect(more.length).toBeGreaterThan(onLooked.length);
  expect(portraitOf({ ...seen, rollouts: more })).toEqual(portraitOf({ ...seen, rollouts: onLooked }));
});
